import * as Y from "yjs";
import { type Carried, type Range, type Run, Runs } from "./runs.ts";

/** One update in a document's log, and whose it is. */
export type LoggedUpdate = {
  bytes: Uint8Array;
  authorId: string | null;
  origin: string;
  /** Which parts of it are somebody else's words. */
  carried: readonly Carried[];
};

/** A range that somebody took out. */
export type Deletion = Range & { authorId: string | null };

/** Who wrote and who deleted what. */
export type Authors = { runs: Iterable<Run>; deletions: readonly Deletion[] };

/** Who wrote and who deleted what in these updates of a log. Cost: decoding each once. */
export function authorsIn(updates: readonly LoggedUpdate[]): Authors {
  const runs = new Runs();
  const deletions: Deletion[] = [];
  for (const { bytes, authorId, origin, carried } of updates) {
    const { from, to } = Y.parseUpdateMeta(bytes);
    runs.add(rangesBetween(from, to), carried, { authorId, via: origin });
    const { ds } = Y.decodeUpdate(bytes);
    for (const [client, ranges] of ds.clients) {
      // What it wrote and took back itself was never anybody else's to miss.
      const own = from.get(client) ?? Number.POSITIVE_INFINITY;
      for (const { clock, len } of ranges) {
        if (clock < own) deletions.push({ client, from: clock, to: clock + len, authorId });
      }
    }
  }
  return { runs, deletions };
}

function rangesBetween(from: Map<number, number>, to: Map<number, number>): Range[] {
  return [...to].map(([client, end]) => ({ client, from: from.get(client) ?? 0, to: end }));
}
