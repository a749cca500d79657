import { WORD } from "./read.ts";
import { hashOf, type Sentence, sentencesOf } from "./sentences.ts";
import { edits } from "./words.ts";
import type { Stretch, Written } from "./written.ts";

/** A decision that changed a block: its whole text as it read before and after, and who decided. */
export type Decided = {
  id: string;
  blockId: string;
  before: string;
  after: string;
  personId: string;
};

/**
 * What stands behind a sentence: a decision, or a person's own words. `words` are those that
 * came by it; none where it only took some out.
 */
export type Source =
  | { type: "decision"; id: string; words: number }
  | { type: "person"; id: string | null; via: string; words: number };

/** One sentence of a text and what stands behind it, whoever wrote most of it first. */
export type Sourced = {
  blockId: string;
  /** The how-manieth of its block, from 0. */
  sentence: number;
  text: string;
  hash: string;
  sources: Source[];
};

/** The `via` of what a decision writes into a draft: its words name it wherever they are carried. */
export const viaDecision = (decisionId: string) => `${DECISION}:${decisionId}`;
const DECISION = "decision";
/** The `via` of whoever only took words out of a sentence. */
export const REMOVED = "removed";

/**
 * Names what stands behind every sentence of a text that is about to be published. A sentence that
 * reads as it did in the version before (`before`), in its block or moved to another, keeps its
 * sources; of any other, every word has its writer from the runs, and every decision is named whose
 * words are still in it, or that took words out of it. `decided` is in the order of deciding.
 * Cost: linear in the text, and one comparison of a block for each decision on it.
 */
export function attribute(
  blocks: readonly Written[],
  {
    language,
    decided,
    before,
  }: { language: string; decided: readonly Decided[]; before: readonly Sourced[] },
): Sourced[] {
  const changes = new Map<string, Decided[]>();
  for (const change of decided)
    changes.set(change.blockId, [...(changes.get(change.blockId) ?? []), change]);
  const all = blocks.map((block) => ({ block, sentences: sentencesOf(block.text, language) }));
  const known = new Known(
    before,
    all.flatMap(({ block, sentences }) =>
      sentences.map(({ text }) => keyOf(block.id, hashOf(text))),
    ),
  );
  return all.flatMap(({ block, sentences }) => {
    let touches: readonly Touch[] | undefined;
    return sentences.map((sentence, at) => {
      const hash = hashOf(sentence.text);
      const said = { blockId: block.id, sentence: at, text: sentence.text, hash };
      const carried = known.sourcesOf(said);
      if (carried) return { ...said, sources: carried };
      touches ??= (changes.get(block.id) ?? []).flatMap((change) => touchesOf(change, block.text));
      return { ...said, sources: sourcesOf(sentence, block, touches) };
    });
  });
}

const keyOf = (blockId: string, hash: string) => `${blockId}\n${hash}`;

/** Of fewer words, a sentence may be the same by chance. */
const FEW_WORDS = 3;

/** The version before, by its sentences. */
class Known {
  readonly #inPlace = new Map<string, Source[]>();
  readonly #moved = new Map<string, Source[]>();

  constructor(before: readonly Sourced[], now: readonly string[]) {
    const still = new Set(now);
    for (const { blockId, hash, sources } of before) {
      const key = keyOf(blockId, hash);
      if (!this.#inPlace.has(key)) this.#inPlace.set(key, sources);
      if (!still.has(key) && !this.#moved.has(hash)) this.#moved.set(hash, sources);
    }
  }

  /** The sources of a sentence that stands where it stood, or left its block for this one. */
  sourcesOf({ blockId, hash, text }: Omit<Sourced, "sources">): Source[] | null {
    const inPlace = this.#inPlace.get(keyOf(blockId, hash));
    if (inPlace) return inPlace;
    return (text.match(WORD) ?? []).length >= FEW_WORDS ? (this.#moved.get(hash) ?? null) : null;
  }
}

/** Where a decision's words are now, or (`from` = `to`) where it took some out. */
type Touch = { id: string; personId: string; from: number; to: number };

/** What is left in a block's text of what a decision changed there. */
function touchesOf({ id, personId, before, after }: Decided, text: string): Touch[] {
  const stays = stayed(after, text);
  let shift = 0;
  return edits(before, after).flatMap((edit) => {
    const from = edit.from + shift;
    const to = from + edit.text.length;
    shift += edit.text.length - (edit.to - edit.from);
    if (!hasWord(edit.text)) {
      const home = stays.find((part) => part.from <= from && from <= part.to);
      return home ? [{ id, personId, from: from + home.by, to: from + home.by }] : [];
    }
    return stays.flatMap((part) => {
      const start = Math.max(from, part.from);
      const end = Math.min(to, part.to);
      const left = start < end && hasWord(after.slice(start, end));
      return left ? [{ id, personId, from: start + part.by, to: end + part.by }] : [];
    });
  });
}

const hasWord = (text: string) => /[\p{L}\p{N}]/u.test(text);

/** The parts of a text that are in a later one, and by how much they are shifted there. */
function stayed(text: string, later: string): { from: number; to: number; by: number }[] {
  const parts: { from: number; to: number; by: number }[] = [];
  let [at, by] = [0, 0];
  for (const edit of edits(text, later)) {
    if (edit.from > at) parts.push({ from: at, to: edit.from, by });
    at = edit.to;
    by += edit.text.length - (edit.to - edit.from);
  }
  if (at < text.length) parts.push({ from: at, to: text.length, by });
  return parts;
}

function sourcesOf(
  sentence: Sentence,
  { hands, removed }: Written,
  touches: readonly Touch[],
): Source[] {
  const sources = new Map<string, Source>();
  const count = (source: Source) => {
    const key = source.type === "decision" ? source.id : `${source.type}:${source.id}`;
    const known = sources.get(key);
    if (known) known.words += source.words;
    else sources.set(key, source);
  };
  let first = hands.findIndex(({ to }) => to > sentence.from);
  for (const { 0: word, index } of sentence.text.matchAll(WORD)) {
    const from = sentence.from + index;
    const to = from + word.length;
    while ((hands[first]?.to ?? Number.POSITIVE_INFINITY) <= from) first++;
    const decided = touches.filter((touch) => touch.from < to && from < touch.to);
    for (const { id } of decided) count({ type: "decision", id, words: 1 });
    if (decided.length === 0) count(handOf(hands, first, { from, to }));
  }
  const inside = (at: number) => sentence.from < at && at < sentence.to;
  const deciders = new Set<string | null>();
  for (const { id, personId, from, to } of touches) {
    if (to <= sentence.from || from >= sentence.to) continue;
    deciders.add(personId);
    if (from === to && inside(from)) count({ type: "decision", id, words: 0 });
  }
  for (const { at, personId } of removed)
    if (inside(at) && !deciders.has(personId))
      count({ type: "person", id: personId, via: REMOVED, words: 0 });
  return [...sources.values()].sort((a, b) => b.words - a.words);
}

/** Who wrote most of a word, or most of what came into it since the version before. */
function handOf(
  hands: readonly Stretch[],
  first: number,
  { from, to }: { from: number; to: number },
): Source {
  let best: (Stretch & { letters: number }) | null = null;
  for (let at = first; (hands[at]?.from ?? to) < to; at++) {
    const hand = hands[at] as Stretch;
    const letters = Math.min(hand.to, to) - Math.max(hand.from, from);
    const more = hand.fresh === best?.fresh ? letters > best.letters : hand.fresh;
    if (!best || more) best = { ...hand, letters };
  }
  const via = best?.via ?? "";
  return via.startsWith(`${DECISION}:`)
    ? { type: "decision", id: via.slice(DECISION.length + 1), words: 1 }
    : { type: "person", id: best?.authorId ?? null, via, words: 1 };
}
