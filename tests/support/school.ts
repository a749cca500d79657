import type { Kysely } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { AppContext } from "#app/context.ts";
import { createCurriculum } from "#app/features/curricula/curricula.server.ts";
import { curriculumForm, moduleForm } from "#app/features/curricula/curricula.ts";
import { ANONYMOUS, type CurriculumRole, type Person } from "#app/features/people/people.ts";
import type { Database } from "#db/schema.ts";
import { createCollab } from "#server/collab/collab.ts";
import { createFiles } from "#server/files.ts";

/** People who prepare training, over real rooms and files, with a clock that stands still. */
export async function openSchool(db: Kysely<Database>) {
  let now = Date.parse("2026-03-02T09:00:00.000Z");
  const clock = () => new Date(now);
  const log = { info() {}, error() {} };
  const collab = createCollab({ db, clock, log });
  const ctx = {
    db,
    collab,
    clock,
    log,
    files: createFiles({ timeMs: 60_000 }),
  } as unknown as AppContext;

  async function person(
    name: string,
    ...roles: { curriculumId: string; role: CurriculumRole }[]
  ): Promise<Person> {
    const personId = uuidv7();
    await db
      .insertInto("people")
      .values({ id: personId, account_id: null, name, created_at: clock().toISOString() })
      .execute();
    return { ...ANONYMOUS, personId, name, roles };
  }

  return {
    ctx,
    db,
    person,
    steward: { ...(await person("Sam Steward")), steward: true },
    /** Lets time pass, in milliseconds. */
    wait(ms: number) {
      now += ms;
    },
    /** A curriculum with its trainer; still being set up unless a status is given. */
    async curriculum(status: "draft" | "in_review" = "in_review") {
      const founder = { ...(await person("Tess Trainer")), steward: true };
      const curriculum = await createCurriculum(
        ctx,
        founder,
        curriculumForm.parse({ titleEn: `Crisis response ${uuidv7()}`, status }),
      );
      const trainer: Person = {
        ...founder,
        steward: false,
        roles: [{ curriculumId: curriculum.id, role: "trainer" }],
      };
      return { curriculum, slug: curriculum.slug, trainer };
    },
    async auditOf(subject: string) {
      const entries = await db
        .selectFrom("audit_events")
        .select(["verb", "actor", "data"])
        .where("subject", "=", subject)
        .orderBy("seq")
        .execute();
      return entries.map(({ verb, actor, data }) => ({
        verb,
        actor: JSON.parse(actor),
        data: JSON.parse(data),
      }));
    },
    close: () => collab.close(),
  };
}

export type School = Awaited<ReturnType<typeof openSchool>>;

/** A module's fields, all defaults but these. */
export const moduleFields = (fields: Record<string, unknown> = {}) =>
  moduleForm.parse({ titleEn: "Time and distance", ...fields });
