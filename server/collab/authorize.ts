import type { Kysely } from "kysely";
import { type Actor, holds, isPerson, worksOn } from "#app/features/people/people.ts";
import type { Database } from "#db/schema.ts";

/** What a socket may do. Decided when it opens, checked on every frame. */
export type SocketRole = "write" | "read";

export type Admitted = {
  ok: true;
  kind: "draft" | "workshop";
  role: SocketRole;
  personId: string;
  /** The name its words and its caret go under: in a workshop copy the one chosen there. */
  name: string;
  /** True for who answers for the text: nothing they take out is held back. */
  trusted: boolean;
  /** When it is to be asked again. */
  until: Date | undefined;
};

export type Admission = Admitted | { ok: false; status: 401 | 403 | 404 };

/**
 * Who may open a socket on a document. Trainers write its draft, and whoever else works on the
 * curriculum reads along once it has left `draft`. In a workshop copy its members write while it is
 * open, unless they only watch; they read it for good, and so does whoever works on the curriculum. A
 * member without an account is known by the key of their browser. A document nobody may see and one
 * that doesn't exist look the same. One query, by keys.
 */
export async function authorize(
  db: Kysely<Database>,
  actor: Actor | null,
  docId: string,
): Promise<Admission> {
  const key = actor?.personId ?? actor?.deviceKey;
  if (!actor || !key) return { ok: false, status: 401 };
  const no = (status: 403 | 404): Admission => ({
    ok: false,
    status: isPerson(actor) ? status : 401,
  });
  const document = await db
    .selectFrom("documents")
    .innerJoin("modules", "modules.id", "documents.module_id")
    .innerJoin("curricula", "curricula.id", "modules.curriculum_id")
    .leftJoin("workshops", "workshops.document_id", "documents.id")
    .leftJoin("workshop_members as member", (join) =>
      join
        .onRef("member.document_id", "=", "workshops.document_id")
        .on(isPerson(actor) ? "member.person_id" : "member.device_key", "=", key)
        .on("member.may", "<>", "none"),
    )
    .select([
      "documents.kind",
      "curricula.id as curriculum_id",
      "curricula.status",
      "workshops.status as workshop",
      "member.person_id",
      "member.name",
      "member.may",
    ])
    .where("documents.id", "=", docId)
    .executeTakeFirst();
  if (!document) return no(404);
  const { kind, curriculum_id, person_id, name } = document;
  const { until } = actor;
  const trains = holds(actor, "trainer", curriculum_id);
  if (person_id !== null && name !== null) {
    const role = document.workshop === "open" && document.may === "write" ? "write" : "read";
    const trusted = trains || holds(actor, "facilitator", curriculum_id);
    return { ok: true, kind, role, personId: person_id, name, trusted, until };
  }
  const hidden = kind === "draft" ? document.status === "draft" : document.workshop === null;
  const writes = trains && kind === "draft";
  if (hidden && !writes) return no(404);
  if (!isPerson(actor) || !worksOn(actor, curriculum_id)) return no(403);
  const role = writes ? "write" : "read";
  return { ok: true, kind, role, personId: actor.personId, name: actor.name, trusted: true, until };
}
