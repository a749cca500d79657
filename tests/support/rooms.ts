import type { Kysely } from "kysely";
import { v7 as uuidv7 } from "uuid";
import * as Y from "yjs";
import type { DocJSON } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import type { Database } from "#db/schema.ts";
import { type Seeded, TEXT } from "./collab.ts";

/** More drafts in a seeded curriculum, all with the same text: each in a language of its own. */
export async function seedRooms(
  db: Kysely<Database>,
  { docId }: Pick<Seeded, "docId">,
  count: number,
  json: DocJSON = TEXT,
): Promise<string[]> {
  const { module_id } = await db
    .selectFrom("documents")
    .select("module_id")
    .where("id", "=", docId)
    .executeTakeFirstOrThrow();
  const state = Buffer.from(Y.encodeStateAsUpdate(createDoc(json)));
  const created_at = new Date(0).toISOString();
  const ids = Array.from({ length: count }, () => uuidv7());
  for (let start = 0; start < count; start += 500) {
    await db
      .insertInto("documents")
      .values(
        ids.slice(start, start + 500).map((id) => ({
          id,
          kind: "draft",
          module_id,
          language: id,
          forked_from: null,
          state,
          state_seq: 0,
          created_at,
        })),
      )
      .execute();
  }
  return ids;
}
