import type { Transaction } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#db/schema.ts";
import { cleanText } from "../../clean.ts";
import type { AppContext } from "../../context.ts";
import { type Applied, applyText } from "../../document/apply.ts";
import { Conflict, Forbidden, Invalid, NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { lockInput } from "../moderation/moderation.server.ts";
import { auditActor, requireRole } from "../people/people.server.ts";
import type { Actor, Person } from "../people/people.ts";
import { type DecisionForm, type Outcome, suggestionStatusFor, wordingFor } from "./decisions.ts";
import { type Target, targetOf } from "./target.server.ts";

type Writes = Transaction<Database>;

/**
 * `conflict`: nothing was decided, because the passage has moved on; `current` is how it reads now,
 * null when it is gone.
 */
export type Decided =
  | { status: "decided"; decisionId: string; seq: number }
  | { status: "conflict"; current: string | null };

/** What a change of the draft did: nothing is a change too. */
type Change = { before: string | null; after: string | null; seq: number | null };

/**
 * Decides on an input, for a trainer of its curriculum who didn't moderate it. A wording goes into
 * the live draft in the transaction that writes the decision, so that neither is ever without the
 * other. Throws Conflict when somebody else decided first or the input is no longer approved,
 * Forbidden for whoever moderated it, Invalid when the outcome asks for a wording.
 */
export async function decide(ctx: AppContext, actor: Actor, form: DecisionForm): Promise<Decided> {
  const target = await targetOf(ctx, form.inputId);
  const trainer = requireRole(actor, "trainer", target.curriculumId);
  const wanted = wantedText(target, form);
  // What was to go is gone already; anything else needs a place to go to.
  const settled = wanted && !target.place && wanted.proposed === "";
  if (!wanted || settled) {
    const change = settled ? { before: wanted.base, after: "", seq: null } : null;
    const decisionId = await ctx.db
      .transaction()
      .execute((trx) => write(trx, ctx, trainer, form, target, change));
    return { status: "decided", decisionId, seq: target.seq };
  }
  if (!target.place) {
    await ctx.db.transaction().execute((trx) => markConflict(trx, ctx, trainer, form.inputId));
    return { status: "conflict", current: null };
  }

  const { documentId, blockId, current } = target.place;
  let decisionId = "";
  const result = await ctx.collab.edit(
    documentId,
    { personId: trainer.personId, via: "decision" },
    (doc): Applied => applyText(doc, { blockId, ...wanted }),
    async (trx, applied, seq) => {
      if (applied.status === "conflict" || applied.status === "gone")
        return markConflict(trx, ctx, trainer, form.inputId);
      const change =
        applied.status === "applied"
          ? { before: applied.before, after: applied.after, seq }
          : { before: target.suggestion?.base ?? wanted.base, after: current, seq: null };
      decisionId = await write(trx, ctx, trainer, form, target, change);
    },
  );
  if (result.status === "conflict") return { status: "conflict", current: result.current };
  if (result.status === "gone") return { status: "conflict", current: null };
  return { status: "decided", decisionId, seq: target.seq };
}

/** The change a form asks for, or null when the text stays as it is. */
function wantedText(
  { suggestion, place }: Target,
  { outcome, base = "", wording }: DecisionForm,
): { base: string; proposed: string } | null {
  const kind = wordingFor(outcome, { suggestion: suggestion !== null, anchored: place !== null });
  if (kind === "none") return null;
  if (kind === "proposed") return suggestion;
  if (kind === "optional")
    return wording === undefined || wording === cleanText(base)
      ? null
      : { base, proposed: wording };
  if (wording === undefined) throw new Invalid("decisions:wordingMissing", undefined, "wording");
  if (wording === cleanText(suggestion?.base ?? ""))
    throw new Invalid("decisions:wordingSame", undefined, "wording");
  return { base, proposed: wording };
}

/** Makes the input this trainer's until the transaction ends, or says why it can't be. */
async function claim(trx: Writes, trainer: Person, inputId: string): Promise<void> {
  const input = await lockInput(trx, inputId);
  if (input.parentId) throw new NotFound("decisions:notFound");
  const decided = await trx
    .selectFrom("decision_inputs")
    .select("decision_id")
    .where("input_id", "=", inputId)
    .executeTakeFirst();
  if (decided) throw new Conflict("decisions:someoneWasFirst");
  if (input.status !== "approved") throw new Conflict("decisions:notApproved");
  const moderated = await trx
    .selectFrom("moderation_events")
    .select("seq")
    .where("input_id", "=", inputId)
    .where("moderator_id", "=", trainer.personId)
    .executeTakeFirst();
  if (moderated) throw new Forbidden("decisions:youModerated");
}

/** Writes the decision and all that goes with it; returns its id. */
async function write(
  trx: Writes,
  ctx: AppContext,
  trainer: Person,
  { inputId, outcome, reason }: DecisionForm,
  { curriculumId, moduleId, place, suggestion }: Target,
  change: Change | null,
): Promise<string> {
  await claim(trx, trainer, inputId);
  const at = ctx.clock();
  const id = uuidv7();
  await trx
    .insertInto("decisions")
    .values({
      id,
      curriculum_id: curriculumId,
      outcome,
      reason,
      module_id: moduleId,
      document_id: place?.documentId ?? null,
      block_id: place?.blockId ?? null,
      before_text: change?.before ?? null,
      after_text: change?.after ?? null,
      decided_by: trainer.personId,
      at: at.toISOString(),
      version_id: null,
    })
    .execute();
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto("decision_inputs")
    .values({ decision_id: id, input_id: inputId })
    .onConflict((conflict) => conflict.column("input_id").doNothing())
    .executeTakeFirst();
  if (Number(numInsertedOrUpdatedRows) === 0) throw new Conflict("decisions:someoneWasFirst");
  if (suggestion)
    await trx
      .updateTable("suggestions")
      .set({ status: suggestionStatusFor(outcome), applied_seq: change?.seq ?? null })
      .where("input_id", "=", inputId)
      .execute();
  await record(trx, {
    at,
    actor: auditActor(trainer, "trainer"),
    verb: "input.decided",
    subject: `input:${inputId}`,
    data: { decision: id, outcome: outcome satisfies Outcome, changed: change?.seq != null },
  });
  return id;
}

/** Notes that a suggestion no longer fits the text; nothing else is written. */
async function markConflict(
  trx: Writes,
  ctx: AppContext,
  trainer: Person,
  inputId: string,
): Promise<void> {
  await claim(trx, trainer, inputId);
  const { numUpdatedRows } = await trx
    .updateTable("suggestions")
    .set({ status: "conflict" })
    .where("input_id", "=", inputId)
    .where("status", "=", "approved")
    .executeTakeFirst();
  if (Number(numUpdatedRows) === 0) return;
  await record(trx, {
    at: ctx.clock(),
    actor: auditActor(trainer, "trainer"),
    verb: "suggestion.conflict",
    subject: `input:${inputId}`,
  });
}
