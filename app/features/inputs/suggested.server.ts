import type { Kysely } from "kysely";
import type { Database } from "#db/schema.ts";

/** What `suggestedOf` reads; join `suggestions`, and `workshops` on its `workshop_id`. */
export const SUGGESTION_COLUMNS = [
  "suggestions.base_text",
  "suggestions.proposed_text",
  "suggestions.hunk",
  "suggestions.workshop_id",
  "workshops.title as workshop_title",
] as const;

/** Who wrote each suggestion in its workshop copy, by chosen names. One query, or none. */
export async function authorNames(
  db: Kysely<Database>,
  inputIds: readonly string[],
): Promise<Map<string, string[]>> {
  const names = new Map<string, string[]>();
  if (inputIds.length === 0) return names;
  const rows = await db
    .selectFrom("suggestion_authors")
    .select(["input_id", "name"])
    .where("input_id", "in", [...inputIds])
    .orderBy("name")
    .execute();
  for (const { input_id, name } of rows)
    names.set(input_id, [...(names.get(input_id) ?? []), name]);
  return names;
}
