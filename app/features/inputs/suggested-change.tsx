import { KindOfChange } from "./kind-of-change.tsx";
import type { Suggested } from "./suggested.ts";
import { WordDiff } from "./word-diff.tsx";

/** What a suggestion changes: its kind where it isn't only words, then the words. */
export function SuggestedChange({
  change,
  language,
}: {
  change: Pick<Suggested, "kind" | "details" | "base" | "proposed">;
  language?: string | undefined;
}) {
  return (
    <>
      <KindOfChange change={change} />
      <p className="prose quoted change-text" lang={language}>
        <WordDiff before={change.base} after={change.proposed} />
      </p>
    </>
  );
}
