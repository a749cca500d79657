import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Conflict, Forbidden, NotFound } from "#app/errors.ts";
import { inputByReceipt, inputForPage } from "#app/features/inputs/status.server.ts";
import { moderate } from "#app/features/moderation/moderation.server.ts";
import type { Action } from "#app/features/moderation/moderation.ts";
import { type Actor, ANONYMOUS } from "#app/features/people/people.ts";
import { removeMember } from "#app/features/workshops/members.server.ts";
import { propose } from "#app/features/workshops/propose.server.ts";
import { close, freeze, workshopOf } from "#app/features/workshops/workshops.server.ts";
import { proposeForm } from "#app/features/workshops/workshops.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { add, type Copy, drop, openCopy, paragraph, put, swap } from "#tests/support/copy.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { browser, P1, P2 } from "#tests/support/speak.ts";

describe.each(DATABASES)("proposing on $name", ({ open }) => {
  let at: TestDatabase;
  let collab: CollabServer;
  let here: Copy;
  let rosa: Awaited<ReturnType<Copy["resident"]>>;
  let omar: typeof rosa;

  beforeAll(async () => {
    at = await open();
    collab = createCollab({ db: at.db, clock: () => new Date(), log: { info() {}, error() {} } });
  });
  beforeEach(async () => {
    here = await openCopy(at.db, collab);
    rosa = await here.resident("Rosa");
    omar = await here.resident("Omar");
    await here.writeAs(rosa.personId, swap("at once", "with care"));
    await here.writeAs(omar.personId, put("very ", "slowly"), add(" Ask twice.", "to move."));
  });
  afterAll(async () => {
    await collab.close();
    await at.close();
  });

  const keysBy = async (personId: string) => {
    const { hunks, credit } = await here.differences();
    return hunks
      .map(({ key }) => key)
      .filter((key) => credit.get(key)?.some((one) => one.personId === personId));
  };
  const form = (hunks: string[], fields: Record<string, unknown> = {}) =>
    proposeForm.parse({ hunks, reason: "Silence is not refusal.", key: uuidv7(), ...fields });
  const send = (actor: Actor, hunks: string[], fields: Record<string, unknown> = {}) =>
    propose(here.ctx, actor, here.id, form(hunks, fields));
  const count = async () =>
    (
      await at.db
        .selectFrom("suggestions")
        .select("input_id")
        .where("workshop_id", "=", here.id)
        .execute()
    ).length;

  test("makes one suggestion of each change, with its receipt, place, authors and session", async () => {
    const keys = await keysBy(omar.personId);
    expect(keys).toHaveLength(2);
    const sent = await send(omar.actor, keys);
    expect(sent.map(({ key }) => key)).toEqual(keys);
    const [first] = sent;
    const row = await here.row(first?.inputId ?? "");
    expect(row).toMatchObject({
      kind: "suggestion",
      status: "waiting",
      channel: "session",
      body: "Silence is not refusal.",
      name: "Omar",
      document_id: here.documentId,
      module_id: here.moduleId,
      round_id: here.roundId,
      receipt: first?.receipt,
      submitted_at: "2026-03-02T09:00:00.000Z",
    });
    expect(await here.suggestionOf(row.id)).toMatchObject({
      document_id: here.documentId,
      block_id: "p2",
      base_text: P2,
      proposed_text: P2.replace("slowly", "very slowly"),
      status: "open",
      workshop_id: here.id,
      hunk_key: keys[0],
    });
    const anchor = await at.db
      .selectFrom("anchors")
      .selectAll()
      .where("input_id", "=", row.id)
      .executeTakeFirstOrThrow();
    expect(anchor).toMatchObject({ document_id: here.documentId, block_id: "p2", quote: P2 });
    const authors = await at.db
      .selectFrom("suggestion_authors")
      .select(["person_id", "name"])
      .where("input_id", "=", row.id)
      .execute();
    expect(authors).toEqual([{ person_id: omar.personId, name: "Omar" }]);
    const [entry] = await here.auditOf(row.id);
    expect(entry?.verb).toBe("input.submitted");
    expect(JSON.stringify(entry)).not.toMatch(/Omar|refusal/);
  });

  test("keeps identity apart, as for any input", async () => {
    const [sent] = await send(omar.actor, (await keysBy(omar.personId)).slice(0, 1));
    const author = await at.db
      .selectFrom("input_authors")
      .selectAll()
      .where("input_id", "=", sent?.inputId ?? "")
      .executeTakeFirstOrThrow();
    expect(author.person_id).toBeNull();
    expect(author.author_key).not.toContain("Omar");
  });

  test("waits in the queue, is approved, and shows its state in the copy", async () => {
    const [key = ""] = await keysBy(rosa.personId);
    const [sent] = await send(rosa.actor, [key]);
    const inputId = sent?.inputId ?? "";
    const stateFor = async (actor: Actor) =>
      (await workshopOf(here.ctx, actor, here.id)).proposals[key];
    expect(await stateFor(rosa.actor)).toEqual({
      inputId,
      state: "waiting",
      receipt: sent?.receipt,
      again: false,
    });
    expect((await stateFor(omar.actor))?.receipt).toBeNull();
    await moderate(here.ctx, here.mo, {
      inputId,
      action: "approve",
      expectedStatus: "waiting",
      reason: "",
    });
    expect((await stateFor(omar.actor))?.state).toBe("approved");
    const page = await inputForPage(here.ctx, ANONYMOUS, inputId);
    expect(page.said).toMatchObject({ name: "Rosa" });
    expect(JSON.stringify(page)).not.toContain(rosa.personId);
    const receipt = await inputByReceipt(here.ctx, sent?.receipt ?? "");
    expect(receipt).toMatchObject({ status: "approved", channel: "session" });
  });

  test("is for its authors, and for the group by whoever leads", async () => {
    const keys = await keysBy(rosa.personId);
    await expect(send(omar.actor, keys)).rejects.toThrow(Forbidden);
    await expect(send(omar.actor, keys, { forGroup: "on" })).rejects.toThrow(Forbidden);
    await expect(send(here.mo, keys, { forGroup: "on" })).rejects.toThrow(Forbidden);
    await expect(send(here.fay, keys)).rejects.toThrow(Forbidden);
    await expect(send(here.outsider, keys)).rejects.toThrow(NotFound);
    await expect(send(browser("another"), keys)).rejects.toThrow(NotFound);
    expect(await count()).toBe(0);
    const [sent] = await send(here.fay, keys, { forGroup: "on" });
    const row = await here.row(sent?.inputId ?? "");
    expect(row.name).toBe("Rosa");
    const author = await at.db
      .selectFrom("input_authors")
      .select("person_id")
      .where("input_id", "=", row.id)
      .executeTakeFirstOrThrow();
    expect(author.person_id).toBe(here.fay.personId);
  });

  test("names all who wrote one change", async () => {
    await here.writeAs(omar.personId, put("great ", "care when"));
    const { hunks, credit } = await here.differences();
    const hunk = hunks.find(({ key }) => (credit.get(key)?.length ?? 0) > 1);
    const [sent] = await send(omar.actor, [hunk?.key ?? ""]);
    expect((await here.row(sent?.inputId ?? "")).name).toBe("Rosa, Omar");
  });

  test("a name that was taken out stays with the words", async () => {
    const keys = await keysBy(rosa.personId);
    await removeMember(here.ctx, here.fay, here.id, rosa.memberId);
    await expect(send(rosa.actor, keys)).rejects.toThrow(NotFound);
    const [sent] = await send(here.fay, keys, { forGroup: "on" });
    expect((await here.row(sent?.inputId ?? "")).name).toBe("Rosa");
  });

  test("the same form counts once, also at the same moment", async () => {
    const twice = form(await keysBy(omar.personId));
    const answers = await Promise.all(
      [1, 2, 3].map(() => propose(here.ctx, omar.actor, here.id, twice)),
    );
    answers.push(await propose(here.ctx, omar.actor, here.id, twice));
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(await count()).toBe(2);
  });

  test("of two who propose the same change one is told, and nothing of theirs is sent", async () => {
    await here.writeAs(omar.personId, put("great ", "care when"));
    const shared = (await keysBy(rosa.personId)).slice(0, 1);
    const done = await Promise.allSettled([
      send(rosa.actor, shared),
      send(omar.actor, [...shared, ...(await keysBy(omar.personId))]),
    ]);
    expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = done.find(({ status }) => status === "rejected") as PromiseRejectedResult;
    expect(refused.reason).toBeInstanceOf(Conflict);
    const sent = done.find(({ status }) => status === "fulfilled");
    expect(await count()).toBe(
      sent?.status === "fulfilled" ? (sent.value as unknown[]).length : Number.NaN,
    );
  });

  test("a change is proposed once; sent back or withdrawn, once more", async () => {
    const keys = await keysBy(rosa.personId);
    const [first] = await send(rosa.actor, keys);
    await expect(send(rosa.actor, keys)).rejects.toThrow("workshops:errors.proposed");
    const moves: [Action, boolean][] = [
      ["hold", false],
      ["return", true],
    ];
    let expectedStatus: "waiting" | "held" = "waiting";
    for (const [action, again] of moves) {
      await moderate(here.ctx, here.mo, {
        inputId: first?.inputId ?? "",
        action,
        expectedStatus,
        reasonCode: undefined,
        reason: "A phone number is in it.",
      });
      expectedStatus = "held";
      const { proposals } = await workshopOf(here.ctx, rosa.actor, here.id);
      expect(proposals[keys[0] ?? ""]?.again).toBe(again);
    }
    const [second] = await send(rosa.actor, keys, { reason: "Without the number." });
    const { proposals } = await workshopOf(here.ctx, rosa.actor, here.id);
    expect(proposals[keys[0] ?? ""]).toMatchObject({ inputId: second?.inputId, state: "waiting" });
  });

  test("what isn't there any more isn't sent, nor what was chosen with it", async () => {
    const keys = await keysBy(omar.personId);
    await here.writeAs(omar.personId, swap("very slowly", "rather slowly"));
    await expect(send(omar.actor, keys)).rejects.toThrow("workshops:errors.changed");
    expect(await count()).toBe(0);
  });

  test("goes on while it is paused, and ends with it", async () => {
    const [one = "", other = ""] = await keysBy(omar.personId);
    await freeze(here.ctx, here.fay, here.id);
    await expect(send(omar.actor, [one])).resolves.toHaveLength(1);
    await close(here.ctx, here.fay, here.id);
    await expect(send(omar.actor, [other])).rejects.toThrow("workshops:errors.closed");
    await expect(send(here.fay, [other], { forGroup: "on" })).rejects.toThrow(Conflict);
  });

  test("a new passage points at the one before it, one to be taken out at itself", async () => {
    await here.writeAs(rosa.personId, paragraph("new1", "Ask for their name.", "to move."));
    await here.writeAs(rosa.personId, drop("Call the crisis team early."));
    const { hunks } = await here.differences();
    const keys = hunks.filter(({ kind }) => kind === "insert" || kind === "delete");
    const sent = await send(
      rosa.actor,
      keys.map(({ key }) => key),
    );
    const rows = await Promise.all(sent.map(({ inputId }) => here.suggestionOf(inputId)));
    rows.sort((a, b) => a.block_id.localeCompare(b.block_id));
    expect(rows).toMatchObject([
      { block_id: "p2", base_text: "", proposed_text: "Ask for their name." },
      { block_id: "p3", base_text: "Call the crisis team early.", proposed_text: "" },
    ]);
    for (const { hunk } of rows) expect(JSON.parse(hunk ?? "")).toMatchObject({ ops: [{}] });
  });

  test("points into the draft, wherever its words went since", async () => {
    await here.writeDraft(swap(P1, "Wait first."));
    const [sent] = await send(rosa.actor, await keysBy(rosa.personId));
    expect(await here.suggestionOf(sent?.inputId ?? "")).toMatchObject({ base_text: P1 });
  });
});
