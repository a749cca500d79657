import { useTranslation } from "react-i18next";
import { diffWords } from "../../document/diff.ts";
import { Badge } from "../../ui/blocks.tsx";
import type { Change } from "./versions.server.ts";

const TONES: Record<string, string> = { adopted: "good", partly_adopted: "good" };

/** A decision on a piece of input: what was said, what became of it, and why. */
export function ChangeItem({ change, href }: { change: Change; href: string | null }) {
  const { t } = useTranslation("versions");
  const { t: words } = useTranslation("inputs");
  return (
    <article className="change">
      <p className="change-head">
        <Badge tone={TONES[change.outcome]}>
          {words(`outcome.${change.outcome as "adopted"}`)}
        </Badge>{" "}
        <span className="muted small">
          {words(`kind.${change.kind as "comment"}`)} ·{" "}
          {words(`channel.${change.channel as "web"}`)} · {change.name ?? t("why.unsigned")}
        </span>
      </p>
      {change.body === null ? (
        <p className="muted">{t("why.hidden")}</p>
      ) : (
        <blockquote className="change-words" lang={change.language}>
          {change.body}
        </blockquote>
      )}
      {change.before !== null && change.after !== null && (
        <p className="change-text prose">
          <WordDiff before={change.before} after={change.after} />
        </p>
      )}
      <p>
        <strong>{t("why.reason")}:</strong> {change.reason}
      </p>
      <p className="change-links small">
        <a href={`/inputs/${change.inputId}`}>{t("why.open")}</a>
        {href && <a href={href}>{t("text.why")}</a>}
      </p>
    </article>
  );
}

/** Two wordings as one text: removed words struck through, added ones underlined. */
export function WordDiff({ before, after }: { before: string; after: string }) {
  return diffWords(before, after).map(({ op, text }, i) => {
    // The pieces of one comparison never move: their place is their key.
    const key = `${i}${op}`;
    if (op === "insert") return <ins key={key}>{text}</ins>;
    if (op === "delete") return <del key={key}>{text}</del>;
    return <span key={key}>{text}</span>;
  });
}
