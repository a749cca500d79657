import type { Transaction } from "kysely";
import { v7 as uuidv7 } from "uuid";
import * as Y from "yjs";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { auditActor } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { type State, stateOf } from "./differences.server.ts";
import { leaderOf, leadingRole, lockWorkshop } from "./standing.server.ts";
import type { Checkpoint, CheckpointReason } from "./workshops.ts";

/** How far apart states are that are kept by themselves, in milliseconds, and how many of them. */
const EVERY = 10 * 60_000;
const KEPT = 144;

/** Keeps a workshop copy as it is in `state`, inside the caller's transaction; answers its id. */
export async function keepState(
  trx: Transaction<Database>,
  {
    documentId,
    reason,
    by,
    at,
    seq,
    state,
  }: {
    documentId: string;
    reason: CheckpointReason;
    by: string | null;
    at: Date;
    /** The last `doc_updates.seq` in it. */
    seq: number;
    state: Uint8Array;
  },
): Promise<string> {
  const id = uuidv7();
  await trx
    .insertInto("checkpoints")
    .values({
      id,
      document_id: documentId,
      reason,
      made_by: by,
      at: at.toISOString(),
      seq,
      state: Buffer.from(state),
    })
    .execute();
  return id;
}

/** Keeps a workshop copy as it is now, for whoever leads; answers the checkpoint's id. */
export async function checkpoint(ctx: AppContext, actor: Actor, id: string): Promise<string> {
  const { workshop, leader } = await leaderOf(ctx.db, actor, id);
  const view = await ctx.collab.read(id);
  const at = ctx.clock();
  return ctx.db.transaction().execute(async (trx) => {
    await lockWorkshop(trx, id);
    const kept = await keepState(trx, {
      documentId: id,
      reason: "asked",
      by: leader.personId,
      at,
      seq: view.seq,
      state: Y.encodeStateAsUpdate(view.doc),
    });
    await record(trx, {
      at,
      actor: auditActor(leader, leadingRole(leader, workshop.curriculum_id)),
      verb: "workshop.checkpoint",
      subject: `workshop:${id}`,
      data: { checkpoint: kept },
    });
    return kept;
  });
}

/** The kept states of a workshop copy, newest first, for whoever leads. */
export async function checkpointsOf(
  ctx: AppContext,
  actor: Actor,
  id: string,
): Promise<Checkpoint[]> {
  await leaderOf(ctx.db, actor, id);
  const rows = await ctx.db
    .selectFrom("checkpoints")
    .leftJoin("people", "people.id", "checkpoints.made_by")
    .leftJoin("workshop_members as member", (join) =>
      join
        .onRef("member.document_id", "=", "checkpoints.document_id")
        .onRef("member.person_id", "=", "checkpoints.made_by"),
    )
    .select([
      "checkpoints.id",
      "checkpoints.reason",
      "checkpoints.at",
      "people.name",
      "member.name as chosen",
    ])
    .where("checkpoints.document_id", "=", id)
    .orderBy("checkpoints.at", "desc")
    .orderBy("checkpoints.id", "desc")
    .execute();
  return rows.map(({ id, reason, at, name, chosen }) => ({
    id,
    reason: reason as CheckpointReason,
    at,
    by: chosen ?? name,
  }));
}

/** One kept state, to look at, for whoever leads. Throws NotFound. */
export async function checkpointAt(
  ctx: AppContext,
  actor: Actor,
  id: string,
  checkpointId: string,
): Promise<State & { at: string; reason: CheckpointReason }> {
  await leaderOf(ctx.db, actor, id);
  const row = await ctx.db
    .selectFrom("checkpoints")
    .select(["state", "at", "reason"])
    .where("id", "=", checkpointId)
    .where("document_id", "=", id)
    .executeTakeFirst();
  if (!row) throw new NotFound("workshops:errors.noCheckpoint");
  return { ...stateOf(row.state), at: row.at, reason: row.reason as CheckpointReason };
}

/**
 * Keeps the workshop copies in which somebody wrote since their last kept state, when that is ten
 * minutes old; of those kept so, the last 144 stay. The server calls it every minute: what is kept
 * doesn't hang on what any page asks for. One that fails keeps no other from it, and is tried again.
 * One query when nobody wrote; answers how many were kept.
 */
export async function keepRegularly(ctx: AppContext): Promise<number> {
  const before = new Date(ctx.clock().getTime() - EVERY).toISOString();
  const due = await ctx.db
    .selectFrom("workshops")
    .innerJoin("documents", "documents.id", "workshops.document_id")
    .innerJoin(
      (eb) =>
        eb
          .selectFrom("checkpoints")
          .select("document_id")
          .select((one) => [one.fn.max("at").as("at"), one.fn.max("seq").as("seq")])
          .groupBy("document_id")
          .as("last"),
      (join) => join.onRef("last.document_id", "=", "workshops.document_id"),
    )
    .select(["workshops.document_id as id"])
    .where("workshops.status", "=", "open")
    .where("last.at", "<=", before)
    .where(({ eb, or, exists, selectFrom }) =>
      or([
        eb("documents.state_seq", ">", eb.ref("last.seq")),
        exists(
          selectFrom("doc_updates")
            .select("doc_updates.seq")
            .whereRef("doc_updates.doc_id", "=", "workshops.document_id")
            .whereRef("doc_updates.seq", ">", "last.seq"),
        ),
      ]),
    )
    .execute();
  let kept = 0;
  for (const { id } of due) {
    try {
      await keepOne(ctx, id);
      kept += 1;
    } catch (error) {
      ctx.log.error("workshops.keep", error);
    }
  }
  return kept;
}

async function keepOne(ctx: AppContext, id: string): Promise<void> {
  const view = await ctx.collab.read(id);
  await ctx.db.transaction().execute(async (trx) => {
    await keepState(trx, {
      documentId: id,
      reason: "regular",
      by: null,
      at: ctx.clock(),
      seq: view.seq,
      state: Y.encodeStateAsUpdate(view.doc),
    });
    await trx
      .deleteFrom("checkpoints")
      .where("document_id", "=", id)
      .where("reason", "=", "regular")
      .where("id", "not in", (eb) =>
        eb
          .selectFrom("checkpoints")
          .select("checkpoints.id")
          .where("document_id", "=", id)
          .where("reason", "=", "regular")
          .orderBy("at", "desc")
          .orderBy("id", "desc")
          .limit(KEPT),
      )
      .execute();
  });
}
