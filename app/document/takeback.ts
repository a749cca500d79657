import * as Y from "yjs";
import { applyHunk } from "./apply.ts";
import { creditOf, type DeletedBy, Places } from "./credit.ts";
import { diff, type Hunk } from "./diff.ts";
import { elementsById, itemsIn, type Letters, stateOf } from "./items.ts";
import { idOf, readDoc, WORD } from "./read.ts";
import type { AuthorOf } from "./runs.ts";
import { type DocJSON, type NodeJSON, TEXTBLOCKS } from "./schema.ts";

/** Whose doings are taken back, and how to tell. */
export type Doings = {
  /** Whose; null for everybody's, the unknown included. */
  people: ReadonlySet<string> | null;
  authorOf: AuthorOf;
  deletedBy: DeletedBy;
};

/** What was taken back. `left`: changes in which more than one had a hand, or that didn't fit. */
export type TakenBack = { changed: number; left: Hunk[] };

/**
 * Takes back what some people did since an earlier state `then`, as a forward edit of `doc`; what
 * others wrote or took out since stays done. Text that still stands where it stood is told apart
 * letter by letter; any other difference is taken back when it is theirs alone, else it is left, and
 * said so: nothing is guessed. Cost: a difference of the two states, and one for each try.
 */
export function takeBack(doc: Y.Doc, then: Y.Doc, doings: Doings): TakenBack {
  const earlier = readDoc(then);
  const { people } = doings;
  if (!people) return bringTo(doc, earlier);
  const chosen = { ...doings, people };
  const moved = new Moved(doc, then, doings.authorOf);
  const lettered = takeBackLetters(doc, then, chosen, moved);
  const plan = planned(doc, then, earlier, chosen, lettered, moved);
  const done = bringTo(doc, plan.target);
  const changed = done.changed + [...lettered.values()].filter(({ wrote }) => wrote).length;
  return { changed, left: [...plan.left, ...done.left] };
}

/** What was taken back in a block letter by letter: something, and all of it. */
type Lettered = { wrote: boolean; whole: boolean };

type Chosen = Doings & { people: ReadonlySet<string> };

/** Makes a document read as another one, change by change. */
function bringTo(doc: Y.Doc, target: DocJSON): TakenBack {
  let changed = 0;
  const left: Hunk[] = [];
  for (const hunk of diff(readDoc(doc), target)) {
    const { status } = applyHunk(doc, hunk);
    if (status === "applied") changed += 1;
    else if (status !== "already") left.push(hunk);
  }
  return { changed, left };
}

/**
 * How the text would read without what they did alone: the earlier state with all other changes. A
 * change of somebody else's that doesn't fit without theirs keeps theirs as well.
 */
function planned(
  doc: Y.Doc,
  then: Y.Doc,
  earlier: DocJSON,
  { people, authorOf, deletedBy }: Chosen,
  lettered: ReadonlyMap<string, Lettered>,
  moved: Moved,
): { target: DocJSON; left: Hunk[] } {
  const now = readDoc(doc);
  const hunks = diff(earlier, now);
  const sides = { base: then, copy: doc, authorOf, deletedBy };
  const credit = creditOf(hunks, sides);
  const places = new Places(sides);
  const kept: Hunk[] = [];
  const left: Hunk[] = [];
  let undone: Hunk[] = [];
  for (const hunk of hunks) {
    const hands = (credit.get(hunk.key) ?? []).map(({ personId }) => personId);
    const theirs = hands.filter((personId) => personId !== null && people.has(personId));
    const block = letteredBlock(hunk, lettered);
    if (block) {
      if (!block.whole && theirs.length > 0) left.push(hunk);
      kept.push(hunk);
    } else if (
      theirs.length > 0 &&
      (theirs.length === hands.length || wasCleared(hunk, places, people)) &&
      !moved.has(lettersOut(hunk, places))
    )
      undone.push(hunk);
    else {
      if (theirs.length > 0) left.push(hunk);
      kept.push(hunk);
    }
  }
  for (;;) {
    const scratch = copyOf(then);
    const failed = kept.filter((hunk) => !fits(applyHunk(scratch, hunk).status));
    if (failed.length === 0) {
      withoutOthersCuts(scratch, undone, places, people, deletedBy);
      return { target: readDoc(scratch), left };
    }
    if (undone.length === 0) return { target: now, left };
    const needed = undone.filter((hunk) => failed.some((one) => related(hunk, one)));
    const given = new Set(needed.length > 0 ? needed : undone);
    undone = undone.filter((hunk) => !given.has(hunk));
    left.push(...given);
    kept.push(...given);
  }
}

const fits = (status: string) => status === "applied" || status === "already";

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

/** The block that was told apart letter by letter, where a hunk changes nothing but its text. */
function letteredBlock(
  { ops }: Hunk,
  lettered: ReadonlyMap<string, Lettered>,
): Lettered | undefined {
  const [op] = ops;
  if (ops.length !== 1 || op?.op !== "text" || op.flow.ids.length !== 1) return undefined;
  return lettered.get(op.flow.ids[0] ?? "");
}

/** The texts of a block; none where it holds anything else, such as a line break. */
function textsIn(element: Y.XmlElement | undefined): Y.XmlText[] {
  const children = element?.toArray() ?? [];
  const texts = children.filter((child) => child instanceof Y.XmlText);
  return texts.length === children.length ? texts : [];
}

function sameItem(a: Y.XmlText, b: Y.XmlText | undefined): boolean {
  const [left, right] = [a._item?.id, b?._item?.id];
  return left?.client === right?.client && left?.clock === right?.clock;
}

/** The earlier letters that a hunk takes out, its own operations' alone. */
function lettersOut({ ops }: Hunk, places: Places): Letters[] {
  return ops.flatMap((op) => {
    if (op.op === "text" && op.flow.ids.length === 1) return places.lostBy([op]);
    if (op.op !== "delete") return [];
    const nodes = [op.node, ...within(op.node)].filter((node) => TEXTBLOCKS.has(node.type));
    return nodes.flatMap((node) => places.items(places.inBase(idOf(node))).letters);
  });
}

const within = (node: NodeJSON): NodeJSON[] =>
  (node.content ?? []).flatMap((child) => [child, ...within(child)]);

/**
 * Words that a split, a move or a paste took elsewhere: they stand in new letters, under the name of
 * who wrote them first. Bringing them back where they were would double them.
 */
class Moved {
  readonly #authors = new Map<string, Set<string | null>>();
  readonly #then: Y.Doc;
  readonly #authorOf: AuthorOf;

  constructor(doc: Y.Doc, then: Y.Doc, authorOf: AuthorOf) {
    this.#then = then;
    this.#authorOf = authorOf;
    for (const element of elementsById(doc).values()) {
      if (!TEXTBLOCKS.has(element.nodeName)) continue;
      const { text, letters } = itemsIn(element);
      const fresh = letters.filter(
        ({ client, clock }) => stateOf(then, client, clock) === "unknown",
      );
      if (fresh.length === 0) continue;
      for (const { word, author } of this.#words(text, fresh)) {
        const known = this.#authors.get(word);
        if (known) known.add(author);
        else this.#authors.set(word, new Set([author]));
      }
    }
  }

  /** Whether any word of these letters of the earlier state stands elsewhere now. */
  has(letters: readonly Letters[]): boolean {
    const parts = letters.map((one) => ({ ...one, text: signsOf(this.#then, one) }));
    let text = "";
    const placed: Letters[] = [];
    let end = 0;
    for (const { text: part, ...one } of parts) {
      // Letters that don't stand side by side are no word together.
      if (one.at !== end) text += "\n";
      placed.push({ ...one, at: text.length });
      text += part;
      end = one.at + one.length;
    }
    return [...this.#words(text, placed)].some(({ word, author }) =>
      this.#authors.get(word)?.has(author),
    );
  }

  *#words(text: string, letters: readonly Letters[]) {
    let index = 0;
    for (const { 0: word, index: from } of text.matchAll(WORD)) {
      while (index < letters.length && end(letters[index]) <= from) index += 1;
      const one = letters[index];
      if (!one || one.at >= from + word.length) continue;
      const clock = one.clock + Math.max(0, from - one.at);
      yield { word, author: this.#authorOf(one.client, clock).authorId };
    }
  }
}

const end = (letters: Letters | undefined) => (letters ? letters.at + letters.length : 0);

/** Letters of a document as text. */
function signsOf(doc: Y.Doc, { client, clock, length }: Letters): string {
  let text = "";
  for (let at = clock; at < clock + length; ) {
    const item = Y.getItem(doc.store, Y.createID(client, at));
    const from = at - item.id.clock;
    const take = Math.min(item.length - from, clock + length - at);
    text +=
      item.content instanceof Y.ContentString
        ? item.content.str.slice(from, from + take)
        : "\n".repeat(take);
    at += take;
  }
  return text;
}

/** Whether a hunk takes out blocks that these people took out, whoever had cut words in them before. */
function wasCleared({ ops }: Hunk, places: Places, people: ReadonlySet<string>): boolean {
  return ops.every((op) => {
    if (op.op !== "delete") return false;
    const hands = [...places.removers(places.itself(places.inBase(idOf(op.node))))];
    return hands.length > 0 && hands.every(({ personId }) => personId && people.has(personId));
  });
}

/** Takes out of blocks that come back what others had taken out of them before. */
function withoutOthersCuts(
  scratch: Y.Doc,
  undone: readonly Hunk[],
  places: Places,
  people: ReadonlySet<string>,
  deletedBy: DeletedBy,
): void {
  const isOthers = (client: number, clock: number) => {
    const person = deletedBy(client, clock);
    return person !== null && !people.has(person);
  };
  const elements = elementsById(scratch);
  for (const { ops } of undone) {
    for (const op of ops) {
      if (op.op !== "delete") continue;
      for (const id of idsWithin(op.node)) {
        const element = elements.get(id);
        if (!element || !places.inBase(id)) continue;
        for (const text of textsIn(element)) cut(text, isOthers);
      }
    }
  }
}

function idsWithin(node: NodeJSON): string[] {
  return [idOf(node), ...(node.content ?? []).flatMap(idsWithin)].filter((id) => id !== "");
}

function cut(text: Y.XmlText, isOut: (client: number, clock: number) => boolean): void {
  const out: number[] = [];
  let at = 0;
  for (let item = text._start; item; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    for (let index = 0; index < item.length; index++, at++) {
      if (isOut(item.id.client, item.id.clock + index)) out.push(at);
    }
  }
  for (const place of out.reverse()) text.delete(place, 1);
}

/** Whether two hunks are about the same blocks. */
function related(a: Hunk, b: Hunk): boolean {
  const ids = new Set(idsOf(a));
  return idsOf(b).some((id) => ids.has(id));
}

function idsOf({ blocks, ops }: Hunk): string[] {
  return [
    ...blocks,
    ...ops.flatMap((op) => {
      if (op.op === "text" || op.op === "format") return [...op.flow.ids, op.flow.shown];
      if (op.op === "insert") return [...idsWithin(op.node), op.place.parent ?? ""];
      if (op.op === "delete") return [...idsWithin(op.node), op.parent ?? ""];
      if (op.op === "move") return [op.id, op.shown, op.from ?? "", op.place.parent ?? ""];
      return [op.id, op.shown];
    }),
  ].filter((id) => id !== "");
}

type Format = Record<string, unknown>;

/**
 * Takes back letter by letter what they wrote and took out, in the blocks that still are what they
 * were; answers which blocks these are, and whether something was taken back.
 */
function takeBackLetters(
  doc: Y.Doc,
  then: Y.Doc,
  chosen: Chosen,
  moved: Moved,
): Map<string, Lettered> {
  const before = elementsById(then);
  const lettered = new Map<string, Lettered>();
  doc.transact(() => {
    for (const [id, element] of elementsById(doc)) {
      const texts = textsIn(element);
      const old = textsIn(before.get(id));
      const same = old.length === texts.length && old.every((text, i) => sameItem(text, texts[i]));
      if (!same || texts.length === 0) continue;
      const plans = texts.map((text, index) => changesIn(text, old[index], then, chosen, moved));
      for (const [index, { changes }] of plans.entries()) make(texts[index], changes);
      lettered.set(id, {
        wrote: plans.some(({ changes }) => changes.length > 0),
        whole: plans.every(({ whole }) => whole),
      });
    }
  });
  return lettered;
}

/** One change of a text: letters to take out, or to put back with their formats. */
type Change = { at: number; take: number } | { at: number; put: string; format: Format };

/** What is to be done in a text, and whether that is all of it. */
function changesIn(
  text: Y.XmlText,
  old: Y.XmlText | undefined,
  then: Y.Doc,
  { people, authorOf, deletedBy }: Chosen,
  moved: Moved,
): { changes: Change[]; whole: boolean } {
  if (!old || signs(old) === signs(text)) return { changes: [], whole: true };
  const stood = lettersOf(old);
  const isTheirs = (person: string | null) => person !== null && people.has(person);
  const takes: Change[] = [];
  /** What stays, and what comes back in one place, by the offset there. */
  const stays: Standing[] = [];
  const back = new Map<number, Returning[]>();
  let at = 0;
  for (let item = text._start; item; item = item.right) {
    const isLetters = item.content instanceof Y.ContentString;
    if (!item.deleted && !isLetters) continue;
    const { client } = item.id;
    for (let index = 0; index < item.length; index++) {
      const clock = item.id.clock + index;
      const letter = stood.get(`${client} ${clock}`);
      if (item.deleted) {
        if (!letter || !isTheirs(deletedBy(client, clock))) continue;
        const one = { ...letter, client, clock, length: 1 };
        const place = back.get(at);
        if (place) place.push(one);
        else back.set(at, [one]);
        continue;
      }
      const isNew = stateOf(then, client, clock) === "unknown";
      if (isNew && isTheirs(authorOf(client, clock).authorId)) takes.push({ at, take: 1 });
      else {
        const sign = (item.content as Y.ContentString).str[index] ?? "";
        stays.push({ at, sign, stood: letter?.at ?? null });
      }
      at += 1;
    }
  }
  const doubled = [...back].filter(([, letters]) => moved.has(letters));
  for (const [place] of doubled) back.delete(place);
  const puts = [...back].flatMap(([place, letters]) => putBack(place, letters, stays, signs(old)));
  const rank = (change: Change) => ("put" in change ? 0 : 1);
  const changes = [...takes, ...puts].sort((a, b) => a.at - b.at || rank(a) - rank(b));
  return { changes: joined(changes), whole: doubled.length === 0 };
}

/** A letter that stays, and its offset in the earlier text when it stood there. */
type Standing = { at: number; sign: string; stood: number | null };
/** A letter that comes back; `at` is its offset in the earlier text. */
type Returning = Letters & Letter;

const IN_WORD = /[\p{L}\p{M}\p{N}]/u;

/**
 * Puts letters back where they were. Where that is within a word which others have made since, they
 * go before it. Letters of their own words that stand in another word by now are written once more:
 * editors compare letter by letter, so a new word may be made of old letters. No word is broken.
 */
function putBack(
  place: number,
  letters: readonly Returning[],
  stays: readonly Standing[],
  old: string,
): Change[] {
  const [head, tail] = [letters[0], letters.at(-1)];
  if (!head || !tail) return [];
  const isLetter = (sign: string | undefined) => IN_WORD.test(sign ?? "");
  let right = stays.findIndex(({ at }) => at >= place);
  if (right < 0) right = stays.length;
  const follows = () => stays[right - 1]?.stood === head.at - 1;
  const leads = () => stays[right]?.stood === tail.at + 1;
  const inWord = isLetter(stays[right - 1]?.sign) && isLetter(stays[right]?.sign);
  if (inWord && !(follows() && leads()))
    while (right > 0 && isLetter(stays[right - 1]?.sign)) right -= 1;

  const stands = new Set(stays.map(({ stood }) => stood));
  let [from, to] = [head.at, tail.at + 1];
  if (!follows())
    while (isLetter(old[from]) && isLetter(old[from - 1]) && stands.has(from - 1)) from -= 1;
  if (!leads()) while (isLetter(old[to - 1]) && isLetter(old[to]) && stands.has(to)) to += 1;
  const needsGapBefore = !follows() && isLetter(stays[right - 1]?.sign) && isLetter(old[from]);
  const needsGapBehind = !leads() && isLetter(stays[right]?.sign) && isLetter(old[to - 1]);
  const at = stays[right]?.at ?? place;
  const before = (needsGapBefore ? " " : "") + old.slice(from, head.at);
  const behind = old.slice(tail.at + 1, to) + (needsGapBehind ? " " : "");
  const puts: Change[] = letters.map(({ sign, format }) => ({ at, put: sign, format }));
  if (before) puts.unshift({ at, put: before, format: head.format });
  if (behind) puts.push({ at, put: behind, format: tail.format });
  return puts;
}

function make(text: Y.XmlText | undefined, changes: readonly Change[]): void {
  for (const change of [...changes].reverse()) {
    if ("take" in change) text?.delete(change.at, change.take);
    else text?.insert(change.at, change.put, change.format);
  }
}

const signs = (text: Y.XmlText) => Y.Text.prototype.toString.call(text);

/** Changes side by side as one. */
function joined(changes: readonly Change[]): Change[] {
  const list: Change[] = [];
  for (const change of changes) {
    const last = list.at(-1);
    if (last && "take" in last && "take" in change && last.at + last.take === change.at)
      last.take += change.take;
    else if (
      last &&
      "put" in last &&
      "put" in change &&
      last.at === change.at &&
      JSON.stringify(last.format) === JSON.stringify(change.format)
    )
      last.put += change.put;
    else list.push({ ...change });
  }
  return list;
}

type Letter = { at: number; sign: string; format: Format };

/** Every letter of a text by its clock, with its formats. */
function lettersOf(text: Y.XmlText): Map<string, Letter> {
  const letters = new Map<string, Letter>();
  const format = new Map<string, unknown>();
  for (let item = text._start; item; item = item.right) {
    if (item.deleted) continue;
    if (item.content instanceof Y.ContentFormat) {
      const { key, value } = item.content as unknown as { key: string; value: unknown };
      if (value === null) format.delete(key);
      else format.set(key, value);
    }
    if (!(item.content instanceof Y.ContentString)) continue;
    const { client, clock } = item.id;
    // Halves of a sign have a clock each.
    for (const [index, sign] of item.content.str.split("").entries())
      letters.set(`${client} ${clock + index}`, {
        at: letters.size,
        sign,
        format: Object.fromEntries(format),
      });
  }
  return letters;
}
