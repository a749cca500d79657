import { useTranslation } from "react-i18next";
import { Badge } from "../../ui/blocks.tsx";
import { TakenBack } from "../inputs/taken-back.tsx";
import { WordDiff } from "../inputs/word-diff.tsx";
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
      {change.undone && <TakenBack undone={change.undone} />}
      <p className="change-links small">
        <a href={`/inputs/${change.inputId}`}>{t("why.open")}</a>
        {href && <a href={href}>{t("text.why")}</a>}
      </p>
    </article>
  );
}
