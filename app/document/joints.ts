import { cut, plain } from "./blocks.ts";
import { textEdits } from "./flow.ts";
import { boundary, type Flow, hasBoundary, type Piece } from "./hunk.ts";
import type { Entry, Tree } from "./match.ts";
import type { Bag } from "./words.ts";

/** Textblocks whose words went from one to another: the first was split, or others joined it. */
export type Joint = {
  /** The block of the copy that was there before. */
  head: Entry;
  /** What came out of it, and what went into it. */
  fresh: Entry[];
  lost: Entry[];
};

/**
 * Finds blocks that were split or merged: a new block directly after one that lost more than half
 * of its words; a lost block directly after one that gained them.
 */
export function joints(base: Tree, copy: Tree): Map<Entry, Joint> {
  const found = new Map<Entry, Joint>();
  const jointOf = (head: Entry) => {
    const joint = found.get(head) ?? { head, fresh: [], lost: [] };
    found.set(head, joint);
    return joint;
  };
  for (const [head, followers] of unmatchedAfter(copy)) {
    const rest = fewer(head.twin, head);
    for (const entry of takenFrom(rest, followers)) jointOf(head).fresh.push(entry);
  }
  for (const [head, followers] of unmatchedAfter(base)) {
    const rest = fewer(head.twin, head);
    for (const entry of takenFrom(rest, followers)) jointOf(head.twin as Entry).lost.push(entry);
  }
  for (const [head, { fresh, lost }] of found) {
    const all = [head, head.twin as Entry, ...fresh, ...lost];
    if (all.some(({ block }) => hasBoundary(block.text))) found.delete(head);
  }
  return found;
}

/** Each matched textblock that others without a like follow directly, with those. */
function unmatchedAfter(tree: Tree): Map<Entry, Entry[]> {
  const found = new Map<Entry, Entry[]>();
  let head: Entry | null = null;
  for (const entry of tree.byKey.values()) {
    if (!entry.block.isText) continue;
    if (entry.twin) head = entry;
    else if (head) found.set(head, [...(found.get(head) ?? []), entry]);
  }
  return found;
}

/** The words that one text has more than the other. */
function fewer(more: Entry | null, less: Entry): Bag {
  const counts = new Map(more?.block.bag.counts);
  let size = 0;
  for (const [word, count] of less.block.bag.counts) {
    counts.set(word, Math.max(0, (counts.get(word) ?? 0) - count));
  }
  for (const count of counts.values()) size += count;
  return { counts, size };
}

/** Of blocks in a row, those that hold such words for the most part. */
function takenFrom(rest: Bag, followers: readonly Entry[]): Entry[] {
  const taken: Entry[] = [];
  for (const entry of followers) {
    const { bag } = entry.block;
    let shared = 0;
    for (const [word, count] of bag.counts) shared += Math.min(count, rest.counts.get(word) ?? 0);
    if (shared * 2 <= bag.size) break;
    for (const [word, count] of bag.counts) {
      rest.counts.set(word, Math.max(0, (rest.counts.get(word) ?? 0) - count));
    }
    taken.push(entry);
  }
  return taken;
}

/** A joint's text in both documents, and the edits between. */
export function flowOf({ head, fresh, lost }: Joint): {
  flow: Flow;
  base: Piece[];
  copy: Piece[];
} {
  const flowWith = (others: readonly Entry[]) => {
    const text = (first: Entry, rest: readonly Entry[]): Piece[] => [
      ...first.block.pieces,
      ...rest.flatMap((entry) => [
        { text: boundary(1 + others.indexOf(entry)) },
        ...entry.block.pieces,
      ]),
    ];
    const twin = head.twin as Entry;
    const base = text(twin, lost);
    const copy = text(head, fresh);
    const edits = textEdits(base, copy);
    const ids = [twin.key, ...others.map(({ key }) => key)];
    return { flow: { ids, base: plain(base), edits, shown: head.key }, base, copy };
  };
  const others = [...fresh, ...lost];
  const first = flowWith(others);
  if (fresh.length === 0 || lost.length === 0) return first;
  // In the order in which they would stand if all of them stood.
  let all = "";
  let end = 0;
  for (const { to, insert } of first.flow.edits) {
    all += first.flow.base.slice(end, to) + plain(insert);
    end = to;
  }
  const at = (entry: Entry) => all.indexOf(boundary(1 + others.indexOf(entry)));
  return flowWith([...others].sort((a, b) => at(a) - at(b)));
}

/** The pieces of each block of a flow's text, by its number in the flow. */
export function partsOf(pieces: readonly Piece[], count: number): Map<number, Piece[]> {
  const text = plain(pieces);
  const starts = [{ index: 0, sign: 0, from: 0 }];
  for (let index = 1; index < count; index++) {
    const sign = text.indexOf(boundary(index));
    if (sign >= 0) starts.push({ index, sign, from: sign + 1 });
  }
  starts.sort((a, b) => a.from - b.from);
  return new Map(
    starts.map(({ index, from }, at) => [
      index,
      cut(pieces, from, starts[at + 1]?.sign ?? text.length),
    ]),
  );
}
