import type { LoaderFunctionArgs } from "@remix-run/node";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { applyText } from "#app/document/apply.ts";
import { decide } from "#app/features/decisions/decisions.server.ts";
import type { Person } from "#app/features/people/people.ts";
import * as task from "#app/routes/curricula.$slug.decisions.$input.tsx";
import * as undo from "#app/routes/curricula.$slug.decisions.$input_.undo.tsx";
import * as several from "#app/routes/curricula.$slug.decisions.several.tsx";
import * as rescues from "#app/routes/curricula.$slug.modules.$module.rescues.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { openReview, type Review } from "#tests/support/review.ts";

const P3 = "Call the crisis team early.";
const FIRST = "Call the crisis team first.";

describe("the pages for adopting and taking back", () => {
  let at: TestDatabase;
  let collab: CollabServer;
  let review: Review;
  let mo: Person;
  let tess: Person;
  let theo: Person;

  beforeAll(async () => {
    at = await DATABASES[0].open();
    collab = createCollab({ db: at.db, clock: () => new Date(), log: { info() {}, error() {} } });
  });
  beforeEach(async () => {
    review = await openReview(at.db, collab);
    mo = await review.person("Mo", "moderator");
    tess = await review.person("Tess", "trainer");
    theo = await review.person("Theo", "trainer");
  });
  afterAll(async () => {
    await collab.close();
    await at.close();
  });

  /** Calls a loader or an action; answers with its status, where it leads, and what it says. */
  async function ask(
    handler: (args: LoaderFunctionArgs) => Promise<unknown>,
    person: Person | null,
    {
      form,
      input = "",
      search = "",
    }: { form?: [string, string][]; input?: string; search?: string } = {},
  ) {
    const request = new Request(`http://groundwork.test/curricula/here${search}`, {
      method: form ? "POST" : "GET",
      headers: person ? { Person: person.personId } : {},
      body: form ? new URLSearchParams(form) : null,
    });
    const args = {
      params: { slug: review.slug, input, module: "time" },
      context: review.ctx,
      request,
    };
    const answer = await handler(args as unknown as LoaderFunctionArgs).catch((thrown) => thrown);
    if (answer instanceof Error) throw answer;
    if (answer instanceof Response)
      return { status: answer.status, to: answer.headers.get("Location") ?? "", data: null };
    const { type, data, init } = answer as { type?: string; data?: unknown; init?: ResponseInit };
    if (type === "DataWithResponseInit") return { status: init?.status ?? 200, to: "", data };
    return { status: 200, to: "", data: answer };
  }

  const suggest = (proposed = FIRST) =>
    review.input({ status: "approved", suggestion: { block: "p3", base: P3, proposed } });
  const adopted = async () => {
    const input = await suggest();
    await decide(review.ctx, tess, { inputId: input, outcome: "adopted", reason: "Yes." });
    const { decision_id } = await at.db
      .selectFrom("decision_inputs")
      .select("decision_id")
      .where("input_id", "=", input)
      .executeTakeFirstOrThrow();
    return { input, decisionId: decision_id };
  };
  const rewrite = (base: string, proposed: string) =>
    collab.edit(review.documentId, { personId: theo.personId, via: "test" }, (doc) =>
      applyText(doc, { blockId: "p3", base, proposed }),
    );
  const reason: [string, string] = ["reason", "The group is right."];

  it("are for trainers who are signed in", async () => {
    const { input, decisionId } = await adopted();
    const forms = [
      { handler: several.loader },
      { handler: several.action, form: [["input", input], reason] as [string, string][] },
      { handler: undo.loader },
      { handler: undo.action, form: [["decisionId", decisionId], reason] as [string, string][] },
    ];
    for (const { handler, form } of forms) {
      const given = form ? { form, input } : { input };
      expect(await ask(handler, null, given)).toMatchObject({ status: 302 });
      expect(await ask(handler, mo, given)).toMatchObject({ status: 403 });
    }
  });

  it("show the picked ones, and tell what became of each", async () => {
    const [one, other] = [await suggest(), await suggest("Call the crisis team at once.")];
    const page = await ask(several.loader, tess, { search: `?input=${one}&input=${other}` });
    expect(page.data).toMatchObject({ items: [{ id: one }, { id: other }] });
    const form: [string, string][] = [
      ["input", one],
      ["input", other],
    ];
    expect(await ask(several.action, tess, { form })).toMatchObject({
      status: 422,
      data: { form: { error: { reason: ["decisions:reasonMissing"] } }, results: null },
    });
    expect(await ask(several.action, tess, { form: [...form, reason] })).toMatchObject({
      status: 200,
      data: {
        results: [
          { inputId: one, status: "adopted", href: `/inputs/${one}` },
          { inputId: other, status: "conflict" },
        ],
      },
    });
  });

  it("bring a held form back as it was typed, with who writes there", async () => {
    const inputId = await suggest("");
    review.ctx.collab = {
      ...collab,
      carets: async () => [{ personId: theo.personId, blockId: "p3" }],
    };
    const form: [string, string][] = [["inputId", inputId], ["outcome", "adopted"], reason];
    expect(await ask(task.action, tess, { form })).toMatchObject({
      status: 409,
      data: { held: ["Theo"], initialValue: { outcome: "adopted", reason: reason[1] } },
    });
  });

  it("take a change back, or say what stands in the way", async () => {
    const { input, decisionId } = await adopted();
    const send = (...more: [string, string][]) =>
      ask(undo.action, tess, { input, form: [["decisionId", decisionId], ...more] });
    expect(await send()).toMatchObject({ status: 422 });
    await rewrite(FIRST, FIRST.replace("first", "last"));
    expect(await send(reason)).toMatchObject({
      status: 409,
      data: { stuck: true, error: { "": ["decisions:undo.conflictTitle"] } },
    });
    await rewrite(FIRST.replace("first", "last"), FIRST);
    expect(await send(reason)).toMatchObject({
      status: 302,
      to: `/curricula/${review.slug}/decisions/${input}?undone=1`,
    });
    expect(await send(reason)).toMatchObject({
      status: 409,
      data: { error: { "": ["decisions:undo.someoneWasFirst"] } },
    });
    const { data } = await ask(task.loader, tess, { input, search: "?undone=1" });
    expect(data).toMatchObject({
      undone: true,
      input: { decision: { outcome: "adopted", undone: { reason: reason[1], by: "Tess" } } },
    });
  });

  it("put words back and lead to where they stand now", async () => {
    const id = uuidv7();
    await at.db
      .insertInto("rescues")
      .values({
        id,
        document_id: review.documentId,
        person_id: theo.personId,
        block_id: "p1",
        text: "and breathe",
        at: "2026-03-02T09:00:00.000Z",
        status: "open",
        settled_by: null,
        settled_at: null,
      })
      .execute();
    const form: [string, string][] = [
      ["rescueId", id],
      ["what", "back"],
    ];
    expect(await ask(rescues.action, null, { form })).toMatchObject({ status: 302 });
    expect(await ask(rescues.action, mo, { form })).toMatchObject({ status: 403 });
    const { status, to } = await ask(rescues.action, tess, { form });
    expect(status).toBe(302);
    expect(to).toMatch(
      new RegExp(`^/curricula/${review.slug}/modules/time/edit\\?text=en#p-[0-9a-f-]{36}$`),
    );
    expect(await ask(rescues.action, tess, { form })).toMatchObject({ status: 409 });
    expect(await ask(rescues.action, tess, { form: [["rescueId", id]] })).toMatchObject({
      status: 404,
    });
  });
});
