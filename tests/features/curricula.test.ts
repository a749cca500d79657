import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { moduleTotals, waitingIn } from "#app/features/curricula/counts.server.ts";
import {
  createCurriculum,
  createModule,
  curriculumBySlug,
  listCurricula,
  modulesOf,
  moveModule,
  updateCurriculum,
  updateModule,
} from "#app/features/curricula/curricula.server.ts";
import {
  curriculumForm,
  curriculumValues,
  duration,
  minutesLeft,
  slugFor,
} from "#app/features/curricula/curricula.ts";
import { checkObjectives, weakVerb } from "#app/features/curricula/objectives.ts";
import { ANONYMOUS } from "#app/features/people/people.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { moduleFields, openSchool, type School } from "#tests/support/school.ts";

describe("addresses", () => {
  it("are made of the title's letters and figures, in any language", () => {
    expect(slugFor("Crisis response & de-escalation")).toBe("crisis-response-de-escalation");
    expect(slugFor("  Niñez: ¿cómo escuchar? ")).toBe("ninez-como-escuchar");
    expect(slugFor("危機")).toBe("untitled");
    expect(slugFor("word ".repeat(40)).length).toBeLessThanOrEqual(60);
  });
  it("never collide with another or with a page of ours", () => {
    expect(slugFor("Bias", new Set(["bias", "bias-2"]))).toBe("bias-3");
    expect(slugFor("New")).toBe("new-2");
  });
});

describe("what is typed about a curriculum", () => {
  it("is kept without what nobody can see, a title on one line", () => {
    const typed = {
      titleEn: " Crisis\u202e\n response\u0000 ",
      summaryEn: "One.\u0007\r\n\r\nTwo.",
    };
    expect(curriculumForm.parse(typed)).toMatchObject({
      titleEn: "Crisis response",
      titleEs: "",
      summaryEn: "One.\n\nTwo.",
    });
    expect(curriculumForm.safeParse({ titleEn: "\u200b" }).success).toBe(false);
  });
});

describe("minutes", () => {
  it("add up against what the course must have", () => {
    const modules = [{ minutes: 90 }, { minutes: 30 }];
    expect(minutesLeft(240, modules)).toEqual({ sum: 120, left: 120 });
    expect(minutesLeft(60, modules)).toEqual({ sum: 120, left: -60 });
    expect(minutesLeft(null, modules)).toEqual({ sum: 120, left: null });
  });
  it("are said as people say them", () => {
    expect([0, 45, 60, 135].map(duration)).toEqual(["0 min", "45 min", "1 h", "2 h 15 min"]);
  });
});

describe("objectives", () => {
  it.each([
    ["Understand the signs of a crisis", "Understand"],
    ["Officers will be able to know when to wait", "know"],
    ["To be aware of bias", "be aware"],
    ["Comprender las señales de una crisis", "Comprender"],
    ["Los agentes podrán conocer los recursos", "conocer"],
  ])("warn of a verb nobody can see: %s", (text, verb) => expect(weakVerb(text)).toBe(verb));

  it.each([
    "Name three signs that a person does not understand you",
    "Explicar qué es saber esperar",
  ])("say nothing of a verb that can be seen: %s", (text) => expect(weakVerb(text)).toBeNull());

  it("want a terminal one, a way to check each, and minutes on the sections", () => {
    const objective = { id: "a", text: "Name three signs", condition: "", standard: "" };
    const section = { id: "s", title: "Signs", part: null };
    const check = checkObjectives(
      [
        { ...objective, level: "enabling", assessed: "" },
        { ...objective, level: "enabling", assessed: "Role play" },
      ],
      {
        sections: [
          { ...section, minutes: 20 },
          { ...section, minutes: null },
        ],
        minutes: 20,
      },
    );
    expect(check.noTerminal).toBe(true);
    expect(check.objectives.map(({ unassessed }) => unassessed)).toEqual([true, false]);
    expect(check.sectionMinutes).toBe(20);
    expect(checkObjectives([], { sections: [], minutes: 0 })).toEqual({
      objectives: [],
      noTerminal: false,
      sectionMinutes: null,
    });
  });
});

describe("a curriculum's form", () => {
  const problems = (fields: object) =>
    curriculumForm.safeParse(fields).error?.issues.map(({ message }) => message);

  it("wants a title in one language, whichever", () => {
    expect(problems({ titleEn: " " })).toEqual(["curricula:titleMissing"]);
    expect(problems({ titleEs: "Respuesta a crisis" })).toBeUndefined();
  });
  it("says what is wrong with a date, a number or a length", () => {
    expect(
      problems({
        titleEn: "x".repeat(201),
        minutes: 1.5,
        effectiveFrom: "soon",
      }),
    ).toEqual(["errors:tooLong", "curricula:badDate", "curricula:badNumber"]);
    expect(
      problems({ titleEn: "A", effectiveFrom: "2027-02-01", effectiveTo: "2027-01-01" }),
    ).toEqual(["curricula:endsBeforeStart"]);
  });
});

describe.each(DATABASES)("curricula on $name", ({ open }) => {
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
  const fields = (given: Record<string, unknown> = {}) =>
    curriculumForm.parse({ titleEn: "Crisis response", ...given });

  it("are started by a steward or by anyone who trains somewhere, who becomes their trainer", async () => {
    const { ctx, steward, db } = school;
    const first = await createCurriculum(ctx, steward, fields());
    expect(first).toMatchObject({ slug: "crisis-response", status: "draft" });
    const trainer = await school.person("Tom", { curriculumId: first.id, role: "trainer" });
    const second = await createCurriculum(ctx, trainer, fields());
    expect(second.slug).toBe("crisis-response-2");
    const roles = await db
      .selectFrom("roles")
      .select(["person_id", "role"])
      .where("curriculum_id", "=", second.id)
      .execute();
    expect(roles).toEqual([{ person_id: trainer.personId, role: "trainer" }]);
    expect(await school.auditOf(`curriculum:${second.id}`)).toMatchObject([
      { verb: "curriculum.created", actor: { role: "trainer", name: "Tom" } },
    ]);
  });

  it("can't be started by anyone else", async () => {
    const { curriculum } = await school.curriculum();
    const moderator = await school.person("Mo", { curriculumId: curriculum.id, role: "moderator" });
    for (const actor of [ANONYMOUS, await school.person("Rita"), moderator]) {
      await expect(createCurriculum(school.ctx, actor, fields())).rejects.toMatchObject({
        status: 403,
      });
    }
  });

  it("are seen only by those who work on them until they are public", async () => {
    const { curriculum, slug, trainer } = await school.curriculum("draft");
    const { db } = school;
    await expect(curriculumBySlug(db, ANONYMOUS, slug)).rejects.toMatchObject({ status: 404 });
    await expect(curriculumBySlug(db, ANONYMOUS, "no-such")).rejects.toMatchObject({ status: 404 });
    expect((await curriculumBySlug(db, trainer, slug)).id).toBe(curriculum.id);
    const listed = async (actor: typeof ANONYMOUS) =>
      (await listCurricula(db, actor)).some(({ id }) => id === curriculum.id);
    expect(await listed(ANONYMOUS)).toBe(false);
    expect(await listed(school.steward)).toBe(true);
    await updateCurriculum(
      school.ctx,
      trainer,
      slug,
      fields({ status: "in_review" }),
      curriculum.updated_at,
    );
    expect(await listed(ANONYMOUS)).toBe(true);
  });

  it("keep all their fields", async () => {
    const { curriculum, slug, trainer } = await school.curriculum();
    const given = fields({
      titleEs: "Respuesta a crisis",
      summaryEn: "What to say first.",
      agency: "Alder Falls Police",
      status: "pilot",
      licence: "CC-BY-4.0",
      effectiveFrom: "2026-05-01",
      minutes: 480,
    });
    school.wait(1000);
    const row = await updateCurriculum(school.ctx, trainer, slug, given, curriculum.updated_at);
    expect(curriculumValues(row)).toEqual(given);
    expect((await school.auditOf(`curriculum:${curriculum.id}`)).at(-1)).toMatchObject({
      verb: "curriculum.changed",
      data: { minutes: { from: null, to: 480 } },
    });
  });

  it("refuse a form that was opened before somebody else saved", async () => {
    const { curriculum, slug, trainer } = await school.curriculum();
    school.wait(1000);
    const save = (owner: string) =>
      updateCurriculum(
        school.ctx,
        trainer,
        slug,
        fields({ owner, status: "in_review" }),
        curriculum.updated_at,
      );
    await save("Training Division");
    await expect(save("Somebody else")).rejects.toMatchObject({ status: 409 });
    expect((await curriculumBySlug(school.db, trainer, slug)).owner).toBe("Training Division");
  });

  it("stay public once they were, and are changed by their trainers alone", async () => {
    const { curriculum, slug, trainer } = await school.curriculum();
    await expect(
      updateCurriculum(school.ctx, trainer, slug, fields(), curriculum.updated_at),
    ).rejects.toMatchObject({ text: { key: "curricula:staysPublic" }, field: "status" });
    await expect(
      updateCurriculum(school.ctx, school.steward, slug, fields(), curriculum.updated_at),
    ).rejects.toMatchObject({ status: 403 });
  });

  it("keep one order when several people add and move modules at once", async () => {
    const { ctx } = school;
    const { curriculum, slug, trainer } = await school.curriculum();
    await Promise.all(
      [1, 2, 3, 4].map(() => createModule(ctx, trainer, slug, moduleFields({ titleEn: "Same" }))),
    );
    const slugs = ["same", "same-2", "same-3", "same-4"];
    await Promise.all(
      slugs.flatMap((module) => [
        moveModule(ctx, trainer, slug, module, "up"),
        moveModule(ctx, trainer, slug, module, "down"),
      ]),
    );
    const modules = await modulesOf(school.db, curriculum.id);
    expect(modules.map((module) => module.slug).sort()).toEqual(slugs);
    expect(modules.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  });

  it("have modules in an order that can be changed", async () => {
    const { ctx } = school;
    const { curriculum, slug, trainer } = await school.curriculum();
    for (const titleEn of ["One", "Two", "Three", "Two"]) {
      await createModule(ctx, trainer, slug, moduleFields({ titleEn, minutes: 30 }));
    }
    const order = async () =>
      (await modulesOf(school.db, curriculum.id)).map((module) => module.slug);
    expect(await order()).toEqual(["one", "two", "three", "two-2"]);
    await moveModule(ctx, trainer, slug, "three", "up");
    expect(await order()).toEqual(["one", "three", "two", "two-2"]);
    await moveModule(ctx, trainer, slug, "one", "up");
    await moveModule(ctx, trainer, slug, "two-2", "down");
    expect(await order()).toEqual(["one", "three", "two", "two-2"]);
    await expect(moveModule(ctx, trainer, slug, "no-such", "up")).rejects.toMatchObject({
      status: 404,
    });
    await expect(moveModule(ctx, school.steward, slug, "one", "down")).rejects.toMatchObject({
      status: 403,
    });
    expect(await moduleTotals(school.db, [curriculum.id])).toEqual({
      [curriculum.id]: { modules: 4, minutes: 120 },
    });
  });

  it("refuse a module's form that was opened before somebody else saved", async () => {
    const { ctx } = school;
    const { slug, trainer } = await school.curriculum();
    const module = await createModule(ctx, trainer, slug, moduleFields());
    school.wait(1000);
    const save = (minutes: number) =>
      updateModule(ctx, trainer, slug, module.slug, moduleFields({ minutes }), module.updated_at);
    expect((await save(45)).minutes).toBe(45);
    await expect(save(50)).rejects.toMatchObject({ status: 409 });
  });

  it("count what waits, and nothing for a curriculum where nothing does", async () => {
    const { curriculum } = await school.curriculum();
    expect(await waitingIn(school.db, [curriculum.id])).toEqual({
      [curriculum.id]: { queue: 0, decisions: 0 },
    });
    expect(await waitingIn(school.db, [])).toEqual({});
  });
});
