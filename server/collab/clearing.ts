import * as Y from "yjs";
import type { Admitted } from "#app/document/guard.ts";
import type { Letters } from "#app/document/lost.ts";
import type { AuthorOf } from "#app/document/runs.ts";
import { LIMITS, TIMES } from "./protocol.ts";

/** Letters that one person took out at one time. */
type Loss = { at: number; letters: number };

/**
 * Keeps one person from clearing a document. What counts are letters that others wrote and that leave
 * it; what the same person puts back, as a move does, is taken off again. Counted are letters, not
 * words: whoever deletes them one by one takes out no more.
 */
export class Clearing {
  readonly #lately = new Map<string, Loss[]>();

  /**
   * Counts what an update took out, unless that makes it too much: true then. `doc` holds the update
   * already. `now`: monotonic, in milliseconds. Cost: the letters' runs; from `LIMITS.clearing.least`
   * on, all of the document's.
   */
  isTooMuch(
    personId: string,
    { removed, carried }: Admitted,
    { doc, authorOf, now }: { doc: Y.Doc; authorOf: AuthorOf; now: number },
  ): boolean {
    const isOthers: IsOthers = (client, clock) => {
      const { authorId, to } = authorOf(client, clock);
      return { others: authorId !== personId, to };
    };
    const out = lettersOf(removed, isOthers);
    const back = carried.reduce(
      (sum, { authorId, from, to }) => sum + (authorId === personId ? 0 : to - from),
      0,
    );
    const losses = (this.#lately.get(personId) ?? []).filter(({ at }) => now - at < TIMES.clearing);
    const before = losses.reduce((sum, { letters }) => sum + letters, 0);
    const all = before + out - back;
    if (out > back && all >= LIMITS.clearing.least) {
      if (all > LIMITS.clearing.share * (all + lettersIn(doc, isOthers))) return true;
    }
    if (out > back) losses.push({ at: now, letters: out - back });
    else giveBack(losses, back - out);
    if (losses.length > 0) this.#lately.set(personId, losses);
    else this.#lately.delete(personId);
    return false;
  }
}

/** The latest losses are made good first; nobody gets credit beyond them. */
function giveBack(losses: Loss[], letters: number): void {
  for (let left = letters; left > 0; ) {
    const last = losses.at(-1);
    if (!last) return;
    const part = Math.min(left, last.letters);
    last.letters -= part;
    left -= part;
    if (last.letters === 0) losses.pop();
  }
}

/** Whether somebody else wrote what stands at a clock, and the clock where that ends. */
type IsOthers = (client: number, clock: number) => { others: boolean; to: number };

/** How many of these letters somebody else wrote. */
function lettersOf(spans: Iterable<Letters>, isOthers: IsOthers): number {
  let sum = 0;
  for (const { client, clock, text } of spans) {
    for (let at = clock; at < clock + text.length; ) {
      const { others, to } = isOthers(client, at);
      const end = Math.min(to, clock + text.length);
      if (others) sum += end - at;
      at = end;
    }
  }
  return sum;
}

function lettersIn(doc: Y.Doc, isOthers: IsOthers): number {
  return lettersOf(textIn(doc), isOthers);
}

function* textIn({ store }: Y.Doc): Generator<Letters> {
  for (const [client, structs] of store.clients) {
    for (const item of structs) {
      if (!(item instanceof Y.Item && item.content instanceof Y.ContentString)) continue;
      if (!item.deleted) yield { client, clock: item.id.clock, text: item.content.str };
    }
  }
}
