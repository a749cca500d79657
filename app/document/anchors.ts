import search from "approx-string-match";
import * as Y from "yjs";
import { WORD } from "./read.ts";
import { FRAGMENT, TEXTBLOCKS } from "./schema.ts";
import { similarity } from "./words.ts";

/** A place between two characters of a textblock's plain text. */
export type Point = { blockId: string; offset: number };

/**
 * Where an input points. Positions that move with the text come first; the words and 32 characters
 * around them find the place again when those are lost, as every split and join loses them.
 */
export type Anchor = {
  startPos: Uint8Array;
  endPos: Uint8Array;
  blockId: string;
  quote: string;
  prefix: string;
  suffix: string;
  /** An anchor on a whole paragraph follows the paragraph, however its words change. */
  scope?: "passage" | "paragraph";
};

/** Where an anchor is now. `text` is what stands there. */
export type Found = Placed | { status: "ambiguous" } | { status: "gone" };
export type Placed = {
  status: "exact" | "moved" | "changed";
  start: Point;
  end: Point;
  text: string;
};

type Part = { type: Y.XmlText | Y.XmlElement; from: number; length: number };
type Entry = { id: string; text: string; from: number; element: Y.XmlElement; parts: Part[] };

/** A document's text, ready to be searched. Belongs to the state it was made from. */
export type TextIndex = {
  blocks: Entry[];
  byId: Map<string, Entry>;
  /** All blocks' texts with "\n" between them; `Entry.from` counts in it. */
  flat: string;
  places: Map<unknown, { entry: Entry; from: number }>;
  /** Made when first needed, see `viewOf` and `postingsOf`. */
  views: Map<string, View>;
  postings: Map<string, Set<number>> | null;
};

const CONTEXT = 32;
const NEAR = 48;
const BLOCK_ERRORS = 0.35;
const DOCUMENT_ERRORS = 0.25;
const MOST_PLACES = 500;
const LONG_QUOTE = 512;
/** A quote of so many characters is hardly there twice by chance. */
const LONG = 32;
const LONG_IN_BLOCK = 24;

/** Indexes a document's text. Never writes. Some 5 ms for 25,000 words: do it once a view. */
export function textIndex(doc: Y.Doc): TextIndex {
  const blocks: Entry[] = [];
  const byId = new Map<string, Entry>();
  const places: TextIndex["places"] = new Map();
  let length = 0;
  const visit = (parent: Y.XmlFragment) => {
    for (const child of parent.toArray()) {
      if (!(child instanceof Y.XmlElement)) continue;
      if (!TEXTBLOCKS.has(child.nodeName)) {
        visit(child);
        continue;
      }
      const entry = entryOf(child, blocks.length > 0 ? length + 1 : 0);
      length = entry.from + entry.text.length;
      blocks.push(entry);
      if (!byId.has(entry.id)) byId.set(entry.id, entry);
      places.set(child, { entry, from: 0 });
      for (const { type, from } of entry.parts) places.set(type, { entry, from });
    }
  };
  visit(doc.getXmlFragment(FRAGMENT));
  const flat = blocks.map(({ text }) => text).join("\n");
  return { blocks, byId, flat, places, views: new Map(), postings: null };
}

function entryOf(element: Y.XmlElement, from: number): Entry {
  const parts: Part[] = [];
  let text = "";
  for (const type of element.toArray()) {
    const own =
      type instanceof Y.XmlText ? Y.Text.prototype.toString.call(type) : isBreak(type) ? "\n" : "";
    if (type instanceof Y.XmlText || type instanceof Y.XmlElement) {
      parts.push({ type, from: text.length, length: own.length });
    }
    text += own;
  }
  return { id: String(element.getAttribute("id") ?? ""), text, from, element, parts };
}

function isBreak(type: unknown): boolean {
  return type instanceof Y.XmlElement && type.nodeName === "hardBreak";
}

/**
 * An anchor on the words between two points, which may stand in different blocks. Null when a
 * block is gone or the points are out of order or range. Whoever makes many passes the text's index.
 */
export function createAnchor(
  doc: Y.Doc,
  { start, end }: { start: Point; end: Point },
  scope: Anchor["scope"] = "passage",
  index = textIndex(doc),
): Anchor | null {
  const first = index.byId.get(start.blockId);
  const last = index.byId.get(end.blockId);
  if (!first || !last) return null;
  if (start.offset < 0 || start.offset > first.text.length) return null;
  if (end.offset < 0 || end.offset > last.text.length) return null;
  const from = first.from + start.offset;
  const to = last.from + end.offset;
  if (from > to || (from === to && scope === "passage")) return null;
  return {
    startPos: Y.encodeRelativePosition(relative(first, start.offset, 0)),
    endPos: Y.encodeRelativePosition(relative(last, end.offset, -1)),
    blockId: start.blockId,
    quote: index.flat.slice(from, to),
    prefix: index.flat.slice(Math.max(0, from - CONTEXT), from),
    suffix: index.flat.slice(to, to + CONTEXT),
    scope,
  };
}

/** An anchor on a whole textblock. Null when there is none with this id. */
export function createParagraphAnchor(doc: Y.Doc, blockId: string): Anchor | null {
  const entry = textIndex(doc).byId.get(blockId);
  if (!entry) return null;
  const end = { blockId, offset: entry.text.length };
  return createAnchor(doc, { start: { blockId, offset: 0 }, end }, "paragraph");
}

function relative({ element, parts }: Entry, offset: number, assoc: 0 | -1): Y.RelativePosition {
  const at = parts.findIndex(({ from, length }) =>
    assoc === 0
      ? offset >= from && offset < from + length
      : offset > from && offset <= from + length,
  );
  const part = parts[at];
  if (part?.type instanceof Y.XmlText) {
    return Y.createRelativePositionFromTypeIndex(part.type, offset - part.from, assoc);
  }
  const child = part ? at + (assoc === 0 ? 0 : 1) : assoc === 0 ? parts.length : 0;
  return Y.createRelativePositionFromTypeIndex(element, child, assoc);
}

/**
 * Whether a person should look where an anchor belongs now: its words are gone, stand in several
 * places, or were rewritten. A paragraph that changed and still says much the same is no such case.
 */
export function isDoubtful(anchor: Anchor, found: Found): boolean {
  if (!("text" in found)) return true;
  if (found.status !== "changed") return false;
  const stayed = anchor.scope === "paragraph" && found.start.blockId === anchor.blockId;
  return !stayed || similarity(found.text, anchor.quote) < 0.5;
}

/** Paragraphs that share fewer words than this are no use to whoever looks for a place. */
const AKIN = 0.3;

/**
 * Where a doubtful anchor may belong, for a person to choose: every place with its words (`moved`),
 * the likeliest first; where there is none, paragraphs that say something like it (`changed`).
 */
export function candidates(index: TextIndex, anchor: Anchor, most = 5): Placed[] {
  const places = placesOf(index, anchor)
    .map((place) => ({ place, ...surroundings(index.flat, place, anchor) }))
    .sort((a, b) => b.sum + b.near - a.sum - a.near)
    .map(({ place }) => found(index, "moved", place));
  const near = places.length > 0 ? [] : likelyBlocks(index, anchor.quote);
  const paragraphs = near
    .map((at) => index.blocks[at] as Entry)
    .filter(({ text }) => similarity(text, anchor.quote) >= AKIN)
    .map((block) => found(index, "changed", wholeOf(block)));
  const seen = new Set<string>();
  return [...places, ...paragraphs]
    .map((place) => (anchor.scope === "paragraph" ? wholeBlock(index, place) : place))
    .filter(({ start }) => {
      const key = `${start.blockId} ${start.offset}`;
      return !seen.has(key) && seen.add(key);
    })
    .slice(0, most);
}

function placesOf(index: TextIndex, { quote }: Anchor): Range[] {
  for (const name of ["asIs", "spaced"] as const) {
    const view = viewOf(index, name);
    const words = view.normal(quote).trim();
    const places = words === "" ? [] : occurrences(view.text, words);
    if (places.length > 0)
      return places.map((at) => ({
        from: view.toFlat(at),
        to: view.toFlat(at + words.length - 1) + 1,
      }));
  }
  return [];
}

function wholeBlock(index: TextIndex, place: Placed): Placed {
  const entry = index.byId.get(place.start.blockId);
  return entry ? found(index, place.status, wholeOf(entry)) : place;
}

/**
 * Finds words that were selected on a page, which may be older than the document: where they were
 * said to be, else nearest to it in their block, else the only place in the document.
 */
export function locate(
  doc: Y.Doc,
  { blockId, offset = 0, quote }: { blockId: string; offset?: number; quote: string },
): { start: Point; end: Point } | null {
  if (quote === "") return null;
  const index = textIndex(doc);
  const entry = index.byId.get(blockId);
  if (entry) {
    const near = occurrences(entry.text, quote).sort(
      (a, b) => Math.abs(a - offset) - Math.abs(b - offset),
    )[0];
    if (near !== undefined) return span(index, entry.from + near, entry.from + near + quote.length);
    // Words selected over the end of a block begin in it.
    if (index.flat.startsWith(quote, entry.from + offset)) {
      return span(index, entry.from + offset, entry.from + offset + quote.length);
    }
  }
  const [only, another] = occurrences(index.flat, quote);
  if (only === undefined || another !== undefined) return null;
  return span(index, only, only + quote.length);
}

/**
 * Where an anchor is in the document that `index` was made of. Never shown on unrelated text:
 * rather `ambiguous` or `gone`. Microseconds when its positions hold; a search takes some
 * milliseconds for 25,000 words.
 */
export function resolve(doc: Y.Doc, index: TextIndex, anchor: Anchor): Found {
  const place = find(doc, index, anchor);
  return anchor.scope === "paragraph" ? widened(index, place, anchor) : place;
}

function find(doc: Y.Doc, index: TextIndex, anchor: Anchor): Found {
  const entry = index.byId.get(anchor.blockId);
  if (anchor.quote === "" || (anchor.scope === "paragraph" && entry?.text === anchor.quote)) {
    return entry ? found(index, "exact", wholeOf(entry)) : { status: "gone" };
  }
  const range = positions(doc, index, anchor);
  if (range && index.flat.slice(range.from, range.to) === anchor.quote) {
    return found(index, "exact", range);
  }
  return (
    overlapping(index, range, anchor) ??
    inBlock(index, entry, anchor) ??
    inView(index, "asIs", anchor) ??
    inView(index, "joined", anchor) ??
    inView(index, "spaced", anchor) ??
    sameParagraph(index, entry, anchor) ??
    nearlyInBlock(index, entry, anchor) ??
    between(index, range, anchor) ??
    nearly(index, anchor) ??
    enclosed(index, entry, anchor) ?? { status: "gone" }
  );
}

/** A paragraph keeps what was said about it while it says much the same. */
function sameParagraph(index: TextIndex, entry: Entry | undefined, anchor: Anchor): Found | null {
  if (anchor.scope !== "paragraph" || !entry || similarity(entry.text, anchor.quote) < 0.3) {
    return null;
  }
  return found(index, "changed", wholeOf(entry));
}

/** The whole paragraph in which a paragraph's anchor was found. */
function widened(index: TextIndex, place: Found, anchor: Anchor): Found {
  if (place.status === "gone" || place.status === "ambiguous") return place;
  const entry = index.byId.get(place.start.blockId);
  if (!entry || place.end.blockId !== place.start.blockId) return place;
  return found(index, entry.text === anchor.quote ? place.status : "changed", wholeOf(entry));
}

type Range = { from: number; to: number };

function wholeOf({ from, text }: Entry): Range {
  return { from, to: from + text.length };
}

/** Both ends by their relative positions, while both still lead into a textblock. */
function positions(doc: Y.Doc, index: TextIndex, { startPos, endPos }: Anchor): Range | null {
  const from = position(doc, index, startPos);
  const to = position(doc, index, endPos);
  return from === null || to === null || from > to ? null : { from, to };
}

function position(doc: Y.Doc, index: TextIndex, encoded: Uint8Array): number | null {
  let absolute: Y.AbsolutePosition | null;
  try {
    absolute = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(encoded), doc);
  } catch {
    // Bytes from a damaged row: the words still find the place.
    return null;
  }
  const place = absolute && index.places.get(absolute.type);
  if (!absolute || !place) return null;
  const { entry, from } = place;
  if (absolute.type instanceof Y.XmlText) return entry.from + from + absolute.index;
  const part = entry.parts[absolute.index];
  return entry.from + (part ? part.from : entry.text.length);
}

function found(index: TextIndex, status: Placed["status"], { from, to }: Range): Placed {
  return { status, ...span(index, from, to), text: index.flat.slice(from, to) };
}

function span(index: TextIndex, from: number, to: number): { start: Point; end: Point } {
  return { start: point(index, from, false), end: point(index, to, true) };
}

/** The block a flat offset falls in. On a border the start belongs to the later, the end to the earlier. */
function point({ blocks }: TextIndex, at: number, isEnd: boolean): Point {
  const block = blocks[blockAt(blocks, at)];
  if (!block) return { blockId: "", offset: 0 };
  const offset = Math.min(at - block.from, block.text.length);
  return isEnd && offset < 0 ? { blockId: block.id, offset: 0 } : { blockId: block.id, offset };
}

function blockAt(blocks: Entry[], at: number): number {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((blocks[middle]?.from ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function occurrences(text: string, quote: string): number[] {
  const list: number[] = [];
  for (let at = text.indexOf(quote); at >= 0 && list.length < MOST_PLACES; ) {
    list.push(at);
    at = text.indexOf(quote, at + 1);
  }
  return list;
}

/** A text in which an anchor is looked for, and how its offsets lead back to the flat text. */
type View = { text: string; normal: (text: string) => string; toFlat: (at: number) => number };
type Words = Pick<Anchor, "quote" | "prefix" | "suffix">;

function viewOf(index: TextIndex, name: "asIs" | "joined" | "spaced"): View {
  let view = index.views.get(name);
  if (!view) {
    if (name === "asIs") view = { text: index.flat, normal: (text) => text, toFlat: (at) => at };
    else if (name === "joined") view = squeezed(index.flat, /\n/g, "");
    else view = squeezed(index.flat, /\s+/g, " ");
    index.views.set(name, view);
  }
  return view;
}

function squeezed(flat: string, blanks: RegExp, by: string): View {
  const pieces: { at: number; flat: number }[] = [{ at: 0, flat: 0 }];
  let text = "";
  let last = 0;
  for (const blank of flat.matchAll(blanks)) {
    text += flat.slice(last, blank.index) + by;
    last = blank.index + blank[0].length;
    pieces.push({ at: text.length, flat: last });
  }
  text += flat.slice(last);
  const toFlat = (at: number) => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((pieces[middle]?.at ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const piece = pieces[low] ?? { at: 0, flat: 0 };
    return piece.flat + at - piece.at;
  };
  return { text, normal: (part) => part.replace(blanks, by), toFlat };
}

/**
 * What stands around a place of what stood around the anchor: `before` and `after` are the
 * characters that agree up to the place itself, `near` those of words found close by.
 */
function surroundings(text: string, { from, to }: Range, { quote, prefix, suffix }: Words) {
  let before = 0;
  while (before < prefix.length && text[from - 1 - before] === prefix[prefix.length - 1 - before]) {
    before += 1;
  }
  let after = 0;
  while (after < suffix.length && to + after < text.length && text[to + after] === suffix[after]) {
    after += 1;
  }
  // Words said twice close together can't be told apart by what is near both.
  const twice = prefix.includes(quote) || suffix.includes(quote);
  const near = twice
    ? 0
    : shared(prefix, text.slice(Math.max(0, from - NEAR), from)) +
      shared(suffix, text.slice(to, to + NEAR));
  return { before, after, near, sum: before + after };
}

/** The characters of those words of a context that stand in a stretch of text. */
function shared(context: string, text: string): number {
  const there = new Set(text.match(WORD) ?? []);
  return (context.match(WORD) ?? []).reduce(
    (sum, word) => sum + (word.length > 2 && there.has(word) ? word.length : 0),
    0,
  );
}

/**
 * Whether the words and what stands around them are too much to be chance: enough of the
 * surroundings, or all there were in the block, or words that fill a block as they did, or many.
 */
function convincing(
  index: TextIndex,
  flat: Range,
  { before, after, near, sum }: ReturnType<typeof surroundings>,
  { quote, prefix, suffix }: Words,
  long: number,
): boolean {
  const asked = quote.trim().length < 8 ? 16 : 8;
  if (sum >= Math.min(asked, prefix.length + suffix.length) || quote.length >= long) return true;
  if (near >= CONTEXT / 2) return true;
  if (sum >= 4 && quote.length + sum >= 24) return true;
  if (quote.length + sum < 12) return false;
  const head = prefix.slice(prefix.lastIndexOf("\n") + 1);
  const tail = suffix.split("\n")[0] ?? "";
  if (before >= head.length && after >= tail.length) return true;
  const fills =
    /(^|\n)\s*$/.test(index.flat.slice(Math.max(0, flat.from - 3), flat.from)) &&
    /^\s*(\n|$)/.test(index.flat.slice(flat.to, flat.to + 3));
  return fills && (quote.match(WORD) ?? []).length >= 2;
}

/** The likeliest of several places; ambiguous when two are equally likely; null when none is. */
function choose(
  index: TextIndex,
  view: View,
  places: Range[],
  anchor: Words,
  long: number,
): Range | "tie" | null {
  const words = {
    quote: view.normal(anchor.quote),
    prefix: view.normal(anchor.prefix),
    suffix: view.normal(anchor.suffix),
  };
  let best: Range | null = null;
  let most = -1;
  let tie = false;
  for (const place of places) {
    const around = surroundings(view.text, place, words);
    const flat = { from: view.toFlat(place.from), to: view.toFlat(place.to - 1) + 1 };
    if (!convincing(index, flat, around, anchor, long)) continue;
    const weight = around.sum + around.near;
    if (weight > most) [best, most, tie] = [flat, weight, false];
    else if (weight === most) tie = true;
  }
  return tie ? "tie" : best;
}

/**
 * The words where a part of them still is by its position: the binding writes the shortest
 * difference of characters, which can take a letter from the one of two like words that stays.
 */
function overlapping(index: TextIndex, range: Range | null, anchor: Anchor): Found | null {
  if (!range || range.from === range.to) return null;
  const { length } = anchor.quote;
  const start = Math.max(0, range.from - length + 1);
  const [only, another] = occurrences(index.flat.slice(start, range.to + length - 1), anchor.quote);
  if (only === undefined || another !== undefined) return null;
  return found(index, "moved", { from: start + only, to: start + only + length });
}

function inBlock(index: TextIndex, entry: Entry | undefined, anchor: Anchor): Found | null {
  if (!entry) return null;
  const places = occurrences(entry.text, anchor.quote).map((at) => ({
    from: entry.from + at,
    to: entry.from + at + anchor.quote.length,
  }));
  const whole = places.length === 1 && entry.text === anchor.quote;
  const place = whole
    ? places[0]
    : choose(index, viewOf(index, "asIs"), places, anchor, LONG_IN_BLOCK);
  if (place === "tie") return { status: "ambiguous" };
  return place ? found(index, "moved", place) : null;
}

function inView(
  index: TextIndex,
  name: "asIs" | "joined" | "spaced",
  anchor: Anchor,
): Found | null {
  const view = viewOf(index, name);
  const quote = view.normal(anchor.quote);
  if (quote.trim() === "") return null;
  const places = occurrences(view.text, quote).map((from) => ({ from, to: from + quote.length }));
  const place = choose(index, view, places, anchor, LONG);
  if (place === "tie") return { status: "ambiguous" };
  return place ? found(index, "moved", place) : null;
}

function nearlyInBlock(index: TextIndex, entry: Entry | undefined, anchor: Anchor): Found | null {
  if (!entry || entry.text.trim() === "") return null;
  return approximate(index, [wholeOf(entry)], anchor, BLOCK_ERRORS, LONG_IN_BLOCK);
}

/** What stands between the old positions now, if it is still about the same. */
function between(index: TextIndex, range: Range | null, anchor: Anchor): Found | null {
  if (!range) return null;
  const text = index.flat.slice(range.from, range.to);
  if (text.trim() === "" || text.length > 3 * anchor.quote.length + 80) return null;
  const held = isHeld(surroundings(index.flat, range, anchor), anchor);
  return held || similarity(anchor.quote, text) >= 0.4 ? found(index, "changed", range) : null;
}

/** A similar passage anywhere, looked for around the blocks that share its rarest words. */
function nearly(index: TextIndex, anchor: Anchor): Found | null {
  const windows = likelyBlocks(index, anchor.quote).map((at) => {
    const first = index.blocks[Math.max(0, at - 1)] as Entry;
    const last = index.blocks[Math.min(index.blocks.length - 1, at + 1)] as Entry;
    return { from: first.from, to: last.from + last.text.length };
  });
  return approximate(index, windows, anchor, DOCUMENT_ERRORS, LONG);
}

/** The numbers of the blocks that share a passage's rarest words, the likeliest first. */
function likelyBlocks(index: TextIndex, quote: string): number[] {
  const postings = postingsOf(index);
  const weights = new Map<number, number>();
  for (const word of new Set(quote.toLowerCase().match(WORD) ?? [])) {
    const blocks = postings.get(word);
    if (!blocks || blocks.size > 200) continue;
    for (const block of blocks) weights.set(block, (weights.get(block) ?? 0) + 1 / blocks.size);
  }
  const likely = [...weights].sort(([, a], [, b]) => b - a).slice(0, 6);
  return likely.map(([block]) => block);
}

function postingsOf(index: TextIndex): Map<string, Set<number>> {
  if (!index.postings) {
    index.postings = new Map();
    for (const [at, { text }] of index.blocks.entries()) {
      for (const word of text.toLowerCase().match(WORD) ?? []) {
        const blocks = index.postings.get(word);
        if (blocks) blocks.add(at);
        else index.postings.set(word, new Set([at]));
      }
    }
  }
  return index.postings;
}

function approximate(
  index: TextIndex,
  windows: Range[],
  anchor: Anchor,
  tolerance: number,
  long: number,
): Found | null {
  let fewest = Number.POSITIVE_INFINITY;
  let places: Range[] = [];
  for (const { from, to } of windows) {
    for (const match of matches(index.flat.slice(from, to), anchor.quote, tolerance)) {
      if (match.errors > fewest) continue;
      if (match.errors < fewest) places = [];
      fewest = match.errors;
      const range = { from: from + match.start, to: from + match.end };
      const place = match.errors > 0 ? wholeWords(index.flat, range) : range;
      const known = places.findIndex((one) => one.from < place.to && place.from < one.to);
      if (known < 0) places.push(place);
    }
  }
  const alike = places.filter((place) => isAlike(index, place, anchor));
  const place = choose(index, viewOf(index, "asIs"), alike, anchor, long);
  if (place === "tie") return { status: "ambiguous" };
  return place ? found(index, fewest > 0 ? "changed" : "moved", place) : null;
}

/** Letters alone can be alike by chance: words must agree too, or the surroundings on both sides. */
function isAlike(index: TextIndex, place: Range, anchor: Anchor): boolean {
  if (similarity(index.flat.slice(place.from, place.to), anchor.quote) >= 0.5) return true;
  return isHeld(surroundings(index.flat, place, anchor), anchor);
}

/** Both sides agree, and where one of them is short or empty the other makes up for it. */
function isHeld({ before, after }: { before: number; after: number }, anchor: Anchor): boolean {
  const { prefix, suffix } = anchor;
  const both = before >= Math.min(8, prefix.length) && after >= Math.min(8, suffix.length);
  return both && before + after >= Math.min(16, prefix.length + suffix.length);
}

/** The closest matches. A long quote is found by both its ends: the search costs by its length. */
function matches(text: string, quote: string, tolerance: number) {
  if (quote.length <= LONG_QUOTE) return search(text, quote, Math.floor(quote.length * tolerance));
  const size = LONG_QUOTE / 2;
  const errors = Math.floor(size * tolerance);
  const head = search(text, quote.slice(0, size), errors)[0];
  const tail = search(text, quote.slice(-size), errors).at(-1);
  if (!head || !tail || tail.start < head.start) return [];
  const length = tail.end - head.start;
  if (length < quote.length / 2 || length > quote.length * 2) return [];
  return [{ start: head.start, end: tail.end, errors: head.errors + tail.errors }];
}

const LETTER = /[\p{L}\p{M}\p{N}]/u;

/** Trims blanks and takes in the rest of a word that a match cuts. */
function wholeWords(text: string, { from, to }: Range): Range {
  let [start, end] = [from, to];
  while (start < end && /\s/.test(text[start] ?? "")) start += 1;
  while (end > start && /\s/.test(text[end - 1] ?? "")) end -= 1;
  const inWord = (at: number) => LETTER.test(text[at - 1] ?? "") && LETTER.test(text[at] ?? "");
  while (inWord(start)) start -= 1;
  while (inWord(end)) end += 1;
  return { from: start, to: end };
}

/** What stands in the block now between the words that stood around the anchor. */
function enclosed(index: TextIndex, entry: Entry | undefined, anchor: Anchor): Found | null {
  if (!entry || entry.text.trim() === "") return null;
  const near = anchor.prefix.slice(anchor.prefix.lastIndexOf("\n") + 1).slice(-16);
  const far = (anchor.suffix.split("\n")[0] ?? "").slice(0, 16);
  const { before, after } = surroundings(index.flat, wholeOf(entry), anchor);
  // At the border of its block, the neighbour's words must still be there; so must the text's border.
  const isFirst = anchor.prefix !== "" || entry === index.blocks[0];
  const isLast = anchor.suffix !== "" || entry === index.blocks.at(-1);
  const heldBefore = near !== "" || (isFirst && before >= Math.min(8, anchor.prefix.length));
  const heldAfter = far !== "" || (isLast && after >= Math.min(8, anchor.suffix.length));
  if (!heldBefore || !heldAfter || (near !== "" && near.length + far.length < 8)) return null;
  const from = near === "" ? 0 : entry.text.indexOf(near) + near.length;
  const to = far === "" ? entry.text.length : entry.text.indexOf(far, from);
  if ((near !== "" && !entry.text.includes(near)) || to < from) return null;
  const text = entry.text.slice(from, to);
  if (text.trim() === "" || text.length > 3 * anchor.quote.length + 200) return null;
  return found(index, "changed", { from: entry.from + from, to: entry.from + to });
}
