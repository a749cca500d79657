import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Log } from "#app/context.ts";
import { applyText } from "#app/document/apply.ts";
import { textblocks } from "#app/document/read.ts";
import type { NodeJSON } from "#app/document/schema.ts";
import { Conflict, Forbidden, Invalid } from "#app/errors.ts";
import { decide } from "#app/features/decisions/decisions.server.ts";
import { PAGE_SIZE, severalForm } from "#app/features/decisions/decisions.ts";
import { adoptSeveral, severalToAdopt } from "#app/features/decisions/several.server.ts";
import { inputToDecide } from "#app/features/decisions/task.server.ts";
import { startingPoint } from "#app/features/decisions/three-way.ts";
import { decisionsOf } from "#app/features/decisions/worklist.server.ts";
import { inputForPage } from "#app/features/inputs/status.server.ts";
import { moderate } from "#app/features/moderation/moderation.server.ts";
import { ANONYMOUS, type Person } from "#app/features/people/people.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { openReview, type Review } from "#tests/support/review.ts";
import { changeIn, changesIn, paragraph, suggestChange } from "#tests/support/suggested.ts";

const P1 = "Officers must act at once when a person in crisis does not answer.";
const P2 = "Speak slowly, and give the person room to move.";
const P3 = "Call the crisis team early.";

const silent: Log = { info: () => {}, error: () => {} };

describe("where composing starts", () => {
  it.each([
    [
      "what doesn't meet goes in",
      "one two three four",
      "one 2 three four",
      "one two three 4",
      "one 2 three 4",
    ],
    [
      "what meets is left to the person",
      "one two three",
      "one 2 three",
      "one deux three",
      "one 2 three",
    ],
    ["each change by itself", "a b c d e", "a B c d e", "a x c d E", "a B c d E"],
    ["a passage that was emptied", "one two", "", "one 2", ""],
    ["what was wanted is there already", "one two", "one 2", "one 2", "one 2"],
  ])("%s", (_, base, now, proposed, start) => {
    expect(startingPoint(base, now, proposed)).toBe(start);
  });
});

describe.each(DATABASES)("adopting on $name", ({ open }) => {
  let database: TestDatabase;
  let collab: CollabServer;
  let review: Review;
  let tess: Person;
  let theo: Person;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    collab = createCollab({ db: database.db, clock: () => new Date(), log: silent });
    review = await openReview(database.db, collab);
    [tess, theo] = await Promise.all([
      review.person("Tess", "trainer"),
      review.person("Theo", "trainer", "moderator"),
    ]);
  });
  afterEach(() => collab.close());

  const draft = async () => (await collab.read(review.documentId)).json;
  const texts = async () => textblocks(await draft()).map(({ text }) => text);
  const seq = async () => (await collab.read(review.documentId)).seq;
  const rewrite = (blockId: string, base: string, proposed: string) =>
    collab.edit(review.documentId, { personId: theo.personId, via: "test" }, (doc) =>
      applyText(doc, { blockId, base, proposed }),
    );
  const suggest = async (change: (blocks: NodeJSON[]) => NodeJSON[]) =>
    suggestChange(review, await changeIn(review, change));
  const adopt = (inputId: string, actor: Person = tess) =>
    decide(review.ctx, actor, { inputId, outcome: "adopted", reason: "It helps." });
  const decisionOn = (inputId: string) =>
    database.db
      .selectFrom("decision_inputs")
      .innerJoin("decisions", "decisions.id", "decision_inputs.decision_id")
      .selectAll("decisions")
      .where("input_id", "=", inputId)
      .executeTakeFirst();
  const verbsOf = async (inputId: string) =>
    (await review.auditOf(inputId)).map(({ verb }) => verb);
  /** From now on this colleague's caret stands in these blocks. */
  const writesIn = (person: Person, ...blocks: string[]) => {
    review.ctx.collab = {
      ...collab,
      carets: async () => blocks.map((blockId) => ({ personId: person.personId, blockId })),
    };
  };

  const reword = ([h, p1, ...rest]: NodeJSON[]) => [
    h as NodeJSON,
    paragraph(String(p1?.attrs?.id), P1.replace("act at once", "wait")),
    ...rest,
  ];
  const moveToEnd = ([h, p1, ...rest]: NodeJSON[]) => [h, ...rest, p1] as NodeJSON[];
  const insert = (blocks: NodeJSON[]) => [...blocks, paragraph("new", "Say your name first.")];
  const remove = (blocks: NodeJSON[]) => blocks.filter(({ attrs }) => attrs?.id !== "p2");
  const wrap = ([h, p1, ...rest]: NodeJSON[]) =>
    [
      h,
      { type: "blockquote", attrs: { id: "q" }, content: [p1 as NodeJSON] },
      ...rest,
    ] as NodeJSON[];
  const split = ([h, _p1, ...rest]: NodeJSON[]) =>
    [
      h,
      paragraph("p1", "Officers must act at once"),
      paragraph("half", "when a person in crisis does not answer."),
      ...rest,
    ] as NodeJSON[];

  it.each([
    ["another wording", reword, [P1.replace("act at once", "wait"), P2, P3]],
    ["a new passage", insert, [P1, P2, P3, "Say your name first."]],
    ["a passage taken out", remove, [P1, P3]],
    ["a passage moved", moveToEnd, [P2, P3, P1]],
    [
      "a passage split in two",
      split,
      ["Officers must act at once", "when a person in crisis does not answer.", P2, P3],
    ],
    ["a passage put in a box", wrap, [P1, P2, P3]],
  ])("puts in %s, with its decision and audit entry", async (_, change, after) => {
    const id = await suggest(change);
    const task = await inputToDecide(review.ctx, tess, id);
    expect(task.fit?.status).toBe("fits");
    expect(await adopt(id)).toMatchObject({ status: "decided" });
    expect((await texts()).slice(1)).toEqual(after);
    const last = await seq();
    expect(await review.suggestionOf(id)).toMatchObject({ status: "applied", applied_seq: last });
    expect(await decisionOn(id)).toMatchObject({ document_id: review.documentId });
    expect(await verbsOf(id)).toEqual(["input.decided"]);
    await expect(adopt(id)).rejects.toThrow(Conflict);
    expect(await seq()).toBe(last);
  });

  it("points the decision at the passage that is new", async () => {
    const id = await suggest(insert);
    await adopt(id);
    expect(await decisionOn(id)).toMatchObject({
      block_id: "new",
      before_text: "",
      after_text: "Say your name first.",
    });
  });

  it("puts a new passage in the trainer's own words", async () => {
    const id = await suggest(insert);
    const task = await inputToDecide(review.ctx, tess, id);
    expect(task).toMatchObject({ composing: "newPassage", start: "Say your name first." });
    const form = { inputId: id, outcome: "partly_adopted", reason: "Shorter." } as const;
    await decide(review.ctx, tess, { ...form, base: "", wording: "First, say your name." });
    expect((await texts()).at(-1)).toBe("First, say your name.");
    expect(await decisionOn(id)).toMatchObject({ after_text: "First, say your name." });
  });

  it("takes a move in part by hand: the reason says what was done", async () => {
    const id = await suggest(moveToEnd);
    const before = await seq();
    expect((await inputToDecide(review.ctx, tess, id)).composing).toBe("byHand");
    await decide(review.ctx, tess, {
      inputId: id,
      outcome: "partly_adopted",
      reason: "Moved one up, not to the end.",
    });
    expect(await seq()).toBe(before);
    expect(await decisionOn(id)).toMatchObject({ outcome: "partly_adopted", after_text: null });
  });

  it("notes that a change is there already, and writes no text", async () => {
    const id = await suggest(remove);
    await rewrite("p2", P2, "");
    const before = await seq();
    await adopt(id);
    expect(await seq()).toBe(before);
    expect(await review.suggestionOf(id)).toMatchObject({ status: "applied", applied_seq: null });
  });

  it("shows a conflict of structure, and writes nothing but that", async () => {
    const id = await suggest(remove);
    await rewrite("p2", P2, P2.replace("slowly", "softly"));
    const before = await draft();
    expect(await adopt(id)).toMatchObject({ status: "conflict" });
    expect(await draft()).toEqual(before);
    expect(await decisionOn(id)).toBeUndefined();
    expect(await review.suggestionOf(id)).toMatchObject({ status: "conflict" });
    expect(await verbsOf(id)).toEqual(["suggestion.conflict"]);
    expect((await inputToDecide(review.ctx, tess, id)).fit).toEqual({ status: "conflict" });
  });

  describe("while a colleague writes in the passage", () => {
    it.each([
      ["moving it", moveToEnd],
      ["taking it out", (blocks: NodeJSON[]) => blocks.filter(({ attrs }) => attrs?.id !== "p1")],
      ["putting it in a box", wrap],
    ])("holds %s, and says who it is", async (_, change) => {
      const id = await suggest(change);
      const before = await seq();
      writesIn(theo, "p1");
      expect((await inputToDecide(review.ctx, tess, id)).writers).toEqual(["Theo"]);
      expect(await adopt(id)).toEqual({ status: "held", writers: ["Theo"] });
      expect(await seq()).toBe(before);
      expect(await decisionOn(id)).toBeUndefined();
      expect(await verbsOf(id)).toEqual([]);
      expect(await review.suggestionOf(id)).toMatchObject({ status: "approved" });
      writesIn(theo, "p3");
      expect((await adopt(id)).status).toBe("decided");
    });

    it("holds a wording that takes the passage out, too", async () => {
      const id = await review.input({
        status: "approved",
        suggestion: { block: "p1", base: P1, proposed: "" },
      });
      writesIn(theo, "p1");
      expect(await adopt(id)).toEqual({ status: "held", writers: ["Theo"] });
    });

    it("never holds another wording", async () => {
      const id = await suggest(reword);
      writesIn(theo, "p1");
      expect((await inputToDecide(review.ctx, tess, id)).writers).toEqual([]);
      expect((await adopt(id)).status).toBe("decided");
    });

    it("doesn't count the carets of whoever decides", async () => {
      const id = await suggest(moveToEnd);
      writesIn(tess, "p1");
      expect((await adopt(id)).status).toBe("decided");
    });
  });

  describe("a wording composed out of a conflict", () => {
    const theirs = P1.replace("act at once", "wait");
    const since = P1.replace("act at once", "act soon");
    const composed = P1.replace("act at once", "wait, then act");
    const form = { outcome: "adopted", reason: "Both were right.", composed: "1" } as const;
    const conflicting = async () => {
      const id = await review.input({
        status: "approved",
        suggestion: { block: "p1", base: P1, proposed: theirs },
      });
      await rewrite("p1", P1, since);
      return id;
    };

    it("goes in when the passage reads as the person saw it", async () => {
      const id = await conflicting();
      const task = await inputToDecide(review.ctx, tess, id);
      expect(task).toMatchObject({ fit: { status: "conflict" }, start: since });
      const decided = await decide(review.ctx, tess, {
        ...form,
        inputId: id,
        base: since,
        wording: composed,
      });
      expect(decided.status).toBe("decided");
      expect(await texts()).toContain(composed);
      expect(await decisionOn(id)).toMatchObject({
        outcome: "adopted",
        before_text: since,
        after_text: composed,
      });
    });

    it("is a conflict again when the passage moved on, be it elsewhere", async () => {
      const id = await conflicting();
      const later = since.replace("crisis", "great crisis");
      await rewrite("p1", since, later);
      const before = await seq();
      const decided = await decide(review.ctx, tess, {
        ...form,
        inputId: id,
        base: since,
        wording: composed,
      });
      expect(decided).toEqual({ status: "conflict", current: later });
      expect(await seq()).toBe(before);
      expect(await decisionOn(id)).toBeUndefined();
    });

    it("must be there, and say something else than now", async () => {
      const id = await conflicting();
      const sent = { ...form, inputId: id, base: since };
      await expect(decide(review.ctx, tess, sent)).rejects.toThrow(Invalid);
      await expect(decide(review.ctx, tess, { ...sent, wording: since })).rejects.toThrow(Invalid);
      await decide(review.ctx, tess, { ...sent, wording: P1 });
      expect(await texts()).toContain(P1);
    });
  });

  describe("several at once", () => {
    const several = (input: string[], actor: Person = tess) =>
      adoptSeveral(review.ctx, actor, { input, reason: "All of these help." });
    /** All that became of one workshop copy: reworded, moved, new, and taken out. */
    const suggestAll = async () => {
      const { hunks, base } = await changesIn(review, (blocks) =>
        insert(moveToEnd(remove(reword(blocks)))),
      );
      return Promise.all(hunks.map((hunk) => suggestChange(review, { hunk, base })));
    };

    it("is the same in any order, each with a decision of its own", async () => {
      const ids = await suggestAll();
      const results = await several(ids);
      expect(results.map(({ status }) => status)).toEqual(Array(4).fill("adopted"));
      const forwards = await texts();
      expect(forwards.slice(1)).toEqual([
        P3,
        P1.replace("act at once", "wait"),
        "Say your name first.",
      ]);
      const decisions = await Promise.all(ids.map(decisionOn));
      expect(new Set(decisions.map((decision) => decision?.id)).size).toBe(4);
      for (const id of ids) expect(await verbsOf(id)).toEqual(["input.decided"]);

      review = await openReview(database.db, collab);
      tess = await review.person("Tess", "trainer");
      const again = await suggestAll();
      await several(again.reverse());
      expect(await texts()).toEqual(forwards);
    });

    it("reports what conflicts, is held or decided, and leaves it open", async () => {
      const fits = await suggest(insert);
      const conflicts = await suggest(remove);
      const held = await suggest(moveToEnd);
      const decided = await suggest(reword);
      await decide(review.ctx, tess, { inputId: decided, outcome: "declined", reason: "No." });
      const comment = await review.input({ status: "approved" });
      await rewrite("p2", P2, P2.replace("slowly", "softly"));
      writesIn(theo, "p1");
      expect(await several([held, decided, conflicts, comment, fits, fits])).toEqual([
        { inputId: held, status: "held", writers: ["Theo"] },
        { inputId: decided, status: "refused", why: { key: "decisions:someoneWasFirst" } },
        { inputId: conflicts, status: "conflict" },
        { inputId: comment, status: "refused", why: { key: "decisions:notFound" } },
        { inputId: fits, status: "adopted" },
      ]);
      for (const id of [held, conflicts, comment]) expect(await decisionOn(id)).toBeUndefined();
      expect((await texts()).at(-1)).toBe("Say your name first.");
    });

    it("shows only what this trainer may adopt", async () => {
      const mine = await suggest(reword);
      const moderated = await review.input({
        suggestion: { block: "p1", base: P1, proposed: "Wait." },
      });
      await moderate(review.ctx, theo, {
        inputId: moderated,
        action: "approve",
        expectedStatus: "waiting",
        reason: "",
      });
      const comment = await review.input({ status: "approved" });
      const elsewhere = await openReview(database.db, collab);
      const foreign = await elsewhere.input({
        status: "approved",
        suggestion: { block: "p1", base: P1, proposed: "Wait." },
      });
      const shown = await severalToAdopt(review.ctx, theo, review.curriculumId, [
        foreign,
        moderated,
        comment,
        mine,
      ]);
      expect(shown.map(({ id }) => id)).toEqual([mine]);
      await expect(
        severalToAdopt(review.ctx, ANONYMOUS, review.curriculumId, [mine]),
      ).rejects.toThrow(Forbidden);
      expect(await several([moderated, mine], theo)).toMatchObject([
        { status: "refused", why: { key: "decisions:youModerated" } },
        { status: "adopted" },
      ]);
    });

    it("takes from one to a page of them", () => {
      const check = (input: unknown) =>
        severalForm.safeParse({ input, reason: "Because." }).error?.issues[0]?.message;
      expect(check([])).toBe("decisions:several.none");
      expect(check(undefined)).toBe("decisions:several.none");
      expect(check(["a"])).toBeUndefined();
      expect(check(Array(PAGE_SIZE + 1).fill("a"))).toBe("decisions:several.tooMany");
    });

    it("of two trainers at once adopts each once", async () => {
      const ids = await suggestAll();
      const other = await review.person("Otto", "trainer");
      const [a, b] = await Promise.all([several(ids), several([...ids].reverse(), other)]);
      for (const id of ids) {
        const of = [...a, ...b].filter(({ inputId }) => inputId === id);
        expect(of.map(({ status }) => status).sort()).toEqual(["adopted", "refused"]);
      }
      expect((await texts()).filter((text) => text === "Say your name first.")).toHaveLength(1);
    });
  });

  it("of two trainers at once lets one adopt a change of structure", async () => {
    const id = await suggest(moveToEnd);
    const other = await review.person("Otto", "trainer");
    const results = await Promise.allSettled([adopt(id), adopt(id, other)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await texts()).slice(1)).toEqual([P2, P3, P1]);
    expect(await verbsOf(id)).toEqual(["input.decided"]);
  });

  it("says in public what kind of change it is, by whom and from which workshop", async () => {
    const id = await suggest(wrap);
    await database.db
      .insertInto("suggestion_authors")
      .values([
        { input_id: id, person_id: tess.personId, name: "Rosa" },
        { input_id: id, person_id: theo.personId, name: "Ines" },
      ])
      .execute();
    const workshopId = `w-${id}`;
    await database.db
      .insertInto("documents")
      .values({
        id: workshopId,
        kind: "workshop",
        module_id: review.moduleId,
        language: "en",
        forked_from: review.documentId,
        state: null,
        state_seq: 0,
        created_at: "2026-03-02T09:00:00Z",
      })
      .execute();
    await database.db
      .insertInto("workshops")
      .values({
        document_id: workshopId,
        curriculum_id: review.curriculumId,
        round_id: null,
        title: "Tuesday in the library",
        status: "open",
        base: Buffer.from([]),
        base_seq: 0,
        join_code: null,
        join_token: null,
        opened_by: tess.personId,
        opened_at: "2026-03-02T09:00:00Z",
        closed_at: null,
      })
      .execute();
    await database.db
      .updateTable("suggestions")
      .set({ workshop_id: workshopId })
      .where("input_id", "=", id)
      .execute();
    const expected = {
      kind: "wrap",
      details: [{ say: "into", node: "blockquote" }],
      authors: ["Ines", "Rosa"],
      workshop: { id: workshopId, title: "Tuesday in the library" },
    };
    const page = await inputForPage(review.ctx, ANONYMOUS, id);
    expect(page.said?.suggestion).toMatchObject(expected);
    expect((await inputToDecide(review.ctx, tess, id)).suggestion).toMatchObject(expected);
    await adopt(id);
    const { items } = await decisionsOf(database.db, review.curriculumId);
    expect(items[0]?.inputs[0]?.change).toMatchObject(expected);
  });
});
