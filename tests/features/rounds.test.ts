import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { curriculumBySlug } from "#app/features/curricula/curricula.server.ts";
import { startModule } from "#app/features/drafts/drafts.server.ts";
import { ANONYMOUS } from "#app/features/people/people.ts";
import {
  closeRound,
  openRound,
  openRoundOf,
  openRoundsOf,
  roundsOf,
} from "#app/features/rounds/rounds.server.ts";
import { isOpen, roundForm, stateOf } from "#app/features/rounds/rounds.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { moduleFields, openSchool, type School } from "#tests/support/school.ts";

const DAY = 24 * 60 * 60 * 1000;

describe("a round", () => {
  const round = { opens_at: "2026-03-02T09:00:00.000Z", closes_at: "2026-03-09T23:59:59.999Z" };
  it.each([
    ["2026-03-02T08:59:59.999Z", "planned"],
    ["2026-03-02T09:00:00.000Z", "open"],
    ["2026-03-09T23:59:59.998Z", "open"],
    ["2026-03-09T23:59:59.999Z", "closed"],
  ])("at %s is %s", (now, state) => {
    expect(stateOf(round, new Date(now))).toBe(state);
    expect(isOpen(round, new Date(now))).toBe(state === "open");
  });

  it("wants a title, modules and days in their order", () => {
    const problems = (fields: object) =>
      roundForm.safeParse(fields).error?.issues.map(({ message }) => message);
    expect(problems({ opens: "2026-03-02", closes: "2026-03-01" })).toContain("rounds:noModules");
    const modules = ["m"];
    expect(problems({ modules, opens: "2026-03-02", closes: "2026-03-01" })).toEqual([
      "rounds:titleMissing",
      "rounds:closesFirst",
    ]);
    expect(problems({ modules, titleEs: "Ronda", opens: "2026-03-02", closes: undefined })).toEqual(
      ["rounds:badDate"],
    );
  });
});

describe.each(DATABASES)("rounds on $name", ({ open }) => {
  let database: TestDatabase;
  let school: School;
  beforeAll(async () => {
    database = await open();
    school = await openSchool(database.db);
  });
  afterAll(async () => {
    await school.close();
    await database.close();
  });

  async function course(status: "draft" | "in_review" = "in_review") {
    const { curriculum, slug, trainer } = await school.curriculum(status);
    const first = await startModule(school.ctx, trainer, slug, moduleFields());
    const second = await startModule(school.ctx, trainer, slug, moduleFields());
    const today = school.ctx.clock().toISOString().slice(0, 10);
    const later = new Date(school.ctx.clock().getTime() + 7 * DAY).toISOString().slice(0, 10);
    const fields = (given: Record<string, unknown> = {}) =>
      roundForm.parse({
        titleEn: "Spring review",
        modules: [first.id],
        opens: today,
        closes: later,
        ...given,
      });
    return { curriculum, slug, trainer, first, second, later, fields };
  }
  const now = () => school.ctx.clock();

  it("open the modules they include, at once when their first day is today", async () => {
    const { curriculum, slug, trainer, first, second, fields } = await course();
    expect(await openRoundOf(school.db, first.id, now())).toBeNull();
    const round = await openRound(school.ctx, trainer, slug, fields());
    expect((await openRoundOf(school.db, first.id, now()))?.id).toBe(round.id);
    expect(await openRoundOf(school.db, second.id, now())).toBeNull();
    expect((await openRoundsOf(school.db, curriculum.id, now())).map(({ id }) => id)).toEqual([
      round.id,
    ]);
    const [listed] = await roundsOf(school.db, curriculum.id);
    expect(listed?.moduleIds).toEqual([first.id]);
    const later = new Date(now().getTime() + 9 * DAY);
    expect(await openRoundOf(school.db, first.id, later)).toBeNull();
  });

  it("make a curriculum public that was still being set up", async () => {
    const { slug, trainer, fields } = await course("draft");
    await openRound(school.ctx, trainer, slug, fields());
    expect((await curriculumBySlug(school.db, ANONYMOUS, slug)).status).toBe("in_review");
  });

  it("are opened and closed by trainers alone", async () => {
    const { curriculum, slug, trainer, fields } = await course();
    const round = await openRound(school.ctx, trainer, slug, fields());
    const moderator = await school.person("Mo", { curriculumId: curriculum.id, role: "moderator" });
    for (const actor of [ANONYMOUS, moderator, school.steward]) {
      await expect(openRound(school.ctx, actor, slug, fields())).rejects.toMatchObject({
        status: 403,
      });
      await expect(closeRound(school.ctx, actor, slug, round.id)).rejects.toMatchObject({
        status: 403,
      });
    }
  });

  it("refuse days that are over and modules of another curriculum", async () => {
    const { slug, trainer, fields } = await course();
    const other = await course();
    await expect(
      openRound(school.ctx, trainer, slug, fields({ opens: "2026-02-01", closes: "2026-02-02" })),
    ).rejects.toMatchObject({ status: 422, field: "closes" });
    await expect(
      openRound(school.ctx, trainer, slug, fields({ modules: [other.first.id] })),
    ).rejects.toMatchObject({ status: 422, field: "modules" });
    await expect(closeRound(school.ctx, trainer, slug, "no-such-round")).rejects.toMatchObject({
      status: 404,
    });
  });

  it("close for good, and only once", async () => {
    const { slug, trainer, first, fields } = await course();
    const round = await openRound(school.ctx, trainer, slug, fields());
    school.wait(1000);
    await closeRound(school.ctx, trainer, slug, round.id);
    expect(await openRoundOf(school.db, first.id, now())).toBeNull();
    await expect(closeRound(school.ctx, trainer, slug, round.id)).rejects.toMatchObject({
      text: { key: "rounds:alreadyClosed" },
    });
    expect((await school.auditOf(`round:${round.id}`)).map(({ verb }) => verb)).toEqual([
      "round.opened",
      "round.closed",
    ]);
  });

  it("that never opened can be taken back", async () => {
    const { curriculum, slug, trainer, later, fields } = await course();
    const round = await openRound(school.ctx, trainer, slug, fields({ opens: later }));
    expect(stateOf(round, now())).toBe("planned");
    await closeRound(school.ctx, trainer, slug, round.id);
    expect(await roundsOf(school.db, curriculum.id)).toEqual([]);
    expect((await school.auditOf(`round:${round.id}`)).at(-1)?.verb).toBe("round.cancelled");
  });
});
