import fastDiff from "fast-diff";
import { sameMarks, type TextBlock, textblocks, WORD } from "./read.ts";
import type { DocJSON, NodeJSON } from "./schema.ts";

export type WordChange = { op: "same" | "insert" | "delete"; text: string };

/** Replace `from`..`to` of the text before by `text`. Offsets in UTF-16 units. */
export type Edit = { from: number; to: number; text: string };

/** What became of one textblock between two documents. */
export type Hunk = {
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

const TOKEN = new RegExp(`${WORD.source}|\\n|[^\\S\\n]+|.`, "gsu");
const HAS_WORD = /[\p{L}\p{N}]/u;

/** More different words than this have no character left to stand for them. */
const MOST_WORDS = 0xd700;
/** Texts of more words than this and less alike than that are replaced whole: a diff would be noise. */
const LONG = 1500;
const UNLIKE = 0.3;

/** How alike two texts are by their words: 0 nothing shared, 1 the same words. */
export function similarity(before: string, after: string): number {
  return dice(bagOf(before), bagOf(after));
}

type Bag = { counts: Map<string, number>; size: number };

function bagOf(text: string): Bag {
  const counts = new Map<string, number>();
  const found = text.toLowerCase().match(WORD) ?? [];
  for (const word of found) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { counts, size: found.length };
}

function dice(a: Bag, b: Bag): number {
  if (a.size + b.size === 0) return 1;
  let shared = 0;
  for (const [word, count] of a.counts) shared += Math.min(count, b.counts.get(word) ?? 0);
  return (2 * shared) / (a.size + b.size);
}

/**
 * The differences by whole words. Words alone are aligned, then what stands between two words that
 * stay is compared as one: so no two edits have no word between them.
 */
function changes(before: string, after: string): WordChange[] {
  if (before === after) return piece("same", before);
  const a = [...before.matchAll(WORD)];
  const b = [...after.matchAll(WORD)];
  const list: WordChange[] = [];
  const add = (op: WordChange["op"], text: string) => {
    const last = list.at(-1);
    if (last?.op === op) last.text += text;
    else if (text !== "") list.push({ op, text });
  };
  let [left, right] = [0, 0];
  const settle = (leftTo: number, rightTo: number) => {
    const [old, now] = [before.slice(left, leftTo), after.slice(right, rightTo)];
    const { start, end } = sharedSigns(old, now);
    add("same", old.slice(0, start));
    add("delete", old.slice(start, old.length - end));
    add("insert", now.slice(start, now.length - end));
    add("same", old.slice(old.length - end));
  };
  for (const [i, j] of kept(before, after, a, b)) {
    const [word, twin] = [a[i] as RegExpExecArray, b[j] as RegExpExecArray];
    settle(word.index, twin.index);
    add("same", word[0]);
    left = word.index + word[0].length;
    right = twin.index + twin[0].length;
  }
  settle(before.length, after.length);
  return list;
}

/** Which words stay: pairs of their numbers in both texts, in order. */
function kept(
  before: string,
  after: string,
  a: RegExpExecArray[],
  b: RegExpExecArray[],
): [number, number][] {
  const codes = new Map<string, number>();
  const encode = (found: RegExpExecArray[]) => {
    let encoded = "";
    for (const [word] of found) {
      const code = codes.get(word) ?? codes.size + 1;
      codes.set(word, code);
      encoded += String.fromCharCode(code);
    }
    return encoded;
  };
  const [left, right] = [encode(a), encode(b)];
  const unlike = Math.min(a.length, b.length) > LONG && similarity(before, after) < UNLIKE;
  if (unlike || codes.size > MOST_WORDS) return [];
  const pairs: [number, number][] = [];
  let [i, j] = [0, 0];
  for (const [op, { length }] of fastDiff(left, right)) {
    for (let step = 0; op === 0 && step < length; step++) pairs.push([i + step, j + step]);
    if (op <= 0) i += length;
    if (op >= 0) j += length;
  }
  return pairs;
}

/** How many characters of blanks and signs two stretches share at either end. */
function sharedSigns(old: string, now: string): { start: number; end: number } {
  const a = old.match(TOKEN) ?? [];
  const b = now.match(TOKEN) ?? [];
  const most = Math.min(a.length, b.length);
  const shared = (at: (tokens: string[], step: number) => string | undefined, limit: number) => {
    let step = 0;
    while (step < limit && at(a, step) === at(b, step) && !HAS_WORD.test(at(a, step) ?? "")) step++;
    return step;
  };
  const head = shared((tokens, step) => tokens[step], most);
  const tail = shared((tokens, step) => tokens.at(-1 - step), most - head);
  return {
    start: a.slice(0, head).join("").length,
    end: a.slice(a.length - tail).join("").length,
  };
}

function replaced(before: string, after: string): WordChange[] {
  const both: WordChange[] = [
    { op: "delete", text: before },
    { op: "insert", text: after },
  ];
  return both.filter(({ text }) => text !== "");
}

type Gap = { deleted: string; inserted: string };

/** Joins edits over what lies between them wherever `joins` says so; deletions come first. */
function merge(
  list: WordChange[],
  joins: (between: WordChange, before: Gap, after: Gap) => boolean,
): WordChange[] {
  const parts: (WordChange | Gap)[] = [];
  for (const change of list) {
    if (change.text === "") continue;
    if (change.op === "same") {
      parts.push(change);
      continue;
    }
    let gap = parts.at(-1);
    if (!gap || "op" in gap) {
      gap = { deleted: "", inserted: "" };
      parts.push(gap);
    }
    if (change.op === "delete") gap.deleted += change.text;
    else gap.inserted += change.text;
  }
  const joined: (WordChange | Gap)[] = [];
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] as WordChange | Gap;
    const last = joined.at(-1);
    const next = parts[index + 1];
    if ("op" in part && last && !("op" in last) && next && !("op" in next)) {
      if (joins(part, last, next)) {
        last.deleted += part.text + next.deleted;
        last.inserted += part.text + next.inserted;
        index += 1;
        continue;
      }
    }
    joined.push("op" in part ? part : { ...part });
  }
  return joined.flatMap((part) => ("op" in part ? [part] : replaced(part.deleted, part.inserted)));
}

/** The edits that turn one text into the other, in order, none touching another. */
export function edits(before: string, after: string): Edit[] {
  const list: Edit[] = [];
  let at = 0;
  let open: Edit | undefined;
  for (const { op, text } of changes(before, after)) {
    if (op === "same") {
      at += text.length;
      open = undefined;
      continue;
    }
    if (!open) {
      open = { from: at, to: at, text: "" };
      list.push(open);
    }
    if (op === "delete") {
      at += text.length;
      open.to = at;
    } else open.text += text;
  }
  return list;
}

/**
 * Both texts in one, for people to read: a shared word or two between large edits is given up, so
 * that a rewritten sentence reads as one.
 */
export function diffWords(before: string, after: string): WordChange[] {
  let list = changes(before, after);
  for (let size = 0; size !== list.length; ) {
    size = list.length;
    list = merge(list, ({ text }, left, right) => {
      const most = (gap: Gap) => Math.max(gap.deleted.length, gap.inserted.length);
      const few = (text.match(WORD) ?? []).length <= 2;
      return few && text.length <= most(left) / 2 && text.length <= most(right) / 2;
    });
  }
  return list;
}

/**
 * Compares two documents block by block, in the reading order of the new one; what was deleted
 * stands where it stood. Blocks are known by their ids; a lost and a new one between the same
 * neighbours are one rewritten block when most of their words agree.
 */
export function compare(before: DocJSON, after: DocJSON): Hunk[] {
  const old = distinct(textblocks(before));
  const now = distinct(textblocks(after));
  const oldAt = new Map(old.map(({ key }, index) => [key, index]));
  const origins = now.map(({ key }) => oldAt.get(key) ?? -1);
  const stays = longestIncreasing(origins);
  const kept = new Set(origins.filter((origin) => origin >= 0));
  pairRewritten(old, now, origins, stays, kept);

  const hunks: Hunk[] = [];
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

/** The indexes of a longest increasing run of the values that aren't negative. */
function longestIncreasing(values: number[]): Set<number> {
  const tails: number[] = [];
  const previous: number[] = [];
  values.forEach((value, index) => {
    if (value < 0) return;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[tails[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = index;
  });
  const found = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) found.add(index);
  return found;
}

function hunk(before: TextBlock | null, after: TextBlock | null, moved: boolean): Hunk {
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

function piece(op: WordChange["op"], text = ""): WordChange[] {
  return text === "" ? [] : [{ op, text }];
}

function attrChanges(before: NodeJSON, after: NodeJSON): Hunk["attrs"] {
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

export type Stretch = { folded: false; hunk: Hunk } | { folded: true; hunks: Hunk[] };

/** Folds long stretches in which nothing changed, keeping `around` blocks beside each change. */
export function fold(hunks: Hunk[], around = 1): Stretch[] {
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
