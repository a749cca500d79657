import type { Kysely, Selectable } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { Conflict, Invalid, NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { curriculumAsTrainer, modulesOf } from "../curricula/curricula.server.ts";
import { multilingual } from "../curricula/curricula.ts";
import { auditActor } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { isOpen, type RoundFields } from "./rounds.ts";

export type Round = Selectable<Database["review_rounds"]>;

/** The open round that takes input on this module; of several, the one that closes last. */
export async function openRoundOf(
  db: Kysely<Database>,
  moduleId: string,
  now: Date,
): Promise<Round | null> {
  const at = now.toISOString();
  const round = await db
    .selectFrom("review_rounds")
    .innerJoin("review_round_modules", "review_round_modules.round_id", "review_rounds.id")
    .selectAll("review_rounds")
    .where("review_round_modules.module_id", "=", moduleId)
    .where("opens_at", "<=", at)
    .where("closes_at", ">", at)
    .orderBy("closes_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return round ?? null;
}

/** The open rounds of a curriculum, the one that closes last first. While there is one, the whole takes comments. */
export async function openRoundsOf(
  db: Kysely<Database>,
  curriculumId: string,
  now: Date,
): Promise<Round[]> {
  const rounds = await roundsOf(db, curriculumId);
  return rounds.filter((round) => isOpen(round, now));
}

/** All rounds open now in any of these curricula, the one that closes first at the top. */
export async function openRoundsIn(
  db: Kysely<Database>,
  curriculumIds: readonly string[],
  now: Date,
): Promise<Round[]> {
  if (curriculumIds.length === 0) return [];
  const at = now.toISOString();
  return db
    .selectFrom("review_rounds")
    .selectAll()
    .where("curriculum_id", "in", curriculumIds)
    .where("opens_at", "<=", at)
    .where("closes_at", ">", at)
    .orderBy("closes_at")
    .execute();
}

/** All rounds of a curriculum with the modules each includes, the one that closes last first. */
export async function roundsOf(
  db: Kysely<Database>,
  curriculumId: string,
): Promise<(Round & { moduleIds: string[] })[]> {
  const rounds = await db
    .selectFrom("review_rounds")
    .selectAll()
    .where("curriculum_id", "=", curriculumId)
    .orderBy("closes_at", "desc")
    .orderBy("id", "desc")
    .execute();
  if (rounds.length === 0) return [];
  const included = await db
    .selectFrom("review_round_modules")
    .selectAll()
    .where(
      "round_id",
      "in",
      rounds.map(({ id }) => id),
    )
    .execute();
  return rounds.map((round) => ({
    ...round,
    moduleIds: included
      .filter(({ round_id }) => round_id === round.id)
      .map(({ module_id }) => module_id),
  }));
}

/**
 * Opens a round on chosen modules (their ids). A first day of today opens it now. A curriculum
 * that was still a draft becomes public with it: people can't comment on what they can't read.
 */
export async function openRound(
  ctx: AppContext,
  actor: Actor,
  slug: string,
  fields: RoundFields,
): Promise<Round> {
  const { curriculum, trainer } = await curriculumAsTrainer(ctx.db, actor, slug);
  const at = ctx.clock();
  const today = at.toISOString().slice(0, 10);
  if (fields.closes < today) throw new Invalid("rounds:closesInPast", undefined, "closes");
  return ctx.db.transaction().execute(async (trx) => {
    const known = new Set((await modulesOf(trx, curriculum.id)).map(({ id }) => id));
    const modules = [...new Set(fields.modules)];
    if (!modules.every((id) => known.has(id)))
      throw new Invalid("rounds:noModules", undefined, "modules");
    const round = await trx
      .insertInto("review_rounds")
      .values({
        id: uuidv7(),
        curriculum_id: curriculum.id,
        title: multilingual({ en: fields.titleEn, es: fields.titleEs }),
        question: multilingual({ en: fields.questionEn, es: fields.questionEs }),
        opens_at: fields.opens <= today ? at.toISOString() : `${fields.opens}T00:00:00.000Z`,
        closes_at: `${fields.closes}T23:59:59.999Z`,
        created_by: trainer.personId,
        created_at: at.toISOString(),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await trx
      .insertInto("review_round_modules")
      .values(modules.map((module_id) => ({ round_id: round.id, module_id })))
      .execute();
    await trx
      .updateTable("curricula")
      .set({ status: "in_review", updated_at: at.toISOString() })
      .where("id", "=", curriculum.id)
      .where("status", "=", "draft")
      .execute();
    await record(trx, {
      at,
      actor: auditActor(trainer, "trainer"),
      verb: "round.opened",
      subject: `round:${round.id}`,
      data: {
        curriculum: curriculum.slug,
        opens: round.opens_at,
        closes: round.closes_at,
        modules,
      },
    });
    return round;
  });
}

/** Closes an open round now, or takes back one that never opened. A closed one stays as it is. */
export async function closeRound(
  ctx: AppContext,
  actor: Actor,
  slug: string,
  roundId: string,
): Promise<void> {
  const { curriculum, trainer } = await curriculumAsTrainer(ctx.db, actor, slug);
  const at = ctx.clock();
  const now = at.toISOString();
  await ctx.db.transaction().execute(async (trx) => {
    const round = await trx
      .selectFrom("review_rounds")
      .selectAll()
      .where("id", "=", roundId)
      .where("curriculum_id", "=", curriculum.id)
      .executeTakeFirst();
    if (!round) throw new NotFound("rounds:notFound");
    if (round.closes_at <= now) throw new Conflict("rounds:alreadyClosed");
    const planned = round.opens_at >= now;
    if (planned) {
      await trx.deleteFrom("review_round_modules").where("round_id", "=", round.id).execute();
      await trx.deleteFrom("review_rounds").where("id", "=", round.id).execute();
    } else {
      const { numUpdatedRows } = await trx
        .updateTable("review_rounds")
        .set({ closes_at: now })
        .where("id", "=", round.id)
        .where("closes_at", "=", round.closes_at)
        .executeTakeFirst();
      if (Number(numUpdatedRows) === 0) throw new Conflict("rounds:alreadyClosed");
    }
    await record(trx, {
      at,
      actor: auditActor(trainer, "trainer"),
      verb: planned ? "round.cancelled" : "round.closed",
      subject: `round:${round.id}`,
      data: { curriculum: curriculum.slug, opens: round.opens_at, closes: round.closes_at },
    });
  });
}
