import type { Transaction } from "kysely";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import type { Hunk } from "../../document/hunk.ts";
import { Conflict, Forbidden, Invalid, NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { lockInput } from "../moderation/moderation.server.ts";
import { auditActor, requireRole } from "../people/people.server.ts";
import type { Actor, Person } from "../people/people.ts";
import type { UndoForm } from "./decisions.ts";
import { allOf, changeDraft, type HeldBack, rewording } from "./draft-change.server.ts";

/** `conflict`: nothing was taken back, because the passage has changed since it was adopted. */
export type TakenBack =
  | { status: "undone" }
  | { status: "conflict"; current: string | null }
  | HeldBack;

type Adopted = Awaited<ReturnType<typeof adopted>>;

/**
 * Takes an adopted change out of the draft again, for a trainer of its curriculum who didn't
 * moderate its input. The decision stays in the record; the undo, its reason and its audit event
 * commit with the text. What was adopted is undone in the draft as it stands: where it has changed
 * since, nothing is written: a wording composed by a person takes its place, or `byHand`, the word of
 * a trainer who has put the draft right. Throws NotFound, Forbidden, and Conflict when it was taken back already or changed no
 * text.
 */
export async function undoDecision(
  ctx: AppContext,
  actor: Actor,
  form: UndoForm,
): Promise<TakenBack> {
  const decision = await adopted(ctx, form.decisionId);
  const trainer = requireRole(actor, "trainer", decision.curriculumId);
  const swapped = { before: decision.after, after: decision.before };
  const made = await changeDraft(
    ctx,
    trainer,
    decision.documentId,
    wantedBack(decision, form),
    async (trx, made, seq) => {
      if (made.status === "conflict" && !form.byHand) return;
      const texts = made.status === "applied" && isOneText(made.inverse) ? made : swapped;
      await write(trx, ctx, trainer, form, decision, texts, seq);
    },
  );
  if (made.status === "held" || (made.status === "conflict" && !form.byHand)) return made;
  return { status: "undone" };
}

function wantedBack({ blockId, inverse }: Adopted, { composed, base, wording }: UndoForm) {
  if (!composed) return allOf(inverse);
  if (!blockId || base === undefined || wording === undefined)
    throw new Invalid("decisions:wordingMissing", undefined, "wording");
  return rewording({ blockId, base, proposed: wording }, { exact: true });
}

/** Whether a change was no more than other words in one passage: then its texts are that passage's. */
function isOneText(hunks: readonly Hunk[]): boolean {
  const blocks = new Set(hunks.flatMap((hunk) => hunk.blocks));
  return blocks.size === 1 && hunks.every(({ kind }) => kind === "text");
}

/** A decision that changed the draft. Throws NotFound, and Conflict for one that didn't. */
export async function adopted(ctx: AppContext, decisionId: string) {
  const row = await ctx.db
    .selectFrom("decisions")
    .innerJoin("decision_inputs", "decision_inputs.decision_id", "decisions.id")
    .select([
      "decisions.id",
      "decisions.curriculum_id",
      "decisions.document_id",
      "decisions.block_id",
      "decisions.before_text",
      "decisions.after_text",
      "decisions.inverse",
      "decision_inputs.input_id",
    ])
    .where("decisions.id", "=", decisionId)
    .executeTakeFirst();
  if (!row) throw new NotFound("decisions:notFound");
  if (row.inverse === null || row.document_id === null)
    throw new Conflict("decisions:undo.changedNothing");
  return {
    id: row.id,
    curriculumId: row.curriculum_id,
    documentId: row.document_id,
    blockId: row.block_id,
    before: row.before_text ?? "",
    after: row.after_text ?? "",
    inverse: JSON.parse(row.inverse) as Hunk[],
    inputId: row.input_id,
  };
}

async function write(
  trx: Transaction<Database>,
  ctx: AppContext,
  trainer: Person,
  { reason }: UndoForm,
  { id, inputId }: Adopted,
  { before, after }: { before: string; after: string },
  seq: number | null = null,
): Promise<void> {
  await lockInput(trx, inputId);
  const moderated = await trx
    .selectFrom("moderation_events")
    .select("seq")
    .where("input_id", "=", inputId)
    .where("moderator_id", "=", trainer.personId)
    .executeTakeFirst();
  if (moderated) throw new Forbidden("decisions:youModerated");
  const at = ctx.clock();
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto("decision_undos")
    .values({
      decision_id: id,
      reason,
      undone_by: trainer.personId,
      at: at.toISOString(),
      before_text: before,
      after_text: after,
      seq,
      version_id: null,
    })
    .onConflict((conflict) => conflict.column("decision_id").doNothing())
    .executeTakeFirst();
  if (Number(numInsertedOrUpdatedRows) === 0) throw new Conflict("decisions:undo.someoneWasFirst");
  // What was suggested isn't in the text any more.
  await trx
    .updateTable("suggestions")
    .set({ status: "declined" })
    .where("input_id", "=", inputId)
    .where("status", "=", "applied")
    .execute();
  await record(trx, {
    at,
    actor: auditActor(trainer, "trainer"),
    verb: "decision.undone",
    subject: `input:${inputId}`,
    data: { decision: id, changed: seq !== null },
  });
}
