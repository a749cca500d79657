import { randomBytes } from "node:crypto";
import { redirect } from "@remix-run/node";
import { v7 as uuidv7 } from "uuid";
import type { AppContext } from "../../context.ts";
import { Forbidden } from "../../errors.ts";
import type { Language } from "../../i18n/i18n.ts";
import { translator } from "../../i18n/language.server.ts";
import { record } from "../audit/audit.server.ts";
import { acceptInvitations } from "./invitations.server.ts";
import {
  type Actor,
  ANONYMOUS,
  type CurriculumRole,
  holds,
  isPerson,
  type Person,
  type Role,
} from "./people.ts";

/** Who sends this request: session, person, roles, device. Cost: two queries when signed in, else none. */
export async function actorOf(ctx: AppContext, request: Request): Promise<Actor> {
  const deviceKey = deviceOf(ctx, request);
  const session = await ctx.auth.session(request.headers);
  if (!session) return { ...ANONYMOUS, deviceKey };
  let rows = await rowsOf(ctx, session.accountId);
  if (rows.length === 0) {
    await ensurePerson(ctx, session.accountId);
    rows = await rowsOf(ctx, session.accountId);
  }
  const [first] = rows;
  if (!first) return { ...ANONYMOUS, deviceKey };
  return {
    personId: first.id,
    name: first.name,
    steward: rows.some(({ role }) => role === "steward"),
    roles: rows.flatMap(({ curriculum_id, role }) =>
      curriculum_id ? [{ curriculumId: curriculum_id, role: role as CurriculumRole }] : [],
    ),
    deviceKey,
    until: session.until,
  };
}

function rowsOf(ctx: AppContext, accountId: string) {
  return ctx.db
    .selectFrom("people")
    .leftJoin("roles", "roles.person_id", "people.id")
    .select(["people.id", "people.name", "roles.role", "roles.curriculum_id"])
    .where("people.account_id", "=", accountId)
    .execute();
}

/** The person who sends this request; whoever isn't signed in is sent to do so, and brought back. */
export async function requirePerson(ctx: AppContext, request: Request): Promise<Person> {
  const actor = await actorOf(ctx, request);
  if (isPerson(actor)) return actor;
  const { pathname, search } = new URL(request.url);
  throw redirect(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}

/** The actor as a person who holds the role (or one of several) here. Throws Forbidden. */
export function requireRole(
  actor: Actor,
  role: CurriculumRole | readonly CurriculumRole[],
  curriculumId: string,
): Person {
  if (!isPerson(actor)) throw new Forbidden("people:signInFirst");
  const allowed = [role].flat().some((one) => holds(actor, one as CurriculumRole, curriculumId));
  if (!allowed) throw new Forbidden();
  return actor;
}

/** The actor as a steward. Throws Forbidden. */
export function requireSteward(actor: Actor): Person {
  if (!isPerson(actor)) throw new Forbidden("people:signInFirst");
  if (!actor.steward) throw new Forbidden();
  return actor;
}

/** How the audit log names who did something: the role it was done in, and the chosen name. */
export function auditActor(actor: Actor, role: Role | "resident") {
  return { role, name: actor.name };
}

/**
 * The person behind an account, made at its first sign-in; then takes up the invitations that wait
 * for its address. Called at every sign-in; safe to call twice at once. `joined` says it was the first.
 */
export async function ensurePerson(
  ctx: AppContext,
  accountId: string,
  language: Language = "en",
): Promise<{ personId: string; joined: boolean }> {
  const account = await ctx.auth.account(accountId);
  if (!account) throw new Forbidden("people:signInFirst");
  const person = await ctx.db.transaction().execute(async (trx) => {
    const id = uuidv7();
    const added = await trx
      .insertInto("people")
      .values({
        id,
        account_id: accountId,
        name: account.name || translator(language)("people:unnamed"),
        created_at: ctx.clock().toISOString(),
      })
      .onConflict((conflict) => conflict.column("account_id").doNothing())
      .executeTakeFirst();
    if (Number(added.numInsertedOrUpdatedRows) > 0) {
      // No name: the log must not tie an account's names to one another.
      await record(trx, {
        at: ctx.clock(),
        actor: { role: "resident", name: null },
        verb: "person.joined",
        subject: `person:${id}`,
      });
      return { personId: id, joined: true };
    }
    const known = await trx
      .selectFrom("people")
      .select("id")
      .where("account_id", "=", accountId)
      .executeTakeFirstOrThrow();
    return { personId: known.id, joined: false };
  });
  if (account.verified) await acceptInvitations(ctx, person.personId, account.email);
  return person;
}

/** Changes the name a person shows. What they signed before keeps the name it was signed with. */
export async function rename(ctx: AppContext, actor: Person, name: string): Promise<void> {
  if (name === actor.name) return;
  await ctx.db.transaction().execute(async (trx) => {
    await trx.updateTable("people").set({ name }).where("id", "=", actor.personId).execute();
    await record(trx, {
      at: ctx.clock(),
      actor: { role: "resident", name: null },
      verb: "person.renamed",
      subject: `person:${actor.personId}`,
    });
  });
  ctx.collab.disconnect(actor.personId);
}

const YEAR = 365 * 24 * 60 * 60;
const isSecure = (ctx: AppContext) => ctx.origin.startsWith("https:");
const deviceCookie = (ctx: AppContext) => `${isSecure(ctx) ? "__Host-" : ""}gw_device`;

/** The key of this browser, or null when it has none yet. It doesn't lead back to the cookie. */
export function deviceOf(ctx: AppContext, request: Request): string | null {
  const name = deviceCookie(ctx);
  for (const pair of (request.headers.get("Cookie") ?? "").split(";")) {
    const [key, value = ""] = pair.trim().split("=");
    if (key === name && /^[\w-]{32}$/.test(value)) return ctx.hash("device", value);
  }
  return null;
}

/** Gives a browser a key: use `deviceKey` now, and send `cookie` as Set-Cookie with the answer. */
export function setDevice(ctx: AppContext): { deviceKey: string; cookie: string } {
  const value = randomBytes(24).toString("base64url");
  const secure = isSecure(ctx) ? "; Secure" : "";
  return {
    deviceKey: ctx.hash("device", value),
    cookie: `${deviceCookie(ctx)}=${value}; Path=/; Max-Age=${YEAR}; HttpOnly; SameSite=Lax${secure}`,
  };
}
