import type { Kysely, Transaction } from "kysely";
import type { Database } from "#db/schema.ts";
import { type Authors, authorsIn, type Deletion } from "../../document/logged.ts";
import { type Carried, type Run, Runs } from "../../document/runs.ts";

/** Carried ranges as the log keeps them: most updates carry nothing. */
export const carriedToText = (carried: readonly Carried[]) =>
  carried.length > 0 ? JSON.stringify(carried) : null;

export const carriedFromText = (text: string | null): Carried[] =>
  text === null ? [] : (JSON.parse(text) as Carried[]);

/**
 * Who wrote and who took out what in a document, as far as it is committed. The log is read before
 * what was merged of it: if it is merged in between, some of it is seen twice, and left out once.
 * Cost: three queries, and decoding the log since it was merged last.
 */
export async function authorshipOf(
  db: Kysely<Database> | Transaction<Database>,
  docId: string,
): Promise<{ runs: Runs; deletions: Deletion[] }> {
  const tail = await db
    .selectFrom("doc_updates")
    .select(["author_id", "origin", "bytes", "carried"])
    .where("doc_id", "=", docId)
    .orderBy("seq")
    .execute();
  const deleted = await db
    .selectFrom("doc_deletions")
    .select(["client", "from_clock", "to_clock", "author_id"])
    .where("doc_id", "=", docId)
    .execute();
  const written = await db
    .selectFrom("doc_runs")
    .select(["client", "from_clock", "to_clock", "author_id", "via", "writer_id"])
    .where("doc_id", "=", docId)
    .execute();
  const merged: Run[] = written.map((row) => ({
    client: Number(row.client),
    from: row.from_clock,
    to: row.to_clock,
    authorId: row.author_id,
    via: row.via,
    writerId: row.writer_id,
  }));
  const since = authorsIn(
    tail.map(({ author_id, origin, bytes, carried }) => ({
      bytes,
      authorId: author_id,
      origin,
      carried: carriedFromText(carried),
    })),
  );
  const ends = new Map<number, number>();
  for (const { client, to } of merged) ends.set(client, Math.max(to, ends.get(client) ?? 0));
  const fresh = [...since.runs]
    .map((run) => ({ ...run, from: Math.max(run.from, ends.get(run.client) ?? 0) }))
    .filter(({ from, to }) => from < to);
  return {
    runs: new Runs([...merged, ...fresh]),
    deletions: [
      ...deleted.map((row) => ({
        client: Number(row.client),
        from: row.from_clock,
        to: row.to_clock,
        authorId: row.author_id,
      })),
      ...since.deletions,
    ],
  };
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
