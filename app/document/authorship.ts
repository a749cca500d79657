import * as Y from "yjs";
import {
  type Cut,
  Cuts,
  RecentDeletions,
  rowsIn,
  type Spot,
  trimmed,
  WORDS_IN_A_ROW,
} from "./cuts.ts";
import {
  NOTHING,
  type Passage,
  type Piece,
  putIn,
  spansIn,
  takenOut,
  together,
} from "./passage.ts";
import { WORD } from "./read.ts";
import { type AuthorOf, type Carried, deletedBy, type Hand, type Range, rangesOf } from "./runs.ts";

export { RecentDeletions };

/**
 * Who wrote what, carried along. A split, a join, a wrap or a paste deletes words and writes them
 * anew under the id of whoever did it. So what an update brings is compared with what was taken
 * out by it, or by the same person lately: the same words keep their author.
 */

/** A whole piece, taken out earlier and put elsewhere, counts from this many characters. */
const SHORTEST_PIECE = 6;
/** Less than this is never looked at: a keystroke is its typist's. */
const SHORTEST_RETURN = 2;
/** The beginning or end of such a piece counts from this many. */
const SHORTEST_END = 10;
/** How many characters one update may have compared; what is left is its writer's. */
const EFFORT = 2_000_000;

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
 * puts them back in their place. Longer matches go first. `lost` is what was swallowed on arrival.
 * Cost: the text put in and taken out. Where nothing was taken out, now or lately, next to none.
 */
export function carry(
  doc: Y.Doc,
  ranges: readonly Range[],
  taken: Passage,
  writing: Writing,
  lost: Passage = NOTHING,
): Carried[] {
  const { authorId, recent, now } = writing;
  const cuts = recent.of(authorId, now);
  const moves = taken.pieces.length > 0;
  const length = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  if (moves || lost.pieces.length > 0) recent.add(authorId, together([taken, lost]), now);
  if (length < (moves ? 1 : SHORTEST_RETURN) || !(moves || cuts)) return [];
  const whole = moves || length >= SHORTEST_PIECE;
  const put = together([putIn(doc, ranges, whole), lost]);
  if (!whole && put.returns.length === 0) return [];

  const open = new Open(put);
  const matches: Match[] = [];
  const take = (found: Iterable<Match>) => {
    for (const match of found) matches.push(match);
  };
  const moved = new Cuts();
  if (moves) {
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
  return carriedBy(put, matches, writing);
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
    for (let at = from; at < to; at++) {
      if (this.#state[at] !== OPEN) continue;
      const last = found.at(-1);
      if (last?.to === at) last.to++;
      else found.push({ from: at, to: at + 1 });
    }
    return found;
  }

  /** Whether nothing in a part of the text is found yet, and some of it is open. */
  free(from: number, to: number): boolean {
    let open = false;
    for (let at = from; at < to; at++) {
      if (this.#state[at] === FOUND) return false;
      open ||= this.#state[at] === OPEN;
    }
    return open;
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
  const { text, pieces } = open.put;
  const found: Match[] = [];
  /** How far the two texts were compared already, by how far they stand apart. */
  const compared = new Map<Cut, Map<number, number>>();
  for (const piece of pieces) {
    const words = wholeWords(text, piece.from, piece.to);
    for (const { key, from, to } of rowsIn(text, words)) {
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
const inWord = (text: string, at: number) => isLetter(text, at - 1) && isLetter(text, at);

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 48) return false;
  return (code >= 97 && code <= 122) || LETTER.test(text[at] ?? "");
}

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
  const { pieces } = cuts;
  const spotOf = (words: string): Spot | null => {
    for (let index = pieces.length - 1; index >= 0 && open.effort > 0; index--) {
      const { cut, at, text: whole } = pieces[index] as (typeof pieces)[number];
      open.effort--;
      const end = whole.length - words.length;
      const starts = whole.startsWith(words) && !inWord(whole, words.length);
      if (!starts && !(whole.endsWith(words) && !inWord(whole, end))) continue;
      const spot = { cut, at: at + (starts ? 0 : end) };
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
      const carried = carry(doc, ranges, together(taken), writing);
      return { ranges, deleted, carried };
    },
  };
}
