import { parseWithZod } from "@conform-to/zod/v4";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Conflict, Forbidden, NotFound } from "#app/errors.ts";
import { STATUSES, type Status } from "#app/features/inputs/inputs.ts";
import { moderate, undo, undoable } from "#app/features/moderation/moderation.server.ts";
import {
  ACTIONS,
  type Action,
  actionsFor,
  after,
  filterOf,
  type LastEvent,
  mayModerate,
  moderateForm,
  owesReason,
  PAGE_SIZE,
  undone,
} from "#app/features/moderation/moderation.ts";
import { inputInQueue, nextInQueue, queue } from "#app/features/moderation/queue.server.ts";
import { ANONYMOUS, CURRICULUM_ROLES, type Person } from "#app/features/people/people.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { openReview, type Review } from "#tests/support/review.ts";

const LEADS_TO: Record<Action, Status> = {
  approve: "approved",
  hold: "held",
  return: "returned",
  reject: "rejected",
};

const form = (fields: Record<string, string>) => ({
  inputId: "0190",
  action: "reject",
  expectedStatus: "waiting",
  ...fields,
});

describe("the states of an input", () => {
  for (const status of STATUSES)
    for (const action of ACTIONS) {
      const to = status === "withdrawn" || status === LEADS_TO[action] ? null : LEADS_TO[action];
      it(`${action} on ${status}: ${to ?? "not possible"}`, () => {
        expect(after(status, action)).toBe(to);
        expect(actionsFor(status).includes(action)).toBe(to !== null);
      });
    }

  it("only a moderator of this curriculum moderates", () => {
    for (const role of CURRICULUM_ROLES) {
      const actor = { ...ANONYMOUS, roles: [{ curriculumId: "here", role }] };
      expect(mayModerate(actor, "here")).toBe(role === "moderator");
      expect(mayModerate(actor, "elsewhere")).toBe(false);
    }
    expect(mayModerate({ ...ANONYMOUS, steward: true }, "here")).toBe(false);
    expect(mayModerate(ANONYMOUS, "here")).toBe(false);
  });

  it("an undo is one's own, the last, still standing, and within a minute", () => {
    const now = new Date("2026-03-02T09:01:00Z");
    const last: LastEvent = {
      action: "reject",
      fromStatus: "held",
      toStatus: "rejected",
      moderatorId: "me",
      at: "2026-03-02T09:00:00Z",
    };
    expect(undone(last, "rejected", "me", now)).toBe("held");
    expect(undone(last, "rejected", "me", new Date(now.getTime() + 1))).toBeNull();
    expect(undone(last, "rejected", "another", now)).toBeNull();
    expect(undone(last, "rejected", null, now)).toBeNull();
    expect(undone(last, "approved", "me", now)).toBeNull();
    expect(undone({ ...last, action: "undo" }, "rejected", "me", now)).toBeNull();
    expect(undone(undefined, "waiting", "me", now)).toBeNull();
  });
});

describe("the moderation form", () => {
  it.each(ACTIONS)("%s: asks for a reason in a code and in words, unless it approves", (action) => {
    const bare = moderateForm.safeParse(form({ action }));
    expect(bare.success).toBe(!owesReason(action));
    const errors = bare.error?.issues.map(({ path, message }) => [path[0], message]) ?? [];
    expect(errors).toEqual(
      owesReason(action)
        ? [
            ["reasonCode", "moderation:reasonCodeMissing"],
            ["reason", "moderation:reasonMissing"],
          ]
        : [],
    );
    expect(
      moderateForm.safeParse(form({ action, reasonCode: "threat", reason: "Threatens a person." }))
        .success,
    ).toBe(true);
  });

  it("takes an approval as the page sends it", () => {
    const sent = new FormData();
    for (const [name, value] of Object.entries(form({ action: "approve" }))) sent.set(name, value);
    expect(parseWithZod(sent, { schema: moderateForm }).status).toBe("success");
  });

  it("knows no code for criticism or swearing", () => {
    for (const reasonCode of ["criticism", "swearing", "profanity", "negative"])
      expect(moderateForm.safeParse(form({ reasonCode, reason: "No." })).success).toBe(false);
  });

  it("drops a reason that was typed before approving", () => {
    const parsed = moderateForm.parse(
      form({ action: "approve", reasonCode: "unclear", reason: "half a thought" }),
    );
    expect(parsed).toMatchObject({ reasonCode: undefined, reason: "" });
  });

  it("refuses more than a thousand characters and cleans what nobody sees", () => {
    const long = moderateForm.safeParse(form({ reasonCode: "other", reason: "x".repeat(1001) }));
    expect(long.error?.issues[0]?.message).toBe("moderation:reasonTooLong");
    const hidden = moderateForm.safeParse(
      form({ reasonCode: "other", reason: "\u200b\u202e \u200b" }),
    );
    expect(hidden.success).toBe(false);
  });

  it("reads the filter from the address, whatever stands there", () => {
    expect(filterOf(new URLSearchParams("status=held&kind=question&module=&after=12"))).toEqual({
      status: "held",
      kind: "question",
      after: 12,
    });
    expect(filterOf(new URLSearchParams("status=withdrawn&kind=poem&after=-1"))).toEqual({
      status: "waiting",
    });
  });
});

describe.each(DATABASES)("the queue on $name", ({ open }) => {
  let database: TestDatabase;
  let review: Review;
  let mo: Person;
  let max: Person;

  beforeAll(async () => {
    database = await open();
    review = await openReview(database.db);
    mo = await review.person("Mo", "moderator");
    max = await review.person("Max", "moderator");
  });
  afterAll(() => database.close());

  const act = (
    actor: Person,
    inputId: string,
    action: Action,
    expectedStatus: Status = "waiting",
  ) =>
    moderate(review.ctx, actor, {
      inputId,
      action,
      expectedStatus,
      reasonCode: owesReason(action) ? "personal_data" : undefined,
      reason: owesReason(action) ? "It names somebody's street." : "",
    });

  it.each(STATUSES.flatMap((status) => ACTIONS.map((action) => [status, action] as const)))(
    "%s, %s: moves it with event and audit entry, or changes nothing",
    async (status, action) => {
      const id = await review.input({ status });
      const to = after(status, action);
      if (to) {
        expect(await act(mo, id, action, status)).toMatchObject({ from: status, to });
        expect(await review.statusOf(id)).toBe(to);
        expect(await review.eventsOf(id)).toMatchObject([
          {
            action,
            from_status: status,
            to_status: to,
            moderator_id: mo.personId,
            reason_code: action === "approve" ? null : "personal_data",
          },
        ]);
        expect(await review.auditOf(id)).toMatchObject([
          { verb: `input.${to}`, actor: '{"role":"moderator","name":"Mo"}' },
        ]);
      } else {
        await expect(act(mo, id, action, status)).rejects.toThrow(Conflict);
        expect(await review.statusOf(id)).toBe(status);
        expect(await review.eventsOf(id)).toEqual([]);
        expect(await review.auditOf(id)).toEqual([]);
      }
    },
  );

  it.each(["trainer", "facilitator", "board"] as const)("refuses a %s", async (role) => {
    const actor = await review.person("Not a moderator", role);
    const id = await review.input();
    for (const action of ACTIONS) await expect(act(actor, id, action)).rejects.toThrow(Forbidden);
    await expect(undo(review.ctx, actor, id)).rejects.toThrow(Forbidden);
    await expect(
      queue(review.ctx, actor, review.curriculumId, filterOf(new URLSearchParams())),
    ).rejects.toThrow(Forbidden);
    await expect(inputInQueue(review.ctx, actor, id)).rejects.toThrow(NotFound);
    expect(await review.statusOf(id)).toBe("waiting");
  });

  it("refuses a moderator of another curriculum", async () => {
    const elsewhere = await openReview(database.db);
    const stranger = await elsewhere.person("Stranger", "moderator");
    const id = await review.input();
    await expect(act(stranger, id, "approve")).rejects.toThrow(Forbidden);
    await expect(inputInQueue(review.ctx, stranger, id)).rejects.toThrow(NotFound);
  });

  it("lets the first of two moderators win, and tells the second", async () => {
    const id = await review.input();
    const results = await Promise.allSettled([act(mo, id, "approve"), act(max, id, "reject")]);
    const won = results.filter(({ status }) => status === "fulfilled");
    const lost = results.find((result) => result.status === "rejected");
    expect(won).toHaveLength(1);
    expect(lost?.reason).toBeInstanceOf(Conflict);
    expect(await review.eventsOf(id)).toHaveLength(1);
    expect(await review.auditOf(id)).toHaveLength(1);
  });

  it("opens a suggestion to decisions when it is approved, and closes it again", async () => {
    const id = await review.input({ suggestion: { block: "p3", base: "a", proposed: "b" } });
    const status = async () => (await review.suggestionOf(id)).status;
    await act(mo, id, "approve");
    expect(await status()).toBe("approved");
    await undo(review.ctx, mo, id);
    expect(await status()).toBe("open");
    await act(mo, id, "approve");
    await act(max, id, "hold", "approved");
    expect(await status()).toBe("open");
    await undo(review.ctx, max, id);
    expect(await status()).toBe("approved");
  });

  it("undoes within a minute, with an entry of its own", async () => {
    const id = await review.input();
    await act(mo, id, "reject");
    expect(await undoable(review.ctx, mo, id)).toMatchObject({ inputId: id, action: "reject" });
    expect(await undoable(review.ctx, max, id)).toBeNull();
    await expect(undo(review.ctx, max, id)).rejects.toThrow(Conflict);
    expect(await undo(review.ctx, mo, id)).toEqual({ from: "rejected", to: "waiting" });
    expect((await review.eventsOf(id)).map(({ action }) => action)).toEqual(["reject", "undo"]);
    expect((await review.auditOf(id)).map(({ verb }) => verb)).toEqual([
      "input.rejected",
      "input.moderation_undone",
    ]);
    await expect(undo(review.ctx, mo, id)).rejects.toThrow(Conflict);
  });

  it("undoes once, even when asked twice at once", async () => {
    const id = await review.input();
    await act(mo, id, "approve");
    const results = await Promise.allSettled([undo(review.ctx, mo, id), undo(review.ctx, mo, id)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await review.statusOf(id)).toBe("waiting");
  });

  it("doesn't undo later than that", async () => {
    const id = await review.input();
    await act(mo, id, "approve");
    review.wait(60_001);
    expect(await undoable(review.ctx, mo, id)).toBeNull();
    await expect(undo(review.ctx, mo, id)).rejects.toThrow(Conflict);
    expect(await review.statusOf(id)).toBe("approved");
  });

  it("leaves alone what has been decided", async () => {
    const id = await review.input();
    await act(mo, id, "approve");
    const trainer = await review.person("Tess", "trainer");
    await database.db
      .insertInto("decisions")
      .values({
        id: `decision-${id}`,
        curriculum_id: review.curriculumId,
        outcome: "declined",
        reason: "The law says otherwise.",
        module_id: null,
        document_id: null,
        block_id: null,
        before_text: null,
        after_text: null,
        decided_by: trainer.personId,
        at: review.ctx.clock().toISOString(),
        version_id: null,
      })
      .execute();
    await database.db
      .insertInto("decision_inputs")
      .values({ decision_id: `decision-${id}`, input_id: id })
      .execute();
    await expect(act(max, id, "hold", "approved")).rejects.toThrow(Forbidden);
    await expect(undo(review.ctx, mo, id)).rejects.toThrow(Forbidden);
    expect(await review.statusOf(id)).toBe("approved");
  });

  it("shows an input with what it answers and what was done with it, and no identity", async () => {
    const parent = await review.input({ status: "approved", body: "Why so fast?" });
    const id = await review.input({ kind: "reply", parent, body: "I wondered too." });
    await database.db
      .insertInto("input_authors")
      .values({ input_id: id, author_key: "canary-key", person_id: max.personId })
      .execute();
    await act(mo, id, "hold");
    const shown = await inputInQueue(review.ctx, mo, id);
    expect(shown).toMatchObject({
      kind: "reply",
      status: "held",
      body: "I wondered too.",
      name: "A neighbour",
      parent: { body: "Why so fast?" },
      decided: false,
      history: [{ action: "hold", reasonCode: "personal_data", moderator: "Mo" }],
    });
    expect(JSON.stringify(shown)).not.toContain("canary-key");
    expect(JSON.stringify(shown)).not.toContain(max.personId);
  });

  it("hides what its author withdrew", async () => {
    const id = await review.input({ status: "withdrawn" });
    await expect(inputInQueue(review.ctx, mo, id)).rejects.toThrow(NotFound);
  });

  describe("its list", () => {
    let list: Review;
    let moderator: Person;
    const asked = (address: string) =>
      queue(list.ctx, moderator, list.curriculumId, filterOf(new URLSearchParams(address)));

    beforeAll(async () => {
      list = await openReview(database.db);
      moderator = await list.person("Mo", "moderator");
      for (let n = 0; n < PAGE_SIZE + 5; n++) await list.input({ body: `Waiting ${n}` });
      await list.input({
        status: "held",
        kind: "question",
        body: "¿Por qué 100%?",
        language: "es",
      });
      await list.input({ status: "held", wholeCurriculum: true, body: "Of the whole course" });
      await list.input({ status: "withdrawn" });
    });

    it("comes oldest first, in pages, with counts", async () => {
      const first = await asked("");
      expect(first.items).toHaveLength(PAGE_SIZE);
      expect(first.items[0]?.excerpt).toBe("Waiting 0");
      expect(first.total).toBe(PAGE_SIZE + 5);
      expect(first.counts).toEqual({
        waiting: PAGE_SIZE + 5,
        held: 2,
        returned: 0,
        approved: 0,
        rejected: 0,
      });
      const second = await asked(`after=${first.next}`);
      expect(second.items.map(({ excerpt }) => excerpt)).toEqual(
        [0, 1, 2, 3, 4].map((n) => `Waiting ${PAGE_SIZE + n}`),
      );
      expect(second.next).toBeNull();
    });

    it.each([
      ["status=held&kind=question", ["¿Por qué 100%?"]],
      ["status=held&language=es", ["¿Por qué 100%?"]],
      ["status=held&module=time", ["¿Por qué 100%?"]],
      ["status=held&module=other", []],
      ["status=held&q=WHOLE", ["Of the whole course"]],
      ["status=held&q=0%25?", ["¿Por qué 100%?"]],
      ["status=held&q=%25", ["¿Por qué 100%?"]],
      ["status=held&q=_", []],
    ])("filters by %s", async (address, excerpts) => {
      const { items, total } = await asked(address);
      expect(items.map(({ excerpt }) => excerpt)).toEqual(excerpts);
      expect(total).toBe(excerpts.length);
    });

    it("names the next one: after this, else the first that is left", async () => {
      const filter = filterOf(new URLSearchParams("status=held"));
      const { items } = await asked("status=held");
      const [one, two] = items;
      if (!one || !two) throw new Error("two were asked for");
      const next = (seq: number) => nextInQueue(list.ctx, list.curriculumId, filter, seq);
      expect(await next(one.seq)).toBe(two.id);
      expect(await next(two.seq)).toBe(one.id);
      const none = filterOf(new URLSearchParams("status=rejected"));
      expect(await nextInQueue(list.ctx, list.curriculumId, none, one.seq)).toBeNull();
    });
  });
});
