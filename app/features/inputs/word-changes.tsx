import { useTranslation } from "react-i18next";
import type { WordChange } from "../../document/words.ts";

/**
 * Changed words where they stand: insertions underlined, deletions struck through, and both said
 * in words to whoever listens to the page.
 */
export function WordChanges({ changes }: { changes: readonly WordChange[] }) {
  const { t } = useTranslation("inputs");
  return (
    <span className="word-diff">
      {changes.map(({ op, text }, index) => {
        if (op === "same") return text;
        const Tag = op === "insert" ? "ins" : "del";
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, on the server
          <Tag key={index}>
            <span className="visually-hidden">
              {t(op === "insert" ? "diff.inserted" : "diff.deleted")}{" "}
            </span>
            {text}
          </Tag>
        );
      })}
    </span>
  );
}
