import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Log } from "#app/context.ts";
import { applyText } from "#app/document/apply.ts";
import { textblocks } from "#app/document/read.ts";
import type { NodeJSON } from "#app/document/schema.ts";
import { Conflict, Forbidden, Invalid, NotFound } from "#app/errors.ts";
import { decide } from "#app/features/decisions/decisions.server.ts";
import { undoDecision } from "#app/features/decisions/undo.server.ts";
import { undoTask } from "#app/features/decisions/undo-task.server.ts";
import { decisionsOf } from "#app/features/decisions/worklist.server.ts";
import { inputByReceipt, inputForPage } from "#app/features/inputs/status.server.ts";
import { moderate } from "#app/features/moderation/moderation.server.ts";
import { ANONYMOUS, type Person } from "#app/features/people/people.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { openReview, type Review } from "#tests/support/review.ts";
import { changeIn, paragraph, suggestChange } from "#tests/support/suggested.ts";

const P1 = "Officers must act at once when a person in crisis does not answer.";
const ADOPTED = P1.replace("act at once", "wait");

const silent: Log = { info: () => {}, error: () => {} };

describe.each(DATABASES)("taking an adopted change back on $name", ({ open }) => {
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
  const rewrite = (blockId: string, base: string, proposed: string) =>
    collab.edit(review.documentId, { personId: theo.personId, via: "test" }, (doc) =>
      applyText(doc, { blockId, base, proposed }),
    );
  const decisionIdOf = async (inputId: string) =>
    (
      await database.db
        .selectFrom("decision_inputs")
        .select("decision_id")
        .where("input_id", "=", inputId)
        .executeTakeFirstOrThrow()
    ).decision_id;
  const adopt = async (inputId: string) => {
    await decide(review.ctx, tess, { inputId, outcome: "adopted", reason: "It helps." });
    return decisionIdOf(inputId);
  };
  const adoptWording = async () => {
    const inputId = await review.input({
      status: "approved",
      suggestion: { block: "p1", base: P1, proposed: ADOPTED },
    });
    return { inputId, decisionId: await adopt(inputId) };
  };
  const undo = (decisionId: string, more: object = {}, actor: Person = tess) =>
    undoDecision(review.ctx, actor, { decisionId, reason: "The law says otherwise.", ...more });
  const undoOf = (decisionId: string) =>
    database.db
      .selectFrom("decision_undos")
      .selectAll()
      .where("decision_id", "=", decisionId)
      .executeTakeFirst();
  const verbsOf = async (inputId: string) =>
    (await review.auditOf(inputId)).map(({ verb }) => verb);

  const changes: [string, (blocks: NodeJSON[]) => NodeJSON[]][] = [
    ["another wording", ([h, _p1, ...rest]) => [h as NodeJSON, paragraph("p1", ADOPTED), ...rest]],
    ["a new passage", (blocks) => [...blocks, paragraph("new", "Say your name first.")]],
    ["a passage taken out", (blocks) => blocks.filter(({ attrs }) => attrs?.id !== "p2")],
    ["a passage moved", ([h, p1, ...rest]) => [h, ...rest, p1] as NodeJSON[]],
    [
      "a passage put in a box",
      ([h, p1, ...rest]) =>
        [
          h,
          { type: "blockquote", attrs: { id: "q" }, content: [p1 as NodeJSON] },
          ...rest,
        ] as NodeJSON[],
    ],
    [
      "a passage split in two",
      ([h, _p1, ...rest]) =>
        [
          h,
          paragraph("p1", "Officers must act at once"),
          paragraph("half", "when a person in crisis does not answer."),
          ...rest,
        ] as NodeJSON[],
    ],
  ];

  it.each(changes)("takes %s out of the draft again", async (_, change) => {
    const before = await texts();
    const inputId = await suggestChange(review, await changeIn(review, change));
    const decisionId = await adopt(inputId);
    expect((await undoTask(review.ctx, tess, inputId)).fit?.status).toBe("fits");
    expect(await undo(decisionId)).toEqual({ status: "undone" });
    expect(await texts()).toEqual(before);
    const { seq } = await collab.read(review.documentId);
    expect(await undoOf(decisionId)).toMatchObject({ seq, undone_by: tess.personId });
    expect(await verbsOf(inputId)).toEqual(["input.decided", "decision.undone"]);
  });

  it("keeps what others wrote since, and records the passage before and after", async () => {
    const { decisionId, inputId } = await adoptWording();
    await rewrite("p1", ADOPTED, ADOPTED.replace("answer", "answer or move"));
    await rewrite("p3", "Call the crisis team early.", "Call the crisis team first.");
    await undo(decisionId);
    expect(await texts()).toContain(P1.replace("answer", "answer or move"));
    expect(await texts()).toContain("Call the crisis team first.");
    expect(await undoOf(decisionId)).toMatchObject({
      reason: "The law says otherwise.",
      before_text: ADOPTED.replace("answer", "answer or move"),
      after_text: P1.replace("answer", "answer or move"),
      version_id: null,
    });
    expect(await review.suggestionOf(inputId)).toMatchObject({ status: "declined" });
  });

  it("takes back a wording of the trainer's own", async () => {
    const inputId = await review.input({
      status: "approved",
      quote: { block: "p1", text: "at once" },
    });
    await decide(review.ctx, tess, {
      inputId,
      outcome: "adopted",
      reason: "True.",
      base: P1,
      wording: ADOPTED,
    });
    await undo(await decisionIdOf(inputId));
    expect(await texts()).toContain(P1);
  });

  it("tells everybody: the receipt, the public page and the record", async () => {
    const { decisionId, inputId } = await adoptWording();
    await undo(decisionId);
    const told = {
      outcome: "adopted",
      reason: "It helps.",
      undone: { reason: "The law says otherwise.", by: "Tess", before: ADOPTED, after: P1 },
    };
    const { receipt } = await database.db
      .selectFrom("inputs")
      .select("receipt")
      .where("id", "=", inputId)
      .executeTakeFirstOrThrow();
    expect((await inputByReceipt(review.ctx, receipt)).decision).toMatchObject(told);
    expect((await inputForPage(review.ctx, ANONYMOUS, inputId)).decision).toMatchObject(told);
    const { items } = await decisionsOf(database.db, review.curriculumId);
    expect(items[0]).toMatchObject({ outcome: "adopted", undone: told.undone });
  });

  it("writes nothing where the passage has changed since", async () => {
    const { decisionId, inputId } = await adoptWording();
    const since = ADOPTED.replace("wait", "wait a minute");
    await rewrite("p1", ADOPTED, since);
    const before = await draft();
    expect(await undo(decisionId)).toEqual({ status: "conflict", current: since });
    expect(await draft()).toEqual(before);
    expect(await undoOf(decisionId)).toBeUndefined();
    expect(await verbsOf(inputId)).toEqual(["input.decided"]);
    expect(await undoTask(review.ctx, tess, inputId)).toMatchObject({
      fit: { status: "conflict" },
      start: since,
    });
  });

  it("then takes a wording that a person composed, if the passage still reads so", async () => {
    const { decisionId } = await adoptWording();
    const since = ADOPTED.replace("wait", "wait a minute");
    await rewrite("p1", ADOPTED, since);
    const composed = { composed: "1", base: since, wording: P1.replace("at once", "soon") };
    await expect(undo(decisionId, { ...composed, wording: undefined })).rejects.toThrow(Invalid);
    const later = since.replace("crisis", "great crisis");
    await rewrite("p1", since, later);
    expect(await undo(decisionId, composed)).toEqual({ status: "conflict", current: later });
    expect(await undo(decisionId, { ...composed, base: later })).toEqual({ status: "undone" });
    expect(await texts()).toContain(P1.replace("at once", "soon"));
  });

  it("takes a trainer's word for it where the passage is gone", async () => {
    const { decisionId } = await adoptWording();
    await rewrite("p1", ADOPTED, "");
    expect(await undo(decisionId)).toEqual({ status: "conflict", current: null });
    const { seq } = await collab.read(review.documentId);
    expect(await undo(decisionId, { byHand: "1" })).toEqual({ status: "undone" });
    expect((await collab.read(review.documentId)).seq).toBe(seq);
    expect(await undoOf(decisionId)).toMatchObject({ seq: null });
  });

  it("takes nobody's word where the change can be taken out", async () => {
    const { decisionId } = await adoptWording();
    await undo(decisionId, { byHand: "1" });
    expect(await texts()).toContain(P1);
  });

  it("notes that the draft reads so already", async () => {
    const { decisionId } = await adoptWording();
    await rewrite("p1", ADOPTED, P1);
    const { seq } = await collab.read(review.documentId);
    expect(await undo(decisionId)).toEqual({ status: "undone" });
    expect((await collab.read(review.documentId)).seq).toBe(seq);
    expect(await undoOf(decisionId)).toMatchObject({ seq: null });
  });

  it("waits while a colleague writes in what it would replace", async () => {
    const inputId = await suggestChange(
      review,
      await changeIn(review, ([h, p1, ...rest]) => [h, ...rest, p1] as NodeJSON[]),
    );
    const decisionId = await adopt(inputId);
    const carets = async () => [{ personId: theo.personId, blockId: "p1" }];
    review.ctx.collab = { ...collab, carets };
    expect(await undo(decisionId)).toEqual({ status: "held", writers: ["Theo"] });
    expect(await undoOf(decisionId)).toBeUndefined();
  });

  it("happens once, whoever is first", async () => {
    const { decisionId, inputId } = await adoptWording();
    const other = await review.person("Otto", "trainer");
    const results = await Promise.allSettled([undo(decisionId), undo(decisionId, {}, other)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(undo(decisionId)).rejects.toThrow(Conflict);
    expect(await texts()).toContain(P1);
    expect(await verbsOf(inputId)).toEqual(["input.decided", "decision.undone"]);
  });

  it("doesn't open the input again", async () => {
    const { decisionId, inputId } = await adoptWording();
    await undo(decisionId);
    const again = { inputId, outcome: "adopted", reason: "After all." } as const;
    await expect(decide(review.ctx, tess, again)).rejects.toThrow(Conflict);
  });

  it("is for trainers of the curriculum who didn't moderate it", async () => {
    const inputId = await review.input({
      suggestion: { block: "p1", base: P1, proposed: ADOPTED },
    });
    await moderate(review.ctx, theo, {
      inputId,
      action: "approve",
      expectedStatus: "waiting",
      reason: "",
    });
    const decisionId = await adopt(inputId);
    const elsewhere = await openReview(database.db, collab);
    const others = [
      await review.person("Mo", "moderator"),
      await elsewhere.person("Stranger", "trainer"),
    ];
    for (const actor of others) {
      await expect(undo(decisionId, {}, actor)).rejects.toThrow(Forbidden);
      await expect(undoTask(review.ctx, actor, inputId)).rejects.toThrow(Forbidden);
    }
    await expect(undo(decisionId, {}, theo)).rejects.toThrow(Forbidden);
    expect(await texts()).toContain(ADOPTED);
    expect(await undoOf(decisionId)).toBeUndefined();
  });

  it("needs a decision that changed the text", async () => {
    const inputId = await review.input({
      status: "approved",
      suggestion: { block: "p1", base: P1, proposed: ADOPTED },
    });
    await expect(undoTask(review.ctx, tess, inputId)).rejects.toThrow(NotFound);
    await expect(undo("no-such-decision")).rejects.toThrow(NotFound);
    await decide(review.ctx, tess, { inputId, outcome: "declined", reason: "No." });
    await expect(undo(await decisionIdOf(inputId))).rejects.toThrow(Conflict);
  });
});
