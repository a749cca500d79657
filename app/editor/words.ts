import * as Y from "yjs";
import { joined, textIn } from "../document/lost.ts";
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
  const pieces: { item: Y.Item; text: string }[] = [];
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (item: Y.Item | Y.GC) => {
    const text = item instanceof Y.Item && wordsOf(item, since);
    if (text) pieces.push({ item, text });
  });
  return joined(pieces).filter((words) => words.trim());
}

/** The words that an update brings and doesn't take away itself, as far as it alone can tell. */
export function wordsIn(update: Uint8Array, wanted: (letter: Y.ID) => boolean): string[] {
  return joined(textIn(Y.decodeUpdate(update), wanted)).filter((words) => words.trim());
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
