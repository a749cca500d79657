import * as Y from "yjs";
import {
  joined,
  type Passage,
  type Piece,
  partOf,
  putIn,
  spansIn,
  takenOut,
  together,
} from "./passage.ts";
import { WORD } from "./read.ts";
import type { AuthorOf, Carried, Hand, Range } from "./runs.ts";

/**
 * Who wrote what, carried along. A split, a join, a wrap or a paste deletes words and writes them
 * anew under the id of whoever did it. So what an update brings is compared with what was taken
 * out by it, or by the same person lately: the same words keep their author.
 */

/** How long, in milliseconds, and how many characters of a person's deletions are remembered. */
const MEMORY = { time: 10 * 60_000, length: 20_000 };
/** So many words in a row are taken for a carry wherever they appear. */
const WORDS_IN_A_ROW = 3;
/** A whole piece, taken out earlier and put elsewhere, counts from this many characters. */
const SHORTEST_PIECE = 6;
/** The beginning or end of such a piece counts from this many. */
const SHORTEST_END = 10;
/** The same words may have been deleted in many places: so many are looked at. */
const PLACES = 8;
/** How many characters one update may have compared; what is left is its writer's. */
const EFFORT = 2_000_000;

/** A place in a passage. */
type Spot = { cut: Cut; at: number };

/** What one transaction took out. */
type Cut = { passage: Passage; at: number };

/** What is remembered of one person's deletions, and where to find it. */
class Cuts {
  readonly #cuts: Cut[] = [];
  #length = 0;
  #pieces: Map<string, Spot[]> | null = null;
  #rows: Map<string, Spot[]> | null = null;

  get size(): number {
    return this.#cuts.length;
  }

  /** Adds what was taken out; goes on with the last piece where both stood side by side. */
  add(passage: Passage, at: number): void {
    this.#pieces = null;
    this.#rows = null;
    const last = this.#cuts.at(-1);
    const whole = last && besides(last.passage, passage);
    if (whole) this.#length -= this.#cuts.pop()?.passage.text.length ?? 0;
    this.#cuts.push({ passage: whole || passage, at });
    this.#length += (whole || passage).text.length;
    // The last cut stays whole: a module that was deleted and taken back keeps its authors.
    while (this.#cuts.length > 1 && this.#length > MEMORY.length) this.#drop();
  }

  forget(before: number): void {
    while (this.#cuts[0] && this.#cuts[0].at < before) this.#drop();
  }

  #drop() {
    this.#length -= this.#cuts.shift()?.passage.text.length ?? 0;
    this.#pieces = null;
    this.#rows = null;
  }

  /** Where exactly this was a whole piece, the latest last. */
  piece(text: string): Spot[] | undefined {
    if (!this.#pieces) {
      this.#pieces = new Map();
      for (const cut of this.#cuts) {
        for (const piece of cut.passage.pieces) {
          const { from, text } = trimmed(cut.passage, piece);
          if (text !== "") push(this.#pieces, text, { cut, at: from });
        }
      }
    }
    return this.#pieces.get(text);
  }

  /** Where these words stood in a row, whatever was between them. */
  row(words: string): Spot[] | undefined {
    if (!this.#rows) {
      this.#rows = new Map();
      for (const cut of this.#cuts) {
        for (const { key, from } of rowsIn(cut.passage.text)) {
          const spots = push(this.#rows, key, { cut, at: from });
          if (spots.length > PLACES) spots.shift();
        }
      }
    }
    return this.#rows.get(words);
  }

  [Symbol.iterator](): Iterator<Cut> {
    return this.#cuts[Symbol.iterator]();
  }

  /** The place of one character that was taken out. */
  find({ client, clock }: Y.ID): Spot | null {
    for (const cut of this.#cuts) {
      for (const span of cut.passage.spans) {
        if (span.client === client && span.clock <= clock && clock < span.clock + span.length) {
          return { cut, at: span.at + clock - span.clock };
        }
      }
    }
    return null;
  }
}

function push(into: Map<string, Spot[]>, key: string, spot: Spot): Spot[] {
  const spots = into.get(key);
  if (!spots) into.set(key, [spot]);
  else spots.push(spot);
  return spots ?? [spot];
}

/** One passage of the two, where the first stood directly before or after the second. */
function besides(last: Passage, passage: Passage): Passage | null {
  const [old, ...others] = last.pieces;
  const [now, ...more] = passage.pieces;
  if (!old || !now || others.length > 0 || more.length > 0) return null;
  const [first] = last.spans;
  const end = last.spans.at(-1);
  if (!first || !end) return null;
  if (now.right?.client === first.client && now.right.clock === first.clock) {
    return joined(passage, last);
  }
  if (now.left?.client === end.client && now.left.clock === end.clock + end.length - 1) {
    return joined(last, passage);
  }
  return null;
}

/** A part of a passage without the blanks at its ends. */
function trimmed({ text }: Passage, { from, to }: { from: number; to: number }) {
  const part = text.slice(from, to);
  const words = part.trim();
  const start = from + part.length - part.trimStart().length;
  return { from: start, to: start + words.length, text: words };
}

/** Every so many words in a row, with where they begin and end. */
function* rowsIn(text: string): Generator<{ key: string; from: number; to: number }> {
  const row: { word: string; from: number }[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    row.push({ word, from: index });
    if (row.length > WORDS_IN_A_ROW) row.shift();
    const [first] = row;
    if (!first || row.length < WORDS_IN_A_ROW) continue;
    const key = row.map(({ word }) => word).join(" ");
    yield { key, from: first.from, to: index + word.length };
  }
}

/** What each person took out in the last minutes: the pool that their pastes and undos draw from. */
export class RecentDeletions {
  readonly #cuts = new Map<string | null, Cuts>();

  /** Remembers what somebody took out; `now` is monotonic, in milliseconds. */
  add(authorId: string | null, passage: Passage, now: number): void {
    if (passage.pieces.length === 0) return;
    for (const [author, cuts] of this.#cuts) {
      cuts.forget(now - MEMORY.time);
      if (cuts.size === 0) this.#cuts.delete(author);
    }
    let cuts = this.#cuts.get(authorId);
    if (!cuts) {
      cuts = new Cuts();
      this.#cuts.set(authorId, cuts);
    }
    cuts.add(passage, now);
  }

  /** What somebody took out of late; null when that is nothing. */
  of(authorId: string | null, now: number): Cuts | null {
    const cuts = this.#cuts.get(authorId);
    cuts?.forget(now - MEMORY.time);
    return cuts && cuts.size > 0 ? cuts : null;
  }

  /** What of these ids anybody took out of late. */
  among({ clients }: Deletions): Passage {
    const found: Passage[] = [];
    for (const cuts of this.#cuts.values()) {
      for (const { passage } of cuts) {
        const pieces = passage.pieces.flatMap((piece) => {
          const parts = [...spansIn(passage, piece.from, piece.to)].flatMap((span) =>
            (clients.get(span.client) ?? []).flatMap(({ clock, len }) => {
              const from = Math.max(span.clock, clock);
              const to = Math.min(span.clock + span.length, clock + len);
              const shift = span.at - span.clock;
              return from < to ? { from: from + shift, to: to + shift } : [];
            }),
          );
          parts.sort((a, b) => a.from - b.from);
          const whole: Piece[] = [];
          for (const { from, to } of parts) {
            const last = whole.at(-1);
            if (last?.to === from) last.to = to;
            else whole.push({ from, to, left: null, right: null });
          }
          return whole;
        });
        if (pieces.length > 0) found.push(partOf(passage, pieces));
      }
    }
    return together(found);
  }
}

type Deletions = { clients: Map<number, { clock: number; len: number }[]> };

/** What decides whose the words are that somebody writes. */
export type Writing = Hand & {
  recent: RecentDeletions;
  authorOf: AuthorOf;
  /** Monotonic, in milliseconds. */
  now: number;
};

/** Characters of what was put in that are the same words as some that were taken out. */
type Match = { from: number; to: number; spot: Spot };

/**
 * Whose words were put in, where they aren't their writer's; and remembers what was taken out.
 * Words count as carried when this update took out just these, or three of them in a row; of what
 * the same person took out before, also in a row, as a whole piece of some length, or where an undo
 * puts them back in their place. Longer matches go first.
 * Cost: the text put in and taken out. Where nothing was taken out, now or lately, next to none.
 */
export function carry(put: () => Passage, taken: Passage, writing: Writing): Carried[] {
  const { authorId, recent, now } = writing;
  const cuts = recent.of(authorId, now);
  const matches: Match[] = [];
  if (cuts || taken.pieces.length > 0) {
    const open = new Open(put());
    const take = (found: Iterable<Match>) => {
      for (const match of found) matches.push(match);
    };
    const moved = new Cuts();
    if (taken.pieces.length > 0) {
      moved.add(taken, now);
      take(wholePieces(open, moved, 1));
      take(inARow(open, moved));
    }
    if (cuts) {
      take(putBack(open, cuts));
      take(wholePieces(open, cuts, SHORTEST_PIECE));
      take(inARow(open, cuts));
    }
    take(leftOvers(open, moved, () => true));
    if (cuts) {
      const used = new Set(matches.map(({ spot }) => spot.cut));
      take(leftOvers(open, cuts, ({ cut }, text) => used.has(cut) || text.length >= SHORTEST_END));
    }
    recent.add(authorId, taken, now);
    return carriedBy(open.put, matches, writing);
  }
  return [];
}

/** The parts of what was put in whose author isn't found yet. */
class Open {
  readonly put: Passage;
  /** What each character is: of the text round the pieces, open, or found. */
  readonly #state: Uint8Array;
  #left = 0;
  /** Characters that may still be compared. */
  effort = EFFORT;

  constructor(put: Passage) {
    this.put = put;
    this.#state = new Uint8Array(put.text.length);
    for (const { from, to } of put.pieces) {
      this.#state.fill(OPEN, from, to);
      this.#left += to - from;
    }
  }

  get done(): boolean {
    return this.#left === 0;
  }

  /** The open stretches in a part of the text. */
  stretches(from: number, to: number): Place[] {
    const found: Place[] = [];
    for (let start = this.#state.indexOf(OPEN, from); start >= 0 && start < to; ) {
      let end = start;
      while (end < to && this.#state[end] === OPEN) end++;
      found.push({ from: start, to: end });
      start = this.#state.indexOf(OPEN, end);
    }
    return found;
  }

  /** Whether a part of the text is open or round a piece, and some of it open. */
  free(from: number, to: number): boolean {
    const found = this.#state.indexOf(FOUND, from);
    if (found >= 0 && found < to) return false;
    const open = this.#state.indexOf(OPEN, from);
    return open >= 0 && open < to;
  }

  /** Takes a part of the text as the same as what stood at a spot; answers its open stretches. */
  *match(
    from: number,
    to: number,
    { cut, at }: Spot,
    counts = (_: Place) => true,
  ): Generator<Match> {
    for (const place of this.stretches(from, to)) {
      if (!counts(place)) continue;
      this.#state.fill(FOUND, place.from, place.to);
      this.#left -= place.to - place.from;
      yield { ...place, spot: { cut, at: at + place.from - from } };
    }
  }
}

const OPEN = 1;
const FOUND = 2;

type Place = { from: number; to: number };

/** Pieces that were one piece where they were taken out. */
function* wholePieces(open: Open, cuts: Cuts, shortest: number): Generator<Match> {
  for (const piece of open.put.pieces) {
    if (!open.free(piece.from, piece.to)) continue;
    for (const place of placesOf(open.put, piece)) {
      const { from, to, text } = trimmed(open.put, place);
      if (text.length < shortest) continue;
      const spots = cuts.piece(text);
      // Of several alike, each is put in once; the last stays for those that are put in again.
      const spot = spots && (spots.length > 1 ? spots.shift() : spots[0]);
      if (!spot) continue;
      yield* open.match(from, to, spot);
      break;
    }
  }
}

/**
 * What a piece may be part of. Editors compare texts letter by letter: whoever puts "cow " before
 * "cat" has put "ow c" behind its "c". So a piece also stands for the whole words it belongs to, and
 * slides to the left while the letter before it is its last one.
 */
function* placesOf({ text }: Passage, { from, to }: Piece): Generator<Place> {
  yield { from, to };
  yield wholeWords(text, from, to);
  for (let slide = 1; slide <= to - from; slide++) {
    const before = text[from - slide];
    if (before === undefined || before === "\n" || before !== text[to - slide]) return;
    yield { from: from - slide, to: to - slide };
  }
}

function wholeWords(text: string, from: number, to: number): Place {
  let start = from;
  while (inWord(text, start)) start--;
  let end = to;
  while (inWord(text, end)) end++;
  return { from: start, to: end };
}

/** What an undo puts back: the same characters, directly before where each of them was deleted. */
function* putBack(open: Open, cuts: Cuts): Generator<Match> {
  const { text, returns } = open.put;
  for (const { at, length, id } of returns) {
    for (let from = at; from < at + length; ) {
      const spot = cuts.find(Y.createID(id.client, id.clock + from - at));
      let to = from;
      while (spot && to < at + length && text[to] === spot.cut.passage.text[spot.at + to - from])
        to++;
      if (!spot || to === from) break;
      yield* open.match(from, to, spot);
      from = to;
    }
  }
}

/** Words that stood in the same row where they were taken out, the longest rows first. */
function* inARow(open: Open, cuts: Cuts): Generator<Match> {
  if (open.done) return;
  const { text } = open.put;
  const found: Match[] = [];
  /** How far the two texts were compared already, by how far they stand apart. */
  const compared = new Map<Cut, Map<number, number>>();
  for (const { key, from, to } of rowsIn(text)) {
    if (open.effort <= 0) break;
    if (!open.free(from, to)) continue;
    for (const spot of cuts.row(key) ?? []) {
      const apart = compared.get(spot.cut) ?? new Map<number, number>();
      if ((apart.get(spot.at - from) ?? 0) > from) continue;
      const match = widened(text, from, spot);
      open.effort -= match.to - match.from;
      compared.set(spot.cut, apart.set(spot.at - from, match.to));
      if (match.to >= to) found.push(match);
    }
  }
  found.sort((a, b) => b.to - b.from - (a.to - a.from));
  const counts = ({ from, to }: Place) => wordsOf(text, from, to).length >= WORDS_IN_A_ROW;
  for (const { from, to, spot } of found) yield* open.match(from, to, spot, counts);
}

/** The words that are at least half in a part of the text. */
function wordsOf(text: string, from: number, to: number): Place[] {
  const whole = wholeWords(text, from, to);
  return Array.from(text.slice(whole.from, whole.to).matchAll(WORD), ({ 0: word, index }) => ({
    from: whole.from + index,
    to: whole.from + index + word.length,
  })).filter((word) => {
    const inside = Math.min(word.to, to) - Math.max(word.from, from);
    return inside * 2 >= word.to - word.from;
  });
}

/** The longest stretch of whole words round a place that both texts share. */
function widened(text: string, at: number, { cut, at: spot }: Spot): Match {
  const source = cut.passage.text;
  const shift = spot - at;
  let from = at;
  while (from > 0 && alike(text, from - 1, source, from - 1 + shift)) from--;
  let to = at;
  while (to < text.length && alike(text, to, source, to + shift)) to++;
  // Half a word counts where it was a whole one: a join leaves no space between the two.
  while (from < at && inWord(text, from) && inWord(source, from + shift)) from++;
  while (to > at && inWord(text, to) && inWord(source, to + shift)) to--;
  return { from, to, spot: { cut, at: from + shift } };
}

const alike = (a: string, at: number, b: string, there: number) =>
  a[at] === b[there] || (isSpace(a[at]) && isSpace(b[there]));
const isSpace = (letter: string | undefined) =>
  letter === " " || letter === "\n" || letter === "\u00a0";
const LETTER = /[\p{L}\p{M}\p{N}]/u;
const inWord = (text: string, at: number) =>
  LETTER.test(text[at - 1] ?? "") && LETTER.test(text[at] ?? "");

/**
 * What is left between matches, where its first or last words are the beginning or the end of a
 * piece: who cuts from the middle of one block into another leaves such ends, and who pastes them.
 */
function* leftOvers(
  open: Open,
  cuts: Cuts,
  counts: (spot: Spot, text: string) => boolean,
): Generator<Match> {
  if (open.done) return;
  const { text } = open.put;
  const pieces = [...cuts].flatMap((cut) =>
    cut.passage.pieces.map((piece) => ({ cut, ...trimmed(cut.passage, piece) })),
  );
  const spotOf = (words: string): Spot | null => {
    for (let index = pieces.length - 1; index >= 0 && open.effort > 0; index--) {
      const { cut, from, text: whole } = pieces[index] as (typeof pieces)[number];
      open.effort--;
      const end = whole.length - words.length;
      const starts = whole.startsWith(words) && !inWord(whole, words.length);
      if (!starts && !(whole.endsWith(words) && !inWord(whole, end))) continue;
      const spot = { cut, at: from + (starts ? 0 : end) };
      if (counts(spot, words)) return spot;
    }
    return null;
  };
  for (const piece of open.put.pieces) {
    for (const gap of open.stretches(piece.from, piece.to)) {
      for (const { from, to } of endsOf(text, gap)) {
        const spot = open.free(from, to) && spotOf(text.slice(from, to));
        if (spot) yield* open.match(from, to, spot);
      }
    }
  }
}

/** The first and the last words of a part of the text, more of them first. */
function endsOf(text: string, { from, to }: Place): Place[] {
  const words = wordsOf(text, from, to);
  const ends: Place[] = [];
  for (let count = Math.min(words.length, WORDS_IN_A_ROW); count > 0; count--) {
    const first = words[0] as Place;
    const last = words.at(-1) as Place;
    ends.push({ from: first.from, to: (words[count - 1] as Place).to });
    ends.push({ from: (words.at(-count) as Place).from, to: last.to });
  }
  return ends;
}

/** The clocks of what was put in with whose words they are, the writer's own left out. */
function carriedBy(put: Passage, matches: readonly Match[], writing: Writing): Carried[] {
  const carried: Carried[] = [];
  for (const { from, to, spot } of matches) {
    const shift = spot.at - from;
    for (const { at, client, clock, length } of spansIn(put, from, to)) {
      for (const source of spansIn(spot.cut.passage, at + shift, at + shift + length)) {
        const end = source.clock + source.length;
        for (let there = source.clock; there < end; ) {
          const { authorId, via, to: until } = writing.authorOf(source.client, there);
          const here = clock + source.at - shift - at + there - source.clock;
          const next = Math.min(end, until);
          if (authorId !== writing.authorId || via !== writing.via) {
            const last = carried.at(-1);
            const goesOn =
              last?.client === client &&
              last.to === here &&
              last.authorId === authorId &&
              last.via === via;
            if (goesOn) last.to += next - there;
            else carried.push({ client, from: here, to: here + next - there, authorId, via });
          }
          there = next;
        }
      }
    }
  }
  return carried;
}

/** What a change did to a document: the clocks it added and deleted, and whose words it carried. */
export type Changes = { ranges: Range[]; deleted: Range[]; carried: Carried[] };

type States = { beforeState: Map<number, number>; afterState: Map<number, number> };

/** The clocks between two states, client by client. */
export function rangesOf({ beforeState, afterState }: States): Range[] {
  const ranges: Range[] = [];
  for (const [client, to] of afterState) {
    const from = beforeState.get(client) ?? 0;
    if (to > from) ranges.push({ client, from, to });
  }
  return ranges;
}

/** What a transaction deleted of what stood before; what it wrote and deleted itself is left out. */
export function deletedBy(
  { deleteSet, beforeState }: Y.Transaction,
  before = beforeState,
): Range[] {
  const deleted: Range[] = [];
  for (const [client, ranges] of deleteSet.clients) {
    const known = before.get(client) ?? 0;
    for (const { clock, len } of ranges) {
      if (clock < known) deleted.push({ client, from: clock, to: Math.min(known, clock + len) });
    }
  }
  return deleted;
}

/**
 * Follows the changes somebody makes to a document, in any number of transactions, from now until
 * `end`. Cost: what they write and delete.
 */
export function track(doc: Y.Doc) {
  const before = Y.decodeStateVector(Y.encodeStateVector(doc));
  const taken: Passage[] = [];
  const deleted: Range[] = [];
  const onTransaction = (transaction: Y.Transaction) => {
    taken.push(takenOut(transaction, before));
    deleted.push(...deletedBy(transaction, before));
  };
  doc.on("afterTransaction", onTransaction);
  return {
    end(writing: Writing): Changes {
      doc.off("afterTransaction", onTransaction);
      const after = Y.decodeStateVector(Y.encodeStateVector(doc));
      const ranges = rangesOf({ beforeState: before, afterState: after });
      const carried = carry(() => putIn(doc, ranges), together(taken), writing);
      return { ranges, deleted, carried };
    },
  };
}
