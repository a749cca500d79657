import { v7 as uuidv7 } from "uuid";
import type { AppContext } from "../../context.ts";
import { AppError, NotFound } from "../../errors.ts";
import type { Language } from "../../i18n/i18n.ts";
import { translator } from "../../i18n/language.server.ts";
import { record } from "../audit/audit.server.ts";
import type { Invitation, Person, Role } from "./people.ts";

const WEEK_IN_MINUTES = 7 * 24 * 60;

/**
 * Invites somebody by e-mail to a role, and mails them a link that signs them in. Inviting again
 * to the same role only mails again. The caller has checked that the actor is a steward.
 */
export async function invite(
  ctx: AppContext,
  actor: Person,
  invitation: Invitation,
  language: Language,
): Promise<void> {
  const { email, name, role } = invitation;
  const curriculumId = role === "steward" ? null : invitation.curriculumId;
  await ctx.db.transaction().execute(async (trx) => {
    // The log's head is locked first, so that inviting twice at once leaves one invitation.
    await record(trx, {
      at: ctx.clock(),
      actor: { role: "steward", name: actor.name },
      verb: "invitation.sent",
      subject: curriculumId ? `curriculum:${curriculumId}` : "installation",
      data: { role },
    });
    const open = await trx
      .selectFrom("invitations")
      .select("id")
      .where("email", "=", email)
      .where("role", "=", role)
      .where("curriculum_id", curriculumId ? "=" : "is", curriculumId)
      .where("accepted_at", "is", null)
      .executeTakeFirst();
    if (open) return;
    await trx
      .insertInto("invitations")
      .values({
        id: uuidv7(),
        email,
        name,
        curriculum_id: curriculumId,
        role,
        invited_by: actor.personId,
        created_at: ctx.clock().toISOString(),
        accepted_at: null,
      })
      .execute();
  });
  await mailInvitation(ctx, email, name, actor.name, language);
}

async function mailInvitation(
  ctx: AppContext,
  email: string,
  name: string,
  inviter: string,
  language: Language,
) {
  const t = translator(language);
  const token = await ctx.auth.createLink(email, name, WEEK_IN_MINUTES);
  const link = `${ctx.origin}/sign-in/link?token=${token}`;
  const mail = {
    to: email,
    subject: t("people:mail.invitation.subject"),
    text: t("people:mail.invitation.text", { name, inviter, link }),
  };
  try {
    await ctx.mailer.send(mail);
  } catch (error) {
    ctx.log.error("mail.failed", error);
    throw new AppError(503, "people:mail.failed");
  }
}

/** Invitations nobody has taken up yet: the only place where a steward sees an address. */
export async function listInvitations(ctx: AppContext) {
  const rows = await ctx.db
    .selectFrom("invitations")
    .leftJoin("curricula", "curricula.id", "invitations.curriculum_id")
    .select([
      "invitations.id",
      "invitations.email",
      "invitations.name",
      "invitations.role",
      "invitations.created_at as sentAt",
      "curricula.title",
    ])
    .where("invitations.accepted_at", "is", null)
    .orderBy("invitations.created_at", "desc")
    .execute();
  return rows.map(({ role, ...rest }) => ({ ...rest, role: role as Role }));
}

/** Takes back an invitation that nobody took up. */
export async function withdrawInvitation(
  ctx: AppContext,
  actor: Person,
  invitationId: string,
): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    await record(trx, {
      at: ctx.clock(),
      actor: { role: "steward", name: actor.name },
      verb: "invitation.withdrawn",
      subject: `invitation:${invitationId}`,
    });
    const { numDeletedRows } = await trx
      .deleteFrom("invitations")
      .where("id", "=", invitationId)
      .where("accepted_at", "is", null)
      .executeTakeFirst();
    if (Number(numDeletedRows) === 0) throw new NotFound();
  });
}

/**
 * Gives a person the roles they were invited to at this address, which they have shown to be
 * theirs. The address is then wiped from the invitation: it has served, and would name the person.
 */
export async function acceptInvitations(
  ctx: AppContext,
  personId: string,
  email: string,
): Promise<void> {
  const open = await ctx.db
    .selectFrom("invitations")
    .select(["id", "role", "curriculum_id", "invited_by"])
    .where("email", "=", email)
    .where("accepted_at", "is", null)
    .execute();
  for (const { id, role, curriculum_id, invited_by } of open) {
    const at = ctx.clock();
    await ctx.db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable("invitations")
        .set({ accepted_at: at.toISOString(), email: "" })
        .where("id", "=", id)
        .where("accepted_at", "is", null)
        .executeTakeFirst();
      if (Number(numUpdatedRows) === 0) return;
      await trx
        .insertInto("roles")
        .values({
          id: uuidv7(),
          person_id: personId,
          curriculum_id,
          role,
          granted_by: invited_by,
          granted_at: at.toISOString(),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await record(trx, {
        at,
        actor: { role: "resident", name: null },
        verb: "invitation.accepted",
        subject: `person:${personId}`,
        data: { role, curriculumId: curriculum_id },
      });
    });
  }
}
