import type { ActionFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { applyText } from "#app/document/apply.ts";
import { formatReceipt } from "#app/features/inputs/receipts.ts";
import type { Person } from "#app/features/people/people.ts";
import * as list from "#app/routes/curricula.$slug.repairs._index.tsx";
import * as place from "#app/routes/curricula.$slug.repairs.$input.tsx";
import * as status from "#app/routes/receipts.$code.tsx";
import * as own from "#app/routes/receipts.$code_.place.tsx";
import * as work from "#app/routes/work.tsx";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { type Consultation, openConsultation, P1, P2 } from "#tests/support/speak.ts";

type Handler = (args: ActionFunctionArgs) => unknown;
type Answer = { status: number; location: string | null; data: never };

describe("the pages that repair anchors", () => {
  let at: TestDatabase;
  let collab: CollabServer;
  let here: Consultation;
  let id: string;
  let code: string;

  beforeAll(async () => {
    at = await DATABASES[0].open();
    collab = createCollab({ db: at.db, clock: () => new Date(), log: { info() {}, error() {} } });
  });
  beforeEach(async () => {
    here = await openConsultation(at.db, collab);
    // Consultations have no sessions: here a header says who sends a request.
    here.ctx.auth.session = (async (headers: Headers) => {
      const accountId = headers.get("Person");
      return accountId ? { accountId } : null;
    }) as unknown as typeof here.ctx.auth.session;
    id = await here.input({ status: "approved", quote: { block: "p1", text: "at once" } });
    const { receipt } = await here.row(id);
    code = formatReceipt(receipt);
    await collab.edit(here.documentId, { personId: null, via: "edit" }, (doc) =>
      applyText(doc, {
        blockId: "p1",
        base: P1,
        proposed: P1.replace("at once", "without any delay"),
      }),
    );
  });
  afterAll(async () => {
    await collab.close();
    await at.close();
  });

  async function ask(
    handler: Handler,
    params: Record<string, string>,
    { who, form, search = "" }: { who?: Person; form?: Record<string, string>; search?: string },
  ): Promise<Answer> {
    const args = {
      params,
      context: here.ctx as unknown as ActionFunctionArgs["context"],
      request: new Request(`http://groundwork.test/${search}`, {
        method: form ? "POST" : "GET",
        headers: who ? { Person: who.personId } : {},
        body: form ? new URLSearchParams(form) : null,
      }),
    } as ActionFunctionArgs;
    let answer: unknown;
    try {
      answer = await handler(args);
    } catch (thrown) {
      answer = thrown;
    }
    if (answer instanceof Response)
      return {
        status: answer.status,
        location: answer.headers.get("Location"),
        data: null as never,
      };
    if (answer instanceof Error) throw answer;
    const { data, init } = answer as { data?: unknown; init?: ResponseInit };
    return { status: init?.status ?? 200, location: null, data: (data ?? answer) as never };
  }

  const slug = () => ({ slug: here.slug });
  const confirmed = () => ({
    input: id,
    rev: "0",
    action: "confirmed",
    block: "p1",
    start: "18",
    end: "35",
    quote: "without any delay",
  });

  test("list them for trainers alone, and say so on their work page", async () => {
    const { data } = await ask(list.loader, slug(), { who: here.trainer });
    expect(data).toMatchObject({ total: 1, entries: [{ id, doubt: { status: "changed" } }] });
    const desk = await ask(work.loader, {}, { who: here.trainer });
    expect(desk.data).toMatchObject({ curricula: [{ repairs: 1 }] });
    const moderator = await here.person("Mo", "moderator");
    for (const who of [moderator, undefined]) {
      const refused = await ask(list.loader, slug(), who ? { who } : {});
      expect(refused.status).toBe(403);
      const sent = await ask(list.action, slug(), { ...(who && { who }), form: confirmed() });
      expect(sent.status).toBe(403);
    }
    const theirs = await ask(work.loader, {}, { who: moderator });
    expect(theirs.data).toMatchObject({ curricula: [{ repairs: 0 }] });
  });

  test("settle one, and tell whoever comes second", async () => {
    const done = await ask(list.action, slug(), { who: here.trainer, form: confirmed() });
    expect(done.location).toBe(`/curricula/${here.slug}/repairs?done=confirmed&input=${id}`);
    const late = await ask(list.action, slug(), { who: here.trainer, form: confirmed() });
    expect(late.status).toBe(409);
    expect(late.data).toEqual({ error: "repair:errors.someoneWasFirst" });
    const { data } = await ask(list.loader, slug(), { who: here.trainer });
    expect(data).toMatchObject({ total: 0, entries: [] });
  });

  test("refuse words that changed once more, and never take the paragraph for them", async () => {
    const form = { ...confirmed(), quote: "without the least delay" };
    const late = await ask(list.action, slug(), { who: here.trainer, form });
    expect(late.data).toEqual({ error: "repair:errors.textMoved" });
  });

  test("offer the paragraphs of the draft, and look for words in them", async () => {
    const params = { ...slug(), input: id };
    const all = await ask(place.loader, params, { who: here.trainer });
    expect(all.data).toMatchObject({ quote: "at once", near: "h1", hasPlace: true, rev: 0 });
    const found = await ask(place.loader, params, { who: here.trainer, search: "?q=SLOWLY" });
    expect(found.data).toMatchObject({ sections: [{ paragraphs: [{ id: "p2", text: P2 }] }] });
    const nothing = await ask(place.action, params, {
      who: here.trainer,
      form: { rev: "0", action: "moved" },
    });
    expect([nothing.status, nothing.data]).toEqual([422, { error: "repair:errors.choose" }]);
    const moved = await ask(place.action, params, {
      who: here.trainer,
      form: { rev: "0", action: "moved", block: "p2" },
    });
    expect(moved.location).toBe(`/curricula/${here.slug}/repairs?done=moved&input=${id}`);
  });

  test("keep one curriculum's trainers out of another's input", async () => {
    const other = await openConsultation(at.db, collab);
    const both = await here.person("Both", "trainer");
    const params = { slug: other.slug, input: id };
    expect((await ask(place.loader, params, { who: both })).status).toBe(403);
    const stranger = await ask(list.action, slug(), { who: other.trainer, form: confirmed() });
    expect(stranger.status).toBe(403);
  });

  test("let whoever holds the receipt settle it, without an account", async () => {
    const before = await ask(status.loader, { code }, {});
    expect(before.data).toMatchObject({
      where: { events: [], open: { type: "doubtful", doubt: { status: "changed" } } },
    });
    const chooser = await ask(own.loader, { code }, {});
    expect(chooser.data).toMatchObject({ quote: "at once", hasPlace: true });
    const lost = await ask(own.action, { code }, { form: { rev: "0", action: "lost" } });
    expect(lost.location).toBe(`/receipts/${code}?done=lost#where`);
    const after = await ask(status.loader, { code }, {});
    expect(after.data).toMatchObject({
      where: {
        events: [{ action: "lost", from: "at once", trainer: null, version: null }],
        open: { type: "nowhere" },
      },
    });
    const { rev } = (after.data as { where: { rev: number } }).where;
    const again = await ask(
      own.action,
      { code },
      {
        form: { rev: String(rev), action: "moved", block: "p2", text: "en" },
      },
    );
    expect(again.status).toBe(302);
    expect((await ask(own.action, { code: "0000-0000-0000" }, { form: confirmed() })).status).toBe(
      404,
    );
  });
});
