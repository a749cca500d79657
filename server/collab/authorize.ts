import type { Kysely } from "kysely";
import { type Actor, holds, isPerson, worksOn } from "#app/features/people/people.ts";
import type { Database } from "#db/schema.ts";

/** What a socket may do. Decided when it opens, checked on every frame. */
export type SocketRole = "write" | "read";

export type Admission =
  | { ok: true; role: SocketRole; personId: string; name: string; until: Date | undefined }
  | { ok: false; status: 401 | 403 | 404 };

/**
 * Who may open a socket on a document. Trainers write its draft; whoever else works on the
 * curriculum reads along, once it has left `draft`. A document nobody may see and one that
 * doesn't exist look the same.
 */
export async function authorize(
  db: Kysely<Database>,
  actor: Actor | null,
  docId: string,
): Promise<Admission> {
  if (!actor || !isPerson(actor)) return { ok: false, status: 401 };
  const document = await db
    .selectFrom("documents")
    .innerJoin("modules", "modules.id", "documents.module_id")
    .innerJoin("curricula", "curricula.id", "modules.curriculum_id")
    .select(["documents.kind", "curricula.id as curriculum_id", "curricula.status"])
    .where("documents.id", "=", docId)
    .executeTakeFirst();
  if (document?.kind !== "draft") return { ok: false, status: 404 };
  const { personId, name, until } = actor;
  if (holds(actor, "trainer", document.curriculum_id)) {
    return { ok: true, role: "write", personId, name, until };
  }
  if (document.status === "draft") return { ok: false, status: 404 };
  if (!worksOn(actor, document.curriculum_id)) return { ok: false, status: 403 };
  return { ok: true, role: "read", personId, name, until };
}
