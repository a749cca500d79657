import { type Edit, edits } from "./words.ts";

const HAS_WORD = /[\p{L}\p{N}]/u;

/**
 * How edits of a base fall in a text that has moved on from it. The text may be the base changed
 * elsewhere: then their new offsets; or the edited base changed elsewhere: then "already". Where two
 * changes meet, or repeated words make it look like both, nobody can know: "conflict". Nor is
 * anything written that couldn't be recognised afterwards. Cost: some word diffs of the text.
 */
export function rebase(
  base: string,
  wanted: readonly Edit[],
  current: string,
): Edit[] | "already" | "conflict" {
  if (current === base) return [...wanted];
  const proposed = written(base, wanted);
  if (current === proposed) return "already";
  const shifted = shift(base, wanted, edits(base, current));
  const isMade = holds(base, wanted, proposed, current);
  if (!shifted) return isMade ? "already" : "conflict";
  if (isMade || !holds(base, wanted, proposed, written(current, shifted))) return "conflict";
  return shifted;
}

/** A text with edits made in it. */
export function written(text: string, list: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const { from, to, text: by } of list) {
    result += text.slice(at, from) + by;
    at = to;
  }
  return result + text.slice(at);
}

function holds(base: string, wanted: readonly Edit[], proposed: string, current: string): boolean {
  return current !== base && shift(proposed, undone(wanted), edits(proposed, current)) !== null;
}

/** The edits that would take these out again. */
function undone(list: readonly Edit[]): Edit[] {
  let by = 0;
  return list.map(({ from, to, text }) => {
    const at = from + by;
    by += text.length - (to - from);
    return { from: at, to: at + text.length, text: "" };
  });
}

/** The wanted edits as they fall once others are made; null where two meet. */
function shift(base: string, wanted: readonly Edit[], made: readonly Edit[]): Edit[] | null {
  const shifted: Edit[] = [];
  for (const edit of wanted) {
    if (made.some((other) => touch(base, edit, other))) return null;
    const by = made
      .filter(({ to }) => to <= edit.from)
      .reduce((sum, { from, to, text }) => sum + text.length - (to - from), 0);
    shifted.push({ ...edit, from: edit.from + by, to: edit.to + by });
  }
  return shifted;
}

/** Two edits meet when no word stands between them. */
function touch(text: string, a: Edit, b: Edit): boolean {
  const [first, second] = a.from <= b.from ? [a, b] : [b, a];
  return first.to >= second.from || !HAS_WORD.test(text.slice(first.to, second.from));
}
