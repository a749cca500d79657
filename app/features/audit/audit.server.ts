import { createHash } from "node:crypto";
import type { Transaction } from "kysely";
import type { Database } from "#db/schema.ts";

export type AuditEntry = {
  at: Date;
  /** The role it was done in and the chosen name; never an identity. */
  actor: { role: string; name: string | null };
  /** What happened, in the past tense: `input.submitted`, `version.published`. */
  verb: string;
  /** What it happened to: `input:0190…`. */
  subject: string;
  data?: Record<string, unknown>;
};

/** What a link of the chain is computed over, one field a line. */
export function chainHash(
  prevHash: string,
  entry: { seq: number; at: string; actor: string; verb: string; subject: string; data: string },
): string {
  return createHash("sha256")
    .update(
      [prevHash, entry.seq, entry.at, entry.actor, entry.verb, entry.subject, entry.data].join(
        "\n",
      ),
    )
    .digest("hex");
}

/**
 * Appends to the audit log inside the caller's transaction, so that a state change and its entry
 * commit together or not at all. The head row is updated first: on PostgreSQL that locks it, so
 * two writers can't fork the chain. Cost: one update, one select, two writes.
 */
export async function record(trx: Transaction<Database>, entry: AuditEntry): Promise<void> {
  await trx
    .updateTable("audit_head")
    .set((eb) => ({ seq: eb("seq", "+", 1) }))
    .where("id", "=", 1)
    .execute();
  const head = await trx
    .selectFrom("audit_head")
    .select(["seq", "hash"])
    .where("id", "=", 1)
    .executeTakeFirstOrThrow();
  const row = {
    seq: head.seq,
    at: entry.at.toISOString(),
    actor: JSON.stringify(entry.actor),
    verb: entry.verb,
    subject: entry.subject,
    data: JSON.stringify(entry.data ?? {}),
  };
  const hash = chainHash(head.hash, row);
  await trx
    .insertInto("audit_events")
    .values({ ...row, prev_hash: head.hash, hash })
    .execute();
  await trx.updateTable("audit_head").set({ hash }).where("id", "=", 1).execute();
}
