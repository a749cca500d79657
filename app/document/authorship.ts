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

function trimmed({ text }: Passage, { from, to }: Piece) {
  const whole = text.slice(from, to);
  const start = whole.trimStart();
  return { from: from + whole.length - start.length, text: start.trimEnd() };
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
    if (!cuts) return null;
    cuts.forget(now - MEMORY.time);
    if (cuts.size > 0) return cuts;
    this.#cuts.delete(authorId);
    return null;
  }
}

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
 * Whose words were put in, where they aren't their writer's, and remembers what was taken out for
 * good. Words count as carried when they are a whole piece of what this update took out, or three
 * in a row; of what the same person took out before, a whole piece of some length, three in a row,
 * or whatever an undo puts back in its place. Long ones first.
 * Cost: the text put in and taken out; nothing was put in or taken out lately: next to none.
 */
export function carry(put: Passage, taken: Passage, writing: Writing): Carried[] {
  const { authorId, recent, now } = writing;
  const matches: Match[] = [];
  if (put.pieces.length > 0) {
    const open = new Open(put);
    if (taken.pieces.length > 0) {
      const moved = new Cuts();
      moved.add(taken, now);
      matches.push(...wholePieces(open, moved, 1), ...inARow(open, moved));
    }
    const cuts = recent.of(authorId, now);
    if (cuts && !open.done) {
      matches.push(
        ...putBack(open, cuts),
        ...wholePieces(open, cuts, SHORTEST_PIECE),
        ...inARow(open, cuts),
      );
    }
  }
  remember(taken, matches, writing);
  return carriedBy(put, matches, writing);
}

/** The parts of a passage whose author isn't found yet. */
class Open {
  readonly put: Passage;
  readonly #found: Uint8Array;
  #left: number;
  /** Characters that may still be compared. */
  effort = EFFORT;

  constructor(put: Passage) {
    this.put = put;
    this.#found = new Uint8Array(put.text.length);
    this.#left = put.text.length - put.pieces.length;
  }

  get done(): boolean {
    return this.#left <= 0;
  }

  /** Whether all of these characters are open. */
  free(from: number, to: number): boolean {
    const found = this.#found.indexOf(1, from);
    return found < 0 || found >= to;
  }

  /** What of a match is open at its ends; nothing when its middle isn't. */
  clip({ from, to, spot }: Match): Match {
    let start = from;
    while (start < to && this.#found[start] === 1) start++;
    let end = to;
    while (end > start && this.#found[end - 1] === 1) end--;
    if (!this.free(start, end)) end = start;
    return { from: start, to: end, spot: { cut: spot.cut, at: spot.at + start - from } };
  }

  close({ from, to }: { from: number; to: number }): void {
    this.#found.fill(1, from, to);
    this.#left -= to - from;
  }
}

/** Pieces that were one piece where they were taken out. */
function* wholePieces(open: Open, cuts: Cuts, shortest: number): Generator<Match> {
  for (const piece of open.put.pieces) {
    const { from, text } = trimmed(open.put, piece);
    const to = from + text.length;
    if (text.length < shortest || !open.free(from, to)) continue;
    const spots = cuts.piece(text);
    // Of several alike, each is put in once; the last stays for those that are put in again.
    const spot = spots && (spots.length > 1 ? spots.shift() : spots[0]);
    if (!spot) continue;
    open.close({ from, to });
    yield { from, to, spot };
  }
}

/** What an undo puts back: the same characters, directly before where each of them was deleted. */
function* putBack(open: Open, cuts: Cuts): Generator<Match> {
  for (const { at, length, id } of open.put.returns) {
    for (let done = 0; done < length; ) {
      const spot = cuts.find(Y.createID(id.client, id.clock + done));
      if (!spot) break;
      const { text } = spot.cut.passage;
      const from = at + done;
      let to = from;
      while (to < at + length && open.put.text[to] === text[spot.at + to - from]) to++;
      if (to === from || !open.free(from, to)) break;
      open.close({ from, to });
      yield { from, to, spot };
      done += to - from;
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
  for (const match of found) {
    const part = open.clip(match);
    if ((text.slice(part.from, part.to).match(WORD)?.length ?? 0) < WORDS_IN_A_ROW) continue;
    open.close(part);
    yield part;
  }
}

/** The longest stretch of whole words round a place that both texts share. */
function widened(text: string, at: number, { cut, at: spot }: Spot): Match {
  const source = cut.passage.text;
  const shift = spot - at;
  let from = at;
  while (from > 0 && alike(text, from - 1, source, from - 1 + shift)) from--;
  let to = at;
  while (to < text.length && alike(text, to, source, to + shift)) to++;
  // Half a word counts where the other half is no part of what was taken out.
  while (from < at && inWord(text, from) && !isEdge(source, from + shift - 1)) from++;
  while (to > at && inWord(text, to) && !isEdge(source, to + shift)) to--;
  return { from, to, spot: { cut, at: from + shift } };
}

const alike = (a: string, at: number, b: string, there: number) =>
  a[at] === b[there] || (isSpace(a[at]) && isSpace(b[there]));
const isSpace = (letter: string | undefined) =>
  letter === " " || letter === "\n" || letter === "\u00a0";
/** Whether a piece of the text begins or ends here. */
const isEdge = (text: string, at: number) => at < 0 || at >= text.length || text[at] === "\n";
const LETTER = /[\p{L}\p{M}\p{N}]/u;
const inWord = (text: string, at: number) =>
  LETTER.test(text[at - 1] ?? "") && LETTER.test(text[at] ?? "");

/** Keeps what was taken out and not put in again by the same update. */
function remember(taken: Passage, matches: readonly Match[], { authorId, recent, now }: Writing) {
  if (taken.pieces.length === 0) return;
  const moved = new Uint8Array(taken.text.length);
  for (const { from, to, spot } of matches) {
    if (spot.cut.passage === taken) moved.fill(1, spot.at, spot.at + to - from);
  }
  const gone = taken.pieces.filter((piece) => {
    const { from, text } = trimmed(taken, piece);
    const kept = moved.indexOf(0, from);
    return text !== "" && kept >= 0 && kept < from + text.length;
  });
  recent.add(authorId, gone.length < taken.pieces.length ? partOf(taken, gone) : taken, now);
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
      const carried = carry(putIn(doc, ranges), together(taken), writing);
      return { ranges, deleted, carried };
    },
  };
}
