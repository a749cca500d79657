import type { Kysely } from "kysely";
import { v7 as uuidv7 } from "uuid";
import * as Y from "yjs";
import type { DocJSON } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import type { Database } from "#db/schema.ts";
import { type Name, type Seeded, text } from "./collab.ts";

export type Status = "open" | "frozen" | "closed";

/** Ten sections of a heading and forty words that stand nowhere else. */
export const LONG: DocJSON = {
  type: "doc",
  content: Array.from({ length: 10 }, (_, section) => [
    { type: "heading", attrs: { level: 2 }, content: [{ type: "text", text: `Part ${section}` }] },
    text(Array.from({ length: 40 }, (_, word) => `word${section}x${word}`).join(" ")),
  ]).flat(),
};

/** A copy of the seeded draft, with its members under the name they chose. */
export async function seedWorkshop(
  db: Kysely<Database>,
  { docId, moduleId, curriculumId, personIds }: Seeded,
  members: Partial<Record<Name, "write" | "watch" | "none">> = {},
  json?: DocJSON,
): Promise<string> {
  const id = uuidv7();
  const at = new Date(0).toISOString();
  const draft = await db
    .selectFrom("documents")
    .select("state")
    .where("id", "=", docId)
    .executeTakeFirstOrThrow();
  const state = json ? Buffer.from(Y.encodeStateAsUpdate(createDoc(json))) : draft.state;
  if (!state) throw new Error("the draft has no state");
  await db
    .insertInto("documents")
    .values({
      id,
      kind: "workshop",
      module_id: moduleId,
      language: "en",
      forked_from: docId,
      state,
      state_seq: 0,
      created_at: at,
    })
    .execute();
  await db
    .insertInto("workshops")
    .values({
      document_id: id,
      curriculum_id: curriculumId,
      round_id: null,
      title: "Evening at the library",
      status: "open",
      base: state,
      base_seq: 0,
      join_code: null,
      join_token: null,
      join_until: null,
      opened_by: personIds.fay,
      opened_at: at,
      closed_at: null,
    })
    .execute();
  for (const [name, may] of Object.entries(members)) {
    await db
      .insertInto("workshop_members")
      .values({
        id: uuidv7(),
        document_id: id,
        person_id: personIds[name as Name],
        device_key: name === "dev" ? "browser of dev" : null,
        name: `${name} of Elm Street`,
        may,
        joined_at: at,
      })
      .execute();
  }
  return id;
}

export async function setStatus(db: Kysely<Database>, id: string, status: Status): Promise<void> {
  await db
    .updateTable("workshops")
    .set({ status, closed_at: status === "closed" ? new Date(0).toISOString() : null })
    .where("document_id", "=", id)
    .execute();
}
