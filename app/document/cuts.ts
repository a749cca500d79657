import type * as Y from "yjs";
import { joined, type Passage, type Piece, partOf, spansIn, together } from "./passage.ts";
import { WORD } from "./read.ts";

/** How long, in milliseconds, and how many characters of a person's deletions are remembered. */
const MEMORY = { time: 10 * 60_000, length: 20_000 };
/** So many words in a row are taken for a carry wherever they appear. */
export const WORDS_IN_A_ROW = 3;
/** The same words may have been deleted in many places: so many are looked at. */
const PLACES = 8;

/** A place in a passage. */
export type Spot = { cut: Cut; at: number };

/** What one transaction took out. */
export type Cut = { passage: Passage; at: number };

/** What is remembered of one person's deletions, and where to find it. */
export class Cuts {
  readonly #cuts: Cut[] = [];
  #length = 0;
  #list: (Spot & { text: string })[] | null = null;
  #pieces: Map<string, Spot[]> | null = null;
  #rows: Map<string, Spot[]> | null = null;

  get size(): number {
    return this.#cuts.length;
  }

  /** Adds what was taken out; goes on with the last piece where both stood side by side. */
  add(passage: Passage, at: number): void {
    this.#forgetPlaces();
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
    this.#forgetPlaces();
  }

  #forgetPlaces() {
    this.#list = null;
    this.#pieces = null;
    this.#rows = null;
  }

  /** Every piece, without the blanks at its ends. */
  get pieces(): (Spot & { text: string })[] {
    this.#list ??= this.#cuts.flatMap((cut) =>
      cut.passage.pieces.map((piece) => {
        const { from, text } = trimmed(cut.passage, piece);
        return { cut, at: from, text };
      }),
    );
    return this.#list;
  }

  /** Where exactly this was a whole piece, the latest last. */
  piece(text: string): Spot[] | undefined {
    if (!this.#pieces) {
      this.#pieces = new Map();
      for (const piece of this.pieces) {
        if (piece.text !== "") push(this.#pieces, piece.text, piece);
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
export function trimmed({ text }: Passage, { from, to }: { from: number; to: number }) {
  const part = text.slice(from, to);
  const words = part.trim();
  const start = from + part.length - part.trimStart().length;
  return { from: start, to: start + words.length, text: words };
}

/** Every so many words in a row, with where they begin and end. */
export function* rowsIn(
  text: string,
  within = { from: 0, to: text.length },
): Generator<{ key: string; from: number; to: number }> {
  const row: { word: string; from: number }[] = [];
  for (const { 0: word, index } of text.slice(within.from, within.to).matchAll(WORD)) {
    const from = within.from + index;
    row.push({ word, from });
    if (row.length > WORDS_IN_A_ROW) row.shift();
    const [first] = row;
    if (!first || row.length < WORDS_IN_A_ROW) continue;
    const key = row.map(({ word }) => word).join(" ");
    yield { key, from: first.from, to: from + word.length };
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

  /** What of these ids anybody took out of late: each letter once, however many took it out. */
  among({ clients }: Deletions): Passage {
    const found: Passage[] = [];
    const seen = new Map<number, Set<number>>();
    /** The parts of a stretch of clocks that weren't found yet. */
    const unseen = (client: number, from: number, to: number) => {
      const known = seen.get(client) ?? new Set();
      seen.set(client, known);
      const parts: { from: number; to: number }[] = [];
      for (let clock = from; clock < to; clock++) {
        if (known.has(clock)) continue;
        known.add(clock);
        const last = parts.at(-1);
        if (last?.to === clock) last.to++;
        else parts.push({ from: clock, to: clock + 1 });
      }
      return parts;
    };
    for (const cuts of this.#cuts.values()) {
      for (const { passage } of cuts) {
        const pieces = passage.pieces.flatMap((piece) => {
          const parts = [...spansIn(passage, piece.from, piece.to)].flatMap((span) =>
            (clients.get(span.client) ?? []).flatMap(({ clock, len }) => {
              const from = Math.max(span.clock, clock);
              const to = Math.min(span.clock + span.length, clock + len);
              const shift = span.at - span.clock;
              return unseen(span.client, from, to).map((part) => ({
                from: part.from + shift,
                to: part.to + shift,
              }));
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
