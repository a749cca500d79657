import { v7 as uuidv7 } from "uuid";
import type { AppContext, RequestContext } from "../../context.ts";
import { AppError, Conflict, Forbidden, Invalid, NotFound } from "../../errors.ts";
import type { Language } from "../../i18n/i18n.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import { translator } from "../../i18n/language.server.ts";
import { record } from "../audit/audit.server.ts";
import { hourOf } from "../inputs/inputs.ts";
import { auditActor } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { newJoin } from "./open.server.ts";
import { leaderOf, leadingRole, lockWorkshop, memberOf } from "./standing.server.ts";
import { type JoinFields, MAX_MEMBERS, type May } from "./workshops.ts";

/** What a code or a link leads to, as far as somebody may know who hasn't joined. */
export type Invited = {
  id: string;
  title: string;
  moduleTitle: string;
  /** The name this actor has in it already. */
  name: string | null;
};

type Key = Pick<JoinFields, "code" | "token">;

/**
 * The workshop copy that a code or the part of a link opens. A wrong one, one that has ended and one
 * of a closed copy are answered alike: NotFound. Counts as a try; throws TooMany.
 */
export async function invitedTo(ctx: RequestContext, actor: Actor, key: Key): Promise<Invited> {
  await ctx.limits.hit("join", ctx.clientKey);
  const found = await opened(ctx, key);
  const member = await memberOf(ctx.db, actor, found.id);
  return {
    id: found.id,
    title: found.title,
    moduleTitle: found.module_title,
    name: member && member.may !== "none" ? member.name : null,
  };
}

/**
 * Joins a workshop copy by its code or link, under a chosen name, to write in it. Nobody needs an
 * account: without one a person is known by their browser's key alone, here and nowhere else. Who
 * has joined already stays who they are. Throws NotFound as `invitedTo`, Forbidden for whoever was
 * taken out, Conflict when it is full, TooMany.
 */
export async function join(
  ctx: RequestContext,
  actor: Actor,
  { name, ...key }: JoinFields,
): Promise<{ id: string; memberId: string }> {
  await ctx.limits.hit("join", ctx.clientKey);
  const { id } = await opened(ctx, key);
  await ctx.limits.hit("joined", id);
  if (!actor.personId && !actor.deviceKey) throw new Invalid("inputs:errors.noDevice");
  // The hour alone: an exact time could tell who came through the door.
  const at = hourOf(ctx.clock());
  const newId = () => uuidv7({ msecs: at.getTime() });
  const member = await ctx.db.transaction().execute(async (trx) => {
    await lockWorkshop(trx, id);
    const known = await memberOf(trx, actor, id);
    if (known?.may === "none") throw new Forbidden("workshops:errors.takenOut");
    if (known) return { memberId: known.id, isNew: false };
    const { n } = await trx
      .selectFrom("workshop_members")
      .select((eb) => eb.fn.countAll().as("n"))
      .where("document_id", "=", id)
      // Whoever was taken out leaves room for another.
      .where("may", "<>", "none")
      .executeTakeFirstOrThrow();
    if (Number(n) >= MAX_MEMBERS) throw new Conflict("workshops:errors.full");
    const personId = actor.personId ?? newId();
    if (!actor.personId)
      await trx
        .insertInto("people")
        .values({ id: personId, account_id: null, name, created_at: at.toISOString() })
        .execute();
    const memberId = newId();
    await trx
      .insertInto("workshop_members")
      .values({
        id: memberId,
        document_id: id,
        person_id: personId,
        device_key: actor.personId ? null : actor.deviceKey,
        name,
        may: "write",
        joined_at: at.toISOString(),
      })
      .execute();
    await record(trx, {
      at,
      actor: { role: "resident", name: null },
      verb: "workshop.joined",
      subject: `workshop:${id}`,
    });
    return { memberId, isNew: true };
  });
  if (member.isNew) ctx.collab.recheck(id);
  return { id, memberId: member.memberId };
}

async function opened(ctx: AppContext, { code, token }: Key) {
  const found = await ctx.db
    .selectFrom("workshops")
    .innerJoin("documents", "documents.id", "workshops.document_id")
    .innerJoin("modules", "modules.id", "documents.module_id")
    .select(["workshops.document_id as id", "workshops.title", "modules.title as module_title"])
    .where(token === null ? "join_code" : "join_token", "=", token ?? code ?? "")
    .where("join_until", ">", ctx.clock().toISOString())
    .where("workshops.status", "<>", "closed")
    .executeTakeFirst();
  if (!found) throw new NotFound("workshops:errors.noSuchCode");
  return found;
}

/**
 * Mails the link to somebody, for whoever leads. The address isn't kept, and nothing tells whether
 * somebody here has it. Throws Conflict once the link lets nobody in any more.
 */
export async function invite(
  ctx: RequestContext,
  actor: Actor,
  id: string,
  email: string,
  language: Language,
): Promise<void> {
  const { workshop, leader } = await leaderOf(ctx.db, actor, id);
  const { join_token, join_until } = workshop;
  if (!join_token || !join_until) throw new Conflict("workshops:errors.closed");
  if (join_until <= ctx.clock().toISOString()) throw new Conflict("workshops:errors.linkEnded");
  await ctx.limits.hit("account", ctx.hash("address", email));
  const t = translator(language);
  const words = {
    title: workshop.title,
    module: inLanguage(workshop.module_title, language),
    inviter: leader.name,
    link: `${ctx.origin}/w/${join_token}`,
  };
  await ctx.db.transaction().execute((trx) =>
    record(trx, {
      at: ctx.clock(),
      actor: auditActor(leader, leadingRole(leader, workshop.curriculum_id)),
      verb: "workshop.invited",
      subject: `workshop:${id}`,
    }),
  );
  try {
    await ctx.mailer.send({
      to: email,
      subject: t("workshops:mail.subject", words),
      text: t("workshops:mail.text", words),
    });
  } catch (error) {
    ctx.log.error("mail.failed", error);
    throw new AppError(503, "people:mail.failed");
  }
}

/** Makes a new code and a new link, for whoever leads; the old ones let nobody in any more. */
export async function rotateCode(ctx: AppContext, actor: Actor, id: string): Promise<void> {
  const { workshop, leader } = await leaderOf(ctx.db, actor, id);
  const at = ctx.clock();
  await ctx.db.transaction().execute(async (trx) => {
    await lockWorkshop(trx, id);
    await trx.updateTable("workshops").set(newJoin(at)).where("document_id", "=", id).execute();
    await record(trx, {
      at,
      actor: auditActor(leader, leadingRole(leader, workshop.curriculum_id)),
      verb: "workshop.code_renewed",
      subject: `workshop:${id}`,
    });
  });
}

/** Lets a member write, or only read along; for whoever leads. Their open page knows at once. */
export const setMay = (
  ctx: AppContext,
  actor: Actor,
  id: string,
  { memberId, may }: { memberId: string; may: May },
) => change(ctx, actor, id, memberId, may);

/**
 * Takes a member out, for whoever leads: they neither write nor look any more, and can't join again
 * as who they were. What they wrote stays, under their name.
 */
export const removeMember = (ctx: AppContext, actor: Actor, id: string, memberId: string) =>
  change(ctx, actor, id, memberId, "none");

async function change(
  ctx: AppContext,
  actor: Actor,
  id: string,
  memberId: string,
  may: May | "none",
): Promise<void> {
  const { workshop, leader } = await leaderOf(ctx.db, actor, id);
  await ctx.db.transaction().execute(async (trx) => {
    await lockWorkshop(trx, id);
    const { numUpdatedRows } = await trx
      .updateTable("workshop_members")
      .set({ may })
      .where("id", "=", memberId)
      .where("document_id", "=", id)
      .where("may", "<>", "none")
      .executeTakeFirst();
    if (Number(numUpdatedRows) === 0) throw new NotFound("workshops:errors.noMember");
    await record(trx, {
      at: ctx.clock(),
      actor: auditActor(leader, leadingRole(leader, workshop.curriculum_id)),
      verb: may === "none" ? "workshop.member_removed" : "workshop.member_changed",
      subject: `workshop:${id}`,
      data: may === "none" ? { member: memberId } : { member: memberId, may },
    });
  });
  ctx.collab.recheck(id);
}
