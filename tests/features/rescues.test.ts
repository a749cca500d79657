import { v7 as uuidv7 } from "uuid";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Log } from "#app/context.ts";
import { textblocks } from "#app/document/read.ts";
import { Conflict, Forbidden, NotFound } from "#app/errors.ts";
import { authorshipOf } from "#app/features/drafts/authorship.server.ts";
import { rescuesOf, settleRescue } from "#app/features/drafts/rescues.server.ts";
import { ANONYMOUS, type Person } from "#app/features/people/people.ts";
import { openWorkshop } from "#app/features/workshops/open.server.ts";
import { close } from "#app/features/workshops/workshops.server.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { openReview, type Review } from "#tests/support/review.ts";

const silent: Log = { info: () => {}, error: () => {} };

describe.each(DATABASES)("words that lost their place on $name", ({ open }) => {
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
      review.person("Theo", "trainer"),
    ]);
  });
  afterEach(() => collab.close());

  const texts = async () =>
    textblocks((await collab.read(review.documentId)).json).map(({ text }) => text);
  const lose = async (
    text: string,
    blockId: string | null = "p1",
    documentId = review.documentId,
  ) => {
    const id = uuidv7();
    await database.db
      .insertInto("rescues")
      .values({
        id,
        document_id: documentId,
        person_id: theo.personId,
        block_id: blockId,
        text,
        at: "2026-03-02T09:00:00.000Z",
        status: "open",
        settled_by: null,
        settled_at: null,
      })
      .execute();
    return id;
  };
  const settle = (rescueId: string, what: "back" | "dismiss", actor: Person = tess) =>
    settleRescue(review.ctx, actor, { rescueId, what });
  const statusOf = async (id: string) =>
    (
      await database.db
        .selectFrom("rescues")
        .select("status")
        .where("id", "=", id)
        .executeTakeFirstOrThrow()
    ).status;
  const verbs = async () =>
    (
      await database.db
        .selectFrom("audit_events")
        .select("verb")
        .where("subject", "=", `document:${review.documentId}`)
        .orderBy("seq")
        .execute()
    ).map(({ verb }) => verb);

  it("are shown to trainers: what, whose, when and near what", async () => {
    const near = await lose("and breathe");
    const nowhere = await lose("out of nowhere", "gone");
    expect(await rescuesOf(review.ctx, tess, review.documentId)).toEqual([
      {
        id: near,
        text: "and breathe",
        by: "Theo",
        at: "2026-03-02T09:00:00.000Z",
        near: {
          blockId: "p1",
          words: "Officers must act at once when a person in crisis does not…",
        },
      },
      expect.objectContaining({ id: nowhere, near: null }),
    ]);
    for (const actor of [ANONYMOUS, await review.person("Fay", "facilitator")])
      await expect(rescuesOf(review.ctx, actor, review.documentId)).rejects.toThrow(Forbidden);
    await expect(rescuesOf(review.ctx, tess, "nowhere")).rejects.toThrow(NotFound);
  });

  it("go back as a passage after the nearest one, as their writer's words", async () => {
    const id = await lose("and\n breathe ");
    const { blockId } = await settle(id, "back");
    const blocks = textblocks((await collab.read(review.documentId)).json);
    expect(blocks[2]).toMatchObject({ id: blockId, text: "and breathe", type: "paragraph" });
    const { runs } = await authorshipOf(database.db, review.documentId);
    expect([...runs].at(-1)).toMatchObject({ authorId: theo.personId, via: "restore" });
    expect(await rescuesOf(review.ctx, tess, review.documentId)).toEqual([]);
    expect(await statusOf(id)).toBe("used");
    expect(await verbs()).toEqual(["rescue.used"]);
  });

  it.each([
    ["is gone", "gone"],
    ["isn't known", null],
  ])("go to the end where the nearest passage %s", async (_, blockId) => {
    await settle(await lose("and breathe", blockId), "back");
    expect((await texts()).at(-1)).toBe("and breathe");
  });

  it("can be let go", async () => {
    const before = await texts();
    const id = await lose("and breathe");
    expect(await settle(id, "dismiss")).toMatchObject({ blockId: null });
    expect(await texts()).toEqual(before);
    expect(await statusOf(id)).toBe("dismissed");
    expect(await verbs()).toEqual(["rescue.dismissed"]);
  });

  it("are seen to once, whoever is first", async () => {
    const id = await lose("and breathe");
    const results = await Promise.allSettled([
      settle(id, "back"),
      settle(id, "back", theo),
      settle(id, "dismiss", theo),
    ]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await texts()).filter((text) => text === "and breathe").length).toBeLessThan(2);
    await expect(settle(id, "back")).rejects.toThrow(Conflict);
    expect(await verbs()).toHaveLength(1);
  });

  it("of a workshop copy are seen to by who leads it, until it is closed", async () => {
    const fay = await review.person("Fay", "facilitator");
    const { documentId } = review;
    const copy = await openWorkshop(review.ctx, fay, { documentId, title: "Evening" });
    const id = await lose("and breathe", "p1", copy);
    const late = await lose("and wait", "p1", copy);
    expect(await rescuesOf(review.ctx, fay, copy)).toHaveLength(2);
    await settle(id, "back", fay);
    const inCopy = textblocks((await collab.read(copy)).json).map(({ text }) => text);
    expect(inCopy).toContain("and breathe");
    expect(await texts()).not.toContain("and breathe");

    await close(review.ctx, fay, copy);
    await expect(settle(late, "back", fay)).rejects.toThrow(Conflict);
    expect(await statusOf(late)).toBe("open");
    await settle(late, "dismiss", fay);
    expect(await rescuesOf(review.ctx, fay, copy)).toEqual([]);
  });

  it("are nobody else's business", async () => {
    const id = await lose("and breathe");
    const elsewhere = await openReview(database.db, collab);
    const others = [
      await review.person("Mo", "moderator"),
      await review.person("Fay", "facilitator"),
      await elsewhere.person("Stranger", "trainer"),
    ];
    for (const actor of others) await expect(settle(id, "back", actor)).rejects.toThrow(Forbidden);
    await expect(settle("no-such-words", "back")).rejects.toThrow(NotFound);
    expect(await statusOf(id)).toBe("open");
  });
});
