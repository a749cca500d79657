import type { Transaction } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#db/schema.ts";
import { cleanText } from "../../clean.ts";
import type { AppContext } from "../../context.ts";
import type { Hunk } from "../../document/hunk.ts";
import { viaDecision } from "../../document/sources.ts";
import { Conflict, Forbidden, Invalid, NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { lockInput } from "../moderation/moderation.server.ts";
import { auditActor, requireRole } from "../people/people.server.ts";
import type { Actor, Person } from "../people/people.ts";
import { type DecisionForm, type Outcome, suggestionStatusFor, wordingFor } from "./decisions.ts";
import {
  asSuggested,
  changeDraft,
  type DraftChange,
  type HeldBack,
  insertedAs,
  type Made,
  rewording,
} from "./draft-change.server.ts";
import { composingOf, type Target, targetOf } from "./target.server.ts";

type Writes = Transaction<Database>;

/**
 * `conflict`: nothing was decided, because the passage has moved on; `current` is how it reads now,
 * null when it is gone. `held`: nothing was decided, because these colleagues write in it.
 */
export type Decided =
  | { status: "decided"; decisionId: string; seq: number }
  | { status: "conflict"; current: string | null }
  | HeldBack;

/** What a decision did to the text: nothing is a change too. */
type Change = {
  before: string | null;
  after: string | null;
  blockId: string | null;
  seq: number | null;
  inverse: string | null;
};

/**
 * Decides on an input, for a trainer of its curriculum who didn't moderate it. A wording or a change
 * from a workshop copy goes into the live draft in the transaction that writes the decision, so that
 * neither is ever without the other. Throws Conflict when somebody else decided first or the input
 * is no longer approved, Forbidden for whoever moderated it, Invalid when the outcome asks for a
 * wording.
 */
export async function decide(ctx: AppContext, actor: Actor, form: DecisionForm): Promise<Decided> {
  const target = await targetOf(ctx, form.inputId);
  const trainer = requireRole(actor, "trainer", target.curriculumId);
  const wanted = wantedChange(target, form);
  const decisionId = uuidv7();
  if (wanted === "nothing" || wanted === "settled") {
    const change = wanted === "settled" ? settled(target) : null;
    await ctx.db
      .transaction()
      .execute((trx) => write(trx, ctx, trainer, decisionId, form, target, change));
    return { status: "decided", decisionId, seq: target.seq };
  }
  if (wanted === "gone" || target.documentId === null) {
    await ctx.db.transaction().execute((trx) => markConflict(trx, ctx, trainer, form.inputId));
    return { status: "conflict", current: null };
  }
  const made = await changeDraft(
    ctx,
    trainer,
    target.documentId,
    wanted,
    async (trx, made, seq) => {
      if (made.status === "conflict") return markConflict(trx, ctx, trainer, form.inputId);
      await write(trx, ctx, trainer, decisionId, form, target, changeOf(target, made, seq));
    },
    viaDecision(decisionId),
  );
  if (made.status === "held" || made.status === "conflict") return made;
  return { status: "decided", decisionId, seq: target.seq };
}

/** What was to go is gone already. */
function settled({ suggestion }: Target): Change {
  return {
    before: suggestion?.base ?? "",
    after: "",
    blockId: null,
    seq: null,
    inverse: null,
  };
}

function changeOf(
  { suggestion, place }: Target,
  made: Exclude<Made, { status: "conflict" }>,
  seq: number | null,
): Change {
  if (made.status === "applied")
    return {
      before: made.before,
      after: made.after,
      blockId: made.blockId ?? place?.blockId ?? suggestion?.blockId ?? null,
      seq,
      inverse: JSON.stringify(made.inverse),
    };
  return {
    before: suggestion?.base ?? place?.current ?? null,
    after: suggestion?.hunk ? suggestion.proposed : (place?.current ?? null),
    blockId: place?.blockId ?? suggestion?.blockId ?? null,
    seq: null,
    inverse: null,
  };
}

/**
 * The change a form asks for. `nothing`: the text stays, or was changed by hand; `settled`: it reads
 * so already; `gone`: there is no place for it any more.
 */
function wantedChange(
  target: Target,
  { outcome, base = "", wording, composed }: DecisionForm,
): DraftChange | "nothing" | "settled" | "gone" {
  const { suggestion, place } = target;
  const composing = composingOf(target);
  const kind = wordingFor(outcome, {
    suggestion: suggestion !== null,
    anchored: place !== null,
    byHand: composing === "byHand",
    composed: composed !== undefined && composing === "passage",
  });
  if (kind === "none") return "nothing";
  if (kind === "optional") {
    if (!place || wording === undefined || wording === cleanText(base)) return "nothing";
    return rewording({ blockId: place.blockId, base, proposed: wording });
  }
  if (kind === "proposed") {
    if (suggestion?.hunk && !(isRewording(suggestion.hunk) && hasMoved(target)))
      return asSuggested(suggestion.hunk);
    if (!place) return suggestion?.proposed === "" ? "settled" : "gone";
    const { base, proposed } = suggestion ?? { base: "", proposed: "" };
    return rewording({ blockId: place.blockId, base, proposed });
  }
  if (wording === undefined) throw new Invalid("decisions:wordingMissing", undefined, "wording");
  if (wording === cleanText(composed ? base : (suggestion?.base ?? "")))
    throw new Invalid("decisions:wordingSame", undefined, "wording");
  if (composing === "newPassage" && suggestion?.hunk) return insertedAs(suggestion.hunk, wording);
  if (!place) return "gone";
  const change = { blockId: place.blockId, base, proposed: wording };
  return rewording(change, { exact: composed !== undefined });
}

const isRewording = ({ kind }: Hunk) => kind === "text";

/** The passage has another id now, as after a split or a paste: its anchor has led to it. */
function hasMoved({ suggestion, place }: Target): boolean {
  return suggestion !== null && place !== null && place.blockId !== suggestion.blockId;
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

/** Writes the decision and all that goes with it. */
async function write(
  trx: Writes,
  ctx: AppContext,
  trainer: Person,
  id: string,
  { inputId, outcome, reason }: DecisionForm,
  { curriculumId, moduleId, documentId, place, suggestion }: Target,
  change: Change | null,
): Promise<void> {
  await claim(trx, trainer, inputId);
  const at = ctx.clock();
  await trx
    .insertInto("decisions")
    .values({
      id,
      curriculum_id: curriculumId,
      outcome,
      reason,
      module_id: moduleId,
      document_id: place || change ? documentId : null,
      block_id: change?.blockId ?? place?.blockId ?? null,
      before_text: change?.before ?? null,
      after_text: change?.after ?? null,
      decided_by: trainer.personId,
      at: at.toISOString(),
      version_id: null,
      inverse: change?.inverse ?? null,
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
