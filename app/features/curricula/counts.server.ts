import type { Kysely } from "kysely";
import type { Database } from "#db/schema.ts";

type Reads = Kysely<Database>;

/** How much public input each module has, and under "" the curriculum as a whole. Replies don't count. */
export async function publicInputCounts(
  db: Reads,
  curriculumId: string,
): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom("inputs")
    .select((eb) => ["module_id", eb.fn.countAll().as("n")])
    .where("curriculum_id", "=", curriculumId)
    .where("status", "=", "approved")
    .where("kind", "!=", "reply")
    .groupBy("module_id")
    .execute();
  return Object.fromEntries(rows.map(({ module_id, n }) => [module_id ?? "", Number(n)]));
}

/** What waits in each curriculum: in the moderation queue, and for a decision. */
export async function waitingIn(
  db: Reads,
  curriculumIds: readonly string[],
): Promise<Record<string, { queue: number; decisions: number }>> {
  if (curriculumIds.length === 0) return {};
  const queue = await db
    .selectFrom("inputs")
    .select((eb) => ["curriculum_id", eb.fn.countAll().as("n")])
    .where("curriculum_id", "in", curriculumIds)
    .where("status", "in", ["waiting", "held"])
    .groupBy("curriculum_id")
    .execute();
  const decisions = await db
    .selectFrom("inputs")
    .leftJoin("decision_inputs", "decision_inputs.input_id", "inputs.id")
    .select((eb) => ["inputs.curriculum_id", eb.fn.countAll().as("n")])
    .where("inputs.curriculum_id", "in", curriculumIds)
    .where("inputs.status", "=", "approved")
    .where("inputs.kind", "!=", "reply")
    .where("decision_inputs.input_id", "is", null)
    .groupBy("inputs.curriculum_id")
    .execute();
  const of = (rows: typeof queue, id: string) =>
    Number(rows.find(({ curriculum_id }) => curriculum_id === id)?.n ?? 0);
  return Object.fromEntries(
    curriculumIds.map((id) => [id, { queue: of(queue, id), decisions: of(decisions, id) }]),
  );
}

/** The number and date of each published version of these curricula, newest first. */
export async function publishedVersions(
  db: Reads,
  curriculumIds: readonly string[],
): Promise<{ curriculum_id: string; n: number; at: string }[]> {
  if (curriculumIds.length === 0) return [];
  return db
    .selectFrom("versions")
    .select(["curriculum_id", "n", "at"])
    .where("curriculum_id", "in", curriculumIds)
    .orderBy("n", "desc")
    .execute();
}

/** How many modules each of these curricula has, and their minutes together. */
export async function moduleTotals(
  db: Reads,
  curriculumIds: readonly string[],
): Promise<Record<string, { modules: number; minutes: number }>> {
  if (curriculumIds.length === 0) return {};
  const rows = await db
    .selectFrom("modules")
    .select((eb) => [
      "curriculum_id",
      eb.fn.countAll().as("modules"),
      eb.fn.sum("minutes").as("minutes"),
    ])
    .where("curriculum_id", "in", curriculumIds)
    .groupBy("curriculum_id")
    .execute();
  return Object.fromEntries(
    rows.map((row) => [
      row.curriculum_id,
      { modules: Number(row.modules), minutes: Number(row.minutes) },
    ]),
  );
}
