import { useTranslation } from "react-i18next";
import { diffWords } from "../../document/diff.ts";

/**
 * A change word by word, in place: insertions underlined, deletions struck through, and both said
 * in words to whoever listens to the page.
 */
export function WordDiff({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation("inputs");
  return (
    <span className="word-diff">
      {diffWords(before, after).map(({ op, text }, index) => {
        if (op === "equal") return text;
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
