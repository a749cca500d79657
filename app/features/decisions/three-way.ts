import { type Edit, edits } from "../../document/words.ts";

const HAS_WORD = /[\p{L}\p{N}]/u;

/**
 * Where to start composing from when two people changed the same passage: as it reads now, with
 * those of the proposed changes that meet none of the changes made since. Nothing is guessed: what
 * meets is left for the person to write.
 */
export function startingPoint(base: string, now: string, proposed: string): string {
  const made = edits(base, now);
  const fitting = edits(base, proposed).filter(
    (edit) => !made.some((other) => meet(base, edit, other)),
  );
  let text = now;
  for (const edit of fitting.reverse()) {
    const shift = made
      .filter(({ to }) => to <= edit.from)
      .reduce((sum, other) => sum + other.text.length - (other.to - other.from), 0);
    text = text.slice(0, edit.from + shift) + edit.text + text.slice(edit.to + shift);
  }
  return text;
}

/** Two edits meet when no word stands between them. */
function meet(text: string, a: Edit, b: Edit): boolean {
  const [first, second] = a.from <= b.from ? [a, b] : [b, a];
  return first.to >= second.from || !HAS_WORD.test(text.slice(first.to, second.from));
}
