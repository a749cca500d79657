import { useTranslation } from "react-i18next";
import type { WordChange } from "../../document/words.ts";
import { WordChanges } from "../inputs/word-changes.tsx";

/** A changed passage, or a run of `count` unchanged ones. */
export type ShownHunk =
  | { op: "same"; id: string; count: number }
  | {
      op: "changed" | "inserted" | "deleted" | "moved";
      id: string;
      type: string;
      words: WordChange[];
    };

/** A text beside the version before: every change in place, what stayed the same as a number. */
export function Comparison({
  hunks,
  language,
  why,
}: {
  hunks: ShownHunk[];
  language: string;
  /** Where to read why a passage says what it says; null when nobody's input is behind it. */
  why: (blockId: string) => string | null;
}) {
  const { t } = useTranslation("versions");
  return hunks.map((hunk) => {
    if (hunk.op === "same")
      return (
        <p key={`same-${hunk.id}`} className="diff-same muted small">
          {t("diff.same", { count: hunk.count })}
        </p>
      );
    const href = hunk.op === "deleted" ? null : why(hunk.id);
    return (
      <div key={`${hunk.op}-${hunk.id}`} className={`diff-block ${hunk.op}`}>
        <p className="diff-label">
          {t(`diff.${hunk.op}`)}
          {href && (
            <>
              {" · "}
              <a href={href}>{t("text.why")}</a>
            </>
          )}
        </p>
        <p className={`prose ${hunk.type === "heading" ? "diff-heading" : ""}`} lang={language}>
          <WordChanges changes={hunk.words} />
        </p>
      </div>
    );
  });
}
