import type { AppContext } from "../../context.ts";
import { AppError, type Message, NotFound } from "../../errors.ts";
import { authorNames, SUGGESTION_COLUMNS } from "../inputs/suggested.server.ts";
import { type Suggested, suggestedOf } from "../inputs/suggested.ts";
import { excerptOf } from "../moderation/queue.server.ts";
import { requireRole } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { decide } from "./decisions.server.ts";
import { PAGE_SIZE, type SeveralForm } from "./decisions.ts";

/** What became of one of several suggestions. All but `adopted` are left open, as they were. */
export type SeveralResult = { inputId: string } & (
  | { status: "adopted" }
  | { status: "conflict" }
  | { status: "held"; writers: string[] }
  | { status: "refused"; why: Message }
);

/**
 * Adopts several suggestions for one reason, each by a decision and an audit event of its own, one
 * after the other. What conflicts, is held or may not be decided is told and left open; whatever
 * doesn't conflict comes out the same in any order. Broken off in between, it can be sent again: what
 * is decided already is refused.
 */
export async function adoptSeveral(
  ctx: AppContext,
  actor: Actor,
  { input, reason }: SeveralForm,
): Promise<SeveralResult[]> {
  const suggestions = await suggestionsAmong(ctx, input);
  const results: SeveralResult[] = [];
  for (const inputId of new Set(input)) {
    try {
      if (!suggestions.has(inputId)) throw new NotFound("decisions:notFound");
      const decided = await decide(ctx, actor, { inputId, outcome: "adopted", reason });
      if (decided.status === "decided") results.push({ inputId, status: "adopted" });
      else if (decided.status === "held") results.push({ inputId, ...decided });
      else results.push({ inputId, status: "conflict" });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      results.push({ inputId, status: "refused", why: error.text });
    }
  }
  return results;
}

/** A comment is adopted by what a trainer makes of it: not together with others. */
async function suggestionsAmong(
  ctx: AppContext,
  inputIds: readonly string[],
): Promise<Set<string>> {
  const rows = await ctx.db
    .selectFrom("suggestions")
    .select("input_id")
    .where("input_id", "in", [...inputIds])
    .execute();
  return new Set(rows.map(({ input_id }) => input_id));
}

export type ToAdopt = {
  id: string;
  seq: number;
  body: string;
  name: string | null;
  language: string;
  /** The module's title in its languages. */
  module: string | null;
  suggestion: Suggested;
  /** The text has moved on since this was suggested. */
  conflict: boolean;
};

/**
 * Those of these inputs that this trainer may adopt together: approved, undecided suggestions to this
 * curriculum that they didn't moderate, in order of arrival. Two queries.
 */
export async function severalToAdopt(
  ctx: AppContext,
  actor: Actor,
  curriculumId: string,
  inputIds: readonly string[],
): Promise<ToAdopt[]> {
  const trainer = requireRole(actor, "trainer", curriculumId);
  if (inputIds.length === 0) return [];
  const rows = await ctx.db
    .selectFrom("inputs")
    .innerJoin("suggestions", "suggestions.input_id", "inputs.id")
    .leftJoin("workshops", "workshops.document_id", "suggestions.workshop_id")
    .leftJoin("modules", "modules.id", "inputs.module_id")
    .leftJoin("decision_inputs", "decision_inputs.input_id", "inputs.id")
    .select([
      "inputs.id",
      "inputs.seq",
      "inputs.body",
      "inputs.name",
      "inputs.language",
      "modules.title",
      "suggestions.status",
      ...SUGGESTION_COLUMNS,
    ])
    .where("inputs.id", "in", inputIds.slice(0, PAGE_SIZE))
    .where("inputs.curriculum_id", "=", curriculumId)
    .where("inputs.status", "=", "approved")
    .where("decision_inputs.input_id", "is", null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("moderation_events")
            .select("seq")
            .whereRef("moderation_events.input_id", "=", "inputs.id")
            .where("moderator_id", "=", trainer.personId),
        ),
      ),
    )
    .orderBy("inputs.seq")
    .execute();
  const authors = await authorNames(
    ctx.db,
    rows.flatMap(({ id, workshop_id }) => (workshop_id ? [id] : [])),
  );
  return rows.flatMap((row) => {
    const suggestion = suggestedOf(row, authors.get(row.id));
    return suggestion
      ? {
          id: row.id,
          seq: Number(row.seq),
          body: row.body,
          name: row.name,
          language: row.language,
          module: row.title,
          suggestion,
          conflict: row.status === "conflict",
        }
      : [];
  });
}

/** What is shown of each once it was tried: the first words of why it was suggested. One query. */
export async function excerptsOf(
  ctx: AppContext,
  actor: Actor,
  curriculumId: string,
  inputIds: readonly string[],
): Promise<Map<string, { excerpt: string; language: string }>> {
  requireRole(actor, "trainer", curriculumId);
  const rows = await ctx.db
    .selectFrom("inputs")
    .select(["id", "body", "language"])
    .where("id", "in", [...inputIds])
    .where("curriculum_id", "=", curriculumId)
    .execute();
  return new Map(
    rows.map(({ id, body, language }) => [id, { excerpt: excerptOf(body), language }]),
  );
}
