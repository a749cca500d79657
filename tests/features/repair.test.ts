import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { applyText } from "#app/document/apply.ts";
import { decide } from "#app/features/decisions/decisions.server.ts";
import { createDraft } from "#app/features/drafts/drafts.server.ts";
import { doubtfulIn, doubtfulInputs } from "#app/features/inputs/doubtful.server.ts";
import { placesOf } from "#app/features/inputs/places.server.ts";
import {
  repairAnchor,
  repairableByAuthor,
  repairableByTrainer,
  revOf,
} from "#app/features/inputs/repair.server.ts";
import { repairForm } from "#app/features/inputs/repair.ts";
import type { Person } from "#app/features/people/people.ts";
import { nextVersion, publish } from "#app/features/versions/publish.server.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { openReview, type Review } from "#tests/support/review.ts";

const P1 = "Officers must act at once when a person in crisis does not answer.";
const P2 = "Speak slowly, and give the person room to move.";
const P3 = "Call the crisis team early.";

describe.each(DATABASES)("anchors that became doubtful, on $name", ({ open }) => {
  let at: TestDatabase;
  let collab: CollabServer;
  let review: Review;
  let dana: Person;
  let luis: Person;

  beforeAll(async () => {
    at = await open();
    collab = createCollab({ db: at.db, clock: () => new Date(), log: { info() {}, error() {} } });
  });
  beforeEach(async () => {
    review = await openReview(at.db, collab);
    dana = await review.person("Dana", "trainer");
    luis = await review.person("Luis", "trainer");
  });
  afterAll(async () => {
    await collab.close();
    await at.close();
  });

  const edit = (blockId: string, base: string, proposed: string) =>
    collab.edit(review.documentId, { personId: dana.personId, via: "socket" }, (doc) =>
      applyText(doc, { blockId, base, proposed }),
    );
  const comment = (block: string, text: string, status: "approved" | "waiting" = "approved") =>
    review.input({ status, quote: { block, text } });
  const list = () => doubtfulInputs(review.ctx, review.curriculumId);
  const receiptOf = async (id: string) => {
    const row = await at.db
      .selectFrom("inputs")
      .select("receipt")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    return row.receipt;
  };
  const events = (id: string) =>
    at.db
      .selectFrom("anchor_events")
      .select(["action", "from_quote", "to_quote", "block_id", "person_id", "version_id"])
      .where("input_id", "=", id)
      .orderBy("seq")
      .execute();
  const anchorOf = (id: string) =>
    at.db
      .selectFrom("anchors")
      .select(["quote", "block_id", "scope"])
      .where("input_id", "=", id)
      .executeTakeFirst();
  async function settle(who: Person, id: string, form: Record<string, unknown>) {
    const input = await repairableByTrainer(review.ctx, who, id);
    return repairAnchor(review.ctx, input, repairForm.parse({ rev: 0, ...form }));
  }
  async function cut() {
    const { drafts } = await nextVersion(review.ctx, dana, review.slug);
    const seen = new Map(drafts.map(({ documentId, view }) => [documentId, view.seq]));
    return publish(review.ctx, dana, { slug: review.slug, note: "A version.", seen });
  }

  test("are listed with what was, what is and where else; those that hold are not", async () => {
    const held = await comment("p2", "give the person room");
    const changed = await comment("p1", "at once");
    const gone = await comment("p3", "Call the crisis team early");
    await edit("p1", P1, P1.replace("at once", "without any delay"));
    await edit("p3", P3, "");
    const found = await list();
    expect(found.map(({ id, doubt }) => [id, doubt.status, doubt.quote])).toEqual([
      [changed, "changed", "at once"],
      [gone, "gone", "Call the crisis team early"],
    ]);
    expect(found[0]?.doubt).toMatchObject({
      prefix: "Officers must act ",
      now: { blockId: "p1", text: "without any delay", section: "Time, distance and words" },
    });
    expect(found[1]?.doubt).toMatchObject({ now: null, candidates: [] });
    expect(found.map(({ id }) => id)).not.toContain(held);
    expect(await doubtfulIn(review.ctx, [review.curriculumId])).toEqual({
      [review.curriculumId]: 2,
    });
  });

  test("show nothing of input that isn't public, nor of what is decided", async () => {
    await comment("p1", "at once", "waiting");
    await edit("p1", P1, "Wait, unless somebody is in danger.");
    expect(await list()).toEqual([]);
    expect(await doubtfulIn(review.ctx, [review.curriculumId])).toEqual({});
  });

  test("are confirmed on what stands there now", async () => {
    const id = await comment("p1", "at once");
    await edit("p1", P1, P1.replace("at once", "without any delay"));
    const [doubtful] = await list();
    const { now } = doubtful?.doubt ?? {};
    await settle(dana, id, {
      action: "confirmed",
      block: now?.blockId,
      start: now?.start,
      end: now?.end,
      quote: now?.text,
    });
    expect(await list()).toEqual([]);
    expect(await anchorOf(id)).toEqual({
      quote: "without any delay",
      block_id: "p1",
      scope: "passage",
    });
    expect(await events(id)).toEqual([
      {
        action: "confirmed",
        from_quote: "at once",
        to_quote: "without any delay",
        block_id: "p1",
        person_id: dana.personId,
        version_id: null,
      },
    ]);
    expect(await review.auditOf(id)).toMatchObject([{ verb: "anchor.confirmed" }]);
  });

  test("are moved to a paragraph, or taken off the text", async () => {
    const moved = await comment("p3", "Call the crisis team early");
    const lost = await comment("p3", "crisis team");
    await edit("p3", P3, "");
    await settle(dana, moved, { action: "moved", block: "p2", base: P2 });
    await settle(dana, lost, { action: "lost" });
    expect(await anchorOf(moved)).toEqual({ quote: P2, block_id: "p2", scope: "paragraph" });
    expect(await anchorOf(lost)).toBeUndefined();
    const row = await at.db
      .selectFrom("inputs")
      .select(["document_id", "module_id"])
      .where("id", "=", lost)
      .executeTakeFirst();
    expect(row).toEqual({ document_id: null, module_id: review.moduleId });
    expect(await list()).toEqual([]);
    expect((await events(lost))[0]).toMatchObject({ action: "lost", from_quote: "crisis team" });
  });

  test("are settled once: a second repair, or one on another text, is refused", async () => {
    const id = await comment("p1", "at once");
    await edit("p1", P1, P1.replace("at once", "without any delay"));
    const move = { action: "moved", block: "p2", base: P2 };
    const both = await Promise.allSettled([settle(dana, id, move), settle(luis, id, move)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { message: "repair:errors.someoneWasFirst" },
    });
    expect(await events(id)).toHaveLength(1);
    const rev = await revOf(at.db, id);
    await expect(
      settle(luis, id, { action: "moved", block: "p2", base: "Another text.", rev }),
    ).rejects.toThrow("repair:errors.textMoved");
    await expect(settle(luis, id, { action: "moved", block: "zz", rev })).rejects.toThrow(
      "repair:errors.textMoved",
    );
    await expect(settle(luis, id, { action: "moved", rev })).rejects.toThrow(
      "repair:errors.choose",
    );
    expect(await anchorOf(id)).toMatchObject({ block_id: "p2" });
  });

  test("of what is decided stay where they are, for its author too", async () => {
    const id = await comment("p1", "at once");
    const input = await repairableByAuthor(review.ctx, await receiptOf(id));
    await decide(review.ctx, dana, { inputId: id, outcome: "declined", reason: "It is the law." });
    const lost = repairForm.parse({ action: "lost", rev: 0 });
    await expect(repairAnchor(review.ctx, input, lost)).rejects.toThrow("repair:errors.decided");
    await expect(settle(luis, id, { action: "lost" })).rejects.toThrow("repair:errors.decided");
    expect(await anchorOf(id)).toMatchObject({ block_id: "p1" });
    expect(await events(id)).toEqual([]);
  });

  test("are for trainers, and for whoever holds the receipt, of whom nothing is kept", async () => {
    const id = await comment("p1", "at once", "waiting");
    await expect(repairableByTrainer(review.ctx, dana, id)).rejects.toThrow(
      "inputs:errors.notFound",
    );
    const shown = await comment("p1", "at once");
    for (const role of ["moderator", "facilitator", "board"] as const)
      await expect(
        repairableByTrainer(review.ctx, await review.person("Other", role), shown),
      ).rejects.toThrow("errors:forbidden");

    await edit("p1", P1, P1.replace("at once", "without any delay"));
    const input = await repairableByAuthor(review.ctx, await receiptOf(id));
    review.wait(25 * 60_000);
    const form = { action: "moved", block: "p2", start: 0, end: 5, quote: "Speak", rev: 0 };
    await repairAnchor(review.ctx, input, repairForm.parse(form));
    expect(await anchorOf(id)).toEqual({ quote: "Speak", block_id: "p2", scope: "passage" });
    expect(await events(id)).toMatchObject([{ action: "moved", person_id: null }]);
    const [entry] = await review.auditOf(id);
    expect(entry).toMatchObject({ verb: "anchor.moved", actor: '{"role":"resident","name":null}' });
    const { at: when } = await at.db
      .selectFrom("anchor_events")
      .select("at")
      .where("input_id", "=", id)
      .executeTakeFirstOrThrow();
    expect(when).toMatch(/:00:00\.000Z$/);

    await at.db.updateTable("inputs").set({ status: "rejected" }).where("id", "=", id).execute();
    await expect(repairableByAuthor(review.ctx, await receiptOf(id))).rejects.toThrow(
      "inputs:errors.noReceipt",
    );
    await expect(repairableByAuthor(review.ctx, "NOSUCHCODE00")).rejects.toThrow(
      "inputs:errors.noReceipt",
    );
  });

  test("can be given a place again after they had none", async () => {
    const id = await comment("p1", "at once");
    await settle(dana, id, { action: "lost" });
    await settle(luis, id, { action: "moved", block: "p3", base: P3, rev: await revOf(at.db, id) });
    expect(await anchorOf(id)).toMatchObject({ block_id: "p3" });
    expect((await events(id)).map(({ action }) => action)).toEqual(["lost", "moved"]);
  });

  test("a suggestion gets a place in no other draft than the one it would change", async () => {
    const { json } = await collab.read(review.documentId);
    const { moduleId, ctx } = review;
    const author = { personId: null, via: "import" };
    const translated = { moduleId, language: "es", json, author, clock: ctx.clock };
    const spanish = await at.db.transaction().execute((trx) => createDraft(trx, translated));
    const lostIn = async (id: string) => {
      await settle(dana, id, { action: "lost" });
      const there = { action: "moved", block: "p3", base: P3, text: "es" };
      await settle(luis, id, { ...there, rev: await revOf(at.db, id) });
      const rows = at.db.selectFrom("anchors").select("document_id").where("input_id", "=", id);
      return (await rows.executeTakeFirstOrThrow()).document_id;
    };
    const suggestion = await review.input({
      status: "approved",
      suggestion: { block: "p1", base: P1, proposed: `${P1} Always.` },
      quote: { block: "p1", text: "at once" },
    });
    expect(await lostIn(suggestion)).toBe(review.documentId);
    expect(await lostIn(await comment("p1", "at once"))).toBe(spanish);
  });

  test("are placed again by a version: exact ones in silence, of the others their authors are told", async () => {
    const held = await comment("p2", "give the person room");
    const waiting = await comment("p1", "at once", "waiting");
    const gone = await comment("p3", "Call the crisis team early");
    await edit("p2", P2, `First, breathe. ${P2}`);
    await edit("p1", P1, P1.replace("at once", "without any delay"));
    await edit("p3", P3, "");
    const { id: versionId } = await cut();
    expect(await events(held)).toEqual([]);
    expect(await events(waiting)).toEqual([
      {
        action: "placed",
        from_quote: "at once",
        to_quote: "without any delay",
        block_id: "p1",
        person_id: null,
        version_id: versionId,
      },
    ]);
    expect(await events(gone)).toMatchObject([
      { action: "lost", to_quote: "", block_id: null, version_id: versionId },
    ]);
    // Only what was found exactly is anchored anew.
    expect(await anchorOf(waiting)).toMatchObject({ quote: "at once" });
    const { prefix } = await at.db
      .selectFrom("anchors")
      .select("prefix")
      .where("input_id", "=", held)
      .executeTakeFirstOrThrow();
    expect(prefix).toBe("First, breathe. Speak slowly, and ".slice(-32));

    await edit("p2", `First, breathe. ${P2}`, P2);
    await cut();
    expect(await events(waiting)).toHaveLength(1);
    expect(await events(gone)).toHaveLength(1);
  });

  test("tell of words that now stand in another paragraph", async () => {
    const id = await comment("p1", "when a person in crisis does not answer");
    const tail = "Wait when a person in crisis does not answer.";
    await edit("p1", P1, "Officers must think.");
    await edit("p3", P3, `${P3} ${tail}`);
    const { id: versionId } = await cut();
    expect(await events(id)).toMatchObject([
      { action: "moved", block_id: "p3", version_id: versionId },
    ]);
    expect(await anchorOf(id)).toMatchObject({ block_id: "p3" });
    expect(await list()).toEqual([]);
  });

  test("can be looked for by words among the paragraphs of the draft", async () => {
    const view = await collab.read(review.documentId);
    expect(placesOf(view.json, "").flatMap(({ paragraphs }) => paragraphs)).toHaveLength(3);
    expect(placesOf(view.json, "CRISIS")).toMatchObject([
      { title: "Time, distance and words", paragraphs: [{ id: "p1" }, { id: "p3" }] },
    ]);
    expect(placesOf(view.json, "nothing like this")).toEqual([]);
  });
});
