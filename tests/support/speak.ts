import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { RequestContext } from "#app/context.ts";
import {
  type SayForm,
  type SuggestForm,
  sayForm,
  suggestForm,
} from "#app/features/inputs/inputs.ts";
import { type Actor, ANONYMOUS } from "#app/features/people/people.ts";
import type { Database } from "#db/schema.ts";
import type { CollabServer } from "#server/collab/collab.ts";
import { createLimits } from "#server/limits.ts";
import { openReview } from "./review.ts";

/** The paragraphs of the draft that `openReview` lays out. */
export const P1 = "Officers must act at once when a person in crisis does not answer.";
export const P2 = "Speak slowly, and give the person room to move.";

/** A curriculum that is open for comments, and residents who have something to say. */
export async function openConsultation(db: Kysely<Database>, collab: CollabServer) {
  const review = await openReview(db, collab);
  const ctx = {
    ...review.ctx,
    auth: { session: async () => null },
    limits: createLimits(),
    hash: (purpose: string, ...parts: string[]) =>
      createHash("sha256")
        .update([purpose, ...parts].join("\0"))
        .digest("base64url"),
    origin: "http://groundwork.test",
    log: { info() {}, error() {} },
    nonce: "",
    clientKey: uuidv7(),
  } as unknown as RequestContext;
  const opener = await review.person("Tess Trainer", "trainer");
  const roundId = uuidv7();
  await db
    .insertInto("review_rounds")
    .values({
      id: roundId,
      curriculum_id: review.curriculumId,
      title: '{"en":"Spring"}',
      question: '{"en":"What is missing?"}',
      opens_at: "2026-03-01T00:00:00.000Z",
      closes_at: "2026-03-31T23:59:59.999Z",
      created_by: opener.personId,
      created_at: "2026-03-01T00:00:00.000Z",
    })
    .execute();
  await db
    .insertInto("review_round_modules")
    .values({ round_id: roundId, module_id: review.moduleId })
    .execute();

  const where = { curriculum: review.slug, module: "time" };
  return {
    ...review,
    ctx,
    roundId,
    trainer: opener,
    where,
    /** The words of a form as it arrives, with a key of its own. */
    say: (fields: Record<string, unknown> = {}): SayForm & typeof where => ({
      ...where,
      ...sayForm.parse({
        kind: "comment",
        body: "It was different for us.",
        key: uuidv7(),
        ...fields,
      }),
    }),
    suggest: (fields: Record<string, unknown> = {}): SuggestForm & typeof where => ({
      ...where,
      ...suggestForm.parse({
        kind: "suggestion",
        block: "p1",
        base: P1,
        proposed: P1.replace("at once", "with care"),
        body: "Silence is not refusal.",
        key: uuidv7(),
        ...fields,
      }),
    }),
    async approve(id: string) {
      await db.updateTable("inputs").set({ status: "approved" }).where("id", "=", id).execute();
    },
    draft: async () => ({
      documentId: review.documentId,
      view: await collab.read(review.documentId),
      module: { id: review.moduleId },
      curriculum: { id: review.curriculumId },
    }),
    row: (id: string) =>
      db.selectFrom("inputs").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
  };
}

export type Consultation = Awaited<ReturnType<typeof openConsultation>>;

/** Somebody known by their browser alone. */
export const browser = (deviceKey: string): Actor => ({ ...ANONYMOUS, deviceKey });
