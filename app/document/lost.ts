import * as Y from "yjs";
import { type Passage, spansIn } from "./passage.ts";

/** Words that went down with a text that was gone when they arrived. */
export type Lost = {
  text: string;
  /** A letter, or else the text, that they were written beside; null when they name none. */
  beside: Y.ID | null;
  /** Their last letter: what goes on behind it belongs to them. */
  end: Y.ID;
};

/** An update, decoded. */
type Decoded = {
  structs: readonly (Y.Item | Y.GC | Y.Skip)[];
  ds: Parameters<typeof Y.isDeleted>[0];
};

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

/** Whose words fell with a text that somebody else took out. `ownerOf`: whose a client id is. */
export function lostBy(
  fell: Passage,
  ownerOf: (client: number) => string | null | undefined,
): { personId: string; lost: Lost }[] {
  return fell.pieces.flatMap(({ from, to }) =>
    [...spansIn(fell, from, to)].flatMap(({ at, client, clock, length }) => {
      const personId = ownerOf(client);
      if (!personId) return [];
      const text = fell.text.slice(at, at + length);
      const beside = Y.createID(client, clock);
      return [{ personId, lost: { text, beside, end: Y.createID(client, clock + length - 1) } }];
    }),
  );
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
