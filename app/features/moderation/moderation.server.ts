import type { Transaction } from "kysely";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { Conflict, Forbidden, NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import type { Status } from "../inputs/inputs.ts";
import { auditActor, requireRole } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { type Action, after, type LastEvent, type Moderation, undone } from "./moderation.ts";

type Writes = Transaction<Database>;

/**
 * Moves an input on, for a moderator of its curriculum. Status, event, suggestion and audit entry
 * commit together. Throws NotFound, Forbidden (no moderator, or already decided on) or Conflict
 * when the input no longer has the status the moderator saw.
 */
export async function moderate(
  ctx: AppContext,
  actor: Actor,
  { inputId, action, expectedStatus, reasonCode, reason }: Moderation,
): Promise<{ from: Status; to: Status; seq: number }> {
  return ctx.db.transaction().execute(async (trx) => {
    const input = await lockInput(trx, inputId);
    const moderator = requireRole(actor, "moderator", input.curriculumId);
    if (input.status !== expectedStatus) throw new Conflict("moderation:someoneWasFirst");
    const to = after(input.status, action);
    if (!to) throw new Conflict("moderation:notPossible");
    await refuseDecided(trx, inputId);
    const at = ctx.clock();
    await move(trx, inputId, input.status, to);
    await trx
      .insertInto("moderation_events")
      .values({
        input_id: inputId,
        action,
        from_status: input.status,
        to_status: to,
        reason_code: reasonCode ?? null,
        reason,
        moderator_id: moderator.personId,
        at: at.toISOString(),
      })
      .execute();
    await record(trx, {
      at,
      actor: auditActor(actor, "moderator"),
      verb: `input.${to}`,
      subject: `input:${inputId}`,
      data: { from: input.status, to, reasonCode: reasonCode ?? null },
    });
    return { from: input.status, to, seq: input.seq };
  });
}

/**
 * Takes back the moderator's own last action on an input, within a minute and while nobody has
 * decided on it. Throws Conflict when it is too late.
 */
export async function undo(
  ctx: AppContext,
  actor: Actor,
  inputId: string,
): Promise<{ from: Status; to: Status }> {
  return ctx.db.transaction().execute(async (trx) => {
    const input = await lockInput(trx, inputId);
    const moderator = requireRole(actor, "moderator", input.curriculumId);
    const at = ctx.clock();
    const last = await lastEvent(trx, inputId);
    const to = undone(last, input.status, moderator.personId, at);
    if (!to) throw new Conflict("moderation:undoTooLate");
    await refuseDecided(trx, inputId);
    await move(trx, inputId, input.status, to);
    await trx
      .insertInto("moderation_events")
      .values({
        input_id: inputId,
        action: "undo",
        from_status: input.status,
        to_status: to,
        reason_code: null,
        reason: "",
        moderator_id: moderator.personId,
        at: at.toISOString(),
      })
      .execute();
    await record(trx, {
      at,
      actor: auditActor(actor, "moderator"),
      verb: "input.moderation_undone",
      subject: `input:${inputId}`,
      data: { from: input.status, to },
    });
    return { from: input.status, to };
  });
}

/** What the undo message offers: the moderator's own last action on it, if it can still be undone. */
export async function undoable(
  ctx: AppContext,
  actor: Actor,
  inputId: string,
): Promise<{ inputId: string; action: Action; event: number } | null> {
  const last = await lastEvent(ctx.db, inputId);
  if (!last || last.action === "undo") return null;
  const status = undone(last, last.toStatus, actor.personId, ctx.clock());
  return status && { inputId, action: last.action, event: last.seq };
}

/**
 * Reads an input so that nobody else can move it until the transaction ends: writing the row locks
 * it on PostgreSQL, as SQLite's one writer does anyway. Throws NotFound.
 */
export async function lockInput(
  trx: Writes,
  inputId: string,
): Promise<{ seq: number; status: Status; curriculumId: string; parentId: string | null }> {
  const row = await trx
    .updateTable("inputs")
    .set(({ ref }) => ({ status: ref("status") }))
    .where("id", "=", inputId)
    .returning(["seq", "status", "curriculum_id", "parent_id"])
    .executeTakeFirst();
  if (!row) throw new NotFound("moderation:notFound");
  return {
    seq: Number(row.seq),
    status: row.status as Status,
    curriculumId: row.curriculum_id,
    parentId: row.parent_id,
  };
}

async function lastEvent(
  db: Pick<Writes, "selectFrom">,
  inputId: string,
): Promise<(LastEvent & { seq: number }) | undefined> {
  const row = await db
    .selectFrom("moderation_events")
    .select(["seq", "action", "from_status", "to_status", "moderator_id", "at"])
    .where("input_id", "=", inputId)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return (
    row && {
      seq: Number(row.seq),
      action: row.action as LastEvent["action"],
      fromStatus: row.from_status as Status,
      toStatus: row.to_status as Status,
      moderatorId: row.moderator_id,
      at: row.at,
    }
  );
}

/** What everybody was told about a decision stands: its input is no longer moderated. */
async function refuseDecided(trx: Writes, inputId: string): Promise<void> {
  const decided = await trx
    .selectFrom("decision_inputs")
    .select("decision_id")
    .where("input_id", "=", inputId)
    .executeTakeFirst();
  if (decided) throw new Forbidden("moderation:decided");
}

/** Sets the status; a suggestion is open to decisions only while its input is approved. */
async function move(trx: Writes, inputId: string, from: Status, to: Status): Promise<void> {
  await trx.updateTable("inputs").set({ status: to }).where("id", "=", inputId).execute();
  const suggestion = trx.updateTable("suggestions").where("input_id", "=", inputId);
  if (to === "approved")
    await suggestion.set({ status: "approved" }).where("status", "=", "open").execute();
  else if (from === "approved")
    await suggestion
      .set({ status: "open" })
      .where("status", "in", ["approved", "conflict"])
      .execute();
}
