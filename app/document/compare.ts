import { longestIncreasing } from "./increasing.ts";
import { sameMarks, type TextBlock, textblocks } from "./read.ts";
import type { DocJSON, NodeJSON } from "./schema.ts";
import { type Bag, bagOf, dice, diffWords, piece, type WordChange } from "./words.ts";

/** What became of one textblock between two documents. */
export type Compared = {
  op: "same" | "changed" | "inserted" | "deleted" | "moved";
  /** The block's id after; of a deleted block, its id before. */
  id: string;
  before: TextBlock | null;
  after: TextBlock | null;
  /** The whole text, changes inline. */
  words: WordChange[];
  /** The block stands elsewhere now; a changed block may have moved too. */
  moved: boolean;
  /** Attributes that say something else now: a heading's level or minutes, an objective's standard. */
  attrs: { name: string; before: unknown; after: unknown }[];
  /** The formatting changed: emphasis, links. */
  format: boolean;
};

/**
 * Compares two documents block by block, in the reading order of the new one; what was deleted
 * stands where it stood. Blocks are known by their ids; a lost and a new one between the same
 * neighbours are one rewritten block when most of their words agree.
 */
export function compare(before: DocJSON, after: DocJSON): Compared[] {
  const old = distinct(textblocks(before));
  const now = distinct(textblocks(after));
  const oldAt = new Map(old.map(({ key }, index) => [key, index]));
  const origins = now.map(({ key }) => oldAt.get(key) ?? -1);
  const stays = longestIncreasing(origins);
  const kept = new Set(origins.filter((origin) => origin >= 0));
  pairRewritten(old, now, origins, stays, kept);

  const hunks: Compared[] = [];
  let next = 0;
  const lostUpTo = (limit: number) => {
    for (; next < limit; next++) {
      if (!kept.has(next)) hunks.push(hunk(old[next]?.block ?? null, null, false));
    }
  };
  const limits = followingOrigins(origins, stays, old.length);
  now.forEach(({ block }, index) => {
    lostUpTo(limits[index] ?? old.length);
    const origin = origins[index] ?? -1;
    const from = origin < 0 ? null : (old[origin]?.block ?? null);
    hunks.push(hunk(from, block, origin >= 0 && !stays.has(index)));
  });
  lostUpTo(old.length);
  return hunks;
}

type Keyed = { key: string; block: TextBlock };

/** Twins of an id, and blocks without one, are told apart by how many came before. */
function distinct(blocks: TextBlock[]): Keyed[] {
  const seen = new Map<string, number>();
  return blocks.map((block) => {
    const count = seen.get(block.id) ?? 0;
    seen.set(block.id, count + 1);
    return { key: `${block.id} ${count}`, block };
  });
}

/** For each new block, up to where in the old document everything lost is to be shown before it. */
function followingOrigins(origins: number[], stays: Set<number>, end: number): number[] {
  const limits: number[] = new Array(origins.length).fill(end);
  let limit = end;
  for (let index = origins.length - 1; index >= 0; index--) {
    if (stays.has(index)) limit = origins[index] ?? end;
    limits[index] = limit;
  }
  return limits;
}

/** Pairs what was lost with what is new, gap by gap. Fills `origins`, `stays` and `kept`. */
function pairRewritten(
  old: Keyed[],
  now: Keyed[],
  origins: number[],
  stays: Set<number>,
  kept: Set<number>,
) {
  let oldFrom = 0;
  let nowFrom = 0;
  const pairGap = (oldTo: number, nowTo: number) => {
    const lost = range(oldFrom, oldTo).filter((index) => !kept.has(index));
    const fresh = range(nowFrom, nowTo).filter((index) => (origins[index] ?? -1) < 0);
    if (lost.length === 0 || fresh.length === 0 || lost.length * fresh.length > 40_000) return;
    const bags = new Map(lost.map((index) => [index, bagOf(old[index]?.block.text ?? "")]));
    let least = -1;
    for (const index of fresh) {
      const block = now[index]?.block;
      const bag = bagOf(block?.text ?? "");
      let best = -1;
      let most = 0.5;
      for (const candidate of lost) {
        if (candidate <= least || old[candidate]?.block.type !== block?.type) continue;
        const alike = dice(bags.get(candidate) as Bag, bag);
        if (alike > most && bag.size > 0) [best, most] = [candidate, alike];
      }
      if (best < 0) continue;
      least = best;
      origins[index] = best;
      stays.add(index);
      kept.add(best);
    }
  };
  for (const index of [...stays].sort((a, b) => a - b)) {
    pairGap(origins[index] ?? 0, index);
    oldFrom = (origins[index] ?? 0) + 1;
    nowFrom = index + 1;
  }
  pairGap(old.length, now.length);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

function hunk(before: TextBlock | null, after: TextBlock | null, moved: boolean): Compared {
  const id = after?.id ?? before?.id ?? "";
  const whole = { id, before, after, moved, attrs: [], format: false };
  if (!before) return { ...whole, op: "inserted", words: piece("insert", after?.text) };
  if (!after) return { ...whole, op: "deleted", words: piece("delete", before.text) };
  const same = before.text === after.text;
  const attrs = attrChanges(before.node, after.node);
  const format = same && !sameFormat(before.node, after.node);
  const changed = !same || format || attrs.length > 0 || before.type !== after.type;
  return {
    ...whole,
    op: changed ? "changed" : moved ? "moved" : "same",
    words: same ? piece("same", after.text) : diffWords(before.text, after.text),
    attrs,
    format,
  };
}

function attrChanges(before: NodeJSON, after: NodeJSON): Compared["attrs"] {
  if (before.type !== after.type) return [];
  const names = new Set([...Object.keys(before.attrs ?? {}), ...Object.keys(after.attrs ?? {})]);
  names.delete("id");
  return [...names]
    .map((name) => ({
      name,
      before: before.attrs?.[name] ?? null,
      after: after.attrs?.[name] ?? null,
    }))
    .filter((change) => change.before !== change.after);
}

function sameFormat(before: NodeJSON, after: NodeJSON): boolean {
  const a = before.content ?? [];
  const b = after.content ?? [];
  return (
    a.length === b.length &&
    a.every((node, index) => node.text === b[index]?.text && sameMarks(node.marks, b[index]?.marks))
  );
}

export type Stretch = { folded: false; hunk: Compared } | { folded: true; hunks: Compared[] };

/** Folds long stretches in which nothing changed, keeping `around` blocks beside each change. */
export function fold(hunks: Compared[], around = 1): Stretch[] {
  const near = new Set<number>();
  hunks.forEach(({ op }, index) => {
    if (op === "same") return;
    for (let by = -around; by <= around; by++) near.add(index + by);
  });
  const stretches: Stretch[] = [];
  hunks.forEach((hunk, index) => {
    const last = stretches.at(-1);
    if (near.has(index)) stretches.push({ folded: false, hunk });
    else if (last?.folded) last.hunks.push(hunk);
    else stretches.push({ folded: true, hunks: [hunk] });
  });
  return stretches;
}
