import type * as Y from "yjs";
import { elementsById, itemsIn, type Letters, lettersIn } from "./items.ts";
import type { AuthorOf, Carried, Range } from "./runs.ts";
import { TEXTBLOCKS } from "./schema.ts";
import { edits } from "./words.ts";

/**
 * Whose words an edit brought into a document that it took from another one, or from an earlier
 * state: the new letters of a block that are the same as in the source's block of that id. `ranges`:
 * the clocks the edit added. Cost: a comparison by words of each block with new letters.
 */
export function carriedFrom(
  doc: Y.Doc,
  ranges: readonly Range[],
  source: Y.Doc,
  authorOf: AuthorOf,
): Carried[] {
  const isNew = ({ client, clock }: Letters) =>
    ranges.some((range) => range.client === client && clock >= range.from && clock < range.to);
  const sources = elementsById(source);
  const carried: Carried[] = [];
  for (const [id, element] of elementsById(doc)) {
    const origin = sources.get(id);
    if (!origin || !TEXTBLOCKS.has(element.nodeName) || !TEXTBLOCKS.has(origin.nodeName)) continue;
    const { letters, text } = itemsIn(element);
    if (!letters.some(isNew)) continue;
    const from = itemsIn(origin);
    for (const { at, there, length } of shared(from.text, text)) {
      for (const part of lettersIn(letters, there, there + length)) {
        if (!isNew(part)) continue;
        const start = at + part.at - there;
        for (const one of lettersIn(from.letters, start, start + part.length)) {
          const to = part.clock + one.at - start;
          carried.push(...authored(one, part.client, to, authorOf));
        }
      }
    }
  }
  return carried;
}

/** The stretches that two texts share, by words. */
function shared(before: string, after: string): { at: number; there: number; length: number }[] {
  const parts: { at: number; there: number; length: number }[] = [];
  let [at, there] = [0, 0];
  for (const { from, to, text } of edits(before, after)) {
    if (from > at) parts.push({ at, there, length: from - at });
    there += from - at + text.length;
    at = to;
  }
  if (at < before.length) parts.push({ at, there, length: before.length - at });
  return parts;
}

/** Letters of the source, as whose they stand at other clocks. */
function* authored(
  { client, clock, length }: Letters,
  toClient: number,
  toClock: number,
  authorOf: AuthorOf,
): Generator<Carried> {
  for (let at = clock; at < clock + length; ) {
    const { authorId, via, to } = authorOf(client, at);
    const end = Math.min(to, clock + length);
    const from = toClock + at - clock;
    yield { client: toClient, from, to: from + end - at, authorId, via };
    at = end;
  }
}
