import type { Transaction } from "kysely";
import { v7 as uuidv7 } from "uuid";
import * as Y from "yjs";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { Runs } from "../../document/runs.ts";
import { Conflict, Forbidden, Invalid, NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { isPublic } from "../curricula/curricula.ts";
import { authorshipOf, keepAuthors } from "../drafts/authorship.server.ts";
import { type Draft, draftOf } from "../drafts/drafts.server.ts";
import { auditActor } from "../people/people.server.ts";
import { type Actor, holds, isPerson } from "../people/people.ts";
import { openRoundOf } from "../rounds/rounds.server.ts";
import { newJoinCode, newJoinToken } from "./codes.ts";
import { leadingRole } from "./standing.server.ts";
import { JOIN_DAYS } from "./workshops.ts";

/** What to copy: a draft by its document, or by its module's address and language. */
export type Source = { documentId: string } | { curriculum: string; module: string; text?: string };

/**
 * Opens a workshop copy of a draft as it stands now, for a facilitator, or for a trainer in a review
 * round; answers its id. The copy goes on from the draft's own Yjs state, so that anchors and
 * authorship hold in it. Without a round it takes the one that is open on the module. Throws
 * Forbidden, Conflict where the curriculum isn't public yet or a trainer has no round.
 */
export async function openWorkshop(
  ctx: AppContext,
  actor: Actor,
  { title, roundId, ...source }: Source & { title: string; roundId?: string | undefined },
): Promise<string> {
  const draft = await draftAt(ctx, actor, source);
  const { curriculum, module, documentId, language, view } = draft;
  const facilitates = holds(actor, "facilitator", curriculum.id);
  if (!isPerson(actor) || !(facilitates || holds(actor, "trainer", curriculum.id)))
    throw new Forbidden();
  if (!isPublic(curriculum.status)) throw new Conflict("workshops:errors.notPublic");
  const round = roundId
    ? await roundOn(ctx, module.id, roundId)
    : ((await openRoundOf(ctx.db, module.id, ctx.clock()))?.id ?? null);
  if (!facilitates && !round) throw new Conflict("workshops:errors.noRound");

  const at = ctx.clock();
  const id = uuidv7();
  const state = Buffer.from(Y.encodeStateAsUpdate(view.doc));
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .insertInto("documents")
      .values({
        id,
        kind: "workshop",
        module_id: module.id,
        language,
        forked_from: documentId,
        state,
        state_seq: view.seq,
        created_at: at.toISOString(),
      })
      .execute();
    await copyAuthors(trx, documentId, id, view.doc);
    await trx
      .insertInto("workshops")
      .values({
        document_id: id,
        curriculum_id: curriculum.id,
        round_id: round,
        title,
        status: "open",
        base: state,
        base_seq: view.seq,
        fork_vector: Buffer.from(Y.encodeStateVector(view.doc)),
        ...newJoin(at),
        opened_by: actor.personId,
        opened_at: at.toISOString(),
        closed_at: null,
      })
      .execute();
    await trx
      .insertInto("workshop_members")
      .values({
        id: uuidv7(),
        document_id: id,
        person_id: actor.personId,
        device_key: null,
        name: actor.name,
        may: "write",
        joined_at: at.toISOString(),
      })
      .execute();
    await trx
      .insertInto("checkpoints")
      .values({
        id: uuidv7(),
        document_id: id,
        reason: "opened",
        made_by: actor.personId,
        at: at.toISOString(),
        seq: view.seq,
        state,
      })
      .execute();
    await record(trx, {
      at,
      actor: auditActor(actor, leadingRole(actor, curriculum.id)),
      verb: "workshop.opened",
      subject: `workshop:${id}`,
      data: { draft: documentId, seq: view.seq, round },
    });
  });
  return id;
}

/** A code and a link that let people in, and until when. */
export function newJoin(at: Date) {
  return {
    join_code: newJoinCode(),
    join_token: newJoinToken(),
    join_until: new Date(at.getTime() + JOIN_DAYS * 86_400_000).toISOString(),
  };
}

async function draftAt(ctx: AppContext, actor: Actor, source: Source): Promise<Draft> {
  if (!("documentId" in source))
    return draftOf(ctx, actor, source.curriculum, source.module, source.text);
  const row = await ctx.db
    .selectFrom("documents")
    .innerJoin("modules", "modules.id", "documents.module_id")
    .innerJoin("curricula", "curricula.id", "modules.curriculum_id")
    .select(["curricula.slug as curriculum", "modules.slug as module", "documents.language"])
    .where("documents.id", "=", source.documentId)
    .where("documents.kind", "=", "draft")
    .executeTakeFirst();
  if (!row) throw new NotFound();
  return draftOf(ctx, actor, row.curriculum, row.module, row.language);
}

/** A round that includes the module and isn't over. Throws Invalid. */
async function roundOn(ctx: AppContext, moduleId: string, roundId: string): Promise<string> {
  const round = await ctx.db
    .selectFrom("review_rounds")
    .innerJoin("review_round_modules", "review_round_modules.round_id", "review_rounds.id")
    .select("review_rounds.id")
    .where("review_rounds.id", "=", roundId)
    .where("review_round_modules.module_id", "=", moduleId)
    .where("closes_at", ">", ctx.clock().toISOString())
    .executeTakeFirst();
  if (!round) throw new Invalid("workshops:errors.roundOver", undefined, "roundId");
  return round.id;
}

/** Writes down for the copy who wrote what in the draft, as far as the copy has it. */
async function copyAuthors(
  trx: Transaction<Database>,
  draftId: string,
  copyId: string,
  copy: Y.Doc,
): Promise<void> {
  const { runs } = await authorshipOf(trx, draftId);
  const known = [...runs]
    .map((run) => ({ ...run, to: Math.min(run.to, Y.getState(copy.store, run.client)) }))
    .filter(({ from, to }) => from < to);
  // Nobody misses what the draft had lost before: it is no difference.
  await keepAuthors(trx, copyId, { runs: new Runs(known), deletions: [] });
}
