import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Log } from "#app/context.ts";
import { applyText } from "#app/document/apply.ts";
import { textblocks } from "#app/document/read.ts";
import { Conflict, Forbidden, Invalid, NotFound } from "#app/errors.ts";
import { decide } from "#app/features/decisions/decisions.server.ts";
import {
  decidedFilter,
  decideForm,
  mayDecide,
  type Outcome,
  PAGE_SIZE,
  suggestionStatusFor,
  toDecideFilter,
  wordingFor,
} from "#app/features/decisions/decisions.ts";
import { inputToDecide } from "#app/features/decisions/task.server.ts";
import { decisionsOf, nextToDecide, toDecide } from "#app/features/decisions/worklist.server.ts";
import { moderate } from "#app/features/moderation/moderation.server.ts";
import { ANONYMOUS, CURRICULUM_ROLES, type Person } from "#app/features/people/people.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { openReview, type Review } from "#tests/support/review.ts";

const BASE = "Officers must act at once when a person in crisis does not answer.";
const PROPOSED = "Officers must wait and ask again when a person in crisis does not answer.";

describe("outcomes", () => {
  it.each<[Outcome, string, string, string]>([
    ["adopted", "proposed", "optional", "none"],
    ["partly_adopted", "required", "optional", "none"],
    ["already_covered", "none", "none", "none"],
    ["declined", "none", "none", "none"],
    ["out_of_scope", "none", "none", "none"],
    ["referred", "none", "none", "none"],
  ])("%s: what it asks of the text", (outcome, suggestion, comment, whole) => {
    expect(wordingFor(outcome, { suggestion: true, anchored: true })).toBe(suggestion);
    expect(wordingFor(outcome, { suggestion: false, anchored: true })).toBe(comment);
    expect(wordingFor(outcome, { suggestion: false, anchored: false })).toBe(whole);
    expect(suggestionStatusFor(outcome)).toBe(comment === "none" ? "declined" : "applied");
  });

  it("only a trainer of this curriculum decides", () => {
    for (const role of CURRICULUM_ROLES) {
      const actor = { ...ANONYMOUS, roles: [{ curriculumId: "here", role }] };
      expect(mayDecide(actor, "here")).toBe(role === "trainer");
      expect(mayDecide(actor, "elsewhere")).toBe(false);
    }
    expect(mayDecide({ ...ANONYMOUS, steward: true }, "here")).toBe(false);
  });

  it("always asks for a reason, of 3 to 2,000 characters", () => {
    const messageFor = (reason: unknown) =>
      decideForm.safeParse({ inputId: "x", outcome: "declined", reason }).error?.issues[0]?.message;
    expect(messageFor(undefined)).toBe("decisions:reasonMissing");
    expect(messageFor(" \u200b no\n ")).toBe("decisions:reasonMissing");
    expect(messageFor("The law says so.")).toBeUndefined();
    expect(messageFor("x".repeat(2000))).toBeUndefined();
    expect(messageFor("x".repeat(2001))).toBe("decisions:reasonTooLong");
  });

  it("asks for an outcome it knows", () => {
    const parsed = decideForm.safeParse({ inputId: "x", outcome: "maybe", reason: "Who knows" });
    expect(parsed.error?.issues[0]?.message).toBe("decisions:outcomeMissing");
  });
});

const silent: Log = { info: () => {}, error: () => {} };

describe.each(DATABASES)("decisions on $name", ({ open }) => {
  let database: TestDatabase;
  let collab: CollabServer;
  let review: Review;
  let tess: Person;
  let theo: Person;
  let mo: Person;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    collab = createCollab({ db: database.db, clock: () => new Date(), log: silent });
    review = await openReview(database.db, collab);
    [tess, theo, mo] = await Promise.all([
      review.person("Tess", "trainer"),
      review.person("Theo", "trainer", "moderator"),
      review.person("Mo", "moderator"),
    ]);
  });
  afterEach(() => collab.close());

  const textOf = async (block: string) =>
    textblocks((await collab.read(review.documentId)).json).find(({ id }) => id === block)?.text;
  const rewrite = (blockId: string, base: string, proposed: string) =>
    collab.edit(review.documentId, { personId: theo.personId, via: "test" }, (doc) =>
      applyText(doc, { blockId, base, proposed }),
    );
  const suggest = (given = { block: "p1", base: BASE, proposed: PROPOSED }) =>
    review.input({ status: "approved", suggestion: given });
  const decisionOn = (inputId: string) =>
    database.db
      .selectFrom("decision_inputs")
      .innerJoin("decisions", "decisions.id", "decision_inputs.decision_id")
      .selectAll("decisions")
      .where("input_id", "=", inputId)
      .executeTakeFirst();
  const verbsOf = async (inputId: string) =>
    (await review.auditOf(inputId)).map(({ verb }) => verb);
  const unchanged = async (inputId: string) => {
    expect(await decisionOn(inputId)).toBeUndefined();
    expect(await verbsOf(inputId)).toEqual([]);
  };

  it("adopts a suggestion: the draft, the decision and the audit entry at once", async () => {
    const id = await suggest();
    const decided = await decide(review.ctx, tess, {
      inputId: id,
      outcome: "adopted",
      reason: "Waiting is what we teach.",
    });
    expect(decided.status).toBe("decided");
    expect(await textOf("p1")).toBe(PROPOSED);
    const suggestion = await review.suggestionOf(id);
    const last = await database.db
      .selectFrom("doc_updates")
      .select(["seq", "origin", "author_id"])
      .where("doc_id", "=", review.documentId)
      .orderBy("seq", "desc")
      .executeTakeFirstOrThrow();
    expect(suggestion.status).toBe("applied");
    expect(suggestion.applied_seq).toBe(last.seq);
    expect(last.author_id).toBe(tess.personId);
    expect(await decisionOn(id)).toMatchObject({
      outcome: "adopted",
      reason: "Waiting is what we teach.",
      before_text: BASE,
      after_text: PROPOSED,
      module_id: review.moduleId,
      document_id: review.documentId,
      block_id: "p1",
      decided_by: tess.personId,
      version_id: null,
    });
    expect(await review.auditOf(id)).toMatchObject([
      { verb: "input.decided", actor: '{"role":"trainer","name":"Tess"}' },
    ]);
    expect(JSON.parse((await review.auditOf(id))[0]?.data ?? "")).toMatchObject({
      outcome: "adopted",
      changed: true,
    });
  });

  it("keeps what others wrote elsewhere in the passage", async () => {
    const id = await suggest();
    await rewrite("p1", BASE, BASE.replace("answer", "answer or move"));
    await decide(review.ctx, tess, { inputId: id, outcome: "adopted", reason: "Yes, both." });
    expect(await textOf("p1")).toBe(PROPOSED.replace("answer", "answer or move"));
    expect(await decisionOn(id)).toMatchObject({
      before_text: BASE.replace("answer", "answer or move"),
    });
  });

  it("takes a suggestion that the text follows already as adopted, and writes no text", async () => {
    const id = await suggest();
    await rewrite("p1", BASE, PROPOSED);
    const { seq } = await collab.read(review.documentId);
    await decide(review.ctx, tess, { inputId: id, outcome: "adopted", reason: "Done by hand." });
    expect((await collab.read(review.documentId)).seq).toBe(seq);
    expect(await review.suggestionOf(id)).toMatchObject({ status: "applied", applied_seq: null });
    expect(await decisionOn(id)).toMatchObject({ before_text: BASE, after_text: PROPOSED });
  });

  it("shows a conflict, and writes nothing but that", async () => {
    const id = await suggest();
    const rewritten = BASE.replace("act at once", "never act");
    await rewrite("p1", BASE, rewritten);
    const form = { inputId: id, outcome: "adopted", reason: "It is better." } as const;
    expect(await decide(review.ctx, tess, form)).toEqual({
      status: "conflict",
      current: rewritten,
    });
    await decide(review.ctx, tess, form);
    expect(await textOf("p1")).toBe(rewritten);
    expect(await decisionOn(id)).toBeUndefined();
    expect(await review.suggestionOf(id)).toMatchObject({ status: "conflict", applied_seq: null });
    expect(await verbsOf(id)).toEqual(["suggestion.conflict"]);
    const task = await inputToDecide(review.ctx, tess, id);
    expect(task.fit).toEqual({ status: "conflict" });
    expect(task.place?.current).toBe(rewritten);

    const wording = "Officers wait, and never act at once.";
    await decide(review.ctx, tess, {
      inputId: id,
      outcome: "partly_adopted",
      reason: "Both were right in part.",
      base: rewritten,
      wording,
    });
    expect(await textOf("p1")).toBe(wording);
    expect(await review.suggestionOf(id)).toMatchObject({ status: "applied" });
    expect(await decisionOn(id)).toMatchObject({ before_text: rewritten, after_text: wording });
  });

  it("sees a passage that was taken out", async () => {
    const id = await suggest();
    await rewrite("p1", BASE, "");
    expect(
      await decide(review.ctx, tess, { inputId: id, outcome: "adopted", reason: "Good." }),
    ).toEqual({ status: "conflict", current: null });
    expect((await inputToDecide(review.ctx, tess, id)).fit).toEqual({ status: "gone" });
    await decide(review.ctx, tess, { inputId: id, outcome: "declined", reason: "It is gone." });
    expect(await review.suggestionOf(id)).toMatchObject({ status: "declined" });
  });

  it("takes a paragraph out when that was suggested", async () => {
    const id = await suggest({ block: "p3", base: "Call the crisis team early.", proposed: "" });
    await decide(review.ctx, tess, { inputId: id, outcome: "adopted", reason: "Said twice." });
    expect(await textOf("p3")).toBeUndefined();
    const again = await suggest({ block: "p3", base: "Call the crisis team early.", proposed: "" });
    await decide(review.ctx, tess, { inputId: again, outcome: "adopted", reason: "It is out." });
    expect(await review.suggestionOf(again)).toMatchObject({ status: "applied" });
  });

  it("asks for another wording to adopt in part", async () => {
    const id = await suggest();
    const form = {
      inputId: id,
      outcome: "partly_adopted",
      reason: "In part.",
      base: BASE,
    } as const;
    await expect(decide(review.ctx, tess, form)).rejects.toThrow(Invalid);
    await expect(decide(review.ctx, tess, { ...form, wording: BASE })).rejects.toThrow(Invalid);
    await unchanged(id);
    expect(await textOf("p1")).toBe(BASE);
  });

  it.each(["already_covered", "declined", "out_of_scope", "referred"] as const)(
    "%s: leaves the text alone",
    async (outcome) => {
      const id = await suggest();
      const { seq } = await collab.read(review.documentId);
      await decide(review.ctx, tess, { inputId: id, outcome, reason: "Because.", wording: "No" });
      expect((await collab.read(review.documentId)).seq).toBe(seq);
      expect(await review.suggestionOf(id)).toMatchObject({ status: "declined" });
      expect(await decisionOn(id)).toMatchObject({ outcome, before_text: null, after_text: null });
    },
  );

  describe("a comment", () => {
    const current = "Speak slowly, and give the person room to move.";
    const comment = () =>
      review.input({ status: "approved", quote: { block: "p2", text: "room" } });

    it("is adopted with a wording of the trainer's own", async () => {
      const id = await comment();
      const wording = "Speak slowly, and give the person time and room to move.";
      await decide(review.ctx, tess, {
        inputId: id,
        outcome: "adopted",
        reason: "Time matters too.",
        base: current,
        wording,
      });
      expect(await textOf("p2")).toBe(wording);
      expect(await decisionOn(id)).toMatchObject({ before_text: current, after_text: wording });
    });

    it("is adopted by a reason alone, when the draft was changed by hand", async () => {
      const id = await comment();
      const { seq } = await collab.read(review.documentId);
      await decide(review.ctx, tess, {
        inputId: id,
        outcome: "adopted",
        reason: "Changed in the draft.",
        base: current,
        wording: current,
      });
      expect((await collab.read(review.documentId)).seq).toBe(seq);
      expect(await decisionOn(id)).toMatchObject({ block_id: "p2", after_text: null });
    });

    it("shows a conflict when the passage moved on while the form was open", async () => {
      const id = await comment();
      await rewrite("p2", current, current.replace("slowly", "softly"));
      const form = { inputId: id, outcome: "adopted", reason: "Slower.", base: current } as const;
      const wording = current.replace("slowly", "very slowly");
      const decided = await decide(review.ctx, tess, { ...form, wording });
      expect(decided.status).toBe("conflict");
      await unchanged(id);
    });

    it("can be about the whole curriculum", async () => {
      const id = await review.input({ status: "approved", wholeCurriculum: true });
      await decide(review.ctx, tess, { inputId: id, outcome: "adopted", reason: "See module 2." });
      expect(await decisionOn(id)).toMatchObject({ module_id: null, document_id: null });
    });
  });

  it("refuses whoever moderated the input, even if they took it back", async () => {
    const id = await review.input({ suggestion: { block: "p1", base: BASE, proposed: PROPOSED } });
    await moderate(review.ctx, theo, {
      inputId: id,
      action: "approve",
      expectedStatus: "waiting",
      reason: "",
    });
    expect((await inputToDecide(review.ctx, theo, id)).youModerated).toBe(true);
    const form = { inputId: id, outcome: "adopted", reason: "I like it." } as const;
    await expect(decide(review.ctx, theo, form)).rejects.toThrow(Forbidden);
    await expect(decide(review.ctx, theo, { ...form, outcome: "declined" })).rejects.toThrow(
      Forbidden,
    );
    expect(await textOf("p1")).toBe(BASE);
    expect(await decisionOn(id)).toBeUndefined();
    await decide(review.ctx, tess, form);
    expect(await textOf("p1")).toBe(PROPOSED);
  });

  it("refuses everybody who is no trainer here", async () => {
    const id = await suggest();
    const elsewhere = await openReview(database.db, collab);
    const others = [mo, await elsewhere.person("Stranger", "trainer"), ANONYMOUS];
    for (const actor of others) {
      const form = { inputId: id, outcome: "adopted", reason: "Let me." } as const;
      await expect(decide(review.ctx, actor, form)).rejects.toThrow(Forbidden);
      await expect(inputToDecide(review.ctx, actor, id)).rejects.toThrow(NotFound);
      await expect(
        toDecide(review.ctx, actor, review.curriculumId, toDecideFilter.parse({})),
      ).rejects.toThrow(Forbidden);
    }
    await unchanged(id);
  });

  it.each(["waiting", "held", "returned", "rejected", "withdrawn"] as const)(
    "refuses what is %s",
    async (status) => {
      const id = await review.input({
        status,
        suggestion: { block: "p1", base: BASE, proposed: PROPOSED },
      });
      const form = { inputId: id, outcome: "adopted", reason: "Good." } as const;
      await expect(decide(review.ctx, tess, form)).rejects.toThrow(Conflict);
      await expect(inputToDecide(review.ctx, tess, id)).rejects.toThrow(NotFound);
      await unchanged(id);
      expect(await textOf("p1")).toBe(BASE);
    },
  );

  it("doesn't decide on a reply by itself", async () => {
    const parent = await suggest();
    const id = await review.input({ status: "approved", kind: "reply", parent });
    await expect(
      decide(review.ctx, tess, { inputId: id, outcome: "declined", reason: "No." }),
    ).rejects.toThrow(NotFound);
  });

  it.each([
    ["adopted", "adopted"],
    ["adopted", "declined"],
    ["declined", "referred"],
  ] as const)("of two deciders (%s, %s) lets one win", async (first, second) => {
    const id = await suggest();
    const other = await review.person("Tom", "trainer");
    const results = await Promise.allSettled([
      decide(review.ctx, tess, { inputId: id, outcome: first, reason: "The first." }),
      decide(review.ctx, other, { inputId: id, outcome: second, reason: "The second." }),
    ]);
    const lost = results.filter((result) => result.status === "rejected");
    expect(lost).toHaveLength(1);
    expect(lost[0]?.reason).toBeInstanceOf(Conflict);
    expect(await verbsOf(id)).toEqual(["input.decided"]);
    const decision = await decisionOn(id);
    expect(await textOf("p1")).toBe(decision?.outcome === "adopted" ? PROPOSED : BASE);
    const decisions = await decisionsOf(database.db, review.curriculumId);
    expect(decisions.total).toBe(1);
  });

  it("of a moderator and a decider lets one win", async () => {
    const id = await suggest();
    const results = await Promise.allSettled([
      decide(review.ctx, tess, { inputId: id, outcome: "adopted", reason: "Good." }),
      moderate(review.ctx, mo, {
        inputId: id,
        action: "hold",
        expectedStatus: "approved",
        reasonCode: "personal_data",
        reason: "It names a street.",
      }),
    ]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const held = (await review.statusOf(id)) === "held";
    expect(await textOf("p1")).toBe(held ? BASE : PROPOSED);
    expect((await review.suggestionOf(id)).status).toBe(held ? "open" : "applied");
  });

  it("shows the passage in its surroundings, replies and supports", async () => {
    const id = await suggest();
    await review.input({ status: "approved", kind: "reply", parent: id, body: "Me too." });
    await review.input({ status: "waiting", kind: "reply", parent: id, body: "Not yet public" });
    await database.db
      .insertInto("supports")
      .values({ input_id: id, supporter_key: "a", at: "2026-03-02T09:00:00Z" })
      .execute();
    expect(await inputToDecide(review.ctx, tess, id)).toMatchObject({
      place: {
        blockId: "p1",
        current: BASE,
        section: "Time, distance and words",
        before: "Time, distance and words",
        after: "Speak slowly, and give the person room to move.",
      },
      suggestion: { base: BASE, proposed: PROPOSED },
      fit: { status: "fits", after: PROPOSED },
      replies: [{ body: "Me too." }],
      supports: 1,
      youModerated: false,
      decision: null,
    });
  });

  it("lists what waits, oldest first, and what was decided, newest first", async () => {
    const first = await suggest();
    const question = await review.input({ status: "approved", kind: "question", body: "Why?" });
    const moderated = await review.input({ body: "Too 100% fast" });
    await moderate(review.ctx, theo, {
      inputId: moderated,
      action: "approve",
      expectedStatus: "waiting",
      reason: "",
    });
    await review.input({ status: "approved", kind: "reply", parent: first });
    const ids = async (actor: Person, filter: Record<string, string>) => {
      const { items, total } = await toDecide(
        review.ctx,
        actor,
        review.curriculumId,
        toDecideFilter.parse(filter),
      );
      expect(total).toBe(items.length);
      return items.map(({ id }) => id);
    };
    expect(await ids(theo, {})).toEqual([first, question, moderated]);
    expect(await ids(theo, { mine: "1" })).toEqual([first, question]);
    expect(await ids(theo, { kind: "question" })).toEqual([question]);
    expect(await ids(theo, { module: "time", q: "100%" })).toEqual([moderated]);
    expect(await ids(theo, { module: "elsewhere" })).toEqual([]);
    const { items } = await toDecide(review.ctx, theo, review.curriculumId, {});
    expect(items.map(({ mine }) => mine)).toEqual([true, true, false]);

    const next = (seq: number) => nextToDecide(review.ctx, theo, review.curriculumId, {}, seq);
    expect(await next(items[0]?.seq ?? 0)).toBe(question);
    expect(await next(items[1]?.seq ?? 0)).toBe(first);

    await decide(review.ctx, tess, { inputId: first, outcome: "adopted", reason: "Yes." });
    await decide(review.ctx, tess, { inputId: question, outcome: "referred", reason: "To legal." });
    expect(await ids(theo, {})).toEqual([moderated]);
    const decided = async (filter: Record<string, string>) =>
      (await decisionsOf(database.db, review.curriculumId, decidedFilter.parse(filter))).items;
    expect(await decided({})).toMatchObject([
      { outcome: "referred", decidedBy: "Tess", inputs: [{ id: question, excerpt: "Why?" }] },
      { outcome: "adopted", after: PROPOSED, version: null, inputs: [{ id: first }] },
    ]);
    expect(await decided({ outcome: "referred" })).toHaveLength(1);
    expect(await decided({ kind: "suggestion", module: "time" })).toMatchObject([
      { outcome: "adopted" },
    ]);
    expect(await decided({ q: "nothing like it" })).toEqual([]);
  });

  it("pages", async () => {
    for (let n = 0; n <= PAGE_SIZE; n++) await review.input({ status: "approved", body: `${n}` });
    const first = await toDecide(review.ctx, tess, review.curriculumId, {});
    expect(first.items).toHaveLength(PAGE_SIZE);
    const second = await toDecide(review.ctx, tess, review.curriculumId, {
      after: first.next ?? 0,
    });
    expect(second.items.map(({ excerpt }) => excerpt)).toEqual([`${PAGE_SIZE}`]);
    expect(second.next).toBeNull();
  });

  it("hides the words of what its author withdrew after the decision", async () => {
    const id = await suggest();
    await decide(review.ctx, tess, { inputId: id, outcome: "declined", reason: "No room." });
    await database.db
      .updateTable("inputs")
      .set({ status: "withdrawn" })
      .where("id", "=", id)
      .execute();
    const { items } = await decisionsOf(database.db, review.curriculumId);
    expect(items[0]?.inputs).toMatchObject([{ excerpt: null, name: null }]);
  });
});
