import { join } from "node:path";
import type { Kysely } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { diff, textsOf } from "#app/document/diff.ts";
import type { DocJSON, NodeJSON } from "#app/document/schema.ts";
import { newReceipt } from "#app/features/inputs/receipts.ts";
import { connect } from "#db/connect.ts";
import type { Database } from "#db/schema.ts";

export type Suggested = { inputId: string; receipt: string };

/**
 * Puts suggestions into a running installation's database as a workshop copy would bring them, each
 * approved: `change` makes the copy of a draft's blocks, and each difference becomes one.
 */
export async function suggestInDraft(
  dataDir: string,
  draft: { module: string; json: DocJSON; language?: string },
  change: (blocks: NodeJSON[]) => NodeJSON[],
  said: { reason: string; authors: readonly string[] },
): Promise<Suggested[]> {
  const copy: DocJSON = {
    ...draft.json,
    content: change(structuredClone(draft.json.content ?? [])),
  };
  const db = connect(join(dataDir, "groundwork.sqlite"));
  try {
    const made: Suggested[] = [];
    for (const hunk of diff(draft.json, copy)) {
      const { blockId, before, after } = textsOf(hunk, draft.json);
      made.push(
        await approved(
          db,
          draft,
          {
            block_id: blockId,
            base_text: before,
            proposed_text: after,
            hunk: JSON.stringify(hunk),
            hunk_key: hunk.key,
          },
          said,
        ),
      );
    }
    return made;
  } finally {
    await db.destroy();
  }
}

type Change = {
  block_id: string;
  base_text: string;
  proposed_text: string;
  hunk: string;
  hunk_key: string;
};

async function approved(
  db: Kysely<Database>,
  { module, language = "en" }: { module: string; language?: string },
  change: Change,
  { reason, authors }: { reason: string; authors: readonly string[] },
): Promise<Suggested> {
  const place = await db
    .selectFrom("documents")
    .innerJoin("modules", "modules.id", "documents.module_id")
    .select(["documents.id", "documents.module_id", "modules.curriculum_id"])
    .where("modules.slug", "=", module)
    .where("documents.language", "=", language)
    .where("documents.kind", "=", "draft")
    .executeTakeFirstOrThrow();
  const inputId = uuidv7();
  const receipt = newReceipt();
  const at = new Date().toISOString();
  await db
    .insertInto("inputs")
    .values({
      id: inputId,
      receipt,
      kind: "suggestion",
      parent_id: null,
      curriculum_id: place.curriculum_id,
      module_id: place.module_id,
      document_id: place.id,
      round_id: null,
      channel: "session",
      language,
      body: reason,
      name: null,
      status: "approved",
      submitted_at: at,
      submission_key: inputId,
    })
    .execute();
  await db
    .insertInto("suggestions")
    .values({
      ...change,
      input_id: inputId,
      document_id: place.id,
      status: "approved",
      applied_seq: null,
      workshop_id: await workshopOn(db, place, at),
    })
    .execute();
  for (const name of authors) {
    const personId = uuidv7();
    await db
      .insertInto("people")
      .values({ id: personId, account_id: null, name, created_at: at })
      .execute();
    await db
      .insertInto("suggestion_authors")
      .values({ input_id: inputId, person_id: personId, name })
      .execute();
  }
  return { inputId, receipt };
}

/** A workshop copy on this draft that suggestions can come from. */
async function workshopOn(
  db: Kysely<Database>,
  draft: { id: string; module_id: string; curriculum_id: string },
  at: string,
): Promise<string> {
  const known = await db
    .selectFrom("workshops")
    .innerJoin("documents", "documents.id", "workshops.document_id")
    .select("workshops.document_id")
    .where("documents.forked_from", "=", draft.id)
    .where("workshops.title", "=", TITLE)
    .executeTakeFirst();
  if (known) return known.document_id;
  const id = uuidv7();
  const { id: opener } = await db.selectFrom("people").select("id").executeTakeFirstOrThrow();
  await db
    .insertInto("documents")
    .values({
      id,
      kind: "workshop",
      module_id: draft.module_id,
      language: "en",
      forked_from: draft.id,
      state: null,
      state_seq: 0,
      created_at: at,
    })
    .execute();
  await db
    .insertInto("workshops")
    .values({
      document_id: id,
      curriculum_id: draft.curriculum_id,
      round_id: null,
      title: TITLE,
      status: "closed",
      base: Buffer.from([0, 0]),
      base_seq: 0,
      join_code: null,
      join_token: null,
      opened_by: opener,
      opened_at: at,
      closed_at: at,
    })
    .execute();
  return id;
}

const TITLE = "Tuesday in the library";

/** Leaves words as the server keeps them when their passage was replaced while somebody typed. */
export async function loseWords(
  { dataDir }: { dataDir: string },
  module: string,
  text: string,
): Promise<void> {
  const db = connect(join(dataDir, "groundwork.sqlite"));
  try {
    const draft = await db
      .selectFrom("documents")
      .innerJoin("modules", "modules.id", "documents.module_id")
      .select("documents.id")
      .where("modules.slug", "=", module)
      .where("documents.kind", "=", "draft")
      .executeTakeFirstOrThrow();
    const writer = await db
      .selectFrom("people")
      .select("id")
      .where("name", "like", "Luis %")
      .executeTakeFirstOrThrow();
    await db
      .insertInto("rescues")
      .values({
        id: uuidv7(),
        document_id: draft.id,
        person_id: writer.id,
        block_id: null,
        text,
        at: new Date().toISOString(),
        status: "open",
        settled_by: null,
        settled_at: null,
      })
      .execute();
  } finally {
    await db.destroy();
  }
}
