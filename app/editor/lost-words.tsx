import { type ReactNode, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/blocks.tsx";
import type { Draft } from "./provider.ts";
import { useStore } from "./store.ts";

type Text = { label: string; words: readonly string[] };

/** Words to copy, and, while they are kept on this device, a way to remove them from it. */
export function LostWords({
  texts,
  forget,
  children,
}: {
  texts: readonly Text[];
  /** Null when nothing of them is kept here. */
  forget: (() => void) | null;
  /** More buttons. */
  children?: ReactNode;
}) {
  const { t } = useTranslation("editor");
  const [copied, setCopied] = useState(false);
  const [forgotten, setForgotten] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const shown = texts.filter(({ words }) => words.length > 0);
  const copy = async () => {
    const all = shown.flatMap(({ words }) => words).join("\n\n");
    frame.current?.querySelector("textarea")?.select();
    await navigator.clipboard.writeText(all).then(
      () => setCopied(true),
      () => setCopied(document.execCommand("copy")),
    );
  };
  return (
    <div ref={frame}>
      {shown.map((text) => (
        <Words key={text.label} {...text} />
      ))}
      {forgotten && <p role="status">{t("saved.forgotten")}</p>}
      <div className="actions">
        {shown.length > 0 && (
          <Button type="button" look="primary" onClick={copy}>
            {copied ? t("saved.copied") : t("saved.copy")}
          </Button>
        )}
        {shown.length > 0 && forget && !forgotten && (
          <Button
            type="button"
            onClick={() => {
              forget();
              setForgotten(true);
            }}
          >
            {t("saved.forget")}
          </Button>
        )}
        {children}
      </div>
    </div>
  );
}

function Words({ label, words }: Text) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea id={id} className="passage" readOnly rows={2} value={words.join("\n\n")} />
    </div>
  );
}

/** What came of words that weren't saved when they were written: back in the text, or to be copied. */
export function RescueNotice({ draft }: { draft: Draft }) {
  const { t } = useTranslation("editor");
  const { restored, lost } = useStore(draft.rescue.rescued);
  const { state } = useStore(draft.saved);
  // What was brought back and then refused isn't in the text.
  const isBack = restored && state !== "refused" && state !== "closed";
  const close = (
    <Button type="button" onClick={draft.rescue.dismiss}>
      {t("rescue.close")}
    </Button>
  );
  if (lost.length === 0) {
    return (
      <div role="status" className="rescue">
        {isBack && (
          <div className="notice good">
            <p className="rescue-news">{t("rescue.restored")}</p>
            {close}
          </div>
        )}
      </div>
    );
  }
  const reasons = [...new Set(lost.map(({ why }) => why))];
  const texts = reasons.map((why) => ({
    label: t(`rescue.${why}`),
    words: lost.filter((one) => one.why === why).flatMap(({ words }) => words),
  }));
  return (
    <div className="notice warning closed" role="alert">
      {isBack && <p>{t("rescue.restored")}</p>}
      <LostWords
        key={lost.length}
        texts={texts}
        forget={lost.some(({ why }) => why !== "kept") ? draft.rescue.forget : null}
      >
        {close}
      </LostWords>
    </div>
  );
}
