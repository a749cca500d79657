import { useTranslation } from "react-i18next";
import { Badge, DateText } from "../../ui/blocks.tsx";
import { KindOfChange } from "./kind-of-change.tsx";
import type { PublicInput } from "./reading.server.ts";
import { namesOf } from "./suggested.ts";
import { SupportButton } from "./support-button.tsx";
import { WordDiff } from "./word-diff.tsx";

/** A public input as it stands beside the text. */
export function Note({ input, back }: { input: PublicInput; back: string }) {
  const { t, i18n } = useTranslation(["inputs", "decisions"]);
  const authors = input.suggestion?.authors ?? [];
  const name = namesOf(authors, i18n.language) || input.name || t("anonymous");
  return (
    <article className="note" id={`c-${input.id}`}>
      <p className="note-head">
        <span className="note-kind">{t(`kind.${input.kind}`)}</span>
        {" · "}
        {name}
        {input.outcome && (
          <>
            {" "}
            <Badge tone={!input.undone && input.outcome.includes("adopted") ? "good" : ""}>
              {t(`outcome.${input.outcome as "adopted"}`)}
            </Badge>
            {input.undone && (
              <>
                {" "}
                <Badge tone="warning">{t("decisions:undo.takenBack")}</Badge>
              </>
            )}
          </>
        )}
      </p>
      {input.place?.status === "changed" && !input.outcome?.includes("adopted") && (
        <p className="note-facts">{t("read.changedSince")}</p>
      )}
      {input.suggestion && (
        <>
          <KindOfChange change={input.suggestion} />
          <p className="note-change change-text">
            <WordDiff before={input.suggestion.base} after={input.suggestion.proposed} />
          </p>
        </>
      )}
      <div className="words" lang={input.language}>
        {input.body}
      </div>
      <p className="note-facts">
        <DateText iso={input.submittedAt} />
        <span data-supports={input.id} data-length="short">
          {input.supports > 0 && t("read.supports", { count: input.supports })}
        </span>
      </p>
      <div className="note-actions">
        <SupportButton id={input.id} supported={input.supported} back={`${back}#c-${input.id}`} />
        <a
          href={`/inputs/${input.id}`}
          aria-label={t("read.openLabel", { kind: t(`kind.${input.kind}`), name })}
        >
          {input.replies > 0 ? t("read.replies", { count: input.replies }) : t("read.open")}
        </a>
      </div>
    </article>
  );
}
