import type { Kysely } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { AppContext, Collab } from "#app/context.ts";
import { createAnchor, locate } from "#app/document/anchors.ts";
import type { Hunk } from "#app/document/hunk.ts";
import type { DocJSON } from "#app/document/schema.ts";
import { createDraft } from "#app/features/drafts/drafts.server.ts";
import type { Kind, Status } from "#app/features/inputs/inputs.ts";
import type { CurriculumRole, Person } from "#app/features/people/people.ts";
import type { Database } from "#db/schema.ts";

/** A curriculum under review, with just what moderation and decisions touch. */
export type Review = Awaited<ReturnType<typeof openReview>>;

const TEXT: DocJSON = {
  type: "doc",
  content: [
    heading("h1", "Time, distance and words"),
    paragraph("p1", "Officers must act at once when a person in crisis does not answer."),
    paragraph("p2", "Speak slowly, and give the person room to move."),
    paragraph("p3", "Call the crisis team early."),
  ],
};

function heading(id: string, text: string) {
  return { type: "heading", attrs: { id, level: 2 }, content: [{ type: "text", text }] };
}

function paragraph(id: string, text: string) {
  return { type: "paragraph", attrs: { id }, content: [{ type: "text", text }] };
}

export async function openReview(db: Kysely<Database>, collab: Collab = {} as Collab) {
  let now = Date.parse("2026-03-02T09:00:00Z");
  const clock = () => new Date(now);
  /** Who sends a request is said in its `Person` header. */
  const auth = {
    session: async (headers: Headers) => {
      const accountId = headers.get("Person");
      return accountId ? { accountId, sessionId: accountId, since: clock() } : null;
    },
  };
  const ctx = {
    db,
    collab,
    clock,
    auth,
    origin: "http://groundwork.test",
  } as unknown as AppContext;
  const curriculumId = uuidv7();
  const slug = `review-${curriculumId}`;
  const at = clock().toISOString();
  await db
    .insertInto("curricula")
    .values({
      id: curriculumId,
      slug,
      title: '{"en":"Crisis response"}',
      summary: "{}",
      agency: "",
      jurisdiction: "",
      status: "in_review",
      licence: "CC-BY-4.0",
      owner: "",
      approver: "",
      effective_from: null,
      effective_to: null,
      adapted_from: "",
      minutes: null,
      created_at: at,
      updated_at: at,
    })
    .execute();
  const moduleId = uuidv7();
  await db
    .insertInto("modules")
    .values({
      id: moduleId,
      curriculum_id: curriculumId,
      slug: "time",
      position: 1,
      title: '{"en":"Time, distance and words"}',
      goal: "{}",
      audience: "",
      prerequisites: "",
      minutes: 60,
      mode: "in_person",
      max_students: null,
      facilities: "",
      equipment: "",
      safety_plan: "",
      content_warning: "{}",
      language: "en",
      created_at: at,
      updated_at: at,
    })
    .execute();
  const documentId = await db.transaction().execute((trx) =>
    createDraft(trx, {
      moduleId,
      language: "en",
      json: TEXT,
      author: { personId: null, via: "import" },
      clock,
    }),
  );

  async function person(name: string, ...roles: CurriculumRole[]): Promise<Person> {
    const personId = uuidv7();
    await db
      .insertInto("people")
      .values({ id: personId, account_id: personId, name, created_at: at })
      .execute();
    for (const role of roles)
      await db
        .insertInto("roles")
        .values({
          id: uuidv7(),
          person_id: personId,
          curriculum_id: curriculumId,
          role,
          granted_by: null,
          granted_at: at,
        })
        .execute();
    return {
      personId,
      name,
      steward: false,
      roles: roles.map((role) => ({ curriculumId, role })),
      deviceKey: null,
    };
  }

  async function input(
    given: {
      kind?: Kind;
      status?: Status;
      body?: string;
      language?: string;
      parent?: string;
      wholeCurriculum?: boolean;
      suggestion?: { block: string; base: string; proposed: string; hunk?: Hunk };
      /** Anchors it on these words of a block; needs the collaboration server. */
      quote?: { block: string; text: string };
    } = {},
  ): Promise<string> {
    const id = uuidv7();
    const status = given.status ?? "waiting";
    const kind = given.kind ?? (given.suggestion ? "suggestion" : "comment");
    await db
      .insertInto("inputs")
      .values({
        id,
        receipt: id.replaceAll("-", "").slice(-12).toUpperCase(),
        kind,
        parent_id: given.parent ?? null,
        curriculum_id: curriculumId,
        module_id: given.wholeCurriculum ? null : moduleId,
        document_id: given.wholeCurriculum ? null : documentId,
        round_id: null,
        channel: "web",
        language: given.language ?? "en",
        body: given.body ?? "My brother would not have understood the first order.",
        name: "A neighbour",
        status,
        submitted_at: at,
        submission_key: id,
      })
      .execute();
    if (given.suggestion)
      await db
        .insertInto("suggestions")
        .values({
          input_id: id,
          document_id: documentId,
          block_id: given.suggestion.block,
          base_text: given.suggestion.base,
          proposed_text: given.suggestion.proposed,
          status: status === "approved" ? "approved" : "open",
          applied_seq: null,
          hunk: given.suggestion.hunk ? JSON.stringify(given.suggestion.hunk) : null,
          hunk_key: given.suggestion.hunk?.key ?? null,
        })
        .execute();
    if (given.quote) await anchor(id, given.quote);
    return id;
  }

  /** A workshop copy of the draft, as far as other records name it; answers its id. */
  async function workshop(title: string): Promise<string> {
    const id = uuidv7();
    const { personId } = await person("Imani", "facilitator");
    await db
      .insertInto("documents")
      .values({
        id,
        kind: "workshop",
        module_id: moduleId,
        language: "en",
        forked_from: documentId,
        state: null,
        state_seq: 0,
        created_at: at,
      })
      .execute();
    await db
      .insertInto("workshops")
      .values({
        document_id: id,
        curriculum_id: curriculumId,
        round_id: null,
        title,
        status: "open",
        base: Buffer.alloc(0),
        base_seq: 0,
        join_code: null,
        join_token: null,
        opened_by: personId,
        opened_at: at,
        closed_at: null,
      })
      .execute();
    return id;
  }

  async function anchor(inputId: string, { block, text }: { block: string; text: string }) {
    const { doc } = await collab.read(documentId);
    const place = locate(doc, { blockId: block, quote: text });
    const found = place && createAnchor(doc, place);
    if (!found) throw new Error(`"${text}" isn't in ${block}`);
    await db
      .insertInto("anchors")
      .values({
        input_id: inputId,
        document_id: documentId,
        scope: "passage",
        start_pos: Buffer.from(found.startPos),
        end_pos: Buffer.from(found.endPos),
        block_id: found.blockId,
        quote: found.quote,
        prefix: found.prefix,
        suffix: found.suffix,
      })
      .execute();
  }

  return {
    ctx,
    db,
    curriculumId,
    slug,
    moduleId,
    documentId,
    person,
    input,
    workshop,
    /** Lets time pass. */
    wait(ms: number) {
      now += ms;
    },
    async statusOf(id: string) {
      const row = await db
        .selectFrom("inputs")
        .select("status")
        .where("id", "=", id)
        .executeTakeFirstOrThrow();
      return row.status as Status;
    },
    async suggestionOf(id: string) {
      return db
        .selectFrom("suggestions")
        .selectAll()
        .where("input_id", "=", id)
        .executeTakeFirstOrThrow();
    },
    eventsOf(id: string) {
      return db
        .selectFrom("moderation_events")
        .selectAll()
        .where("input_id", "=", id)
        .orderBy("seq")
        .execute();
    },
    auditOf(id: string) {
      return db
        .selectFrom("audit_events")
        .select(["verb", "actor", "data"])
        .where("subject", "=", `input:${id}`)
        .orderBy("seq")
        .execute();
    },
  };
}
