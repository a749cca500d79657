import { diffWords } from "../../document/words.ts";
import { WordChanges } from "./word-changes.tsx";

/** A change word by word, in place. */
export function WordDiff({ before, after }: { before: string; after: string }) {
  return <WordChanges changes={diffWords(before, after)} />;
}
