import * as Y from "yjs";
import { FRAGMENT } from "./schema.ts";

/** Characters of a text, `at` their first's offset, and the clocks they are made of. */
export type Letters = { at: number; client: number; clock: number; length: number };

/** A textblock as Yjs holds it: its letters, what was taken out between them, and its formats. */
export type BlockItems = {
  text: string;
  letters: Letters[];
  gone: Letters[];
  formats: Letters[];
};

/**
 * Every element of a document that has an id, by it. Where several share one, the later are named
 * as the differences name them: `id_2`, `id_3`.
 */
export function elementsById(doc: Y.Doc): Map<string, Y.XmlElement> {
  const found = new Map<string, Y.XmlElement>();
  const visit = (parent: Y.XmlFragment) => {
    for (let item = parent._start; item; item = item.right) {
      if (item.deleted || !(item.content instanceof Y.ContentType)) continue;
      const { type } = item.content;
      if (!(type instanceof Y.XmlElement)) continue;
      const id = type.getAttribute("id");
      if (typeof id === "string") found.set(freeKey(found, id), type);
      visit(type);
    }
  };
  visit(doc.getXmlFragment(FRAGMENT));
  return found;
}

/**
 * The items of a textblock, in the order of its text as `textOf` gives it. Never writes. Cost: its
 * items.
 */
export function itemsIn(element: Y.XmlElement): BlockItems {
  const items: BlockItems = { text: "", letters: [], gone: [], formats: [] };
  const place = ({ id: { client, clock }, length }: Y.Item): Letters => ({
    at: items.text.length,
    client,
    clock,
    length,
  });
  const take = (item: Y.Item, text: string) => {
    items.letters.push(place(item));
    items.text += text;
  };
  for (let child = element._start; child; child = child.right) {
    if (child.deleted) items.gone.push(place(child));
    if (child.deleted || !(child.content instanceof Y.ContentType)) continue;
    const { type } = child.content;
    if (type instanceof Y.XmlElement && type.nodeName === "hardBreak") take(child, "\n");
    if (!(type instanceof Y.XmlText)) continue;
    for (let item = type._start; item; item = item.right) {
      if (item.deleted) items.gone.push(place(item));
      else if (item.content instanceof Y.ContentString) take(item, item.content.str);
      else if (item.content instanceof Y.ContentFormat) items.formats.push(place(item));
    }
  }
  return items;
}

/** The letters from an offset to another one, cut to fit. */
export function lettersIn(letters: readonly Letters[], from: number, to: number): Letters[] {
  return letters.flatMap(({ at, client, clock, length }) => {
    const start = Math.max(at, from);
    const end = Math.min(at + length, to);
    if (start >= end) return [];
    return [{ at: start, client, clock: clock + start - at, length: end - start }];
  });
}

/** Whether a document has this clock, and whether it stands or was taken out. Cost: log n. */
export function stateOf(doc: Y.Doc, client: number, clock: number): "stands" | "gone" | "unknown" {
  if (clock >= Y.getState(doc.store, client)) return "unknown";
  return Y.getItem(doc.store, Y.createID(client, clock)).deleted ? "gone" : "stands";
}

function freeKey(taken: ReadonlyMap<string, unknown>, id: string): string {
  let key = id;
  for (let count = 2; taken.has(key); count++) key = `${id}_${count}`;
  return key;
}
