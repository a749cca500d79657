import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Log } from "#app/context.ts";
import { applyText } from "#app/document/apply.ts";
import { textblocks } from "#app/document/read.ts";
import type { DocJSON } from "#app/document/schema.ts";
import { decide } from "#app/features/decisions/decisions.server.ts";
import { undoDecision } from "#app/features/decisions/undo.server.ts";
import type { Person } from "#app/features/people/people.ts";
import { comparisonOf } from "#app/features/versions/comparison.server.ts";
import { nextVersion, publish } from "#app/features/versions/publish.server.ts";
import { sealedOf } from "#app/features/versions/seal.server.ts";
import {
  changesIn,
  contentIn,
  reasonCounts,
  reasonsFor,
  versionOf,
} from "#app/features/versions/versions.server.ts";
import { canonical } from "#app/features/versions/versions.ts";
import { sentencesBehind } from "#app/features/versions/why.server.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { openReview, type Review } from "#tests/support/review.ts";

const SILENT: Log = { info() {}, error() {} };
const P1 = "Officers must act at once when a person in crisis does not answer.";
const P2 = "Speak slowly, and give the person room to move.";

describe("canonical JSON", () => {
  test("says the same of objects whose keys stand in another order", () => {
    expect(canonical({ b: [1, { d: null, c: "é" }], a: true })).toBe(
      canonical({ a: true, b: [1, { c: "é", d: null }] }),
    );
  });

  test("leaves out what is undefined, as JSON does", () => {
    expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}');
  });
});

describe.each(DATABASES)("versions on $name", ({ open }) => {
  let at: TestDatabase;
  let collab: CollabServer;

  beforeAll(async () => {
    at = await open();
    collab = createCollab({ db: at.db, clock: () => new Date(), log: SILENT });
  });
  afterAll(async () => {
    await collab.close();
    await at.close();
  });

  async function seenBy(review: Review, trainer: Person) {
    const { drafts } = await nextVersion(review.ctx, trainer, review.slug);
    return new Map(drafts.map(({ documentId, view }) => [documentId, view.seq]));
  }

  async function cut(review: Review, trainer: Person, note = "The first version.") {
    const seen = await seenBy(review, trainer);
    return publish(review.ctx, trainer, { slug: review.slug, note, seen });
  }

  function edit(review: Review, blockId: string, base: string, proposed: string) {
    return collab.edit(review.documentId, { personId: null, via: "edit" }, (doc) =>
      applyText(doc, { blockId, base, proposed }),
    );
  }

  async function adopt(review: Review, trainer: Person, proposed: string) {
    const suggestion = await review.input({
      status: "approved",
      suggestion: { block: "p1", base: P1, proposed },
    });
    const form = { inputId: suggestion, outcome: "adopted" as const, reason: "It is clearer." };
    expect(await decide(review.ctx, trainer, form)).toMatchObject({ status: "decided" });
    return suggestion;
  }

  test("are numbered, sealed, and stay as they were when the draft goes on", async () => {
    const review = await openReview(at.db, collab);
    const trainer = await review.person("Dana", "trainer");
    expect(await cut(review, trainer)).toMatchObject({ n: 1 });
    await edit(review, "p2", P2, "Speak slowly.");

    const version = await versionOf(at.db, trainer, review.slug, "1");
    const text = await contentIn(at.db, version.version.id, review.moduleId, "en");
    expect(JSON.stringify(text)).toContain(P2);
    const sealed = await sealedOf(at.db, version);
    const sum = createHash("sha256").update(canonical(sealed)).digest("hex");
    expect(version.version.sha256).toBe(sum);
  });

  test("carry the decisions made since the last one, and no others", async () => {
    const review = await openReview(at.db, collab);
    const trainer = await review.person("Dana", "trainer");
    const suggestion = await adopt(review, trainer, P1.replace("at once", "with care"));
    const first = await cut(review, trainer);
    expect((await changesIn(at.db, first.id)).map(({ inputId }) => inputId)).toEqual([suggestion]);

    const declined = await review.input({ status: "approved" });
    await decide(review.ctx, trainer, {
      inputId: declined,
      outcome: "declined",
      reason: "The law asks for this word.",
    });
    await edit(review, "p2", P2, "Speak slowly.");
    const second = await cut(review, trainer, "The second version.");
    expect((await changesIn(at.db, second.id)).map(({ inputId }) => inputId)).toEqual([declined]);
  });

  test("answer why a passage says what it says, in the versions that follow too", async () => {
    const review = await openReview(at.db, collab);
    const trainer = await review.person("Dana", "trainer");
    const suggestion = await adopt(review, trainer, P1.replace("at once", "with care"));
    const first = await cut(review, trainer);
    await edit(review, "p2", P2, "Speak slowly.");
    const second = await cut(review, trainer, "The second version.");

    for (const { id } of [first, second]) {
      const [reason] = await reasonsFor(at.db, id, review.moduleId, "en", "p1");
      expect(reason).toMatchObject({
        inputId: suggestion,
        relation: "changed",
        outcome: "adopted",
        before: P1,
        after: P1.replace("at once", "with care"),
        n: 1,
      });
      const counts = await reasonCounts(at.db, id, review.moduleId, "en");
      expect(Object.fromEntries(counts)).toEqual({ p1: { changed: 1, considered: 0 } });
    }
  });

  test("name an adopted suggestion that lost its place while it was decided on", async () => {
    const review = await openReview(at.db, collab);
    const trainer = await review.person("Dana", "trainer");
    const inputId = await adopt(review, trainer, P1.replace("at once", "with care"));
    await at.db.deleteFrom("anchors").where("input_id", "=", inputId).execute();
    await at.db
      .updateTable("inputs")
      .set({ document_id: null })
      .where("id", "=", inputId)
      .execute();
    const { id } = await cut(review, trainer);
    const reasons = await reasonsFor(at.db, id, review.moduleId, "en", "p1");
    expect(reasons).toMatchObject([{ inputId, relation: "changed" }]);
  });

  /** What the page says of a passage: sentence by sentence, who wrote and who suggested it. */
  async function whyOf(review: Review, versionId: string, blockId: string) {
    const { moduleId } = review;
    const content = await contentIn(at.db, versionId, moduleId, "en");
    const { text = "" } = textblocks(content as DocJSON).find(({ id }) => id === blockId) ?? {};
    const passage = { versionId, moduleId, language: "en", blockId, text };
    const sentences = await sentencesBehind(at.db, passage);
    return sentences?.map(({ text, hands, inputs }) => [
      text,
      hands.map(({ name, did }) => `${name} ${did}`),
      inputs.map(({ inputId }) => inputId),
    ]);
  }

  test("name who wrote each sentence, and the input that brought its words", async () => {
    const review = await openReview(at.db, collab);
    const trainer = await review.person("Dana", "trainer");
    const ana = await review.person("Ana", "trainer");
    const two = "Speak slowly. Leave the person room to move.";
    await collab.edit(review.documentId, { personId: ana.personId, via: "socket" }, (doc) =>
      applyText(doc, { blockId: "p2", base: P2, proposed: two }),
    );
    const suggestion = await adopt(review, trainer, P1.replace("at once", "with care"));
    const first = await cut(review, trainer);
    expect(await whyOf(review, first.id, "p1")).toEqual([
      [P1.replace("at once", "with care"), [], [suggestion]],
    ]);
    const room = await review.input({
      status: "approved",
      suggestion: { block: "p2", base: two, proposed: two.replace("room to move", "room") },
    });
    await decide(review.ctx, trainer, { inputId: room, outcome: "adopted", reason: "Shorter." });
    const second = await cut(review, trainer, "The second version.");
    expect(await whyOf(review, second.id, "p2")).toEqual([
      ["Speak slowly.", [], []],
      ["Leave the person room.", ["Ana wrote"], [room]],
    ]);
    expect(await whyOf(review, second.id, "p1")).toEqual(await whyOf(review, first.id, "p1"));
    expect(await whyOf(review, second.id, "p3")).toBeUndefined();
  });

  test("name the people of a workshop copy, until their suggestion is withdrawn", async () => {
    const review = await openReview(at.db, collab);
    const trainer = await review.person("Dana", "trainer");
    const workshop = await review.workshop("Night shift");
    const suggestion = await adopt(review, trainer, P1.replace("at once", "with care"));
    await at.db
      .updateTable("suggestions")
      .set({ workshop_id: workshop, hunk: "{}", hunk_key: "k" })
      .where("input_id", "=", suggestion)
      .execute();
    for (const name of ["Rosa", "Ben from Mill Street"]) {
      const { personId } = await review.person(name);
      await at.db
        .insertInto("suggestion_authors")
        .values({ input_id: suggestion, person_id: personId, name })
        .execute();
    }
    const { id } = await cut(review, trainer);
    const passage = {
      versionId: id,
      moduleId: review.moduleId,
      language: "en",
      blockId: "p1",
      text: P1.replace("at once", "with care"),
    };
    const [sentence] = (await sentencesBehind(at.db, passage)) ?? [];
    expect(sentence?.inputs).toMatchObject([
      { names: ["Ben from Mill Street", "Rosa"], workshop: "Night shift", outcome: "adopted" },
    ]);
    await at.db
      .updateTable("inputs")
      .set({ status: "withdrawn" })
      .where("id", "=", suggestion)
      .execute();
    const [hidden] = (await sentencesBehind(at.db, passage)) ?? [];
    expect(hidden?.inputs).toMatchObject([{ names: [], workshop: null }]);
  });

  test("tell of a change that was taken back, and name it no more for the words", async () => {
    const review = await openReview(at.db, collab);
    const trainer = await review.person("Dana", "trainer");
    const suggestion = await adopt(review, trainer, P1.replace("at once", "with care"));
    const first = await cut(review, trainer);
    const [{ decisionId = "" } = {}] = await changesIn(at.db, first.id);
    const form = { decisionId, reason: "The law asks for the old word." };
    expect(await undoDecision(review.ctx, trainer, form)).toEqual({ status: "undone" });
    const second = await cut(review, trainer, "The second version.");
    expect(await changesIn(at.db, second.id)).toMatchObject([
      {
        inputId: suggestion,
        undone: { reason: "The law asks for the old word.", version: { n: 2 } },
      },
    ]);
    const reasons = await reasonsFor(at.db, second.id, review.moduleId, "en", "p1");
    expect(reasons).toMatchObject([{ inputId: suggestion, relation: "considered" }]);
    const [sentence] = (await whyOf(review, second.id, "p1")) ?? [];
    expect(sentence?.[2] ?? []).toEqual([]);
  });

  test("never show the words of an input that is no longer public", async () => {
    const review = await openReview(at.db, collab);
    const trainer = await review.person("Dana", "trainer");
    const suggestion = await adopt(review, trainer, P1.replace("at once", "with care"));
    const { id } = await cut(review, trainer);
    await at.db
      .updateTable("inputs")
      .set({ status: "withdrawn" })
      .where("id", "=", suggestion)
      .execute();
    expect(await changesIn(at.db, id)).toMatchObject([{ body: null, name: null }]);
    expect(await reasonsFor(at.db, id, review.moduleId, "en", "p1")).toMatchObject([
      { body: null, name: null },
    ]);
  });

  test("show word by word what changed since the one before", async () => {
    const review = await openReview(at.db, collab);
    const trainer = await review.person("Dana", "trainer");
    await cut(review, trainer);
    await edit(review, "p2", P2, P2.replace("Speak slowly", "Speak to the person slowly"));
    await cut(review, trainer, "The second version.");

    const version = await versionOf(at.db, trainer, review.slug, "2");
    const [module] = await comparisonOf(at.db, version, "en");
    expect(module?.counts).toEqual({ changed: 1, inserted: 0, deleted: 0, total: 1 });
    const words = module?.hunks.flatMap((hunk) => (hunk.op === "changed" ? hunk.words : [])) ?? [];
    const added = words.filter(({ op }) => op === "insert").map(({ text }) => text);
    expect(added.join("").trim()).toBe("to the person");
    expect(words.some(({ op }) => op === "delete")).toBe(false);
  });

  test("are refused when nothing changed, or when a draft moved on unseen", async () => {
    const review = await openReview(at.db, collab);
    const trainer = await review.person("Dana", "trainer");
    await cut(review, trainer);
    await expect(cut(review, trainer)).rejects.toThrow("versions:nothingChanged");

    const seen = await seenBy(review, trainer);
    await edit(review, "p2", P2, "Speak slowly.");
    await expect(
      publish(review.ctx, trainer, { slug: review.slug, note: "Blind.", seen }),
    ).rejects.toThrow("versions:movedOn");
  });

  test("are cut once when two trainers publish at the same moment", async () => {
    const review = await openReview(at.db, collab);
    const dana = await review.person("Dana", "trainer");
    const luis = await review.person("Luis", "trainer");
    const results = await Promise.allSettled([cut(review, dana), cut(review, luis)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    // Whoever comes second is told so: in the same moment, or because nothing is left to publish.
    const [refusal] = results.flatMap((result) =>
      result.status === "rejected" ? [(result.reason as Error).message] : [],
    );
    expect(refusal).toMatch(/^versions:(publishedMeanwhile|nothingChanged)$/);
    const { n } = await at.db
      .selectFrom("versions")
      .select((eb) => eb.fn.countAll().as("n"))
      .where("curriculum_id", "=", review.curriculumId)
      .executeTakeFirstOrThrow();
    expect(Number(n)).toBe(1);
  });

  test("never list a decision without the change it made", async () => {
    const review = await openReview(at.db, collab);
    const trainer = await review.person("Dana", "trainer");
    const seen = await seenBy(review, trainer);
    let decided = false;
    const read = async (documentId: string) => {
      const view = await collab.read(documentId);
      if (!decided) {
        decided = true;
        await adopt(review, trainer, "Wait, unless somebody is in danger.");
      }
      return view;
    };
    const ctx = { ...review.ctx, collab: { ...collab, read } };
    await expect(
      publish(ctx, trainer, { slug: review.slug, note: "Too early.", seen }),
    ).rejects.toThrow("versions:movedOn");
    const { n } = await cut(review, trainer);
    expect(n).toBe(1);
  });

  test("are published by trainers only", async () => {
    const review = await openReview(at.db, collab);
    for (const role of ["moderator", "facilitator", "board"] as const) {
      const other = await review.person("Other", role);
      await expect(
        publish(review.ctx, other, { slug: review.slug, note: "Mine.", seen: new Map() }),
      ).rejects.toThrow("errors:forbidden");
    }
  });
});
