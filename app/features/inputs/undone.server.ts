import type { Kysely } from "kysely";
import type { Database } from "#db/schema.ts";

/** An adopted change was taken back: the decision stays in the record, and this with it. */
export type Undone = {
  reason: string;
  at: string;
  by: string;
  before: string;
  after: string;
  /** The version that shows it; null until one is published. */
  version: { n: number; at: string } | null;
};

/** How each of these decisions was taken back, if it was. One query, or none. */
export async function undosOf(
  db: Kysely<Database>,
  decisionIds: readonly string[],
): Promise<Map<string, Undone>> {
  if (decisionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("decision_undos")
    .innerJoin("people", "people.id", "decision_undos.undone_by")
    .leftJoin("versions", "versions.id", "decision_undos.version_id")
    .select([
      "decision_undos.decision_id",
      "decision_undos.reason",
      "decision_undos.at",
      "decision_undos.before_text",
      "decision_undos.after_text",
      "people.name",
      "versions.n",
      "versions.at as published_at",
    ])
    .where("decision_undos.decision_id", "in", [...decisionIds])
    .execute();
  return new Map(
    rows.map((row) => [
      row.decision_id,
      {
        reason: row.reason,
        at: row.at,
        by: row.name,
        before: row.before_text,
        after: row.after_text,
        version:
          row.n !== null && row.published_at ? { n: Number(row.n), at: row.published_at } : null,
      },
    ]),
  );
}
