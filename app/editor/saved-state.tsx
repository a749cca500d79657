import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, ButtonLink } from "../ui/blocks.tsx";
import { LostWords } from "./lost-words.tsx";
import type { Draft, Saved } from "./provider.ts";
import { useStore } from "./store.ts";

const REASONS = ["notSaved", "tooLarge", "tooDeep", "invalid", "readOnly", "held", "full"] as const;
/** Close codes, by what they mean to whoever writes. */
const CLOSED = {
  4400: "refused",
  4401: "signedOut",
  4403: "roleLost",
  4404: "unknownRoom",
  4429: "tooFast",
} as const;
const SIGNED_OUT = 4401;

function reasonKey(reason: string) {
  return `reason.${REASONS.find((known) => known === reason) ?? "other"}` as const;
}

function closedKey(code: number | undefined) {
  return `closed.${CLOSED[code as keyof typeof CLOSED] ?? "other"}` as const;
}

/** One line that is always there and always true. */
export function SavedLine({ saved }: { saved: Draft["saved"] }) {
  const { t, i18n } = useTranslation("editor");
  const { state, pending, kept, at, reason } = useCalm(useStore(saved));
  const tone = reason ? "refused" : state;
  const words = () => {
    if (reason) return t("saved.refused", { reason: t(reasonKey(reason)) });
    if (state === "closed" || state === "refused") return t("closed.short");
    if (state === "connecting") return t("saved.connecting");
    if (state === "saving") return t("saved.saving");
    if (state === "reading") {
      return pending === 0 ? t("saved.reading") : t("saved.waiting", { count: pending });
    }
    if (state === "offline") {
      if (pending === 0) return t("saved.offlineEmpty");
      return kept
        ? t("saved.offlineKept", { count: kept })
        : t("saved.offline", { count: pending });
    }
    return at ? t("saved.saved", { time: timeOf(at, i18n.language) }) : t("saved.savedPlain");
  };
  return (
    <>
      <p className="saved" data-state={tone}>
        <span className="saved-dot" aria-hidden="true" />
        {words()}
      </p>
      <p role="status" className="visually-hidden">
        {useNews(tone, words())}
      </p>
    </>
  );
}

/** "Saving" at once, "saved" only when it stays so: no flicker with every key, and never too early. */
function useCalm(saved: Saved): Saved {
  const [calm, setCalm] = useState(saved);
  const settles = saved.state === "saved" && !saved.reason;
  useEffect(() => {
    if (!settles) {
      setCalm(saved);
      return;
    }
    const later = setTimeout(() => setCalm(saved), 500);
    return () => clearTimeout(later);
  }, [saved, settles]);
  return settles ? calm : saved;
}

/** What is read out: trouble and its end, not each of a thousand saves. */
function useNews(tone: Saved["state"], words: string): string {
  const trouble = useRef(false);
  const said = useRef("");
  if (tone === "offline" || tone === "refused" || tone === "closed") {
    trouble.current = true;
    said.current = words;
  } else if (tone === "saved" && trouble.current) {
    trouble.current = false;
    said.current = words;
  }
  return said.current;
}

function timeOf(at: Date, language: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(at);
}

/** When this page can't save any more: why, the words to rescue, and what to do. */
export function ClosedNotice({ draft }: { draft: Draft }) {
  const { t } = useTranslation("editor");
  const { state, code, reason, kept } = useStore(draft.saved);
  if (state !== "closed" && state !== "refused") return null;
  const label = () => {
    if (!kept) return t("saved.lost");
    return t(state === "refused" ? "saved.lostRefused" : "saved.lostKept");
  };
  return (
    <div className="notice problem closed" role="alert">
      <p>
        <strong>{t("closed.title")}</strong>{" "}
        {reason && `${t("saved.refused", { reason: t(reasonKey(reason)) })}. `}
        {t(closedKey(code))}
      </p>
      <LostWords
        texts={[{ label: label(), words: draft.unsavedWords() }]}
        forget={kept ? draft.forgetUnsaved : null}
      >
        {code === SIGNED_OUT ? (
          <ButtonLink href={`/sign-in?next=${encodeURIComponent(location.pathname)}`}>
            {t("closed.signIn")}
          </ButtonLink>
        ) : (
          <Button type="button" onClick={() => location.reload()}>
            {t("saved.reload")}
          </Button>
        )}
      </LostWords>
    </div>
  );
}
