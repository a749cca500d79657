import type { Transaction } from "kysely";
import type { Database } from "#db/schema.ts";
import { LIMITS } from "./protocol.ts";

/** An update that waits for a facilitator, and how many words it would take out. */
export type Held = {
  docId: string;
  personId: string;
  id: string;
  bytes: Uint8Array;
  words: number;
};

/** Words that arrived where their passage was gone. The same id again replaces the text. */
export type Rescue = {
  docId: string;
  personId: string;
  id: string;
  blockId: string | null;
  text: string;
};

/** What isn't in the document and is kept all the same. */
export type Aside = { held: Held } | { rescue: Rescue };

/** Writes it down inside the caller's transaction; of too much from one person, not all. */
export async function keepAside(
  trx: Transaction<Database>,
  at: Date,
  kept: readonly Aside[],
): Promise<void> {
  for (const one of kept) {
    if ("held" in one) await keepHeld(trx, at.toISOString(), one.held);
    else await keepRescue(trx, at.toISOString(), one.rescue);
  }
}

const settled = { settled_by: null, settled_at: null };

async function keepHeld(trx: Transaction<Database>, at: string, held: Held): Promise<void> {
  const { id, docId: document_id, personId: person_id, bytes, words } = held;
  const { waiting } = await trx
    .selectFrom("held_updates")
    .select(({ fn }) => fn.countAll().as("waiting"))
    .where("document_id", "=", document_id)
    .where("status", "=", "held")
    .where("person_id", "=", person_id)
    .executeTakeFirstOrThrow();
  if (Number(waiting) >= LIMITS.clearing.waiting) return;
  await trx
    .insertInto("held_updates")
    .values({
      id,
      document_id,
      person_id,
      bytes: Buffer.from(bytes),
      words,
      at,
      status: "held",
      ...settled,
    })
    .execute();
}

async function keepRescue(trx: Transaction<Database>, at: string, rescue: Rescue): Promise<void> {
  const { id, docId: document_id, personId: person_id, blockId: block_id, text } = rescue;
  const { open } = await trx
    .selectFrom("rescues")
    .select(({ fn }) => fn.countAll().as("open"))
    .where("document_id", "=", document_id)
    .where("status", "=", "open")
    .where("person_id", "=", person_id)
    .where("id", "<>", id)
    .executeTakeFirstOrThrow();
  if (Number(open) >= LIMITS.rescues.open) return;
  await trx
    .insertInto("rescues")
    .values({ id, document_id, person_id, block_id, text, at, status: "open", ...settled })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ text }))
    .execute();
}
