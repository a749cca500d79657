import type { Kysely, Transaction } from "kysely";
import * as Y from "yjs";
import type { Range } from "#app/document/guard.ts";
import type { Database } from "#db/schema.ts";
import type { Row } from "./log.ts";

/** A range of one client's clock: whose words, how they came, and whose client it is. */
export type Run = Range & { authorId: string | null; via: string; writerId: string | null };

/** What somebody took out. */
export type Deletion = Range & { authorId: string | null };

/** Who owns each client id that ever wrote in a document: it is theirs alone. */
export async function ownersOf(
  db: Kysely<Database>,
  docId: string,
  tail: readonly Row[],
): Promise<Map<number, string | null>> {
  const rows = await db
    .selectFrom("doc_runs")
    .select(["client", "writer_id"])
    .distinct()
    .where("doc_id", "=", docId)
    .execute();
  const owners = new Map(rows.map(({ client, writer_id }) => [Number(client), writer_id]));
  for (const { client, writerId } of changesIn(tail).runs) owners.set(client, writerId);
  return owners;
}

/** Who wrote and who deleted what in these rows of the log. Cost: decoding each once. */
export function changesIn(rows: readonly Row[]): { runs: Run[]; deletions: Deletion[] } {
  const runs: Run[] = [];
  const deletions: Deletion[] = [];
  const open = new Map<number, Run>();
  for (const { bytes, authorId, origin } of rows) {
    const { from, to } = Y.parseUpdateMeta(bytes);
    for (const [client, end] of to) {
      const start = from.get(client) ?? 0;
      const last = open.get(client);
      if (last?.to === start && last.authorId === authorId && last.via === origin) last.to = end;
      else {
        const run = { client, from: start, to: end, authorId, via: origin, writerId: authorId };
        open.set(client, run);
        runs.push(run);
      }
    }
    const { ds } = Y.decodeUpdate(bytes);
    for (const [client, ranges] of ds.clients) {
      for (const { clock, len } of ranges) {
        deletions.push({ client, from: clock, to: clock + len, authorId });
      }
    }
  }
  return { runs, deletions };
}

/** Rows in one statement: SQLite takes 32,766 parameters. */
const ROWS = 1_000;

/** Writes down who wrote and who deleted what. Written twice, it is the same. */
export async function keepAuthors(
  trx: Transaction<Database>,
  docId: string,
  { runs, deletions }: { runs: readonly Run[]; deletions: readonly Deletion[] },
): Promise<void> {
  for (let start = 0; start < runs.length; start += ROWS) {
    await trx
      .insertInto("doc_runs")
      .values(
        runs.slice(start, start + ROWS).map((run) => ({
          doc_id: docId,
          client: run.client,
          from_clock: run.from,
          to_clock: run.to,
          author_id: run.authorId,
          via: run.via,
          writer_id: run.writerId,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  for (let start = 0; start < deletions.length; start += ROWS) {
    await trx
      .insertInto("doc_deletions")
      .values(
        deletions.slice(start, start + ROWS).map((deletion) => ({
          doc_id: docId,
          client: deletion.client,
          from_clock: deletion.from,
          to_clock: deletion.to,
          author_id: deletion.authorId,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}
