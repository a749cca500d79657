import type { Kysely, Transaction } from "kysely";
import * as Y from "yjs";
import { type Carried, type Range, type Run, Runs } from "#app/document/runs.ts";
import type { Database } from "#db/schema.ts";
import type { Row } from "./log.ts";

/** A range that somebody took out. */
type Deletion = Range & { authorId: string | null };

/** Who wrote and who deleted what. */
export type Authors = { runs: Iterable<Run>; deletions: readonly Deletion[] };

/** Who wrote what in a document, by what was merged and by the log since. */
export async function readRuns(
  db: Kysely<Database>,
  docId: string,
  tail: readonly Row[],
): Promise<Runs> {
  const rows = await db
    .selectFrom("doc_runs")
    .select(["client", "from_clock", "to_clock", "author_id", "via", "writer_id"])
    .where("doc_id", "=", docId)
    .execute();
  const merged = rows.map((row) => ({
    client: Number(row.client),
    from: row.from_clock,
    to: row.to_clock,
    authorId: row.author_id,
    via: row.via,
    writerId: row.writer_id,
  }));
  return new Runs([...merged, ...authorsIn(tail).runs]);
}

/** Who wrote and who deleted what in these rows of the log. Cost: decoding each once. */
export function authorsIn(rows: readonly Row[]): Authors {
  const runs = new Runs();
  const deletions: Deletion[] = [];
  for (const { bytes, authorId, origin, carried } of rows) {
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

/** Rows in one statement: SQLite takes 32,766 parameters. */
const ROWS = 1_000;

/** Writes down who wrote and who deleted what. */
export async function keepAuthors(
  trx: Transaction<Database>,
  docId: string,
  { runs, deletions }: Authors,
): Promise<void> {
  const written = [...runs].map((run) => ({
    doc_id: docId,
    client: run.client,
    from_clock: run.from,
    to_clock: run.to,
    author_id: run.authorId,
    via: run.via,
    writer_id: run.writerId,
  }));
  const deleted = deletions.map(({ client, from, to, authorId }) => ({
    doc_id: docId,
    client,
    from_clock: from,
    to_clock: to,
    author_id: authorId,
  }));
  for (const rows of chunks(written)) await trx.insertInto("doc_runs").values(rows).execute();
  for (const rows of chunks(deleted)) await trx.insertInto("doc_deletions").values(rows).execute();
}

function* chunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += ROWS) yield rows.slice(start, start + ROWS);
}

/** Carried ranges as the log keeps them: most updates carry nothing. */
export const carriedToText = (carried: readonly Carried[]) =>
  carried.length > 0 ? JSON.stringify(carried) : null;

export const carriedFromText = (text: string | null): Carried[] =>
  text === null ? [] : (JSON.parse(text) as Carried[]);
