import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { textblocks } from "#app/document/read.ts";
import { Conflict, Forbidden, NotFound } from "#app/errors.ts";
import { type Actor, ANONYMOUS } from "#app/features/people/people.ts";
import { authorsOf } from "#app/features/workshops/authors.server.ts";
import {
  discard,
  held,
  release,
  restore,
  undoAuthor,
} from "#app/features/workshops/care.server.ts";
import {
  checkpoint,
  checkpointAt,
  checkpointsOf,
  keepRegularly,
} from "#app/features/workshops/checkpoints.server.ts";
import { openWorkshop } from "#app/features/workshops/open.server.ts";
import { propose } from "#app/features/workshops/propose.server.ts";
import { refresh } from "#app/features/workshops/refresh.server.ts";
import { close, freeze, workshopOf } from "#app/features/workshops/workshops.server.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import {
  add,
  type Copy,
  drop,
  editAs,
  erase,
  openCopy,
  paragraph,
  placeOf,
  put,
  swap,
} from "#tests/support/copy.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { browser, P1, P2 } from "#tests/support/speak.ts";

const TITLE = "Time, distance and words";
const P3 = "Call the crisis team early.";

describe.each(DATABASES)("care of a workshop copy on $name", ({ open }) => {
  let at: TestDatabase;
  let collab: CollabServer;
  let here: Copy;
  let rosa: Awaited<ReturnType<Copy["resident"]>>;
  let vic: typeof rosa;

  beforeAll(async () => {
    at = await open();
    collab = createCollab({ db: at.db, clock: () => new Date(), log: { info() {}, error() {} } });
  });
  beforeEach(async () => {
    here = await openCopy(at.db, collab);
    rosa = await here.resident("Rosa");
    vic = await here.resident("Vic");
  });
  afterAll(async () => {
    await collab.close();
    await at.close();
  });

  const opened = async () => (await here.checkpoints())[0]?.id ?? "";
  const whoWrote = async (words: string) => {
    const { hunks, credit } = await here.differences();
    const hunk = hunks.find((one) => JSON.stringify(one.ops).includes(words));
    return (credit.get(hunk?.key ?? "") ?? []).map(({ personId }) => personId);
  };

  describe("kept states", () => {
    test("are asked for, listed and looked at, by whoever leads", async () => {
      await here.writeAs(rosa.personId, add(" Ask twice.", "to move."));
      const id = await checkpoint(here.ctx, here.fay, here.id);
      await here.writeAs(rosa.personId, erase(" Ask twice."));
      const list = await checkpointsOf(here.ctx, here.fay, here.id);
      expect(list.map(({ reason, by }) => [reason, by])).toEqual([
        ["asked", "Fay Facilitator"],
        ["opened", "Fay Facilitator"],
      ]);
      const kept = await checkpointAt(here.ctx, here.fay, here.id, id);
      expect(textblocks(kept.json).map(({ text }) => text)).toContain(`${P2} Ask twice.`);
      await expect(checkpointAt(here.ctx, here.fay, here.id, "none")).rejects.toThrow(NotFound);
    });

    test("come by themselves while somebody writes, every ten minutes", async () => {
      const kept = async () => {
        await keepRegularly(here.ctx);
        return (await here.checkpoints()).length - 1;
      };
      expect(await kept()).toBe(0);
      await here.writeAs(rosa.personId, add(" Ask twice.", "to move."));
      expect(await kept()).toBe(0);
      here.wait(10 * 60_000);
      expect(await kept()).toBe(1);
      expect(await kept()).toBe(1);
      here.wait(10 * 60_000);
      expect(await kept()).toBe(1);
      await here.writeAs(rosa.personId, add(" Wait.", "Ask twice."));
      expect(await kept()).toBe(2);
      here.wait(10 * 60_000);
      await here.writeAs(rosa.personId, add(" Wait.", "Ask twice."));
      await freeze(here.ctx, here.fay, here.id);
      expect(await kept()).toBe(2);
      const reasons = (await here.checkpoints()).map(({ reason }) => reason);
      expect(reasons).toEqual(["opened", "regular", "regular"]);
    });

    test("come also where another copy can't be read", async () => {
      const title = "Broken";
      const other = await openWorkshop(here.ctx, here.fay, { documentId: here.documentId, title });
      for (const id of [other, here.id])
        await collab.edit(id, { personId: rosa.personId, via: "socket" }, (doc) =>
          editAs(doc, add(" Ask twice.", "to move.")),
        );
      here.wait(10 * 60_000);
      const failed: string[] = [];
      const read = async (id: string) => {
        if (id === other) throw new Error("unreadable");
        return collab.read(id);
      };
      const log = { info() {}, error: (event: string) => void failed.push(event) };
      await keepRegularly({ ...here.ctx, collab: { ...collab, read }, log });
      expect(failed).toEqual(["workshops.keep"]);
      expect((await here.checkpoints()).map(({ reason }) => reason)).toEqual(["opened", "regular"]);
    });
  });

  describe("going back", () => {
    test("reads as it did then, as a forward edit; the state before is kept", async () => {
      await here.writeAs(
        rosa.personId,
        swap("at once", "with care"),
        add(" Ask twice.", "to move."),
      );
      await here.writeAs(vic.personId, drop(P3), paragraph("new1", "Buy my car.", TITLE));
      const before = await here.textsOf();
      const stateThen = Y.encodeStateVector((await collab.read(here.id)).doc);
      const done = await restore(here.ctx, here.fay, here.id, {
        checkpointId: await opened(),
        people: [],
      });
      expect(done.left).toEqual([]);
      expect(await here.textsOf()).toEqual([TITLE, P1, P2, P3]);
      const { doc } = await collab.read(here.id);
      for (const [client, clock] of Y.decodeStateVector(stateThen))
        expect(Y.getState(doc.store, client)).toBeGreaterThanOrEqual(clock);
      const last = (await here.checkpoints()).find(({ reason }) => reason === "before_restore");
      const kept = await checkpointAt(here.ctx, here.fay, here.id, last?.id ?? "");
      expect(textblocks(kept.json).map(({ text }) => text)).toEqual(before);
      expect((await here.auditOfCopy()).at(-1)).toMatchObject({ verb: "workshop.restored" });
      expect((await here.differences()).hunks).toEqual([]);
    });

    test("words that come back stay their authors'", async () => {
      await here.writeAs(rosa.personId, add(" Ask for their name.", "to move."));
      const kept = await checkpoint(here.ctx, here.fay, here.id);
      await here.writeAs(vic.personId, erase(" Ask for their name."), drop(P3));
      await restore(here.ctx, here.fay, here.id, { checkpointId: kept, people: [] });
      expect(await whoWrote("Ask for their name")).toEqual([rosa.personId]);
    });

    test("to where it is already, nothing happens", async () => {
      const done = await restore(here.ctx, here.fay, here.id, {
        checkpointId: await opened(),
        people: [],
      });
      expect(done).toEqual({ changed: 0, left: [] });
      expect(await here.checkpoints()).toHaveLength(1);
    });
  });

  describe("taking back one person's changes", () => {
    const undo = async (personId = vic.personId) =>
      undoAuthor(here.ctx, here.fay, here.id, { checkpointId: await opened(), personId });

    test("keeps what others wrote, also within one paragraph", async () => {
      await here.writeAs(rosa.personId, add(" Ask twice.", "to move."));
      await here.writeAs(vic.personId, erase("Speak slowly, and "), put("silly ", "person room"));
      await here.writeAs(rosa.personId, put("always ", "give the"));
      const done = await undo();
      expect(done.left).toEqual([]);
      expect(await here.textsOf()).toContain(
        "Speak slowly, and always give the person room to move. Ask twice.",
      );
      expect((await here.auditOfCopy()).at(-1)).toMatchObject({
        verb: "workshop.undone",
        actor: { role: "facilitator" },
      });
      expect(JSON.stringify(await here.auditOfCopy())).not.toContain(vic.personId);
    });

    test("brings back a copy that was cleared in pieces, and keeps what others wrote since", async () => {
      await here.writeAs(rosa.personId, swap("at once", "with care"));
      for (const words of [
        "Officers must ",
        "with care when a person ",
        "in crisis does not answer.",
      ])
        await here.writeAs(vic.personId, erase(words));
      await here.writeAs(vic.personId, drop(P2));
      await here.writeAs(rosa.personId, paragraph("r1", "We need this page.", TITLE));
      await here.writeAs(vic.personId, drop(P3), erase("distance and "));
      await here.writeAs(rosa.personId, add(" Please stop.", "this page."));
      const done = await undo();
      expect(done.left).toEqual([]);
      const texts = await here.textsOf();
      expect(texts).toEqual(
        expect.arrayContaining([TITLE, P2, P3, "We need this page. Please stop."]),
      );
      expect(texts).toHaveLength(5);
      // What was taken out of Rosa's own words since the kept state isn't in it: the draft's come back.
      expect(
        texts.some((text) => text.startsWith("Officers must") && text.includes("in crisis")),
      ).toBe(true);
      expect(await whoWrote("We need this page")).toEqual([rosa.personId]);
    });

    test("what others took out stays out, also where the whole passage comes back", async () => {
      await here.writeAs(rosa.personId, erase("Speak slowly, and "));
      await here.writeAs(vic.personId, drop("give the person room"));
      const done = await undo();
      expect(done.left).toEqual([]);
      expect(await here.textsOf()).toContain("give the person room to move.");
    });

    test("what can't be told apart is left, and said", async () => {
      await here.writeAs(vic.personId, paragraph("v1", "Buy my car.", TITLE));
      await here.writeAs(rosa.personId, add(" No, help us.", "my car."));
      const done = await undo();
      expect(await here.textsOf()).toContain("Buy my car. No, help us.");
      expect(done).toMatchObject({ changed: 0, left: [{ kind: "insert" }] });
    });

    test("of somebody who did nothing, nothing happens", async () => {
      await here.writeAs(rosa.personId, swap("at once", "with care"));
      expect(await undo()).toEqual({ changed: 0, left: [] });
      expect(await here.textsOf()).toContain(P1.replace("at once", "with care"));
    });

    test("while others go on writing", async () => {
      await here.writeAs(vic.personId, drop(P2), erase("at once "));
      await Promise.all([
        undo(),
        here.writeAs(rosa.personId, add(" Ask twice.", "early.")),
        here.writeAs(rosa.personId, put("great ", "crisis does")),
      ]);
      const texts = (await here.textsOf()).join("\n");
      for (const words of ["Ask twice.", "great crisis", "at once", P2])
        expect(texts).toContain(words);
    });
  });

  describe("a held deletion", () => {
    /** As the collaboration server keeps one: not applied, waiting. */
    async function hold(...changes: Parameters<Copy["writeAs"]>[1][]) {
      const { doc } = await collab.read(here.id);
      const theirs = new Y.Doc();
      Y.applyUpdate(theirs, Y.encodeStateAsUpdate(doc));
      const before = Y.encodeStateVector(theirs);
      for (const change of changes) if (change) editAs(theirs, change);
      const id = uuidv7();
      await at.db
        .insertInto("held_updates")
        .values({
          id,
          document_id: here.id,
          person_id: vic.personId,
          bytes: Buffer.from(Y.encodeStateAsUpdate(theirs, before)),
          words: 20,
          at: here.ctx.clock().toISOString(),
          status: "held",
          settled_by: null,
          settled_at: null,
        })
        .execute();
      return id;
    }

    test("is shown with what would go", async () => {
      const id = await hold(drop(P2), erase("at once "));
      expect((await workshopOf(here.ctx, here.fay, here.id)).held).toBe(1);
      expect((await workshopOf(here.ctx, rosa.actor, here.id)).held).toBe(0);
      const [one] = await held(here.ctx, here.fay, here.id);
      expect(one).toMatchObject({ id, by: "Vic", words: 20 });
      expect(one?.passages).toEqual([
        { before: P1, after: P1.replace("at once ", "") },
        { before: P2, after: "" },
      ]);
      expect(await here.textsOf()).toContain(P2);
    });

    test("goes through under its author's name, once; the state before is kept", async () => {
      const id = await hold(drop(P2));
      await here.writeAs(rosa.personId, add(" Ask twice.", "early."));
      const done = await Promise.allSettled([
        release(here.ctx, here.fay, here.id, id),
        release(here.ctx, here.fay, here.id, id),
      ]);
      expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const texts = await here.textsOf();
      expect(texts).not.toContain(P2);
      expect(texts).toContain(`${P3} Ask twice.`);
      expect(await whoWrote("Speak slowly")).toEqual([vic.personId]);
      expect((await here.checkpoints()).at(-1)?.reason).toBe("before_release");
      await expect(discard(here.ctx, here.fay, here.id, id)).rejects.toThrow(Conflict);
      expect(await held(here.ctx, here.fay, here.id)).toEqual([]);
    });

    test("is dropped, and the text stays", async () => {
      const id = await hold(drop(P2));
      await discard(here.ctx, here.fay, here.id, id);
      expect(await here.textsOf()).toContain(P2);
      await expect(release(here.ctx, here.fay, here.id, id)).rejects.toThrow(Conflict);
      await expect(discard(here.ctx, here.fay, here.id, id)).rejects.toThrow(Conflict);
      expect(await here.textsOf()).toContain(P2);
      const verbs = (await here.auditOfCopy()).map(({ verb }) => verb);
      expect(verbs.at(-1)).toBe("workshop.deletion_discarded");
    });

    test("that builds on what never came doesn't go through", async () => {
      const stranger = new Y.Doc();
      Y.applyUpdate(stranger, Y.encodeStateAsUpdate((await collab.read(here.id)).doc));
      editAs(stranger, add(" Never sent.", "early."));
      const before = Y.encodeStateVector(stranger);
      editAs(stranger, add(" Never either.", "Never sent."));
      const id = await hold();
      await at.db
        .updateTable("held_updates")
        .set({ bytes: Buffer.from(Y.encodeStateAsUpdate(stranger, before)) })
        .where("id", "=", id)
        .execute();
      await expect(release(here.ctx, here.fay, here.id, id)).rejects.toThrow(
        "workshops:errors.heldStale",
      );
      expect(await held(here.ctx, here.fay, here.id)).toHaveLength(1);
    });
  });

  describe("a refresh", () => {
    test("brings in what the trainers changed, under their name, and keeps what was written here", async () => {
      await here.writeAs(rosa.personId, add(" Ask twice.", "to move."));
      await here.writeDraft(swap("at once", "in time"), paragraph("d1", "Nobody is alone.", P3));
      const done = await refresh(here.ctx, here.fay, here.id);
      expect(done).toEqual({ applied: 2, already: 0, conflicts: [] });
      expect(await here.textsOf()).toEqual([
        TITLE,
        P1.replace("at once", "in time"),
        `${P2} Ask twice.`,
        P3,
        "Nobody is alone.",
      ]);
      const { hunks } = await here.differences();
      expect(hunks.map(({ kind }) => kind)).toEqual(["text"]);
      expect(await whoWrote("Ask twice")).toEqual([rosa.personId]);
      const page = await workshopOf(here.ctx, here.fay, here.id);
      expect(page.draftMoved).toBe(false);
      expect((await here.checkpoints()).at(-1)?.reason).toBe("before_refresh");
      // What came in isn't a resident's.
      const { people, runs } = await authorsOf(here.ctx, here.fay, here.id);
      expect(Object.keys(people)).not.toContain(here.trainer.personId);
      expect(new Set(runs.map(([, , , personId]) => personId))).toEqual(
        new Set([rosa.personId, null]),
      );
    });

    test("what was adopted is no difference any more, and keeps no one from the rest", async () => {
      await here.writeAs(
        rosa.personId,
        swap("at once", "with care"),
        add(" Ask twice.", "to move."),
      );
      const { hunks } = await here.differences();
      const keys = hunks.map(({ key }) => key);
      await propose(here.ctx, rosa.actor, here.id, {
        hunks: keys,
        reason: "Because.",
        forGroup: false,
        language: "en",
        key: uuidv7(),
      });
      await here.writeDraft(swap("at once", "with care"));
      const done = await refresh(here.ctx, here.fay, here.id);
      expect(done).toMatchObject({ applied: 0, already: 1, conflicts: [] });
      expect(await here.textsOf()).toContain(P1.replace("at once", "with care"));
      const now = await here.differences();
      expect(now.hunks.map(({ key }) => key)).toEqual([keys[1]]);
      expect(now.credit.get(keys[1] ?? "")?.map(({ personId }) => personId)).toEqual([
        rosa.personId,
      ]);
    });

    test("where both changed the same words the copy keeps its own, and it is said", async () => {
      await here.writeAs(rosa.personId, swap("at once", "with care"));
      await here.writeDraft(swap("at once", "without delay"), add(" Always.", "to move."));
      const done = await refresh(here.ctx, here.fay, here.id);
      expect(done.applied).toBe(1);
      expect(done.conflicts).toMatchObject([
        {
          before: P1,
          after: P1.replace("at once", "without delay"),
          current: P1.replace("at once", "with care"),
        },
      ]);
      expect(await here.textsOf()).toContain(P1.replace("at once", "with care"));
      const { hunks } = await here.differences();
      expect(hunks).toHaveLength(1);
      expect(await whoWrote("with care")).toEqual([rosa.personId]);
    });

    test("of two at once one is told; with nothing new nothing happens", async () => {
      expect(await refresh(here.ctx, here.fay, here.id)).toEqual({
        applied: 0,
        already: 0,
        conflicts: [],
      });
      await here.writeDraft(swap("at once", "in time"));
      const done = await Promise.allSettled([
        refresh(here.ctx, here.fay, here.id),
        refresh(here.ctx, here.fay, here.id),
      ]);
      expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect((await here.textsOf()).join(" ").match(/in time/g)).toHaveLength(1);
    });

    test("who takes out words that came with it is known", async () => {
      await here.writeDraft(add(" Nobody is alone here.", "to move."));
      await refresh(here.ctx, here.fay, here.id);
      await here.writeAs(rosa.personId, erase("alone "));
      const { hunks, credit } = await here.differences();
      expect(hunks).toHaveLength(1);
      expect(credit.get(hunks[0]?.key ?? "")?.map(({ personId }) => personId)).toEqual([
        rosa.personId,
      ]);
    });
  });

  describe("is for whoever leads, until it is closed", () => {
    const commands: [string, (actor: Actor) => Promise<unknown>][] = [
      ["checkpoint", (actor) => checkpoint(here.ctx, actor, here.id)],
      [
        "restore",
        async (actor) =>
          restore(here.ctx, actor, here.id, { checkpointId: await opened(), people: [] }),
      ],
      [
        "undoAuthor",
        async (actor) =>
          undoAuthor(here.ctx, actor, here.id, { checkpointId: await opened(), personId: "x" }),
      ],
      ["refresh", (actor) => refresh(here.ctx, actor, here.id)],
    ];
    const looks: typeof commands = [
      ["checkpointsOf", (actor) => checkpointsOf(here.ctx, actor, here.id)],
      ["held", (actor) => held(here.ctx, actor, here.id)],
    ];
    const settles: typeof commands = [
      ["release", (actor) => release(here.ctx, actor, here.id, "x")],
      ["discard", (actor) => discard(here.ctx, actor, here.id, "x")],
    ];

    test.each([...commands, ...looks, ...settles])("%s", async (_name, command) => {
      for (const actor of [rosa.actor, here.mo])
        await expect(command(actor)).rejects.toThrow(Forbidden);
      for (const actor of [here.outsider, ANONYMOUS, browser("another")])
        await expect(command(actor)).rejects.toThrow(NotFound);
    });

    test.each(commands)("%s of a closed copy", async (_name, command) => {
      await close(here.ctx, here.fay, here.id);
      await expect(command(here.fay)).rejects.toThrow("workshops:errors.closed");
    });

    test.each(looks)("%s of a closed copy still answers", async (_name, command) => {
      await close(here.ctx, here.fay, here.id);
      await expect(command(here.fay)).resolves.toBeInstanceOf(Array);
    });
  });

  test("finds the place of words that aren't there", () => {
    expect(() => editAs(new Y.Doc(), (tr) => placeOf(tr, "nowhere"))).toThrow("nowhere");
  });
});
