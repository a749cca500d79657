import * as Y from "yjs";
import type { Range } from "./runs.ts";

/** Where in a passage the characters of one stretch of clocks stand. */
export type Span = { at: number; client: number; clock: number; length: number };

/**
 * Text of a document with the clocks it is made of. Its pieces stand apart by line breaks; some of
 * the text that stands round a piece may go with it, without clocks.
 */
export type Passage = {
  text: string;
  spans: Span[];
  pieces: Piece[];
  /** Parts that were put directly before something deleted: an undo puts them before their like. */
  returns: Return[];
};
export type Return = { at: number; length: number; id: Y.ID };

/** Text that stands together in the document, and the ids of its neighbours there. */
export type Piece = { from: number; to: number; left: Y.ID | null; right: Y.ID | null };

/** How many characters round a piece go with it. */
const CONTEXT = 40;

type Words = Y.Item & { content: Y.ContentString; parent: Y.XmlText };

const isWords = (struct: unknown): struct is Words =>
  struct instanceof Y.Item &&
  struct.content instanceof Y.ContentString &&
  struct.parent instanceof Y.XmlText;

/**
 * What a transaction took out, read before Yjs forgets it: call in `afterTransaction`. `deleted` is
 * what its author deleted; what fell with it, unknown to its author, stands between as if it weren't.
 */
export function takenOut(
  transaction: Y.Transaction,
  before = transaction.beforeState,
  deleted = transaction.deleteSet,
): Passage {
  const items: Words[] = [];
  const taken = (item: Y.Item) =>
    item.deleted &&
    item.id.clock < (before.get(item.id.client) ?? 0) &&
    Y.isDeleted(transaction.deleteSet, item.id) &&
    (deleted === transaction.deleteSet || Y.isDeleted(deleted, item.id));
  const wanted = (struct: unknown): struct is Words => isWords(struct) && taken(struct);
  for (const [client, ranges] of transaction.deleteSet.clients) {
    for (const { clock, len } of ranges) {
      collect(transaction.doc, client, clock, clock + len, wanted, items);
    }
  }
  return passageOf(items, taken);
}

/**
 * What a transaction wrote where others had deleted the block: gone as it came, though not for its
 * author, who may go on with it. Call in `afterTransaction`.
 */
export function swallowed({ deleteSet, beforeState, doc }: Y.Transaction): Passage {
  const items: Words[] = [];
  const fresh = (item: Y.Item) =>
    item.deleted && item.id.clock >= (beforeState.get(item.id.client) ?? 0);
  const wanted = (struct: unknown): struct is Words => isWords(struct) && fresh(struct);
  for (const [client, ranges] of deleteSet.clients) {
    const known = beforeState.get(client) ?? 0;
    for (const { clock, len } of ranges) {
      const from = Math.max(clock, known);
      if (from < clock + len) collect(doc, client, from, clock + len, wanted, items);
    }
  }
  return passageOf(items, fresh);
}

/** What was written in these ranges and still stands, with some of the text `around` it. */
export function putIn(doc: Y.Doc, ranges: readonly Range[], around = true): Passage {
  const items: Words[] = [];
  const since = new Map<number, number>();
  const stands = (struct: unknown): struct is Words => isWords(struct) && !struct.deleted;
  for (const { client, from, to } of ranges) {
    since.set(client, from);
    collect(doc, client, from, to, stands, items);
  }
  const sinceOf = ({ client }: Y.ID) => since.get(client) ?? Number.POSITIVE_INFINITY;
  const fresh = (item: Y.Item) => !item.deleted && item.id.clock >= sinceOf(item.id);
  return passageOf(items, fresh, { sinceOf, context: around ? CONTEXT : 0 });
}

function collect(
  doc: Y.Doc,
  client: number,
  from: number,
  to: number,
  wanted: (struct: unknown) => struct is Words,
  into: Words[],
) {
  const structs = doc.store.clients.get(client) ?? [];
  if (structs.length === 0) return;
  for (let index = Y.findIndexSS(structs, from); index < structs.length; index++) {
    const struct = structs[index];
    if (!struct || struct.id.clock >= to) break;
    if (wanted(struct)) into.push(struct);
  }
}

const start = () => 0;

/** Puts items together that stand together, whatever was deleted or formatted between them. */
function passageOf(
  items: readonly Words[],
  belongs: (item: Y.Item) => boolean,
  { sinceOf = start, context = 0 }: { sinceOf?: (id: Y.ID) => number; context?: number } = {},
): Passage {
  const passage = nothing();
  const seen = new Set<Y.Item>();
  const beside = (item: Y.Item, side: "left" | "right"): Words | null => {
    for (let at = item[side]; at; at = at[side]) {
      if (isWords(at) && belongs(at)) return at;
      if (!at.deleted && !(at.content instanceof Y.ContentFormat)) break;
    }
    return null;
  };
  const parts: string[] = [];
  let length = 0;
  for (const item of items) {
    if (seen.has(item)) continue;
    let first = item;
    // What was typed behind older text has become one item with it: only its end is new.
    for (let left = first; belongs(left); ) {
      const before = beside(left, "left");
      if (!before) break;
      first = left = before;
    }
    const add = (text: string) => {
      parts.push(text);
      length += text.length;
    };
    if (context > 0) add(textBefore(first, sinceOf(first.id) - first.id.clock, context));
    const from = length;
    let last = first;
    for (let at: Words | null = first; at; at = beside(at, "right")) {
      seen.add(at);
      last = at;
      const { client } = at.id;
      const clock = Math.max(at.id.clock, sinceOf(at.id));
      const str = at.content.str.slice(clock - at.id.clock);
      addSpan(passage.spans, { at: length, client, clock, length: str.length });
      const { rightOrigin } = at;
      if (rightOrigin && at.right?.deleted) {
        passage.returns.push({ at: length, length: str.length, id: rightOrigin });
      }
      add(str);
    }
    passage.pieces.push({
      from,
      to: length,
      left: unformatted(first, "left")?.lastId ?? null,
      right: unformatted(last, "right")?.id ?? null,
    });
    if (context > 0) add(textAfter(last, context));
    add("\n");
  }
  passage.text = parts.join("");
  return passage;
}

/** Adds a stretch of clocks, or makes the last one longer. */
function addSpan(spans: Span[], span: Span) {
  const last = spans.at(-1);
  const goesOn =
    last?.client === span.client &&
    last.clock + last.length === span.clock &&
    last.at + last.length === span.at;
  if (goesOn) last.length += span.length;
  else spans.push(span);
}

/** The last characters that stand before an item, the first `own` ones in it included. */
function textBefore(item: Words, own: number, most: number): string {
  let text = own > 0 ? item.content.str.slice(Math.max(0, own - most), own) : "";
  for (let at = item.left; at && text.length < most; at = at.left) {
    if (isWords(at) && !at.deleted) text = at.content.str.slice(-most) + text;
  }
  return text.slice(-most);
}

function textAfter(item: Words, most: number): string {
  let text = "";
  for (let at = item.right; at && text.length < most; at = at.right) {
    if (isWords(at) && !at.deleted) text += at.content.str.slice(0, most);
  }
  return text.slice(0, most);
}

/** The nearest neighbour that isn't a format, deleted or not. */
function unformatted(item: Y.Item, side: "left" | "right"): Y.Item | null {
  let at = item[side];
  while (at?.content instanceof Y.ContentFormat) at = at[side];
  return at;
}

/** Two passages of one piece each that stood side by side, as one. */
export function joined(left: Passage, right: Passage): Passage {
  const [a] = left.pieces;
  const [b] = right.pieces;
  const length = a?.to ?? 0;
  const spans = left.spans.map((span) => ({ ...span }));
  for (const span of right.spans) addSpan(spans, { ...span, at: span.at + length });
  return {
    text: left.text.slice(0, length) + right.text,
    spans,
    pieces: [
      { from: 0, to: length + (b?.to ?? 0), left: a?.left ?? null, right: b?.right ?? null },
    ],
    returns: [],
  };
}

/** Several passages as one. */
export function together(passages: readonly Passage[]): Passage {
  const [first, ...others] = passages.filter(({ pieces }) => pieces.length > 0);
  if (!first || others.length === 0) return first ?? nothing();
  const all = nothing();
  for (const passage of [first, ...others]) {
    const at = all.text.length;
    all.text += passage.text;
    for (const span of passage.spans) addSpan(all.spans, { ...span, at: span.at + at });
    for (const piece of passage.pieces) {
      all.pieces.push({ ...piece, from: piece.from + at, to: piece.to + at });
    }
    for (const item of passage.returns) all.returns.push({ ...item, at: item.at + at });
  }
  return all;
}

const nothing = (): Passage => ({ text: "", spans: [], pieces: [], returns: [] });

/** No text: most updates take none out. */
export const NOTHING: Passage = nothing();

/** Some pieces of a passage, as a passage of their own. */
export function partOf(passage: Passage, pieces: readonly Piece[]): Passage {
  const part = nothing();
  for (const { from, to, ...place } of pieces) {
    const at = part.text.length;
    for (const span of spansIn(passage, from, to)) {
      addSpan(part.spans, { ...span, at: span.at - from + at });
    }
    part.text += `${passage.text.slice(from, to)}\n`;
    part.pieces.push({ ...place, from: at, to: at + to - from });
  }
  return part;
}

/** The clocks under the characters `from` to `to`, each stretch with where it begins. */
export function* spansIn({ spans }: Passage, from: number, to: number): Generator<Span> {
  let low = 0;
  for (let high = spans.length; low < high; ) {
    const middle = (low + high) >>> 1;
    const { at, length } = spans[middle] as Span;
    if (at + length <= from) low = middle + 1;
    else high = middle;
  }
  for (; low < spans.length; low++) {
    const { at, client, clock, length } = spans[low] as Span;
    if (at >= to) return;
    const start = Math.max(at, from);
    const end = Math.min(at + length, to);
    yield { at: start, client, clock: clock + start - at, length: end - start };
  }
}
