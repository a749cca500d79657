import type { Kysely, Transaction } from "kysely";
import type { Authors } from "#app/document/logged.ts";
import type { Carried } from "#app/document/runs.ts";
import {
  carriedFromText,
  carriedToText,
  keepAuthors,
} from "#app/features/drafts/authorship.server.ts";
import type { Database } from "#db/schema.ts";

/** One update on its way into the log. */
export type Entry = {
  docId: string;
  authorId: string | null;
  origin: string;
  bytes: Uint8Array;
  /** Which parts of it are somebody else's words. */
  carried: readonly Carried[];
};

/** One update in the log. */
export type Row = Omit<Entry, "docId"> & { seq: number };

/** A document as the log has it: a snapshot, and the updates since. */
export type Logged = {
  kind: "draft" | "workshop";
  snapshot: Uint8Array | null;
  /** The last sequence number in the snapshot. */
  from: number;
  tail: Row[];
};

const buffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Reads a document; null when there is none. The tail is read before the snapshot: if a compaction
 * comes between the two, updates are seen twice, which does no harm, and never missed.
 */
export async function load(db: Kysely<Database>, docId: string): Promise<Logged | null> {
  const tail = await db
    .selectFrom("doc_updates")
    .select(["seq", "author_id", "origin", "bytes", "carried"])
    .where("doc_id", "=", docId)
    .orderBy("seq")
    .execute();
  const document = await db
    .selectFrom("documents")
    .select(["kind", "state", "state_seq"])
    .where("id", "=", docId)
    .executeTakeFirst();
  if (!document) return null;
  return {
    kind: document.kind as Logged["kind"],
    snapshot: document.state,
    from: document.state_seq,
    tail: tail
      .filter(({ seq }) => Number(seq) > document.state_seq)
      .map(({ seq, author_id, origin, bytes, carried }) => ({
        seq: Number(seq),
        authorId: author_id,
        origin,
        bytes,
        carried: carriedFromText(carried),
      })),
  };
}

/** Appends updates inside the caller's transaction; answers each document's last sequence number. */
export type Append = (
  trx: Transaction<Database>,
  at: Date,
  entries: readonly Entry[],
) => Promise<Map<string, number>>;

/** Rows in one statement, so that a few statements serve any number. */
const SIZES = [256, 32, 8, 1];

/**
 * Makes the log's one hot statement: compiled here, once for each size, and run on every tick.
 * Cost of a run: a statement for each 256 updates, and at most a dozen for the rest.
 */
export function createAppend(db: Kysely<Database>): Append {
  const blank = {
    doc_id: "",
    author_id: "",
    origin: "",
    at: "",
    bytes: Buffer.alloc(0),
    carried: "",
  };
  const statements = SIZES.map((size) => ({
    size,
    query: db
      .insertInto("doc_updates")
      .values(new Array(size).fill(blank))
      .returning(["seq", "doc_id"])
      .compile(),
  }));
  return async (trx, at, entries) => {
    const last = new Map<string, number>();
    const time = at.toISOString();
    let start = 0;
    for (const { size, query } of statements) {
      for (; entries.length - start >= size; start += size) {
        const parameters: unknown[] = [];
        for (const { docId, authorId, origin, bytes, carried } of entries.slice(
          start,
          start + size,
        )) {
          parameters.push(docId, authorId, origin, time, buffer(bytes), carriedToText(carried));
        }
        const { rows } = await trx.executeQuery({ ...query, parameters } as typeof query);
        for (const { seq, doc_id } of rows) {
          last.set(doc_id, Math.max(Number(seq), last.get(doc_id) ?? 0));
        }
      }
    }
    return last;
  };
}

/** A log merged: the state, up to which sequence number, and who wrote what in it. */
export type Merged = { state: Uint8Array; seq: number; authors: Authors };

/** Replaces the log of a document by its merged state, in one transaction. */
export async function compact(
  db: Kysely<Database>,
  docId: string,
  { state, seq, authors }: Merged,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await keepAuthors(trx, docId, authors);
    const { numUpdatedRows } = await trx
      .updateTable("documents")
      .set({ state: buffer(state), state_seq: seq })
      .where("id", "=", docId)
      .where("state_seq", "<=", seq)
      .executeTakeFirst();
    // An old server that is still stopping must not take away what the new one has merged.
    if (numUpdatedRows === 0n) throw new Error("Somebody else has merged this log further.");
    await trx
      .deleteFrom("doc_updates")
      .where("doc_id", "=", docId)
      .where("seq", "<=", seq)
      .execute();
  });
}
