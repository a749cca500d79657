import type { LoaderFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Person } from "#app/features/people/people.ts";
import * as decisions from "#app/routes/curricula.$slug.decisions._index.tsx";
import * as task from "#app/routes/curricula.$slug.decisions.$input.tsx";
import * as queue from "#app/routes/curricula.$slug.queue.tsx";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { openReview, type Review } from "#tests/support/review.ts";

const BASE = "Call the crisis team early.";

describe("the pages of moderation and decisions", () => {
  let at: TestDatabase;
  let collab: CollabServer;
  let review: Review;
  let mo: Person;
  let tess: Person;

  beforeAll(async () => {
    at = await DATABASES[0].open();
    collab = createCollab({ db: at.db, clock: () => new Date(), log: { info() {}, error() {} } });
  });
  beforeEach(async () => {
    review = await openReview(at.db, collab);
    mo = await review.person("Mo", "moderator");
    tess = await review.person("Tess", "trainer");
  });
  afterAll(async () => {
    await collab.close();
    await at.close();
  });

  /** Calls a loader or an action; answers with its status, where it leads, and what it says. */
  async function ask(
    handler: (args: LoaderFunctionArgs) => Promise<unknown>,
    person: Person | null,
    search = "",
    { form, input = "" }: { form?: Record<string, string>; input?: string } = {},
  ) {
    const request = new Request(`http://groundwork.test/curricula/here${search}`, {
      method: form ? "POST" : "GET",
      headers: person ? { Person: person.personId } : {},
      body: form ? new URLSearchParams(form) : null,
    });
    const args = { params: { slug: review.slug, input }, context: review.ctx, request };
    const answer = await handler(args as unknown as LoaderFunctionArgs).catch((thrown) => thrown);
    if (answer instanceof Error) throw answer;
    if (answer instanceof Response)
      return { status: answer.status, to: answer.headers.get("Location") ?? "", data: null };
    const { type, data, init } = answer as { type?: string; data?: unknown; init?: ResponseInit };
    if (type === "DataWithResponseInit") return { status: init?.status ?? 200, to: "", data };
    return { status: 200, to: "", data: answer };
  }

  const moderation = (inputId: string, more: Record<string, string>) => ({
    form: { inputId, expectedStatus: "waiting", ...more },
  });

  test.each([
    ["queue", () => queue.loader],
    ["decision", () => task.loader],
  ] as const)("the %s sends a stranger to sign in, and refuses other roles", async (_, loader) => {
    const input = await review.input({ status: "approved" });
    const board = await review.person("Bo", "board", "facilitator");
    const stranger = await ask(loader(), null, "?kind=story", { input });
    expect(stranger.status).toBe(302);
    expect(stranger.to).toBe("/sign-in?next=%2Fcurricula%2Fhere%3Fkind%3Dstory");
    expect(await ask(loader(), board, "", { input })).toMatchObject({
      status: 403,
      data: { key: "errors:forbidden" },
    });
  });

  test("the queue shows the first input, its count in the title, and only what is there", async () => {
    const first = await review.input({ body: "The first words" });
    await review.input({ body: "The second" });
    const { data } = await ask(queue.loader, mo);
    expect(data).toMatchObject({
      pageTitle: "(2) Waiting · Queue · Crisis response",
      askedFor: false,
      input: { id: first, body: "The first words" },
    });
    expect((await ask(queue.loader, mo, "?input=nobody")).data).toMatchObject({
      missing: true,
      input: null,
    });
  });

  test("approving leads to the next one and offers to undo", async () => {
    const first = await review.input();
    const second = await review.input();
    const done = await ask(
      queue.action,
      mo,
      "?status=waiting",
      moderation(first, { action: "approve" }),
    );
    expect(done.to).toBe(
      `/curricula/${review.slug}/queue?status=waiting&input=${second}&done=${first}`,
    );
    const { data } = await ask(queue.loader, mo, `?input=${second}&done=${first}`);
    expect(data).toMatchObject({ done: { inputId: first, action: "approve" } });
    const undone = await ask(queue.action, mo, "", { form: { inputId: first, action: "undo" } });
    expect(undone.to).toContain(`input=${first}&undone=${first}`);
    expect(await review.statusOf(first)).toBe("waiting");
    const again = await ask(queue.action, mo, "", { form: { inputId: first, action: "undo" } });
    expect(again).toMatchObject({
      status: 409,
      data: { refused: { key: "moderation:undoTooLate" } },
    });
  });

  test("a refused form keeps what was typed", async () => {
    const id = await review.input();
    const reason = "Half a reason";
    const bare = await ask(queue.action, mo, "", moderation(id, { action: "reject", reason }));
    expect(bare).toMatchObject({
      status: 422,
      data: {
        result: {
          initialValue: { action: "reject", reason },
          error: { reasonCode: ["moderation:reasonCodeMissing"] },
        },
      },
    });
    const stale = await ask(
      queue.action,
      mo,
      "",
      moderation(id, { action: "hold", expectedStatus: "held", reasonCode: "other", reason }),
    );
    expect(stale).toMatchObject({
      status: 409,
      data: {
        refused: { key: "moderation:someoneWasFirst" },
        result: { initialValue: { reason } },
      },
    });
    expect(await review.statusOf(id)).toBe("waiting");
  });

  test("everybody reads what was decided; only trainers get the worklist", async () => {
    await review.input({ status: "approved" });
    const reader = await ask(decisions.loader, null);
    expect(reader.data).toMatchObject({ trainer: false, decided: { total: 0 } });
    const trainer = await ask(decisions.loader, tess);
    expect(trainer.data).toMatchObject({ trainer: true, open: { total: 1 } });
    const moderator = await ask(decisions.loader, mo);
    expect(moderator.data).toMatchObject({ trainer: false, moderator: true });
  });

  test("deciding leads to the next task, then to the list", async () => {
    const suggestion = { block: "p3", base: BASE, proposed: "Call the crisis team first." };
    const first = await review.input({ status: "approved", suggestion });
    const second = await review.input({ status: "approved" });
    const decide = (inputId: string, outcome: string) =>
      ask(task.action, tess, "?mine=1", {
        form: { inputId, outcome, reason: "It is what we teach." },
        input: inputId,
      });
    const page = `/curricula/${review.slug}/decisions`;
    expect((await decide(first, "adopted")).to).toBe(`${page}/${second}?mine=1&done=${first}`);
    expect((await decide(second, "declined")).to).toBe(`${page}?mine=1&done=${second}`);
    const { data } = await ask(decisions.loader, tess, `?done=${second}`);
    expect(data).toMatchObject({ done: { outcome: "declined" }, open: { total: 0 } });
    expect(await decide(first, "declined")).toMatchObject({
      status: 409,
      data: { error: { "": ["decisions:someoneWasFirst"] }, initialValue: { outcome: "declined" } },
    });
  });

  test("a conflict comes back with the form, and with both texts", async () => {
    const suggestion = { block: "p3", base: "Call the team.", proposed: "Call them first." };
    const input = await review.input({ status: "approved", suggestion });
    const form = { inputId: input, outcome: "adopted", reason: "It is what we teach." };
    expect(await ask(task.action, tess, "", { form, input })).toMatchObject({
      status: 409,
      data: { error: { "": ["decisions:movedOn"] }, initialValue: { reason: form.reason } },
    });
    expect((await ask(task.loader, tess, "", { input })).data).toMatchObject({
      input: { fit: { status: "conflict" }, suggestion: { base: "Call the team." } },
    });
  });
});
