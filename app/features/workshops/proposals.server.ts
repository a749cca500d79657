import type { AppContext } from "../../context.ts";
import type { Outcome } from "../decisions/decisions.ts";
import type { Status as InputStatus } from "../inputs/inputs.ts";
import type { Standing } from "./standing.server.ts";
import type { Proposal } from "./workshops.ts";

/** Whether a change whose proposal stands so may be proposed once more. */
export function mayGoAgain(status: string): boolean {
  return status === "withdrawn" || status === "returned";
}

/**
 * What became of the changes that were proposed out of a workshop copy, by the hunk's key. Of several
 * with one key the latest counts. A receipt is for those alone who wrote the change, and for leaders.
 */
export async function proposalsIn(
  ctx: AppContext,
  { workshop, member, leads }: Standing,
): Promise<Record<string, Proposal>> {
  const rows = await ctx.db
    .selectFrom("suggestions")
    .innerJoin("inputs", "inputs.id", "suggestions.input_id")
    .leftJoin("decision_inputs", "decision_inputs.input_id", "inputs.id")
    .leftJoin("decisions", "decisions.id", "decision_inputs.decision_id")
    .leftJoin("decision_undos", "decision_undos.decision_id", "decisions.id")
    .leftJoin("suggestion_authors", (join) =>
      join
        .onRef("suggestion_authors.input_id", "=", "inputs.id")
        .on("suggestion_authors.person_id", "=", member?.person_id ?? ""),
    )
    .select([
      "suggestions.hunk_key",
      "inputs.id",
      "inputs.status",
      "inputs.receipt",
      "decisions.outcome",
      "decision_undos.decision_id as undone",
      "suggestion_authors.person_id",
    ])
    .where("suggestions.workshop_id", "=", workshop.id)
    .orderBy("inputs.seq")
    .execute();
  const proposals: Record<string, Proposal> = {};
  for (const { hunk_key, id, status, receipt, outcome, undone, person_id } of rows) {
    if (hunk_key === null) continue;
    proposals[hunk_key] = {
      inputId: id,
      state: undone ? "taken_back" : ((outcome as Outcome | null) ?? (status as InputStatus)),
      receipt: leads || person_id !== null ? receipt : null,
      again: mayGoAgain(status),
    };
  }
  return proposals;
}
