import * as Y from "yjs";
import { FRAGMENT } from "../document/schema.ts";

/** From which clock on something isn't saved, client by client. */
export type Since = ReadonlyMap<number, number>;

/** What some clients wrote from a clock on and the document still holds, block by block, in order. */
export function wordsSince(doc: Y.Doc, since: Since): string[] {
  const found: string[] = [];
  for (const text of doc
    .getXmlFragment(FRAGMENT)
    .createTreeWalker((node) => node instanceof Y.XmlText)) {
    let words = "";
    for (let item = (text as Y.XmlText)._start; item; item = item.right) {
      if (!item.deleted) words += wordsOf(item, since);
    }
    if (words.trim()) found.push(words);
  }
  return found;
}

/** What a transaction deletes of the words that some clients wrote from a clock on. */
export function wordsDeletedBy(transaction: Y.Transaction, since: Since): string[] {
  const { clients } = transaction.deleteSet;
  if (![...since.keys()].some((client) => clients.has(client))) return [];
  const pieces: Y.Item[] = [];
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct: Y.Item | Y.GC) => {
    if (struct instanceof Y.Item && wordsOf(struct, since)) pieces.push(struct);
  });
  return joined(pieces, (piece) => wordsOf(piece, since));
}

/** The words that an update brings and doesn't take away itself, as far as it alone can tell. */
export function wordsIn(update: Uint8Array, wanted: (letter: Y.ID) => boolean): string[] {
  const { structs, ds } = Y.decodeUpdate(update);
  const pieces = structs.filter((struct): struct is Y.Item => struct instanceof Y.Item);
  return joined(pieces, ({ id, content }) => {
    if (!(content instanceof Y.ContentString)) return "";
    const letters = content.str.split("");
    const stays = (_letter: string, index: number) => {
      const letter = Y.createID(id.client, id.clock + index);
      return !Y.isDeleted(ds, letter) && wanted(letter);
    };
    return letters.filter(stays).join("");
  });
}

/** Which of these words went down with a passage that others had removed before they came. */
export function wordsSwallowed(doc: Y.Doc, update: Uint8Array, known: Since): string[] {
  return wordsIn(update, (letter) => {
    const isNew = letter.clock >= (known.get(letter.client) ?? 0);
    return isNew && Y.getItem(doc.store, letter).deleted;
  });
}

/** True when all that the update builds on is there. Cost: a copy of the document. */
export function fits(doc: Y.Doc, update: Uint8Array): boolean {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  Y.applyUpdate(copy, update);
  const whole = !copy.store.pendingStructs && !copy.store.pendingDs;
  copy.destroy();
  return whole;
}

function wordsOf({ id, content }: Y.Item, since: Since): string {
  const from = since.get(id.client);
  if (from === undefined || !(content instanceof Y.ContentString)) return "";
  return content.str.slice(Math.max(0, from - id.clock));
}

/** Pieces that were written one after the other as one string. */
function joined(pieces: Y.Item[], words: (piece: Y.Item) => string): string[] {
  const found: string[] = [];
  let end: Y.ID | null = null;
  for (const piece of pieces) {
    const goesOn: boolean = end !== null && Y.compareIDs(piece.origin, end);
    if (goesOn) found.push((found.pop() ?? "") + words(piece));
    else found.push(words(piece));
    end = piece.lastId;
  }
  return found.filter((one) => one.trim());
}
