import type { Kysely, Transaction } from "kysely";
import type { Database } from "#db/schema.ts";

/** A range of one client's clock, `to` not included, written by one author. */
export type Run = {
  client: number;
  from: number;
  to: number;
  authorId: string | null;
  via: string;
};

/** One update on its way into the log, with the runs it wrote or made longer. */
export type Entry = {
  docId: string;
  authorId: string | null;
  origin: string;
  bytes: Uint8Array;
  runs: readonly Run[];
};

/** A document as the log has it: the updates to apply in order, and the last sequence number. */
export type Logged = {
  updates: Uint8Array[];
  seq: number;
  tail: { rows: number; bytes: number };
  /** The last run of every client that ever wrote: who owns it, and where it may go on. */
  runs: Map<number, Run>;
};

/** Rows in one statement: SQLite takes 32,766 parameters, a row has six at most. */
const ROWS = 1_000;

const buffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Reads a document; null when there is none. The tail is read before the snapshot: if a compaction
 * comes between the two, updates are seen twice, which does no harm, and never missed.
 */
export async function load(db: Kysely<Database>, docId: string): Promise<Logged | null> {
  const tail = await db
    .selectFrom("doc_updates")
    .select(["seq", "bytes"])
    .where("doc_id", "=", docId)
    .orderBy("seq")
    .execute();
  const document = await db
    .selectFrom("documents")
    .select(["state", "state_seq"])
    .where("id", "=", docId)
    .executeTakeFirst();
  if (!document) return null;
  const runs = await db
    .selectFrom("doc_runs")
    .select(["client", "from_clock", "to_clock", "author_id", "via"])
    .where("doc_id", "=", docId)
    .orderBy("from_clock")
    .execute();
  return {
    updates: [...(document.state ? [document.state] : []), ...tail.map(({ bytes }) => bytes)],
    seq: Number(tail.at(-1)?.seq ?? document.state_seq),
    tail: { rows: tail.length, bytes: tail.reduce((sum, { bytes }) => sum + bytes.length, 0) },
    runs: new Map(
      runs.map((row) => [
        Number(row.client),
        {
          client: Number(row.client),
          from: row.from_clock,
          to: row.to_clock,
          authorId: row.author_id,
          via: row.via,
        },
      ]),
    ),
  };
}

/**
 * Appends updates of any number of documents inside the caller's transaction, in their order, and
 * returns the last sequence number of each document. Cost: two statements per thousand updates.
 */
export async function append(
  trx: Transaction<Database>,
  at: Date,
  entries: readonly Entry[],
): Promise<Map<string, number>> {
  const last = new Map<string, number>();
  const runs = new Map<string, Entry & { run: Run }>();
  for (let start = 0; start < entries.length; start += ROWS) {
    const rows = await trx
      .insertInto("doc_updates")
      .values(
        entries.slice(start, start + ROWS).map((entry) => ({
          doc_id: entry.docId,
          author_id: entry.authorId,
          origin: entry.origin,
          at: at.toISOString(),
          bytes: buffer(entry.bytes),
        })),
      )
      .returning(["seq", "doc_id"])
      .execute();
    for (const { seq, doc_id } of rows) {
      last.set(doc_id, Math.max(Number(seq), last.get(doc_id) ?? 0));
    }
  }
  for (const entry of entries) {
    for (const run of entry.runs) {
      runs.set(`${entry.docId} ${run.client} ${run.from}`, { ...entry, run });
    }
  }
  const all = [...runs.values()];
  for (let start = 0; start < all.length; start += ROWS) {
    await trx
      .insertInto("doc_runs")
      .values(
        all.slice(start, start + ROWS).map(({ docId, run }) => ({
          doc_id: docId,
          client: run.client,
          from_clock: run.from,
          to_clock: run.to,
          author_id: run.authorId,
          via: run.via,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(["doc_id", "client", "from_clock"])
          .doUpdateSet((eb) => ({ to_clock: eb.ref("excluded.to_clock") })),
      )
      .execute();
  }
  return last;
}

/** Replaces the log of a document up to `seq` by its merged state, in one transaction. */
export async function compact(
  db: Kysely<Database>,
  docId: string,
  state: Uint8Array,
  seq: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable("documents")
      .set({ state: buffer(state), state_seq: seq })
      .where("id", "=", docId)
      .execute();
    await trx
      .deleteFrom("doc_updates")
      .where("doc_id", "=", docId)
      .where("seq", "<=", seq)
      .execute();
  });
}
