import type { ActionFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { readDoc } from "#app/document/read.ts";
import type { Person } from "#app/features/people/people.ts";
import { workshopOf } from "#app/features/workshops/workshops.server.ts";
import * as opening from "#app/routes/curricula.$slug.modules.$module.workshops.new.tsx";
import * as listed from "#app/routes/curricula.$slug.workshops.tsx";
import * as joining from "#app/routes/join.tsx";
import * as invitation from "#app/routes/w.$token.tsx";
import * as live from "#app/routes/workshops.$id._index.tsx";
import * as base from "#app/routes/workshops.$id.base.ts";
import * as care from "#app/routes/workshops.$id.care.tsx";
import * as changes from "#app/routes/workshops.$id.changes.tsx";
import * as checkpoint from "#app/routes/workshops.$id.checkpoints.$checkpoint.tsx";
import * as now from "#app/routes/workshops.$id.now.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { add, type Copy, erase, openCopy } from "#tests/support/copy.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { P1, P2 } from "#tests/support/speak.ts";

type Answer = { status: number; to: string; headers: Headers; data: unknown };
type Asked = {
  as?: Person | null;
  cookie?: string;
  path?: string;
  params?: Record<string, string>;
  form?: Record<string, string> | [string, string][];
};

describe("the pages of workshop copies", () => {
  let at: TestDatabase;
  let collab: CollabServer;
  let here: Copy;
  let ana: Awaited<ReturnType<Copy["resident"]>>;

  beforeAll(async () => {
    at = await DATABASES[0].open();
    collab = createCollab({ db: at.db, clock: () => new Date(), log: { info() {}, error() {} } });
  });
  beforeEach(async () => {
    here = await openCopy(at.db, collab);
    ana = await here.resident("Ana");
    await here.writeAs(ana.personId, add(" Ana says so.", P1));
  });
  afterAll(async () => {
    await collab.close();
    await at.close();
  });

  async function ask(
    handler: (args: ActionFunctionArgs) => unknown,
    { as = null, cookie, path = "/", params = {}, form }: Asked = {},
  ): Promise<Answer> {
    const auth = {
      session: async (headers: Headers) => {
        const accountId = headers.get("Person");
        return accountId ? { accountId, sessionId: accountId, since: new Date() } : null;
      },
    };
    const request = new Request(`http://groundwork.test${path}`, {
      method: form ? "POST" : "GET",
      headers: { ...(as && { Person: as.personId }), ...(cookie && { Cookie: cookie }) },
      body: form ? new URLSearchParams(form) : null,
    });
    const context = { ...here.ctx, auth };
    const args = { params: { id: here.id, ...params }, context, request };
    let answer: unknown;
    try {
      answer = await handler(args as unknown as ActionFunctionArgs);
    } catch (thrown) {
      answer = thrown;
    }
    if (answer instanceof Error) throw answer;
    if (answer instanceof Response) {
      const isJson = answer.headers.get("Content-Type")?.includes("json");
      const { status, headers } = answer;
      const data = isJson ? await answer.json() : await answer.arrayBuffer();
      return { status, headers, to: headers.get("Location") ?? "", data };
    }
    const { type, data, init } = answer as { type?: string; data?: unknown; init?: ResponseInit };
    const headers = new Headers(init?.headers);
    return type === "DataWithResponseInit"
      ? { status: init?.status ?? 200, to: "", headers, data }
      : { status: 200, to: "", headers, data: answer };
  }

  const joinOf = async () => {
    const { join } = await workshopOf(here.ctx, here.fay, here.id);
    if (!join) throw new Error("closed");
    return join;
  };
  const act = (intent: string, fields: Record<string, string> = {}, as: Person = here.fay) =>
    ask(care.action, { as, form: { intent, ...fields } });

  test.each([
    ["the live copy", () => live.loader],
    ["its news", () => now.loader],
    ["what it is compared with", () => base.loader],
    ["its changes", () => changes.loader],
  ] as const)("%s isn't there for somebody who hasn't joined", async (_, loader) => {
    expect((await ask(loader())).status).toBe(404);
    expect((await ask(loader(), { as: here.outsider })).status).toBe(404);
    expect((await ask(loader(), { as: here.mo })).status).toBe(200);
  });

  test("by a code one joins without an account, and is known by a cookie from then on", async () => {
    const { code } = await joinOf();
    const wrong = await ask(joining.action, { form: { code: "AAAA-AAAA", name: "Rosa" } });
    expect(wrong).toMatchObject({
      status: 422,
      data: { error: { code: ["workshops:errors.noSuchCode"] }, initialValue: { name: "Rosa" } },
    });
    const answer = await ask(joining.action, { form: { code: code.toLowerCase(), name: "Rosa" } });
    expect(answer).toMatchObject({ status: 302, to: `/workshops/${here.id}` });
    const cookie = answer.headers.get("Set-Cookie")?.split(";")[0] ?? "";
    expect(cookie).toContain("gw_device=");
    const page = await ask(live.loader, { cookie });
    expect(page).toMatchObject({
      status: 200,
      data: { me: "Rosa", leads: false, news: { mayWrite: true, mayPropose: true, held: 0 } },
    });
  });

  test("by a link one is told what it leads to; a wrong one leads nowhere", async () => {
    const { link } = await joinOf();
    const token = link.split("/").at(-1) ?? "";
    expect(await ask(invitation.loader, { params: { token } })).toMatchObject({
      status: 200,
      data: { token, invitation: { title: "At the library" }, inside: null },
    });
    for (const wrong of ["x", "a".repeat(24)])
      expect((await ask(invitation.loader, { params: { token: wrong } })).status).toBe(404);
    const form = { token, name: "Rosa" };
    expect(await ask(invitation.action, { params: { token }, form })).toMatchObject({
      status: 302,
      to: `/workshops/${here.id}`,
    });
  });

  test("the news say who wrote, what they may, and which base it is", async () => {
    const { data } = await ask(now.loader, { as: here.fay });
    const news = data as Awaited<ReturnType<typeof workshopOf>> & {
      authors: { people: Record<string, { name: string }>; runs: unknown[][] };
    };
    expect(news).toMatchObject({ status: "open", mayWrite: true, mayPropose: true, held: 0 });
    expect(news.authors.people[ana.personId]?.name).toBe("Ana");
    expect(news.authors.runs.some((run) => run[3] === ana.personId)).toBe(true);
    const watching = await ask(now.loader, { as: here.mo });
    expect(watching.data).toMatchObject({ mayWrite: false, mayPropose: false });
  });

  test("the base is the draft's state, for the page to compare with", async () => {
    const { data, headers } = await ask(base.loader, { as: here.fay });
    expect(headers.get("Cache-Control")).toContain("private");
    const doc = new Y.Doc();
    Y.applyUpdate(doc, new Uint8Array(data as ArrayBuffer));
    expect(JSON.stringify(readDoc(doc))).toContain(P1);
    expect(JSON.stringify(readDoc(doc))).not.toContain("Ana says so");
  });

  test("changes are listed with their authors; only what is one's own, or the group's, can be sent", async () => {
    type Page = { changes: { key: string; names: string[]; after: string; mayPropose: boolean }[] };
    const page = (await ask(changes.loader, { as: here.mo })).data as Page;
    expect(page.changes).toMatchObject([
      { names: ["Ana"], after: `${P1} Ana says so.`, mayPropose: false },
    ]);
    const led = (await ask(changes.loader, { as: here.fay })).data as Page;
    expect(led.changes[0]?.mayPropose).toBe(true);
    const key = led.changes[0]?.key ?? "";
    const form = { hunks: key, reason: "The group agreed.", key: "k".repeat(20), language: "en" };
    expect(await ask(changes.action, { as: here.fay, form })).toMatchObject({
      status: 403,
      data: { sent: null, result: { error: { "": ["workshops:errors.notAuthor"] } } },
    });
    const sent = await ask(changes.action, { as: here.fay, form: { ...form, forGroup: "yes" } });
    expect(sent.data).toMatchObject({ result: null, sent: [{ key }] });
    const { receipt } = (sent.data as { sent: { receipt: string }[] }).sent[0] ?? { receipt: "" };
    expect(receipt).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/);
    const after = (await ask(changes.loader, { as: here.fay })).data as Page;
    expect(after.changes[0]).toMatchObject({ mayPropose: false, proposal: { state: "waiting" } });
    expect((await ask(now.loader, { as: here.fay })).data).toMatchObject({
      proposals: { [key]: { state: "waiting", again: false, href: `/receipts/${receipt}` } },
    });
  });

  test("a proposal without a change or a reason is answered at its fields", async () => {
    const form = { key: "k".repeat(20), language: "en", reason: "" };
    expect(await ask(changes.action, { as: here.fay, form })).toMatchObject({
      status: 422,
      data: {
        result: {
          error: { hunks: ["workshops:errors.noneChosen"], reason: ["workshops:errors.noReason"] },
        },
      },
    });
  });

  test("only those who lead look after a copy", async () => {
    expect(await ask(care.loader)).toMatchObject({ status: 302 });
    expect((await ask(care.loader, { as: here.mo })).status).toBe(403);
    expect((await ask(care.loader, { as: here.outsider })).status).toBe(404);
    expect((await act("freeze", {}, here.mo)).status).toBe(403);
    const { data } = await ask(care.loader, { as: here.fay });
    expect(data).toMatchObject({
      status: "open",
      writers: [{ personId: ana.personId, name: "Ana" }],
      checkpoints: [{ reason: "opened" }],
      held: [],
    });
  });

  test("pause, opening again, closing: each says what it did, and what can't be done", async () => {
    expect((await act("freeze")).data).toEqual({ done: "freeze" });
    expect(await act("freeze")).toMatchObject({
      status: 409,
      data: { refused: { key: "workshops:errors.someoneWasFirst" } },
    });
    expect((await act("unfreeze")).data).toEqual({ done: "unfreeze" });
    expect((await act("close")).data).toEqual({ done: "close" });
    expect((await act("rotate")).status).toBe(409);
    expect(await ask(now.loader, { as: here.fay })).toMatchObject({
      data: { status: "closed", mayWrite: false, mayPropose: false },
    });
    expect((await act("anything")).status).toBe(422);
  });

  test("members are let write, let read, and taken out", async () => {
    const { memberId } = ana;
    expect((await act("may", { memberId, may: "watch" })).data).toEqual({ done: "may" });
    expect((await act("may", { memberId, may: "own" })).status).toBe(422);
    expect((await act("remove", { memberId })).data).toEqual({ done: "remove" });
    expect(await act("remove", { memberId })).toMatchObject({ status: 404 });
  });

  test("one person's changes are taken back, and what others wrote since stays", async () => {
    const luis = await here.resident("Luis");
    expect((await act("checkpoint")).data).toEqual({ done: "checkpoint" });
    const saved = (await here.checkpoints()).at(-1);
    const checkpointId = saved?.id ?? "";
    await here.writeAs(luis.personId, erase(P2));
    await here.writeAs(ana.personId, add(" Ana goes on.", P1));
    expect(await act("restore", { checkpointId })).toMatchObject({
      status: 422,
      data: { refused: { key: "workshops:errors.nobodyChosen" } },
    });
    const back = await act("restore", { checkpointId, people: luis.personId });
    expect(back.data).toEqual({ done: "restore", left: [] });
    expect(await here.textsOf()).toContain(P2);
    expect((await here.textsOf()).join()).toContain("Ana goes on.");

    const looked = await ask(checkpoint.loader, {
      as: here.fay,
      params: { checkpoint: checkpointId },
    });
    expect(JSON.stringify(looked.data)).not.toContain("Ana goes on.");
    const whole = await act("restoreAll", { checkpointId });
    expect(whole.data).toMatchObject({ done: "restore" });
    expect((await here.textsOf()).join()).not.toContain("Ana goes on.");
  });

  test("a refresh says what came in and what conflicts", async () => {
    await here.writeAs(ana.personId, (tr) => add(" Quietly.", P2)(tr));
    await here.writeDraft(add(" Dana adds.", P2));
    const { data } = await act("refresh");
    expect(data).toMatchObject({ done: "refresh", conflicts: [{ current: `${P2} Quietly.` }] });
  });

  test("copies are listed for those who work here, and opened by who may", async () => {
    const { slug } = here;
    const { data } = await ask(listed.loader, { as: here.fay, params: { slug } });
    expect(data).toMatchObject({
      workshops: [{ id: here.id, title: "At the library", status: "open", people: 2, held: 0 }],
    });
    expect(await ask(listed.loader, { params: { slug } })).toMatchObject({ status: 302 });
    const params = { slug, module: "time" };
    expect((await ask(opening.loader, { as: here.mo, params })).status).toBe(403);
    const none = await ask(opening.action, { as: here.fay, params, form: { title: " " } });
    expect(none).toMatchObject({ status: 422, data: { error: { title: expect.anything() } } });
    const form = { title: "Second evening" };
    const opened = await ask(opening.action, { as: here.fay, params, form });
    expect(opened.status).toBe(302);
    expect(opened.to).toMatch(/^\/workshops\/[\w-]+\/care$/);
  });
});
