import { add, cut, plain } from "./blocks.ts";
import type { Flow, Op, Piece, TextEdit } from "./hunk.ts";
import { sameMarks, sortedMarks } from "./read.ts";
import { rebase } from "./rebase.ts";
import type { MarkJSON } from "./schema.ts";
import { edits } from "./words.ts";

/** A stretch of the base that stands in another text too. */
type Kept = { from: number; at: number; length: number };

type Ranges = Extract<Op, { op: "format" }>["ranges"];

/** The edits that turn one text into the other, none of which can be taken for another. */
export function textEdits(base: readonly Piece[], copy: readonly Piece[]): TextEdit[] {
  const before = plain(base);
  let shift = 0;
  const list = edits(before, plain(copy)).map(({ from, to, text }): TextEdit => {
    const at = from + shift;
    shift += text.length - (to - from);
    return { from, to, insert: cut(copy, at, at + text.length) };
  });
  return distinguishable(before, list, copy);
}

/**
 * Joins edits that could be taken for each other: of "so very so good", taking out the first "so"
 * with its neighbour reads as taking out the second. Then which were made shows in the text alone.
 */
function distinguishable(base: string, list: TextEdit[], copy: readonly Piece[]): TextEdit[] {
  if (list.length < 2) return list;
  const twins = confused(base, list);
  if (!twins) return list;
  const [first, last] = twins;
  const at = shiftBefore(list, first) + (list[first] as TextEdit).from;
  const end = shiftBefore(list, last + 1) + (list[last] as TextEdit).to;
  const joined: TextEdit = {
    from: (list[first] as TextEdit).from,
    to: (list[last] as TextEdit).to,
    insert: cut(copy, at, end),
  };
  return distinguishable(base, [...list.slice(0, first), joined, ...list.slice(last + 1)], copy);
}

/** By how much the first `count` edits make what follows longer. */
export function shiftBefore(list: readonly TextEdit[], count: number): number {
  return list
    .slice(0, count)
    .reduce((sum, { from, to, insert }) => sum + plain(insert).length - (to - from), 0);
}

/** So many ways to read a text are looked at. */
const MOST_WAYS = 2_000;

/**
 * Two different choices of edits that make the same text: the first and the last edit in which they
 * differ. Reads both at once, keeping by how much one is ahead. Of a usual text this takes one step
 * for each edit: readings that differ soon stop agreeing.
 */
function confused(base: string, list: readonly TextEdit[]): [number, number] | null {
  type Way = { ahead: string; first: number; last: number };
  let ways: Way[] = [{ ahead: "", first: -1, last: -1 }];
  let from = 0;
  let seen = 0;
  const edited = list.map(({ from, to, insert }) => [base.slice(from, to), plain(insert)] as const);
  for (let index = 0; index < list.length; index++) {
    const { from: at, to } = list[index] as TextEdit;
    const segment = base.slice(from, at);
    const next = new Map<string, Way>();
    for (const { ahead, first, last } of ways) {
      // `ahead` of "+x": the one reading has x more than the other; "-x": less.
      for (const [one, other] of first < 0 ? STARTS : CHOICES) {
        const [a, b] = [edited[index]?.[one] ?? "", edited[index]?.[other] ?? ""];
        const left = further(ahead, segment + a, segment + b);
        if (left === null) continue;
        const differ = one !== other;
        const way = {
          ahead: left,
          first: first < 0 && differ ? index : first,
          last: differ ? index : last,
        };
        if (way.first >= 0 && left === "") return [way.first, way.last];
        next.set(`${way.first} ${way.last} ${left}`, way);
      }
    }
    ways = [...next.values()];
    seen += ways.length;
    if (seen > MOST_WAYS) return [0, list.length - 1];
    from = to;
  }
  // Who is still ahead stays so: the rest is the same for both.
  return null;
}

const STARTS = [
  [0, 0],
  [0, 1],
] as const;
const CHOICES = [
  [0, 0],
  [1, 1],
  [0, 1],
  [1, 0],
] as const;

/** How far one reading is ahead once both read on; null when they part. */
function further(ahead: string, a: string, b: string): string | null {
  const one = ahead.startsWith("+") ? ahead.slice(1) + a : a;
  const other = ahead.startsWith("-") ? ahead.slice(1) + b : b;
  if (one === other) return "";
  if (one.startsWith(other)) return `+${one.slice(other.length)}`;
  return other.startsWith(one) ? `-${other.slice(one.length)}` : null;
}

export type Formatting = { ranges: Ranges; add: MarkJSON[]; remove: MarkJSON[] };

/** What was formatted otherwise, of the text that stayed; neighbours of one change are one. */
export function formattings(
  base: readonly Piece[],
  copy: readonly Piece[],
  list: readonly TextEdit[],
): Formatting[] {
  const found: Formatting[] = [];
  let last: Formatting | null = null;
  for (const { from, at, length } of keptBetween(list, plain(base).length)) {
    let offset = from;
    for (const { marks, others, length: size } of runs(
      cut(base, from, from + length),
      cut(copy, at, at + length),
    )) {
      const change = {
        add: others.filter((mark) => !has(marks, mark)),
        remove: marks.filter((mark) => !has(others, mark)),
      };
      const range = { from: offset, to: offset + size };
      offset = range.to;
      if (change.add.length + change.remove.length === 0) last = null;
      else if (last && sameMarks(last.add, change.add) && sameMarks(last.remove, change.remove)) {
        const before = last.ranges.at(-1);
        if (before?.to === range.from) before.to = range.to;
        else last.ranges.push(range);
      } else {
        last = { ranges: [range], ...change };
        found.push(last);
      }
    }
  }
  return found;
}

function has(marks: readonly MarkJSON[], mark: MarkJSON): boolean {
  return marks.some((other) => sameMarks([other], [mark]));
}

/** Two ways in which one text is formatted, side by side. */
function* runs(
  a: readonly Piece[],
  b: readonly Piece[],
): Generator<{ marks: MarkJSON[]; others: MarkJSON[]; length: number }> {
  let [i, j, used, taken] = [0, 0, 0, 0];
  for (;;) {
    const [one, other] = [a[i], b[j]];
    if (!one || !other) return;
    const length = Math.min(one.text.length - used, other.text.length - taken);
    yield { marks: one.marks ?? [], others: other.marks ?? [], length };
    used += length;
    taken += length;
    if (used === one.text.length) [i, used] = [i + 1, 0];
    if (taken === other.text.length) [j, taken] = [j + 1, 0];
  }
}

/** The text between edits. */
function keptBetween(
  list: readonly { from: number; to: number; insert: readonly Piece[] }[],
  end: number,
): Kept[] {
  const kept: Kept[] = [];
  let [from, at] = [0, 0];
  for (const { from: next, to, insert } of [...list, { from: end, to: end, insert: [] }]) {
    if (next > from) kept.push({ from, at, length: next - from });
    at += next - from + plain(insert).length;
    from = to;
  }
  return kept;
}

/** Which of the edits were made, when nothing else was; null when something was. */
function madeIn({ base, edits: list }: Flow, current: string): boolean[] | null {
  if (current === base) return list.map(() => false);
  const made: boolean[] = [];
  const dead = new Set<string>();
  const read = (index: number, from: number, at: number): boolean => {
    const edit = list[index];
    if (!edit) return current.slice(at) === base.slice(from);
    const segment = base.slice(from, edit.from);
    const place = `${index} ${at}`;
    if (!current.startsWith(segment, at) || dead.has(place)) return false;
    for (const text of [base.slice(edit.from, edit.to), plain(edit.insert)]) {
      const next = at + segment.length;
      if (!current.startsWith(text, next) || !read(index + 1, edit.to, next + text.length))
        continue;
      made[index] = text !== base.slice(edit.from, edit.to);
      return true;
    }
    dead.add(place);
    return false;
  };
  return read(0, 0, 0) ? made : null;
}

/**
 * Where an edit of the flow is to be made in a text that has moved on: among the other edits
 * exactly, among anything else by words, see `rebase`.
 */
export function placeOf(
  flow: Flow,
  index: number,
  current: string,
): { from: number; to: number } | "already" | "conflict" {
  const edit = flow.edits[index];
  if (!edit) return "conflict";
  const made = madeIn(flow, current);
  if (made) {
    if (made[index]) return "already";
    const before = flow.edits.filter((_, other) => other < index && made[other]);
    const shift = shiftBefore(before, before.length);
    return { from: edit.from + shift, to: edit.to + shift };
  }
  const wanted = { from: edit.from, to: edit.to, text: plain(edit.insert) };
  const found = rebase(flow.base, [wanted], current);
  return typeof found === "string" ? found : (found[0] ?? "conflict");
}

/** Where what is left of some ranges of the flow's base stands in a text that has moved on. */
export function rangesIn(flow: Flow, ranges: Ranges, current: string): Ranges {
  const made = madeIn(flow, current);
  const done = made
    ? flow.edits.filter((_, index) => made[index])
    : edits(flow.base, current).map(({ text, ...range }) => ({ ...range, insert: [{ text }] }));
  const found: Ranges = [];
  for (const { from, to } of ranges) {
    for (const kept of keptBetween(done, flow.base.length)) {
      const start = Math.max(from, kept.from);
      const end = Math.min(to, kept.from + kept.length);
      const shift = kept.at - kept.from;
      if (start < end) found.push({ from: start + shift, to: end + shift });
    }
  }
  return found;
}

/** How a piece is formatted once marks are added and removed. */
export function reformatted(
  marks: readonly MarkJSON[],
  change: { add: readonly MarkJSON[]; remove: readonly MarkJSON[] },
): MarkJSON[] | "conflict" {
  const { add: added, remove } = change;
  const types = new Set([...added, ...remove].map(({ type }) => type));
  const kept = marks.filter(({ type }) => !types.has(type));
  for (const type of types) {
    const now = marks.find((mark) => mark.type === type);
    const before = remove.find((mark) => mark.type === type);
    const after = added.find((mark) => mark.type === type);
    const agrees = (other: MarkJSON | undefined) =>
      now && other ? sameMarks([now], [other]) : now === other;
    // Somebody else chose another link meanwhile, or took it out.
    if (!agrees(before) && !agrees(after)) return "conflict";
    if (after) kept.push(after);
  }
  return sortedMarks(kept);
}

/** Pieces with some of their characters replaced. */
export function spliced(
  pieces: readonly Piece[],
  { from, to }: { from: number; to: number },
  insert: readonly Piece[],
): Piece[] {
  const result = cut(pieces, 0, from);
  for (const { text, marks } of insert) add(result, text, marks);
  for (const { text, marks } of cut(pieces, to, plain(pieces).length)) add(result, text, marks);
  return result;
}
