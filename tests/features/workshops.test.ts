import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { readDoc } from "#app/document/read.ts";
import { Conflict, Forbidden, Invalid, NotFound, TooMany } from "#app/errors.ts";
import { type Actor, ANONYMOUS, type CurriculumRole } from "#app/features/people/people.ts";
import { authorsOf } from "#app/features/workshops/authors.server.ts";
import {
  formatJoinCode,
  isJoinToken,
  newJoinCode,
  newJoinToken,
  parseJoinCode,
} from "#app/features/workshops/codes.ts";
import {
  invite,
  invitedTo,
  join,
  removeMember,
  rotateCode,
  setMay,
} from "#app/features/workshops/members.server.ts";
import { openWorkshop } from "#app/features/workshops/open.server.ts";
import {
  baseFor,
  close,
  freeze,
  unfreeze,
  workshopOf,
  workshopsOf,
} from "#app/features/workshops/workshops.server.ts";
import {
  joinForm,
  MAX_MEMBERS,
  openForm,
  proposeForm,
  statusAfter,
} from "#app/features/workshops/workshops.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { add, type Copy, openCopy, put, swap } from "#tests/support/copy.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { browser, P1, P2 } from "#tests/support/speak.ts";

describe("codes", () => {
  test("can be read out and typed in any way", () => {
    for (let i = 0; i < 200; i++) {
      const code = newJoinCode();
      expect(code).toMatch(/^[2-9ACFHJKMRTWXY]{8}$/);
      expect(parseJoinCode(formatJoinCode(code).toLowerCase())).toBe(code);
      expect(parseJoinCode(` ${code.slice(0, 3)} ${code.slice(3)}\n`)).toBe(code);
    }
    expect(formatJoinCode("7KH2M4XA")).toBe("7KH2-M4XA");
  });

  test("are nothing else", () => {
    for (const typed of ["", "7KH2-M4X", "7KH2-M4XAA", "7KH2-M4X0", "7KH2-M4XÁ", "'; drop table"])
      expect(parseJoinCode(typed)).toBeNull();
  });

  test("use all signs, about equally often", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 2_000; i++)
      for (const sign of newJoinCode()) counts.set(sign, (counts.get(sign) ?? 0) + 1);
    expect(counts.size).toBe(20);
    for (const count of counts.values()) expect(Math.abs(count - 800)).toBeLessThan(250);
  });

  test("links carry more than 80 bits", () => {
    const tokens = new Set(Array.from({ length: 500 }, newJoinToken));
    expect(tokens.size).toBe(500);
    for (const token of tokens) expect(isJoinToken(token)).toBe(true);
    expect(isJoinToken("../../etc/passwd")).toBe(false);
  });
});

describe("forms", () => {
  test("a name must have something to see, on one line", () => {
    const message = (name: unknown) =>
      joinForm.safeParse({ name, code: "7KH2-M4XA" }).error?.issues[0]?.message;
    expect(message(undefined)).toBe("workshops:errors.name");
    expect(message(" \u200b ")).toBe("workshops:errors.name");
    expect(message("x".repeat(61))).toBe("workshops:errors.nameTooLong");
    expect(joinForm.parse({ name: " Ro\nsa ", code: "7kh2m4xa" })).toEqual({
      name: "Ro sa",
      code: "7KH2M4XA",
      token: null,
    });
  });

  test("a code that can't be one is answered like a wrong one", () => {
    const parsed = joinForm.safeParse({ name: "Rosa", code: "O0O0" });
    expect(parsed.error?.issues[0]).toMatchObject({
      path: ["code"],
      message: "workshops:errors.noSuchCode",
    });
  });

  test("a proposal names its changes once each, and says why", () => {
    const key = uuidv7();
    expect(proposeForm.parse({ hunks: ["a", "b", "a"], reason: " Clear. ", key })).toMatchObject({
      hunks: ["a", "b"],
      reason: "Clear.",
      forGroup: false,
      language: "en",
    });
    expect(proposeForm.parse({ hunks: "a", reason: "x", forGroup: "on", key }).forGroup).toBe(true);
    const message = (fields: object) =>
      proposeForm.safeParse({ key, ...fields }).error?.issues[0]?.message;
    expect(message({ reason: "x" })).toBe("workshops:errors.noneChosen");
    expect(message({ hunks: ["a"], reason: " … " })).toBe("workshops:errors.noReason");
  });

  test("a title is asked for", () => {
    expect(openForm.safeParse({}).error?.issues[0]?.message).toBe("workshops:errors.title");
    expect(openForm.parse({ title: "Library", roundId: "" }).roundId).toBeUndefined();
  });

  test("a closed copy stays closed", () => {
    expect([statusAfter("open", "freeze"), statusAfter("frozen", "unfreeze")]).toEqual([
      "frozen",
      "open",
    ]);
    expect([statusAfter("open", "close"), statusAfter("frozen", "close")]).toEqual([
      "closed",
      "closed",
    ]);
    expect([statusAfter("open", "unfreeze"), statusAfter("frozen", "freeze")]).toEqual([
      null,
      null,
    ]);
    for (const action of ["freeze", "unfreeze", "close"] as const)
      expect(statusAfter("closed", action)).toBeNull();
  });
});

describe.each(DATABASES)("workshop copies on $name", ({ open }) => {
  let at: TestDatabase;
  let collab: CollabServer;
  let here: Copy;

  beforeAll(async () => {
    at = await open();
    collab = createCollab({ db: at.db, clock: () => new Date(), log: { info() {}, error() {} } });
  });
  beforeEach(async () => {
    here = await openCopy(at.db, collab);
  });
  afterAll(async () => {
    await collab.close();
    await at.close();
  });

  const codeOf = async () => (await workshopOf(here.ctx, here.fay, here.id)).join?.code ?? "";

  describe("opening", () => {
    test("goes on from the draft's own state, and compares with it", async () => {
      const page = await workshopOf(here.ctx, here.fay, here.id);
      const draft = await collab.read(here.documentId);
      const copy = await collab.read(here.id);
      expect(copy.json).toEqual(draft.json);
      expect(Y.encodeStateVector(copy.doc)).toEqual(Y.encodeStateVector(draft.doc));
      const base = new Y.Doc();
      Y.applyUpdate(base, await baseFor(here.ctx, here.fay, here.id));
      expect(readDoc(base)).toEqual(draft.json);
      expect(page).toMatchObject({
        title: "At the library",
        status: "open",
        baseSeq: draft.seq,
        draftId: here.documentId,
        draftMoved: false,
        round: { id: here.roundId },
        members: [{ name: "Fay Facilitator", may: "write", leads: true }],
        proposals: {},
        held: 0,
      });
      expect(await here.auditOfCopy()).toMatchObject([
        { verb: "workshop.opened", actor: { role: "facilitator", name: "Fay Facilitator" } },
      ]);
      expect((await here.checkpoints()).map(({ reason }) => reason)).toEqual(["opened"]);
    });

    test("knows who wrote what in the draft, also what isn't merged yet", async () => {
      await here.writeDraft(put("very ", "slowly"));
      const id = await openWorkshop(here.ctx, here.fay, {
        documentId: here.documentId,
        title: "Another",
      });
      const runs = (documentId: string) =>
        at.db
          .selectFrom("doc_runs")
          .select(["client", "from_clock", "to_clock", "author_id", "via"])
          .where("doc_id", "=", documentId)
          .orderBy("client")
          .orderBy("from_clock")
          .execute();
      const copied = await runs(id);
      expect(copied.map(({ author_id }) => author_id)).toContain(here.trainer.personId);
      // The words are a trainer's, not the copy's: nobody here wrote anything yet.
      expect((await authorsOf(here.ctx, here.fay, id)).runs).toEqual([]);
    });

    const openAs = (actor: Actor, fields: Record<string, unknown> = {}) =>
      openWorkshop(here.ctx, actor, { documentId: here.documentId, title: "Mine", ...fields });

    test("is for facilitators, and for trainers in a review round", async () => {
      await expect(openAs(here.trainer)).resolves.toBeTypeOf("string");
      await expect(openAs(here.trainer, { roundId: here.roundId })).resolves.toBeTypeOf("string");
      here.wait(40 * 86_400_000);
      await expect(openAs(here.trainer)).rejects.toThrow("workshops:errors.noRound");
      await expect(openAs(here.trainer, { roundId: here.roundId })).rejects.toThrow(Invalid);
      await expect(openAs(here.fay)).resolves.toBeTypeOf("string");
      for (const actor of [here.mo, here.outsider, ANONYMOUS, browser("x")])
        await expect(openAs(actor)).rejects.toThrow(Forbidden);
      await expect(openAs(here.fay, { documentId: "no-such" })).rejects.toThrow(NotFound);
      await expect(openAs(here.fay, { documentId: here.id })).rejects.toThrow(NotFound);
      await expect(openAs(here.fay, { roundId: "no-such" })).rejects.toThrow(Invalid);
    });

    test("waits until people may read the draft", async () => {
      await at.db
        .updateTable("curricula")
        .set({ status: "draft" })
        .where("id", "=", here.curriculumId)
        .execute();
      await expect(openAs(here.fay)).rejects.toThrow("workshops:errors.notPublic");
    });

    test("by the module's address", async () => {
      const id = await openWorkshop(here.ctx, here.fay, { ...here.where, title: "By address" });
      expect((await workshopOf(here.ctx, here.fay, id)).draftId).toBe(here.documentId);
    });
  });

  describe("joining", () => {
    test("needs a code and a name, and no account", async () => {
      const rosa = await here.resident("Rosa");
      const page = await workshopOf(here.ctx, rosa.actor, here.id);
      expect(page.me).toMatchObject({ member: { name: "Rosa", may: "write" }, may: "write" });
      expect(page.me.leads).toBe(false);
      expect(page.join).toBeNull();
      const person = await at.db
        .selectFrom("people")
        .selectAll()
        .where("id", "=", rosa.personId)
        .executeTakeFirstOrThrow();
      expect(person).toMatchObject({ account_id: null, name: "Rosa" });
      const [, joined] = await here.auditOfCopy();
      expect(joined).toMatchObject({ verb: "workshop.joined", actor: { name: null } });
      expect(JSON.stringify(joined)).not.toContain("Rosa");
    });

    test("tells nobody the minute", async () => {
      here.wait(47 * 60_000);
      const { memberId, personId } = await here.resident("Rosa");
      for (const id of [memberId, personId]) {
        const clock = Number.parseInt(id.replace("-", "").slice(0, 12), 16);
        expect(new Date(clock).toISOString()).toBe("2026-03-02T09:00:00.000Z");
      }
    });

    test("twice is once, and the first name stays", async () => {
      const code = await codeOf();
      const actor = browser("telephone");
      const tries = await Promise.all(
        ["Rosa", "Rosa", "Chief"].map((name) => join(here.ctx, actor, { name, code, token: null })),
      );
      expect(new Set(tries.map(({ memberId }) => memberId)).size).toBe(1);
      const again = await join(here.ctx, actor, { name: "Somebody else", code, token: null });
      expect(again.memberId).toBe(tries[0]?.memberId);
    });

    test("with an account, by a link", async () => {
      const { join: open } = await workshopOf(here.ctx, here.fay, here.id);
      const token = open?.link.split("/").at(-1) ?? "";
      expect(isJoinToken(token)).toBe(true);
      expect(await invitedTo(here.ctx, here.outsider, { code: null, token })).toMatchObject({
        id: here.id,
        title: "At the library",
        name: null,
      });
      await join(here.ctx, here.outsider, { name: "Ri", code: null, token });
      const { me } = await workshopOf(here.ctx, here.outsider, here.id);
      expect(me.member).toMatchObject({ name: "Ri", personId: here.outsider.personId });
      expect((await invitedTo(here.ctx, here.outsider, { code: null, token })).name).toBe("Ri");
    });

    test("a wrong, an old, an ended and a closed copy's code are answered alike", async () => {
      const code = await codeOf();
      const tried = async (given: string) => {
        const error = await join(here.ctx, browser("x"), {
          name: "X",
          code: given,
          token: null,
        }).catch((error: unknown) => error);
        const { status, text } = error as NotFound;
        return JSON.stringify({ status, text });
      };
      const wrong = await tried(newJoinCode());
      await rotateCode(here.ctx, here.fay, here.id);
      expect(await tried(code)).toBe(wrong);
      const fresh = await codeOf();
      here.wait(15 * 86_400_000);
      expect(await tried(fresh)).toBe(wrong);
      await rotateCode(here.ctx, here.fay, here.id);
      const last = await codeOf();
      await close(here.ctx, here.fay, here.id);
      expect(await tried(last)).toBe(wrong);
      expect(wrong).toContain("workshops:errors.noSuchCode");
    });

    test("whoever was taken out leaves room for another", async () => {
      const rosa = await here.resident("Rosa");
      const others = Array.from({ length: MAX_MEMBERS - 2 }, () => uuidv7());
      const then = "2026-03-02T09:00:00.000Z";
      await at.db
        .insertInto("people")
        .values(others.map((id) => ({ id, account_id: null, name: "X", created_at: then })))
        .execute();
      await at.db
        .insertInto("workshop_members")
        .values(
          others.map((id) => ({
            id,
            document_id: here.id,
            person_id: id,
            device_key: id,
            name: "X",
            may: "write" as const,
            joined_at: then,
          })),
        )
        .execute();
      await expect(here.resident("Ana")).rejects.toThrow("workshops:errors.full");
      await removeMember(here.ctx, here.fay, here.id, rosa.memberId);
      await here.resident("Ana");
      await expect(here.resident("Luz")).rejects.toThrow("workshops:errors.full");
    });

    test("is offered by mail as long as the link lets people in", async () => {
      const sent: { to: string; text: string }[] = [];
      const ctx = {
        ...here.ctx,
        mailer: { send: async (mail: (typeof sent)[number]) => void sent.push(mail) },
      } as typeof here.ctx;
      const send = () => invite(ctx, here.fay, here.id, "rosa@example.org", "es");
      await send();
      const { join: open } = await workshopOf(here.ctx, here.fay, here.id);
      expect(sent).toMatchObject([{ to: "rosa@example.org" }]);
      expect(sent[0]?.text).toContain(open?.link);
      expect(JSON.stringify(await here.auditOfCopy())).not.toContain("rosa@");
      here.wait(15 * 86_400_000);
      await expect(send()).rejects.toThrow("workshops:errors.linkEnded");
      await rotateCode(here.ctx, here.fay, here.id);
      await send();
      expect(sent).toHaveLength(2);
    });

    test("guesses come to an end", async () => {
      const guess = () =>
        join(here.ctx, browser("x"), { name: "X", code: newJoinCode(), token: null });
      for (let i = 0; i < 120; i++) await expect(guess()).rejects.toThrow(NotFound);
      await expect(guess()).rejects.toThrow(TooMany);
      const right = join(here.ctx, browser("x"), { name: "X", code: await codeOf(), token: null });
      await expect(right).rejects.toThrow(TooMany);
    });

    test("a browser without a key can't", async () => {
      const given = { name: "X", code: await codeOf(), token: null };
      await expect(join(here.ctx, ANONYMOUS, given)).rejects.toThrow(Invalid);
    });
  });

  describe("looking in", () => {
    test("is for members and for whoever works on the curriculum", async () => {
      const rosa = await here.resident("Rosa");
      const look = (actor: Actor) => workshopOf(here.ctx, actor, here.id);
      for (const actor of [rosa.actor, here.fay, here.trainer, here.mo])
        await expect(look(actor)).resolves.toMatchObject({ id: here.id });
      for (const actor of [here.outsider, ANONYMOUS, browser("another")]) {
        await expect(look(actor)).rejects.toThrow(NotFound);
        await expect(authorsOf(here.ctx, actor, here.id)).rejects.toThrow(NotFound);
        await expect(baseFor(here.ctx, actor, here.id)).rejects.toThrow(NotFound);
      }
      await expect(workshopOf(here.ctx, here.fay, here.documentId)).rejects.toThrow(NotFound);
    });

    test("whoever merely works here sees neither code nor what is held", async () => {
      const { join, me } = await workshopOf(here.ctx, here.mo, here.id);
      expect(join).toBeNull();
      expect(me).toEqual({ member: null, leads: false, may: "watch" });
    });

    test("tells who wrote what here, by the names they chose", async () => {
      const rosa = await here.resident("Rosa");
      await here.writeAs(rosa.personId, put("very ", "slowly"), swap("early", "first"));
      const { people, runs, deletions } = await authorsOf(here.ctx, rosa.actor, here.id);
      expect(people[rosa.personId]).toMatchObject({ name: "Rosa" });
      expect(people[rosa.personId]?.colour).toMatch(/^#[0-9a-f]{6}$/);
      expect(new Set(runs.map(([, , , personId]) => personId))).toEqual(new Set([rosa.personId]));
      expect(deletions.length).toBeGreaterThan(0);
      expect(new Set(deletions.map(([, , , personId]) => personId))).toEqual(
        new Set([rosa.personId]),
      );
    });

    test("lists all copies to whoever works here, to others theirs", async () => {
      const rosa = await here.resident("Rosa");
      const list = (actor: Actor) =>
        workshopsOf(here.ctx, actor, { curriculumId: here.curriculumId });
      const [mine] = await list(rosa.actor);
      expect(mine).toMatchObject({ id: here.id, title: "At the library", people: 2, held: 0 });
      expect(await list(here.mo)).toHaveLength(1);
      expect(await list(here.outsider)).toEqual([]);
      expect(await list(ANONYMOUS)).toEqual([]);
      expect(
        await workshopsOf(here.ctx, here.fay, { curriculumId: here.curriculumId, moduleId: "no" }),
      ).toEqual([]);
    });

    test("notices that the draft has moved on", async () => {
      await here.writeDraft(add(" Always.", P2));
      expect((await workshopOf(here.ctx, here.fay, here.id)).draftMoved).toBe(true);
    });
  });

  describe("people", () => {
    test("may be let write, only watch, or be taken out; their name stays", async () => {
      const rosa = await here.resident("Rosa");
      const { memberId } = rosa;
      await setMay(here.ctx, here.fay, here.id, { memberId, may: "watch" });
      expect((await workshopOf(here.ctx, rosa.actor, here.id)).me.may).toBe("watch");
      await setMay(here.ctx, here.fay, here.id, { memberId, may: "write" });
      expect((await workshopOf(here.ctx, rosa.actor, here.id)).me.may).toBe("write");
      await here.writeAs(rosa.personId, put("very ", "slowly"));
      await removeMember(here.ctx, here.fay, here.id, memberId);
      await expect(workshopOf(here.ctx, rosa.actor, here.id)).rejects.toThrow(NotFound);
      const page = await workshopOf(here.ctx, here.fay, here.id);
      expect(page.members.map(({ name }) => name)).toEqual(["Fay Facilitator"]);
      const { people } = await authorsOf(here.ctx, here.fay, here.id);
      expect(people[rosa.personId]?.name).toBe("Rosa");
      const back = join(here.ctx, rosa.actor, { name: "Rosa", code: await codeOf(), token: null });
      await expect(back).rejects.toThrow("workshops:errors.takenOut");
      const change = setMay(here.ctx, here.fay, here.id, { memberId, may: "write" });
      await expect(change).rejects.toThrow(NotFound);
      expect((await here.auditOfCopy()).map(({ verb }) => verb)).toEqual([
        "workshop.opened",
        "workshop.joined",
        "workshop.member_changed",
        "workshop.member_changed",
        "workshop.member_removed",
      ]);
    });

    test("of another copy are out of reach", async () => {
      const rosa = await here.resident("Rosa");
      const other = await openWorkshop(here.ctx, here.fay, {
        documentId: here.documentId,
        title: "Other",
      });
      const change = removeMember(here.ctx, here.fay, other, rosa.memberId);
      await expect(change).rejects.toThrow(NotFound);
    });
  });

  describe("looking after it", () => {
    const commands: [string, (actor: Actor) => Promise<unknown>][] = [
      ["freeze", (actor) => freeze(here.ctx, actor, here.id)],
      ["unfreeze", (actor) => unfreeze(here.ctx, actor, here.id)],
      ["close", (actor) => close(here.ctx, actor, here.id)],
      ["rotateCode", (actor) => rotateCode(here.ctx, actor, here.id)],
      [
        "setMay",
        (actor) => setMay(here.ctx, actor, here.id, { memberId: "anybody", may: "watch" }),
      ],
      ["removeMember", (actor) => removeMember(here.ctx, actor, here.id, "anybody")],
      ["invite", (actor) => invite(here.ctx, actor, here.id, "rosa@example.org", "en")],
    ];

    test.each(commands)("%s is for whoever leads", async (_name, command) => {
      const rosa = await here.resident("Rosa");
      await expect(command(rosa.actor)).rejects.toThrow(Forbidden);
      await expect(command(here.mo)).rejects.toThrow(Forbidden);
      for (const actor of [here.outsider, ANONYMOUS, browser("another")])
        await expect(command(actor)).rejects.toThrow(NotFound);
    });

    test.each(commands)("%s does nothing once it is closed", async (_name, command) => {
      await close(here.ctx, here.fay, here.id);
      await expect(command(here.fay)).rejects.toThrow("workshops:errors.closed");
    });

    test("a trainer leads in a review round alone", async () => {
      await freeze(here.ctx, here.trainer, here.id);
      await at.db
        .updateTable("workshops")
        .set({ round_id: null })
        .where("document_id", "=", here.id)
        .execute();
      await expect(unfreeze(here.ctx, here.trainer, here.id)).rejects.toThrow(Forbidden);
    });

    test("pauses, goes on and ends, each with its entry", async () => {
      await freeze(here.ctx, here.fay, here.id);
      await expect(freeze(here.ctx, here.fay, here.id)).rejects.toThrow(Conflict);
      await unfreeze(here.ctx, here.fay, here.id);
      await close(here.ctx, here.fay, here.id);
      const page = await workshopOf(here.ctx, here.fay, here.id);
      expect(page).toMatchObject({ status: "closed", join: null });
      expect(page.closedAt).not.toBeNull();
      expect((await here.auditOfCopy()).map(({ verb }) => verb)).toEqual([
        "workshop.opened",
        "workshop.frozen",
        "workshop.unfrozen",
        "workshop.closed",
      ]);
    });

    test("of two who close it at once one is told", async () => {
      const bo = await here.person("Bo Facilitator", "facilitator");
      const done = await Promise.allSettled([
        close(here.ctx, here.fay, here.id),
        close(here.ctx, bo, here.id),
      ]);
      expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const ends = (await here.auditOfCopy()).filter(({ verb }) => verb === "workshop.closed");
      expect(ends).toHaveLength(1);
    });

    test("stays readable for good", async () => {
      const rosa = await here.resident("Rosa");
      await here.writeAs(rosa.personId, swap("at once", "with care"));
      await close(here.ctx, here.fay, here.id);
      expect(await workshopOf(here.ctx, rosa.actor, here.id)).toMatchObject({ status: "closed" });
      expect(await here.textsOf()).toContain(P1.replace("at once", "with care"));
      expect((await authorsOf(here.ctx, rosa.actor, here.id)).runs.length).toBeGreaterThan(0);
    });
  });

  test("what a role of another curriculum is worth", async () => {
    for (const role of ["facilitator", "trainer", "moderator", "board"] as CurriculumRole[]) {
      const stranger = {
        ...here.outsider,
        roles: [{ curriculumId: "elsewhere", role }],
      };
      await expect(workshopOf(here.ctx, stranger, here.id)).rejects.toThrow(NotFound);
    }
  });
});
