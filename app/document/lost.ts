import * as Y from "yjs";
import { WORD } from "./read.ts";

/** Words that went down with a text that was gone when they arrived. */
export type Lost = {
  text: string;
  /** A letter, or else the text, that they were written beside; null when they name none. */
  beside: Y.ID | null;
  /** Their last letter: what goes on behind it belongs to them. */
  end: Y.ID;
};

/** Text by its clocks: the first one's, and one more for each letter. */
export type Letters = { client: number; clock: number; text: string };

type Deletions = Parameters<typeof Y.isDeleted>[0];
/** An update, decoded. */
type Decoded = { structs: readonly (Y.Item | Y.GC | Y.Skip)[]; ds: Deletions };

/** Pieces of text as they were written, and which of their letters are meant. */
type Piece = { item: Y.Item; text: string };

/**
 * Which words an update brought into a document that holds them as deleted, though the update didn't
 * delete them itself. Yjs forgets where such words stood, at once: all there is to read is the
 * update. `before`: the document's clocks before it. Null when nothing was lost. Cost: the structs.
 */
export function lostIn(
  { structs, ds }: Decoded,
  store: Y.Doc["store"],
  before: ReadonlyMap<number, number>,
): Lost | null {
  const pieces = textIn({ structs: structs.filter((one) => fell(one, store)), ds }, (letter) => {
    const isNew = letter.clock >= (before.get(letter.client) ?? 0);
    return isNew && Y.getItem(store, letter).deleted;
  });
  const [first] = pieces;
  const last = pieces.at(-1);
  if (!first || !last) return null;
  const { origin, rightOrigin } = first.item;
  const parent: unknown = first.item.parent;
  return {
    text: joined(pieces).join("\n"),
    beside: origin ?? rightOrigin ?? (parent instanceof Y.ID ? parent : null),
    end: last.item.lastId,
  };
}

/** What a transaction takes out of a document, by clocks. Call in `afterTransaction`. */
export function removedBy({ deleteSet, beforeState, doc }: Y.Transaction): Letters[] {
  const removed: Letters[] = [];
  for (const [client, ranges] of deleteSet.clients) {
    const structs = doc.store.clients.get(client) ?? [];
    const known = beforeState.get(client) ?? 0;
    for (const { clock, len } of ranges) {
      const end = Math.min(clock + len, known);
      if (clock >= end) continue;
      for (let index = Y.findIndexSS(structs, clock); index < structs.length; index++) {
        const item = structs[index];
        if (!item || item.id.clock >= end) break;
        if (!(item instanceof Y.Item && item.content instanceof Y.ContentString)) continue;
        const from = Math.max(item.id.clock, clock);
        const text = item.content.str.slice(from - item.id.clock, end - item.id.clock);
        removed.push({ client, clock: from, text });
      }
    }
  }
  return removed;
}

/**
 * Which of the removed letters the remover hadn't seen: those that what they deleted doesn't name,
 * and that fell with the text around them. Cost: one walk over both.
 */
export function unseenBy(removed: readonly Letters[], { clients }: Deletions): Letters[] {
  const unseen: Letters[] = [];
  let past = 0;
  let last: number | undefined;
  for (const { client, clock, text } of removed) {
    const named = clients.get(client) ?? [];
    if (client !== last) past = 0;
    last = client;
    for (let range = named[past]; range && range.clock + range.len <= clock; range = named[past])
      past++;
    let from = clock;
    for (let index = past; from < clock + text.length; index++) {
      const range = named[index];
      const to = Math.min(clock + text.length, range?.clock ?? Number.POSITIVE_INFINITY);
      if (to > from)
        unseen.push({ client, clock: from, text: text.slice(from - clock, to - clock) });
      from = range ? Math.max(from, range.clock + range.len) : to;
    }
  }
  return unseen;
}

/** How many words these are; one that stands in two pieces is one where its clocks go on. */
export function wordsIn(letters: readonly Letters[]): number {
  let text = "";
  let end: number | undefined;
  for (const piece of letters) {
    text += piece.clock === end ? piece.text : `\n${piece.text}`;
    end = piece.clock + piece.text.length;
  }
  return text.match(WORD)?.length ?? 0;
}

/** Whose words fell with a text that somebody else took out. `ownerOf`: whose a client id is. */
export function lostBy(
  fell: readonly Letters[],
  ownerOf: (client: number) => string | null | undefined,
): { personId: string; lost: Lost }[] {
  return fell.flatMap(({ client, clock, text }) => {
    const personId = ownerOf(client);
    if (!personId) return [];
    const end = Y.createID(client, clock + text.length - 1);
    return [{ personId, lost: { text, beside: Y.createID(client, clock), end } }];
  });
}

/** Whether some of a struct is deleted in the store. */
function fell({ id, length }: Y.Item | Y.GC | Y.Skip, store: Y.Doc["store"]): boolean {
  const structs = store.clients.get(id.client) ?? [];
  for (let index = Y.findIndexSS(structs, id.clock); index < structs.length; index++) {
    const struct = structs[index];
    if (!struct || struct.id.clock >= id.clock + length) return false;
    if (struct.deleted) return true;
  }
  return false;
}

/** The letters that an update brings and doesn't take away itself, as far as it alone can tell. */
export function textIn({ structs, ds }: Decoded, wanted: (letter: Y.ID) => boolean): Piece[] {
  const pieces: Piece[] = [];
  for (const item of structs) {
    if (!(item instanceof Y.Item && item.content instanceof Y.ContentString)) continue;
    const { client, clock } = item.id;
    const text = item.content.str
      .split("")
      .filter((_, index) => {
        const letter = Y.createID(client, clock + index);
        return wanted(letter) && !Y.isDeleted(ds, letter);
      })
      .join("");
    if (text !== "") pieces.push({ item, text });
  }
  return pieces;
}

/** Pieces that were written one after the other as one string. */
export function joined(pieces: readonly Piece[]): string[] {
  const found: string[] = [];
  let end: Y.ID | null = null;
  for (const { item, text } of pieces) {
    const goesOn: boolean = end !== null && Y.compareIDs(item.origin, end);
    if (goesOn) found.push((found.pop() ?? "") + text);
    else found.push(text);
    end = item.lastId;
  }
  return found;
}
