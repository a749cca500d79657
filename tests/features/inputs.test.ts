import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { applyText } from "#app/document/apply.ts";
import { Conflict, Invalid, NotFound } from "#app/errors.ts";
import { replyTo, submitInput, supportInput } from "#app/features/inputs/inputs.server.ts";
import { replyForm, STATUSES } from "#app/features/inputs/inputs.ts";
import { Stale } from "#app/features/inputs/passages.server.ts";
import { publicInputsOn } from "#app/features/inputs/reading.server.ts";
import { inputByReceipt, inputForPage, isOpenFor } from "#app/features/inputs/status.server.ts";
import { moderate, undo } from "#app/features/moderation/moderation.server.ts";
import { ANONYMOUS } from "#app/features/people/people.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { browser, type Consultation, openConsultation, P1, P2 } from "#tests/support/speak.ts";

const RESIDENT = browser("a-telephone");

describe.each(DATABASES)("input on $name", ({ open }) => {
  let at: TestDatabase;
  let collab: CollabServer;
  let here: Consultation;

  beforeAll(async () => {
    at = await open();
    collab = createCollab({
      db: at.db,
      clock: () => new Date(),
      log: { info() {}, error() {} },
    });
  });
  beforeEach(async () => {
    here = await openConsultation(at.db, collab);
  });
  afterAll(async () => {
    await collab.close();
    await at.close();
  });

  const send = (fields: Record<string, unknown> = {}) =>
    submitInput(here.ctx, RESIDENT, here.say(fields));

  const rewrite = (blockId: string, base: string, proposed: string) =>
    collab.edit(here.documentId, { personId: null, via: "edit" }, (doc) =>
      applyText(doc, { blockId, base, proposed }),
    );

  const count = async () =>
    (
      await at.db
        .selectFrom("inputs")
        .select("id")
        .where("curriculum_id", "=", here.curriculumId)
        .execute()
    ).length;

  describe("sending", () => {
    test("keeps the words to be moderated, and the author apart from them", async () => {
      here.wait(47 * 60_000 + 1_234);
      const { id, receipt } = await send({ block: "p1", base: P1, name: "Rosa" });
      expect(await here.row(id)).toMatchObject({
        receipt,
        kind: "comment",
        status: "waiting",
        channel: "web",
        body: "It was different for us.",
        name: "Rosa",
        module_id: here.moduleId,
        document_id: here.documentId,
        round_id: here.roundId,
        submitted_at: "2026-03-02T09:00:00.000Z",
      });
      const clockOfId = Number.parseInt(id.replace("-", "").slice(0, 12), 16);
      expect(new Date(clockOfId).toISOString()).toBe("2026-03-02T09:00:00.000Z");
      const author = await at.db
        .selectFrom("input_authors")
        .selectAll()
        .where("input_id", "=", id)
        .executeTakeFirstOrThrow();
      expect(author.person_id).toBeNull();
      expect(author.author_key).not.toContain("a-telephone");
      const [entry] = await here.auditOf(id);
      expect(entry).toMatchObject({ verb: "input.submitted" });
      expect(JSON.stringify(entry)).not.toMatch(/Rosa|different/);
    });

    test("knows an author by another key in each curriculum", async () => {
      const key = async () => {
        const { id } = await send();
        return at.db
          .selectFrom("input_authors")
          .select("author_key")
          .where("input_id", "=", id)
          .executeTakeFirstOrThrow();
      };
      const [first, second] = [await key(), await key()];
      expect(second).toEqual(first);
      here = await openConsultation(at.db, collab);
      expect(await key()).not.toEqual(first);
    });

    test("counts a form that is sent twice once, also at the same moment", async () => {
      const form = here.say({ block: "p1", base: P1 });
      const receipts = await Promise.all(
        [1, 2, 3].map(() => submitInput(here.ctx, RESIDENT, form)),
      );
      receipts.push(await submitInput(here.ctx, browser("another"), form));
      expect(new Set(receipts.map(({ receipt }) => receipt)).size).toBe(1);
      expect(await count()).toBe(1);
    });

    test("takes a form that was sent, changed and sent again as a second input", async () => {
      const form = here.say();
      await submitInput(here.ctx, RESIDENT, form);
      await submitInput(here.ctx, RESIDENT, { ...form, body: "And one more thing." });
      expect(await count()).toBe(2);
    });

    test("takes comments on the module and on the curriculum as wholes", async () => {
      const whole = await submitInput(here.ctx, RESIDENT, here.say());
      const course = await submitInput(here.ctx, RESIDENT, { ...here.say(), module: null });
      expect(await here.row(whole.id)).toMatchObject({
        module_id: here.moduleId,
        document_id: null,
      });
      expect(await here.row(course.id)).toMatchObject({ module_id: null, document_id: null });
    });

    test("refuses once the round is over, and where there is nothing", async () => {
      await expect(
        submitInput(here.ctx, RESIDENT, { ...here.say(), module: "no-such" }),
      ).rejects.toThrow(NotFound);
      await expect(
        submitInput(here.ctx, RESIDENT, { ...here.say(), curriculum: "no-such" }),
      ).rejects.toThrow(NotFound);
      here.wait(40 * 86_400_000);
      for (const module of ["time", null])
        await expect(submitInput(here.ctx, RESIDENT, { ...here.say(), module })).rejects.toThrow(
          Conflict,
        );
      expect(await count()).toBe(0);
    });

    test("keeps a suggestion with the passage as it was and as it should be", async () => {
      const { id } = await submitInput(here.ctx, RESIDENT, here.suggest());
      expect(await here.suggestionOf(id)).toMatchObject({
        block_id: "p1",
        base_text: P1,
        proposed_text: P1.replace("at once", "with care"),
        status: "open",
      });
      await expect(
        submitInput(here.ctx, RESIDENT, here.suggest({ proposed: ` ${P1} ` })),
      ).rejects.toThrow(Invalid);
    });

    test("says when the passage changed meanwhile, and takes it once the person has seen it", async () => {
      const now = P1.replace("at once", "when asked");
      const form = here.suggest();
      const comment = here.say({ block: "p1", base: P1 });
      await rewrite("p1", P1, now);
      for (const sent of [form, comment]) {
        const refused = await submitInput(here.ctx, RESIDENT, sent).catch((error) => error);
        expect(refused).toBeInstanceOf(Stale);
        expect(refused.present).toBe(now);
      }
      expect(await count()).toBe(0);
      const { id } = await submitInput(here.ctx, RESIDENT, { ...form, base: now });
      expect((await here.suggestionOf(id)).base_text).toBe(now);
      const gone = submitInput(here.ctx, RESIDENT, here.say({ block: "nowhere", base: "?" }));
      expect((await gone.catch((error) => error)).present).toBeNull();
    });
  });

  describe("reading a draft", () => {
    const read = async () => publicInputsOn(here.ctx, RESIDENT, await here.draft());

    test("shows an approved input at its words, and follows them", async () => {
      const at4 = P2.indexOf("give the person");
      const words = { start: at4, end: at4 + 15, quote: "give the person" };
      const { id } = await send({ block: "p2", base: P2, ...words, name: "Rosa" });
      await here.approve(id);
      const place = async () => (await read()).inputs[0]?.place;
      expect((await read()).inputs[0]).toMatchObject({ id, name: "Rosa", supports: 0, replies: 0 });
      expect(await place()).toMatchObject({ status: "exact", blockId: "p2", start: at4 });
      await rewrite("p2", P2, `Now and always: ${P2}`);
      expect(await place()).toMatchObject({ status: "exact", start: at4 + 16, quote: words.quote });
      await rewrite("p2", `Now and always: ${P2}`, "Nothing of it is left.");
      expect(["changed", "gone"]).toContain((await place())?.status);
    });

    test.each(STATUSES.filter((status) => status !== "approved"))(
      "shows no more than a stub of what is %s",
      async (status) => {
        const id = await here.input({
          status,
          body: "Words to be hidden.",
          suggestion: { block: "p1", base: P1, proposed: "Hidden wording." },
        });
        const reply = await here.input({ kind: "reply", parent: id, status: "approved" });
        const { inputs, stubs } = await read();
        expect(inputs).toEqual([]);
        expect(stubs.map((stub) => stub.id)).toEqual(status === "withdrawn" ? [] : [id]);
        for (const page of [stubs, await shown(id)])
          expect(JSON.stringify(page)).not.toMatch(/Words to be|wording|neighbour|Officers/i);
        await expect(supportInput(here.ctx, RESIDENT, id)).rejects.toThrow(NotFound);
        expect(reply).toBeTruthy();
      },
    );

    const shown = (id: string) =>
      inputForPage(here.ctx, RESIDENT, id).catch((error) => {
        expect(error).toBeInstanceOf(NotFound);
        return null;
      });

    test("says why something is not shown", async () => {
      const moderator = await here.person("Mo", "moderator");
      const { id } = await send();
      await moderate(here.ctx, moderator, {
        inputId: id,
        action: "reject",
        expectedStatus: "waiting",
        reasonCode: "threat",
        reason: "It threatens a named officer.",
      });
      const reason = { code: "threat", words: "It threatens a named officer." };
      expect((await read()).stubs).toMatchObject([{ id, status: "rejected", reason }]);
      expect(await inputForPage(here.ctx, RESIDENT, id)).toMatchObject({ said: null, reason });
    });

    test("shows input on the whole module, in order, and nobody's identity", async () => {
      const person = await here.person("Legal Name");
      for (const body of ["First.", "Second."]) {
        const { id } = await submitInput(here.ctx, person, here.say({ body }));
        await here.approve(id);
      }
      const { inputs } = await read();
      expect(inputs.map(({ body, place }) => [body, place])).toEqual([
        ["First.", null],
        ["Second.", null],
      ]);
      expect(JSON.stringify(inputs)).not.toMatch(new RegExp(`Legal|${person.personId}`));
    });
  });

  describe("supporting", () => {
    test("counts each once, and can be taken back", async () => {
      const id = await here.input({ status: "approved" });
      expect(await supportInput(here.ctx, RESIDENT, id)).toEqual({ supported: true, supports: 1 });
      expect(await supportInput(here.ctx, browser("other"), id)).toMatchObject({ supports: 2 });
      expect((await inputForPage(here.ctx, RESIDENT, id)).supported).toBe(true);
      expect(await supportInput(here.ctx, RESIDENT, id)).toEqual({ supported: false, supports: 1 });
      expect((await inputForPage(here.ctx, RESIDENT, id)).supported).toBe(false);
    });

    test("counts two taps at once as one", async () => {
      const id = await here.input({ status: "approved" });
      await Promise.all([1, 2, 3].map(() => supportInput(here.ctx, RESIDENT, id)));
      expect((await inputForPage(here.ctx, RESIDENT, id)).supports).toBeLessThanOrEqual(1);
    });

    test("needs somebody to count", async () => {
      const id = await here.input({ status: "approved" });
      await expect(supportInput(here.ctx, ANONYMOUS, id)).rejects.toThrow(Invalid);
    });
  });

  describe("replying", () => {
    const reply = (body: string) => replyForm.parse({ body, key: uuidv7() });

    test("waits for a moderator, and then stands under what it answers", async () => {
      const id = await here.input({ status: "approved" });
      const first = await replyTo(here.ctx, RESIDENT, id, reply("Here too."));
      expect(await inputForPage(here.ctx, RESIDENT, id)).toMatchObject({
        replies: [],
        hiddenReplies: 1,
      });
      await here.approve(first.id);
      const second = await replyTo(here.ctx, RESIDENT, first.id, reply("And here."));
      expect((await here.row(second.id)).parent_id).toBe(id);
      expect(await inputForPage(here.ctx, RESIDENT, id)).toMatchObject({
        replies: [{ body: "Here too." }],
        hiddenReplies: 1,
      });
    });

    test("is refused on what isn't public, and once the round is over", async () => {
      const hidden = await here.input({ status: "held" });
      await expect(replyTo(here.ctx, RESIDENT, hidden, reply("x"))).rejects.toThrow(NotFound);
      const id = await here.input({ status: "approved" });
      const page = await inputForPage(here.ctx, RESIDENT, id);
      expect(await isOpenFor(here.ctx, page)).toBe(true);
      here.wait(40 * 86_400_000);
      expect(await isOpenFor(here.ctx, page)).toBe(false);
      await expect(replyTo(here.ctx, RESIDENT, id, reply("x"))).rejects.toThrow(Conflict);
    });

    test("sent twice counts once", async () => {
      const id = await here.input({ status: "approved" });
      const form = reply("Once.");
      const [one, two] = [
        await replyTo(here.ctx, RESIDENT, id, form),
        await replyTo(here.ctx, RESIDENT, id, form),
      ];
      expect(two).toEqual(one);
    });
  });

  describe("a receipt", () => {
    test("tells what happened so far, without what a moderator took back", async () => {
      const moderator = await here.person("Mo", "moderator");
      const { id, receipt } = await send({ block: "p1", base: P1 });
      const act = (
        action: "hold" | "approve",
        expectedStatus: "waiting" | "held",
        reason: string,
      ) =>
        moderate(here.ctx, moderator, {
          inputId: id,
          action,
          expectedStatus,
          reason,
          ...(action === "hold" ? { reasonCode: "unclear" as const } : {}),
        });
      await act("hold", "waiting", "A slip.");
      await undo(here.ctx, moderator, id);
      await act("hold", "waiting", "Who is meant?");
      await act("approve", "held", "");
      const page = await inputByReceipt(here.ctx, receipt);
      expect(page.said).toMatchObject({ body: "It was different for us.", passage: { quote: P1 } });
      expect(page.steps.map(({ status, reason }) => [status, reason?.words])).toEqual([
        ["held", "Who is meant?"],
        ["approved", undefined],
      ]);
      expect(page.decision).toBeNull();
      expect(JSON.stringify(page)).not.toContain("Mo");
      await expect(inputByReceipt(here.ctx, "000000000000")).rejects.toThrow(NotFound);
    });

    test("tells the decision, the text before and after, and the version it came in", async () => {
      const { id, receipt } = await submitInput(here.ctx, RESIDENT, here.suggest());
      const decisionId = uuidv7();
      const versionId = uuidv7();
      const decided = "2026-03-05T10:00:00.000Z";
      await at.db
        .insertInto("versions")
        .values({
          id: versionId,
          curriculum_id: here.curriculumId,
          n: 3,
          fields: "{}",
          note: "Spring.",
          sha256: "0",
          based_on: null,
          cut_by: here.trainer.personId,
          at: "2026-03-09T10:00:00.000Z",
        })
        .execute();
      await at.db
        .insertInto("decisions")
        .values({
          id: decisionId,
          curriculum_id: here.curriculumId,
          outcome: "adopted",
          reason: "It is true.",
          module_id: here.moduleId,
          document_id: here.documentId,
          block_id: "p1",
          before_text: P1,
          after_text: P1.replace("at once", "with care"),
          decided_by: here.trainer.personId,
          at: decided,
          version_id: versionId,
        })
        .execute();
      await at.db
        .insertInto("decision_inputs")
        .values({ input_id: id, decision_id: decisionId })
        .execute();
      expect((await inputByReceipt(here.ctx, receipt)).decision).toEqual({
        outcome: "adopted",
        reason: "It is true.",
        undone: null,
        at: decided,
        before: P1,
        after: P1.replace("at once", "with care"),
        blockId: "p1",
        language: "en",
        version: { n: 3, at: "2026-03-09T10:00:00.000Z" },
      });
    });
  });
});
