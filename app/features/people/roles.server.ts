import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { AppContext } from "../../context.ts";
import { Conflict, NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import type { Grant, Person, Role } from "./people.ts";

/**
 * Gives a person a role. Giving it twice changes nothing. The caller has checked that the actor is
 * a steward. Open sockets are closed, so that the editor comes back with the new right.
 */
export async function grantRole(ctx: AppContext, actor: Person, grant: Grant): Promise<void> {
  const { personId, role } = grant;
  const curriculumId = role === "steward" ? null : grant.curriculumId;
  const person = await ctx.db
    .selectFrom("people")
    .select("id")
    .where("id", "=", personId)
    .executeTakeFirst();
  if (!person) throw new NotFound();
  await ctx.db.transaction().execute(async (trx) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto("roles")
      .values({
        id: uuidv7(),
        person_id: personId,
        curriculum_id: curriculumId,
        role,
        granted_by: actor.personId,
        granted_at: ctx.clock().toISOString(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (Number(numInsertedOrUpdatedRows) === 0) return;
    await record(trx, {
      at: ctx.clock(),
      actor: { role: "steward", name: actor.name },
      verb: "role.granted",
      subject: `person:${personId}`,
      data: { role, curriculumId },
    });
  });
  ctx.collab.disconnect(personId);
}

/** Takes a role away and closes the person's open sockets. The last steward stays. */
export async function revokeRole(ctx: AppContext, actor: Person, roleId: string): Promise<void> {
  const personId = await ctx.db.transaction().execute(async (trx) => {
    const held = await trx
      .selectFrom("roles")
      .select(["person_id", "role", "curriculum_id"])
      .where("id", "=", roleId)
      .executeTakeFirst();
    if (!held) throw new NotFound();
    // Recording first locks the log's head: two stewards can't remove each other at once.
    await record(trx, {
      at: ctx.clock(),
      actor: { role: "steward", name: actor.name },
      verb: "role.revoked",
      subject: `person:${held.person_id}`,
      data: { role: held.role, curriculumId: held.curriculum_id },
    });
    if (held.role === "steward") {
      const { n } = await trx
        .selectFrom("roles")
        .select((eb) => eb.fn.countAll().as("n"))
        .where("role", "=", "steward")
        .executeTakeFirstOrThrow();
      if (Number(n) <= 1) throw new Conflict("people:lastSteward");
    }
    const { numDeletedRows } = await trx
      .deleteFrom("roles")
      .where("id", "=", roleId)
      .executeTakeFirst();
    if (Number(numDeletedRows) === 0) throw new NotFound();
    return held.person_id;
  });
  ctx.collab.disconnect(personId);
}

export type HeldRole = {
  id: string;
  role: Role;
  curriculumId: string | null;
  title: string | null;
};
export type Listed = { id: string; name: string; roles: HeldRole[] };

/**
 * Who holds which role where, by chosen name; never an address. `search` looks in names, `all`
 * includes people without a role. Cost: two queries; at most 200 people, with how many there are.
 */
export async function listPeople(
  ctx: AppContext,
  { search = "", all = false }: { search?: string; all?: boolean } = {},
): Promise<{ people: Listed[]; total: number }> {
  let matching = ctx.db.selectFrom("people");
  if (search) {
    const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
    matching = matching.where(sql<boolean>`lower(people.name) like ${pattern} escape '\\'`);
  }
  if (!all && !search)
    matching = matching.where("people.id", "in", (eb) =>
      eb.selectFrom("roles").select("roles.person_id"),
    );
  const { n } = await matching.select((eb) => eb.fn.countAll().as("n")).executeTakeFirstOrThrow();
  const people = await matching
    .select(["people.id", "people.name"])
    .orderBy("people.name")
    .orderBy("people.id")
    .limit(200)
    .execute();
  if (people.length === 0) return { people: [], total: 0 };
  const ids = people.map(({ id }) => id);
  const roles = await heldRoles(ctx).where("roles.person_id", "in", ids).execute();
  return {
    total: Number(n),
    people: people.map((person) => ({
      ...person,
      roles: roles
        .filter(({ person_id }) => person_id === person.id)
        .map(({ person_id, role, ...rest }) => ({ ...rest, role: role as Role })),
    })),
  };
}

/** The roles one person holds, with the curricula's titles. */
export async function rolesOf(ctx: AppContext, personId: string): Promise<HeldRole[]> {
  const rows = await heldRoles(ctx).where("roles.person_id", "=", personId).execute();
  return rows.map(({ person_id, role, ...rest }) => ({ ...rest, role: role as Role }));
}

/** A role that can be taken away, with whose it is. Throws NotFound. */
export async function roleToRevoke(ctx: AppContext, roleId: string) {
  const row = await heldRoles(ctx)
    .innerJoin("people", "people.id", "roles.person_id")
    .select("people.name")
    .where("roles.id", "=", roleId)
    .executeTakeFirst();
  if (!row) throw new NotFound();
  return { name: row.name, role: row.role as Role, title: row.title };
}

function heldRoles(ctx: AppContext) {
  return ctx.db
    .selectFrom("roles")
    .leftJoin("curricula", "curricula.id", "roles.curriculum_id")
    .select([
      "roles.id",
      "roles.person_id",
      "roles.role",
      "roles.curriculum_id as curriculumId",
      "curricula.title",
    ])
    .orderBy("roles.granted_at")
    .orderBy("roles.id");
}

/** The curricula a role can be held in, for the forms. */
export function curriculaForRoles(ctx: AppContext) {
  return ctx.db.selectFrom("curricula").select(["id", "title"]).orderBy("slug").execute();
}
