import type { ActionFunctionArgs } from "@remix-run/node";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TooMany } from "#app/errors.ts";
import type { NotTaken } from "#app/features/inputs/comment.server.ts";
import { formatReceipt } from "#app/features/inputs/receipts.ts";
import * as draft from "#app/routes/curricula.$slug.modules.$module._index.tsx";
import * as comment from "#app/routes/curricula.$slug.modules.$module.comment.tsx";
import * as input from "#app/routes/inputs.$id.tsx";
import * as support from "#app/routes/inputs.$id_.support.ts";
import * as lookup from "#app/routes/receipts._index.tsx";
import * as status from "#app/routes/receipts.$code.tsx";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { type Consultation, openConsultation, P1 } from "#tests/support/speak.ts";

/** What a loader or action answers with, thrown or returned, as the browser would see it. */
type Answer = { status: number; headers: Headers; data: unknown };

describe("the pages of input", () => {
  let at: TestDatabase;
  let collab: CollabServer;
  let here: Consultation;

  beforeAll(async () => {
    at = await DATABASES[0].open();
    collab = createCollab({ db: at.db, clock: () => new Date(), log: { info() {}, error() {} } });
  });
  beforeEach(async () => {
    here = await openConsultation(at.db, collab);
  });
  afterAll(async () => {
    await collab.close();
    await at.close();
  });

  async function ask(
    handler: (args: ActionFunctionArgs) => unknown,
    path: string,
    params: Record<string, string>,
    request: { form?: Record<string, string>; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const args = {
      params,
      context: here.ctx as unknown as ActionFunctionArgs["context"],
      request: new Request(`http://groundwork.test${path}`, {
        method: request.form ? "POST" : "GET",
        headers: request.headers ?? {},
        body: request.form ? new URLSearchParams(request.form) : null,
      }),
    } as ActionFunctionArgs;
    let answer: unknown;
    try {
      answer = await handler(args);
    } catch (thrown) {
      answer = thrown;
    }
    if (answer instanceof Response) {
      const json = answer.headers.get("Content-Type")?.includes("json");
      return {
        status: answer.status,
        headers: answer.headers,
        data: json ? await answer.json() : null,
      };
    }
    if (answer instanceof Error) throw answer;
    const { data, init } = answer as { data: unknown; init: ResponseInit | null };
    return {
      status: init?.status ?? 200,
      headers: new Headers(init?.headers),
      data: data ?? answer,
    };
  }

  const at1 = () => ({ slug: here.slug, module: "time" });
  const words = (fields: Record<string, string> = {}) => ({
    kind: "comment",
    body: "Wait longer.",
    key: uuidv7(),
    ...fields,
  });
  const send = (form: Record<string, string>) =>
    ask(comment.action, "/comment?text=en&block=p1", at1(), { form });
  const taken = async () => {
    const { headers } = await send(words({ block: "p1", base: P1 }));
    return /receipts\/([\w-]+)\?sent/.exec(headers.get("Location") ?? "")?.[1] ?? "";
  };

  test("a comment is answered with its receipt, and the browser with a key of its own", async () => {
    const answer = await send(words({ block: "p1", base: P1 }));
    expect(answer.status).toBe(302);
    expect(answer.headers.get("Location")).toMatch(/^\/receipts\/\w{4}-\w{4}-\w{4}\?sent$/);
    expect(answer.headers.get("Set-Cookie")).toMatch(/gw_device=.*HttpOnly/);
    const again = await ask(comment.action, "/comment", at1(), {
      form: words(),
      headers: { Cookie: answer.headers.get("Set-Cookie")?.split(";")[0] ?? "" },
    });
    expect(again.headers.has("Set-Cookie")).toBe(false);
  });

  test.each([
    ["empty", { body: " \u200b " }, 422, "body", "inputs:errors.empty"],
    ["too long", { body: "x".repeat(5_001) }, 422, "body", "inputs:errors.tooLong"],
    ["no kind", { kind: "reply" }, 422, "kind", "inputs:errors.kind"],
    [
      "a changed passage",
      { block: "p1", base: "Another text." },
      409,
      "",
      "inputs:errors.passageChanged",
    ],
    ["a passage that is gone", { block: "zz", base: P1 }, 409, "", "inputs:errors.passageGone"],
  ])("%s comes back in words, with everything typed", async (_, fields, code, field, key) => {
    const form: Record<string, string> & { body: string } = words({ name: "Rosa", ...fields });
    const { status: answered, data } = await send(form);
    const { result, base } = data as NotTaken;
    expect(answered).toBe(code);
    expect(result.error?.[field]).toEqual([key]);
    expect(result.initialValue).toMatchObject({
      name: "Rosa",
      ...(form.body.trim() ? { body: form.body } : {}),
    });
    expect(base).toBe(form.base ?? null);
    expect(
      await at.db
        .selectFrom("inputs")
        .select("id")
        .where("curriculum_id", "=", here.curriculumId)
        .execute(),
    ).toEqual([]);
  });

  test("once comments are closed, the words come back too", async () => {
    here.wait(60 * 86_400_000);
    const { status: answered, data } = await send(words());
    expect(answered).toBe(409);
    expect((data as NotTaken).result).toMatchObject({
      initialValue: { body: "Wait longer." },
      error: { "": ["inputs:errors.closed"] },
    });
    const page = await ask(comment.loader, "/comment?block=p1", at1());
    expect(page.data).toMatchObject({ open: false });
  });

  test("too many at once are told to wait, and keep their words", async () => {
    here.ctx.limits = {
      async hit() {
        throw new TooMany();
      },
    };
    const { status: answered, data } = await send(words());
    expect(answered).toBe(429);
    expect((data as NotTaken).result.initialValue).toMatchObject({ body: "Wait longer." });
  });

  test("the form knows the passage it was opened on, and says when there is none", async () => {
    const form = (search: string) => ask(comment.loader, `/comment?${search}`, at1());
    expect((await form("block=p1")).data).toMatchObject({
      passage: { blockId: "p1", text: P1, scope: "paragraph" },
      unknownBlock: false,
      open: true,
    });
    expect((await form("block=p1&start=9&end=20&quote=must%20act%20at")).data).toMatchObject({
      passage: { scope: "passage", quote: "must act at" },
    });
    expect((await form("block=nowhere")).data).toMatchObject({ passage: null, unknownBlock: true });
    expect(
      (await ask(comment.loader, "/comment", { slug: here.slug, module: "none" })).status,
    ).toBe(404);
  });

  test("a receipt is found however it is typed, and a wrong one answered in words", async () => {
    const code = await taken();
    const find = (typed: string) => ask(lookup.action, "/receipts", {}, { form: { code: typed } });
    const found = await find(` ${code.toLowerCase().replaceAll("-", " ")}`);
    expect(found.headers.get("Location")).toBe(`/receipts/${code}`);
    const wrong = await find(formatReceipt("000000000000"));
    expect(wrong).toMatchObject({
      status: 404,
      data: { error: { "": ["inputs:errors.noReceipt"] } },
    });
    expect((await find("hello")).data).toMatchObject({
      error: { code: ["inputs:errors.badReceipt"] },
    });
  });

  test("a receipt's page is for its holder: never stored, never indexed", async () => {
    const code = await taken();
    const page = await ask(status.loader, `/receipts/${code}?sent`, { code });
    expect(page.headers.get("Cache-Control")).toBe("no-store");
    expect(page.data).toMatchObject({ sent: true, page: { said: { body: "Wait longer." } } });
    expect(JSON.stringify(status.meta({ data: page.data } as never))).toContain("noindex");
    expect((await ask(status.loader, "/receipts/x", { code: "x" })).status).toBe(404);
  });

  test("guessing receipts comes to an end", async () => {
    const guess = () => ask(status.loader, "/receipts/0", { code: "0000-0000-0000" });
    const statuses = [];
    for (let tries = 0; tries < 40; tries++) statuses.push((await guess()).status);
    expect(statuses[0]).toBe(404);
    expect(statuses.at(-1)).toBe(429);
  });

  test("support goes back where it came from, and never to another site", async () => {
    const id = await here.input({ status: "approved" });
    const give = (back: string) =>
      ask(support.action, `/inputs/${id}/support`, { id }, { form: { back } });
    expect((await give("/curricula/x?text=en#c-1")).headers.get("Location")).toBe(
      "/curricula/x?text=en#c-1",
    );
    expect((await give("https://elsewhere.example/")).headers.get("Location")).toBe("/");
    const json = await ask(
      support.action,
      `/inputs/${id}/support`,
      { id },
      {
        form: { back: "/" },
        headers: { Accept: "application/json" },
      },
    );
    expect(json.data).toMatchObject({ supported: true, short: "3 support this" });
  });

  test("a reply is answered with a receipt, an empty one with the form", async () => {
    const id = await here.input({ status: "approved" });
    const reply = (body: string) =>
      ask(input.action, `/inputs/${id}`, { id }, { form: { body, key: uuidv7() } });
    expect((await reply("Same here.")).headers.get("Location")).toMatch(/^\/receipts\/.*\?sent$/);
    expect(await reply(" ")).toMatchObject({
      status: 422,
      data: { error: { body: ["inputs:errors.empty"] } },
    });
  });

  test("the draft's page is public with its input, and 404 where there is none", async () => {
    await here.input({ status: "approved", body: "Shown." });
    await here.input({ status: "held", body: "Hidden." });
    const page = await ask(draft.loader, "/", at1());
    expect(page.data).toMatchObject({
      module: { title: "Time, distance and words" },
      round: { question: "What is missing?" },
      inputs: [{ body: "Shown." }],
      stubs: [{ status: "held" }],
    });
    expect(JSON.stringify(page.data)).not.toContain("Hidden.");
    expect((await ask(draft.loader, "/", { slug: here.slug, module: "none" })).status).toBe(404);
  });
});
