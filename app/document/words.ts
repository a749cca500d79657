import fastDiff from "fast-diff";
import { WORD } from "./read.ts";

export type WordChange = { op: "same" | "insert" | "delete"; text: string };

/** Replace `from`..`to` of the text before by `text`. Offsets in UTF-16 units. */
export type Edit = { from: number; to: number; text: string };

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

/** The words of a text, in any case, with how often each occurs. */
export type Bag = { counts: Map<string, number>; size: number };

export function bagOf(text: string): Bag {
  const counts = new Map<string, number>();
  const found = text.toLowerCase().match(WORD) ?? [];
  for (const word of found) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { counts, size: found.length };
}

/** How alike two bags are: 0 nothing shared, 1 the same words. */
export function dice(a: Bag, b: Bag): number {
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

/** A whole text as one change; nothing when there is none. */
export function piece(op: WordChange["op"], text = ""): WordChange[] {
  return text === "" ? [] : [{ op, text }];
}
