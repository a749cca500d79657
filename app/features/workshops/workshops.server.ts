import type { AppContext } from "../../context.ts";
import { Conflict } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { colourOf } from "../people/colour.server.ts";
import { auditActor } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { proposalsIn } from "./proposals.server.ts";
import {
  leaderOf,
  leadingRole,
  lockWorkshop,
  type MemberRow,
  standingIn,
  type Workshop,
} from "./standing.server.ts";
import {
  type Action,
  type ListedWorkshop,
  type May,
  type Member,
  type Status,
  statusAfter,
  type WorkshopPage,
} from "./workshops.ts";

/**
 * Everything the page of a workshop copy shows besides its texts. Its members may look, and whoever
 * works on the curriculum; throws NotFound for all others. Eight small queries at most.
 */
export async function workshopOf(ctx: AppContext, actor: Actor, id: string): Promise<WorkshopPage> {
  const standing = await standingIn(ctx.db, actor, id);
  const { workshop, member, leads, may } = standing;
  const [members, proposals, held, draftMoved] = await Promise.all([
    membersOf(ctx, workshop),
    proposalsIn(ctx, standing),
    leads ? heldIn(ctx, id) : 0,
    movedSince(ctx, workshop),
  ]);
  return {
    id,
    title: workshop.title,
    status: workshop.status,
    language: workshop.language,
    openedAt: workshop.opened_at,
    closedAt: workshop.closed_at,
    curriculum: {
      id: workshop.curriculum_id,
      slug: workshop.curriculum_slug,
      title: workshop.curriculum_title,
    },
    module: {
      id: workshop.module_id,
      slug: workshop.module_slug,
      title: workshop.module_title,
    },
    round: roundIn(workshop),
    draftId: workshop.forked_from,
    baseSeq: Number(workshop.base_seq),
    draftMoved,
    members,
    me: { member: members.find((one) => one.id === member?.id) ?? null, leads, may },
    join: leads ? joinOf(ctx, workshop) : null,
    proposals,
    held,
  };
}

/**
 * The draft a workshop copy is compared with, as a Yjs update, for whoever may look into it. Some
 * 500 KB for a module of fifty pages.
 */
export async function baseFor(ctx: AppContext, actor: Actor, id: string): Promise<Uint8Array> {
  await standingIn(ctx.db, actor, id);
  const { base } = await ctx.db
    .selectFrom("workshops")
    .select("base")
    .where("document_id", "=", id)
    .executeTakeFirstOrThrow();
  return new Uint8Array(base);
}

/** Whether anything was written in the draft since the copy was last compared with it. */
async function movedSince(ctx: AppContext, { forked_from, base_seq }: Workshop): Promise<boolean> {
  const merged = await ctx.db
    .selectFrom("documents")
    .select("id")
    .where("id", "=", forked_from)
    .where("state_seq", ">", base_seq)
    .executeTakeFirst();
  if (merged) return true;
  const written = await ctx.db
    .selectFrom("doc_updates")
    .select("seq")
    .where("doc_id", "=", forked_from)
    .where("seq", ">", base_seq)
    .limit(1)
    .executeTakeFirst();
  return written !== undefined;
}

function roundIn({ round_id, round_title }: Workshop) {
  return round_id === null ? null : { id: round_id, title: round_title ?? "{}" };
}

function joinOf(ctx: AppContext, { join_code, join_token, join_until }: Workshop) {
  if (!join_code || !join_token || !join_until) return null;
  return { code: join_code, link: `${ctx.origin}/w/${join_token}`, until: join_until };
}

/** Who is in a workshop copy, by name. */
async function membersOf(ctx: AppContext, workshop: Workshop): Promise<Member[]> {
  const rows = await ctx.db
    .selectFrom("workshop_members")
    .selectAll()
    .where("document_id", "=", workshop.id)
    .where("may", "<>", "none")
    .orderBy("name")
    .orderBy("id")
    .execute();
  const leaders = await leadersAmong(ctx, workshop, rows);
  return rows.map((row) => ({
    id: row.id,
    personId: row.person_id,
    name: row.name,
    may: row.may as May,
    colour: colourOf(row.person_id),
    leads: leaders.has(row.person_id),
  }));
}

async function leadersAmong(
  ctx: AppContext,
  { curriculum_id, round_id }: Workshop,
  members: readonly MemberRow[],
): Promise<Set<string>> {
  if (members.length === 0) return new Set();
  const roles = round_id === null ? ["facilitator"] : ["facilitator", "trainer"];
  const rows = await ctx.db
    .selectFrom("roles")
    .select("person_id")
    .where("curriculum_id", "=", curriculum_id)
    .where("role", "in", roles)
    .execute();
  return new Set(rows.map(({ person_id }) => person_id));
}

async function heldIn(ctx: AppContext, id: string): Promise<number> {
  const { n } = await ctx.db
    .selectFrom("held_updates")
    .select((eb) => eb.fn.countAll().as("n"))
    .where("document_id", "=", id)
    .where("status", "=", "held")
    .executeTakeFirstOrThrow();
  return Number(n);
}

/**
 * The workshop copies of a curriculum, newest first: all of them for whoever works on it, for
 * anybody else those they joined. `module` narrows it to one module's.
 */
export async function workshopsOf(
  ctx: AppContext,
  actor: Actor,
  { curriculumId, moduleId }: { curriculumId: string; moduleId?: string },
): Promise<ListedWorkshop[]> {
  const worksHere = actor.steward || actor.roles.some((held) => held.curriculumId === curriculumId);
  const key = actor.personId ?? actor.deviceKey;
  if (!worksHere && !key) return [];
  let rows = ctx.db
    .selectFrom("workshops")
    .innerJoin("documents", "documents.id", "workshops.document_id")
    .innerJoin("modules", "modules.id", "documents.module_id")
    .select(({ selectFrom }) => [
      "workshops.document_id as id",
      "workshops.title",
      "workshops.status",
      "workshops.opened_at",
      "workshops.round_id",
      "workshops.curriculum_id",
      "modules.slug",
      "modules.title as module_title",
      selectFrom("workshop_members")
        .select((eb) => eb.fn.countAll().as("n"))
        .whereRef("workshop_members.document_id", "=", "workshops.document_id")
        .where("may", "<>", "none")
        .as("people"),
      selectFrom("held_updates")
        .select((eb) => eb.fn.countAll().as("n"))
        .whereRef("held_updates.document_id", "=", "workshops.document_id")
        .where("held_updates.status", "=", "held")
        .as("held"),
    ])
    .where("workshops.curriculum_id", "=", curriculumId)
    .orderBy("workshops.opened_at", "desc")
    .orderBy("workshops.document_id", "desc");
  if (moduleId) rows = rows.where("documents.module_id", "=", moduleId);
  if (!worksHere)
    rows = rows.where("workshops.document_id", "in", (eb) =>
      eb
        .selectFrom("workshop_members")
        .select("workshop_members.document_id")
        .where(actor.personId ? "person_id" : "device_key", "=", key)
        .where("may", "<>", "none"),
    );
  return (await rows.execute()).map((row) => ({
    id: row.id,
    title: row.title,
    status: row.status as Status,
    openedAt: row.opened_at,
    module: { slug: row.slug, title: row.module_title },
    people: Number(row.people),
    held: worksHere ? Number(row.held) : 0,
  }));
}

/** Pauses a workshop copy: nobody writes in it until `unfreeze`. */
export const freeze = (ctx: AppContext, actor: Actor, id: string) => move(ctx, actor, id, "freeze");

/** Lets people write again. */
export const unfreeze = (ctx: AppContext, actor: Actor, id: string) =>
  move(ctx, actor, id, "unfreeze");

/** Closes a workshop copy for good: nobody writes in it or joins it any more; it stays readable. */
export const close = (ctx: AppContext, actor: Actor, id: string) => move(ctx, actor, id, "close");

/** Throws Conflict when somebody was first. */
async function move(ctx: AppContext, actor: Actor, id: string, action: Action): Promise<void> {
  const { workshop, leader } = await leaderOf(ctx.db, actor, id);
  const at = ctx.clock();
  await ctx.db.transaction().execute(async (trx) => {
    const { status } = await lockWorkshop(trx, id);
    const to = statusAfter(status, action);
    if (!to || status !== workshop.status) throw new Conflict("workshops:errors.someoneWasFirst");
    await trx
      .updateTable("workshops")
      .set(
        to === "closed"
          ? {
              status: to,
              closed_at: at.toISOString(),
              join_code: null,
              join_token: null,
              join_until: null,
            }
          : { status: to },
      )
      .where("document_id", "=", id)
      .execute();
    await record(trx, {
      at,
      actor: auditActor(leader, leadingRole(leader, workshop.curriculum_id)),
      verb: `workshop.${to === "open" ? "unfrozen" : to}`,
      subject: `workshop:${id}`,
      data: { from: status, to },
    });
  });
  ctx.collab.recheck(id);
}
