import type { Kysely, Selectable, Transaction } from "kysely";
import type { Database } from "#db/schema.ts";
import { Conflict, Forbidden, NotFound } from "../../errors.ts";
import { type Actor, holds, isPerson, type Person, worksOn } from "../people/people.ts";
import type { May, Status } from "./workshops.ts";

type Reads = Kysely<Database> | Transaction<Database>;

export type MemberRow = Selectable<Database["workshop_members"]>;

/** A workshop copy with what it is a copy of. */
export type Workshop = NonNullable<Awaited<ReturnType<typeof rowOf>>>;

/** Who somebody is in a workshop copy. */
export type Standing = {
  workshop: Workshop;
  /** Null for whoever works on the curriculum and hasn't joined. */
  member: MemberRow | null;
  /** Looks after it: a facilitator, or a trainer in a review round. */
  leads: boolean;
  may: May;
};

/**
 * Who this actor is in a workshop copy. Its members may look into it, and whoever works on the
 * curriculum. Throws NotFound for everybody else, as for one that doesn't exist. Two queries.
 */
export async function standingIn(db: Reads, actor: Actor, id: string): Promise<Standing> {
  const workshop = await rowOf(db, id);
  const member = workshop ? await memberOf(db, actor, id) : undefined;
  const isIn = member !== undefined && member.may !== "none";
  if (!workshop || !(isIn || worksOn(actor, workshop.curriculum_id)))
    throw new NotFound("workshops:errors.notFound");
  return {
    workshop,
    member: isIn ? member : null,
    leads: leads(actor, workshop),
    may: isIn && member.may === "write" ? "write" : "watch",
  };
}

/** The workshop copy for somebody who looks after it. Throws NotFound, or Forbidden. */
export async function leaderOf(
  db: Reads,
  actor: Actor,
  id: string,
): Promise<Standing & { leader: Person }> {
  const standing = await standingIn(db, actor, id);
  if (!standing.leads || !isPerson(actor)) throw new Forbidden("workshops:errors.notYours");
  return { ...standing, leader: actor };
}

export function leads(
  actor: Actor,
  { curriculum_id, round_id }: Pick<Workshop, "curriculum_id" | "round_id">,
): boolean {
  if (!isPerson(actor)) return false;
  if (holds(actor, "facilitator", curriculum_id)) return true;
  return round_id !== null && holds(actor, "trainer", curriculum_id);
}

/** In which role somebody leads, as the audit log names it. */
export function leadingRole(actor: Actor, curriculumId: string): "facilitator" | "trainer" {
  return holds(actor, "facilitator", curriculumId) ? "facilitator" : "trainer";
}

/** The member this actor is: by account, or by browser for whoever isn't signed in. */
export async function memberOf(
  db: Reads,
  { personId, deviceKey }: Actor,
  id: string,
): Promise<MemberRow | undefined> {
  const key = personId ?? deviceKey;
  if (!key) return undefined;
  return db
    .selectFrom("workshop_members")
    .selectAll()
    .where("document_id", "=", id)
    .where(personId ? "person_id" : "device_key", "=", key)
    .executeTakeFirst();
}

/**
 * Makes a workshop's row ours until the transaction ends: writing it locks it on PostgreSQL, as
 * SQLite's one writer does anyway. Throws Conflict once it is closed.
 */
export async function lockWorkshop(
  trx: Transaction<Database>,
  id: string,
): Promise<{ status: Status; base_seq: number }> {
  const row = await trx
    .updateTable("workshops")
    .set(({ ref }) => ({ status: ref("status") }))
    .where("document_id", "=", id)
    .returning(["status", "base_seq"])
    .executeTakeFirst();
  if (!row) throw new NotFound("workshops:errors.notFound");
  if (row.status === "closed") throw new Conflict("workshops:errors.closed");
  return { status: row.status as Status, base_seq: Number(row.base_seq) };
}

async function rowOf(db: Reads, id: string) {
  const row = await db
    .selectFrom("workshops")
    .innerJoin("documents", "documents.id", "workshops.document_id")
    .innerJoin("modules", "modules.id", "documents.module_id")
    .innerJoin("curricula", "curricula.id", "workshops.curriculum_id")
    .leftJoin("review_rounds", "review_rounds.id", "workshops.round_id")
    .select([
      "workshops.document_id as id",
      "workshops.curriculum_id",
      "workshops.round_id",
      "workshops.title",
      "workshops.status",
      "workshops.base_seq",
      "workshops.opened_at",
      "workshops.closed_at",
      "workshops.join_code",
      "workshops.join_token",
      "workshops.join_until",
      "documents.module_id",
      "documents.language",
      "documents.forked_from",
      "modules.slug as module_slug",
      "modules.title as module_title",
      "curricula.slug as curriculum_slug",
      "curricula.title as curriculum_title",
      "review_rounds.title as round_title",
    ])
    .where("workshops.document_id", "=", id)
    .executeTakeFirst();
  if (!row?.forked_from) return null;
  return { ...row, forked_from: row.forked_from, status: row.status as Status };
}
