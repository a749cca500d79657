import * as Y from "yjs";
import type { Hunk, Op } from "./hunk.ts";
import {
  type BlockItems,
  elementsById,
  itemsIn,
  type Letters,
  lettersIn,
  stateOf,
} from "./items.ts";
import { type Mark, marksOf } from "./marks.ts";
import { idOf, textOf } from "./read.ts";
import type { AuthorOf } from "./runs.ts";

/** Who took a clock out; null where nobody knows. Asked of clocks alone that are deleted. */
export type DeletedBy = (client: number, clock: number) => string | null;

/** Two states of a text, with whose everything is that tells them apart. */
export type Sides = {
  /** What the hunks are differences from: an earlier state of `copy`, or of what it was forked from. */
  base: Y.Doc;
  copy: Y.Doc;
  /** Who wrote what in the copy, and in the base. */
  authorOf: AuthorOf;
  /** Who took out what of the copy. */
  deletedBy: DeletedBy;
};

/** A person behind a change, and how their words came; null for the server's own and the unknown. */
export type Credit = { personId: string | null; via: string };

/** How a deletion is said to have come: nobody but its author has a hand in it. */
export const TAKEN_OUT = "deletion";

/**
 * Whose each difference is, by its key: who wrote the words it puts in, who took out those it takes
 * out, who made, moved or changed its blocks; most words first. Nobody where nothing tells. Never
 * writes. Cost: a walk over both documents' blocks, and over the items of those that changed.
 */
export function creditOf(hunks: readonly Hunk[], sides: Sides): Map<string, Credit[]> {
  const places = new Places(sides);
  const tallies = new Map<string, { tally: Tally; ops: readonly Op[] }>();
  for (const { key, ops } of hunks) {
    const tally = new Tally();
    for (const op of ops) creditBlock(op, places, tally);
    tallies.set(key, { tally, ops });
  }
  for (const mark of marksOf(hunks)) {
    const one = tallies.get(mark.hunk);
    if (one) creditWords(mark, one.ops, places, one.tally);
  }
  return new Map([...tallies].map(([key, { tally }]) => [key, tally.list()]));
}

/** Who made, moved, changed or took out a block as such, and the words that went with it. */
function creditBlock(op: Op, places: Places, tally: Tally): void {
  if (op.op === "insert") {
    const element = places.inCopy(idOf(op.node));
    // Where its text comes by operations of its own, as of a split, it isn't new.
    if (textOf(op.node) !== "") tally.wrote(places.hands(places.lettersWithin(element)));
    tally.wrote(places.made(element), NO_WORDS);
  } else if (op.op === "move" || op.op === "retype") {
    tally.wrote(places.made(places.inCopy(op.shown)), NO_WORDS);
  } else if (op.op === "attr") {
    tally.wrote(places.set(places.inCopy(op.shown), op.name), NO_WORDS);
  } else if (op.op === "delete") {
    const element = places.inBase(idOf(op.node));
    tally.took(places.removers(places.lettersWithin(element)));
    tally.took(places.removers(places.itself(element)), NO_WORDS);
  }
}

/** Who wrote, took out or formatted the words that a mark is drawn on. */
function creditWords(mark: Mark, ops: readonly Op[], places: Places, tally: Tally): void {
  if (mark.type === "inserted") tally.wrote(places.hands(places.newAt(mark.blockId, mark)));
  if (mark.type === "formatted") tally.wrote(places.hands(places.formatsAt(mark.blockId, mark)));
  if (mark.type === "deleted") tally.took(places.removers(places.goneAt(mark, ops)));
}

/** What a hand in a block counts that wrote no word of it. */
const NO_WORDS = 0.5;

type Hands = Iterable<{ personId: string | null; via: string; length: number }>;

/** How many characters of a change are whose. */
class Tally {
  readonly #people = new Map<string | null, { via: string; written: number; all: number }>();

  wrote(hands: Hands, weight?: number): void {
    for (const { personId, via, length } of hands) {
      const one = this.#of(personId);
      if (one.written === 0) one.via = via;
      one.written += weight ?? length;
      one.all += weight ?? length;
    }
  }

  took(hands: Hands, weight?: number): void {
    for (const { personId, length } of hands) this.#of(personId).all += weight ?? length;
  }

  #of(personId: string | null) {
    let one = this.#people.get(personId);
    if (!one) {
      one = { via: TAKEN_OUT, written: 0, all: 0 };
      this.#people.set(personId, one);
    }
    return one;
  }

  list(): Credit[] {
    return [...this.#people]
      .sort(([, a], [, b]) => b.all - a.all)
      .map(([personId, { via }]) => ({ personId, via }));
  }
}

/** Finds the items behind blocks and offsets, and whose they are. Belongs to the states it was made of. */
export class Places {
  readonly #sides: Sides;
  #copy: Map<string, Y.XmlElement> | null = null;
  #base: Map<string, Y.XmlElement> | null = null;
  readonly #items = new Map<Y.XmlElement, BlockItems>();

  constructor(sides: Sides) {
    this.#sides = sides;
  }

  inCopy(id: string): Y.XmlElement | undefined {
    this.#copy ??= elementsById(this.#sides.copy);
    return this.#copy.get(id);
  }

  inBase(id: string): Y.XmlElement | undefined {
    this.#base ??= elementsById(this.#sides.base);
    return this.#base.get(id);
  }

  items(element: Y.XmlElement | undefined): BlockItems {
    if (!element) return NO_ITEMS;
    let items = this.#items.get(element);
    if (!items) {
      items = itemsIn(element);
      this.#items.set(element, items);
    }
    return items;
  }

  /** The letters of a block and of all blocks in it. */
  lettersWithin(element: Y.XmlElement | undefined): Letters[] {
    if (!element) return [];
    const inner = element
      .toArray()
      .flatMap((child) => (child instanceof Y.XmlElement ? this.lettersWithin(child) : []));
    return [...this.items(element).letters, ...inner];
  }

  /** The letters of a part of a block of the copy that are new: of a word, some may be the base's. */
  newAt(blockId: string, { from, to }: { from: number; to: number }): Letters[] {
    return lettersIn(this.items(this.inCopy(blockId)).letters, from, to).flatMap((one) => [
      ...this.#where(one, (state) => state === "unknown"),
    ]);
  }

  /** The formats that begin or end in a part of a block of the copy, and are new. */
  formatsAt(blockId: string, { from, to }: { from: number; to: number }): Letters[] {
    return this.items(this.inCopy(blockId)).formats.filter(
      ({ at, client, clock }) =>
        at >= from && at <= to && this.#inBase(client, clock) === "unknown",
    );
  }

  /** An element's own item. */
  itself(element: Y.XmlElement | undefined): Letters[] {
    const item = element?._item;
    return item ? [{ at: 0, client: item.id.client, clock: item.id.clock, length: 1 }] : [];
  }

  made(element: Y.XmlElement | undefined): Hands {
    return this.hands(this.itself(element));
  }

  /** Who set an attribute, or took it away. */
  set(element: Y.XmlElement | undefined, name: string): Hands {
    const item = element?._map.get(name);
    if (!item) return [];
    const letters = [{ at: 0, client: item.id.client, clock: item.id.clock, length: 1 }];
    return item.deleted ? this.removers(letters) : this.hands(letters);
  }

  /** The base's letters that a change of text takes out, as far as the base can be told. */
  lostBy(ops: readonly Op[]): Letters[] {
    return ops.flatMap((op) => {
      if (op.op !== "text") return [];
      const { flow, mine } = op;
      const edit = flow.edits[mine];
      let length = 0;
      const letters = flow.ids.flatMap((id) => {
        const element = this.inBase(id);
        if (!element) return [];
        // A sign leads in each block but the first.
        if (length > 0) length += 1;
        const items = this.items(element);
        const shifted = items.letters.map((one) => ({ ...one, at: one.at + length }));
        length += items.text.length;
        return shifted;
      });
      return edit && length === flow.base.length ? lettersIn(letters, edit.from, edit.to) : [];
    });
  }

  /**
   * What was taken out at an offset of a block of the copy. The gap there holds what was there in
   * the base, and the same words once more where a split, a move or an undo had brought them back;
   * those count first. Where the whole text was written anew, the base's own letters tell.
   */
  goneAt({ blockId, at, text }: Mark & { type: "deleted" }, ops: readonly Op[]): Letters[] {
    const lost = this.lostBy(ops);
    const items = this.items(this.inCopy(blockId));
    // What came in its place stands before it, or behind. And editors compare letter by letter: of
    // "who went" and "went" they take out "ho w".
    const from = at - shared([...items.text.slice(0, at)].reverse(), [...text].reverse());
    const end = at + Math.max(0, ...ops.map(lengthPutIn));
    const to = Math.max(end, at + shared([...items.text.slice(at)], [...text]));
    const gap = items.gone.filter((one) => one.at >= from && one.at <= to);
    const { authorOf } = this.#sides;
    const authors = new Set(lost.map(({ client, clock }) => authorOf(client, clock).authorId));
    const fresh = gap.flatMap((one) => [...this.#where(one, (state) => state === "unknown")]);
    const again = fresh.filter(({ client, clock }) =>
      authors.has(authorOf(client, clock).authorId),
    );
    if (again.length > 0 && lengthOf(again) * 2 >= lengthOf(lost)) return again;
    const before = gap.flatMap((one) => [...this.#where(one, (state) => state === "stands")]);
    if (before.length + again.length > 0) return [...again, ...before];
    const own = lost.filter(({ client, clock }) => this.#inCopy(client, clock) === "gone");
    return own.length > 0 ? own : fresh;
  }

  *hands(letters: readonly Letters[]): Generator<Credit & { length: number }> {
    for (const { client, clock, length } of letters) {
      for (let at = clock; at < clock + length; ) {
        const { authorId, via, to } = this.#sides.authorOf(client, at);
        const end = Math.min(to, clock + length);
        yield { personId: authorId, via, length: end - at };
        at = end;
      }
    }
  }

  /** Who took letters out that the copy holds no more. */
  *removers(letters: readonly Letters[]): Generator<Credit & { length: number }> {
    for (const { client, clock, length } of letters) {
      for (let at = clock; at < clock + length; at++) {
        if (this.#inCopy(client, at) !== "gone") continue;
        yield { personId: this.#sides.deletedBy(client, at), via: TAKEN_OUT, length: 1 };
      }
    }
  }

  #inBase = (client: number, clock: number) => stateOf(this.#sides.base, client, clock);
  #inCopy = (client: number, clock: number) => stateOf(this.#sides.copy, client, clock);

  /** The letters, one by one, that stand so in the base. */
  *#where(
    { client, clock, length }: Letters,
    counts: (state: ReturnType<typeof stateOf>) => boolean,
  ): Generator<Letters> {
    for (let at = clock; at < clock + length; at++) {
      if (counts(this.#inBase(client, at))) yield { at: 0, client, clock: at, length: 1 };
    }
  }
}

/** How many signs two texts begin with alike. */
function shared(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  for (const [index, sign] of a.entries()) {
    if (sign !== b[index]) break;
    length += sign.length;
  }
  return length;
}

const lengthOf = (letters: readonly Letters[]) =>
  letters.reduce((sum, { length }) => sum + length, 0);

const NO_ITEMS: BlockItems = { text: "", letters: [], gone: [], formats: [] };

function lengthPutIn(op: Op): number {
  if (op.op !== "text") return 0;
  return (op.flow.edits[op.mine]?.insert ?? []).reduce((sum, { text }) => sum + text.length, 0);
}
