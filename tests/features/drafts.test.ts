import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Document, HeadingLevel, Packer, Paragraph } from "docx";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDoc, textblocks } from "#app/document/read.ts";
import { schema } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { modulesOf } from "#app/features/curricula/curricula.server.ts";
import { draftOf, startModule } from "#app/features/drafts/drafts.server.ts";
import { importForm } from "#app/features/drafts/drafts.ts";
import { draftJson, draftMarkdown, formatted } from "#app/features/drafts/export.server.ts";
import { readFile } from "#app/features/drafts/files.server.ts";
import { type ImportRequest, importInto } from "#app/features/drafts/import.server.ts";
import { append, replace } from "#app/features/drafts/rewrite.ts";
import { ANONYMOUS } from "#app/features/people/people.ts";
import { createFiles } from "#server/files.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";
import { moduleFields, openSchool, type School } from "#tests/support/school.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const file = (text: string, name = "lesson.md") => ({ name, bytes: bytes(text) });
const paragraphs = (...texts: string[]) => ({
  type: "doc" as const,
  content: texts.map((text) => ({ type: "paragraph", content: [{ type: "text", text }] })),
});
const LESSON = "# Meeting a person in crisis\n\n## First words\n\nGive your **first name**.\n";

const wordFile = async () =>
  new Uint8Array(
    await Packer.toBuffer(
      new Document({
        sections: [
          {
            children: [
              new Paragraph({ text: "Listening first", heading: HeadingLevel.HEADING_1 }),
              new Paragraph("Let the person finish."),
            ],
          },
        ],
      }),
    ),
  );

describe("reading a file", () => {
  const read = (text: string | Uint8Array, name = "") =>
    readFile(createFiles({ timeMs: 60_000 }), {
      name,
      bytes: typeof text === "string" ? bytes(text) : text,
    });

  it("goes by what is in it, not by its name", async () => {
    expect((await read(await wordFile(), "lesson.md")).title).toBe("Listening first");
    expect((await read("<!doctype html><h1>Bias</h1><p>One.", "lesson.docx")).title).toBe("Bias");
    expect((await read(LESSON, "lesson.html")).title).toBe("Meeting a person in crisis");
  });

  it("takes the file's name when it has no heading", async () => {
    expect((await read("Only a paragraph.", "De-escalation notes.txt")).title).toBe(
      "De-escalation notes",
    );
  });

  it("reads old web pages and UTF-16 in their own letters", async () => {
    const page = `<html><meta charset="windows-1252"><p>Ni\u00f1ez</p>`;
    const latin = Uint8Array.from(page, (letter) => letter.charCodeAt(0));
    expect(textblocks((await read(latin)).doc).map(({ text }) => text)).toEqual(["Niñez"]);
    const wide = new Uint8Array(Buffer.from("\ufeffNiñez", "utf16le"));
    expect(textblocks((await read(wide)).doc).map(({ text }) => text)).toEqual(["Niñez"]);
  });

  it("lists what it couldn't keep", async () => {
    const { notKept } = await read('<p>See <img src="map.png" alt="the map"></p>');
    expect(notKept).toMatchObject([{ what: "image", count: 1 }]);
  });

  it.each([
    ["nothing", "", "drafts:empty"],
    ["only blanks", " \n\n ", "drafts:empty"],
    ["a page without words", "<html><body><img src=a.png></body></html>", "drafts:empty"],
    ["a PDF", "%PDF-1.7\n1 0 obj", "drafts:notText"],
    ["rich text", "{\\rtf1\\ansi Hello}", "drafts:notText"],
    ["a drawing", '<?xml version="1.0"?><svg xmlns="x"/>', "drafts:notText"],
    ["plain text under a Word file's name", "Greet first.", "drafts:notDocx"],
    ["a program", "MZ\0\0binary", "drafts:notText"],
    ["very much text", "word ".repeat(500_000), "drafts:tooLong"],
    ["a broken Word file", "PK\u0003\u0004 and nothing", "drafts:notDocx"],
  ])("refuses %s in words", async (_, text, key) => {
    await expect(read(text, "lesson.docx")).rejects.toMatchObject({ status: 422, text: { key } });
  });

  it("refuses bytes that are no text", async () => {
    await expect(read(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff]))).rejects.toMatchObject({
      text: { key: "drafts:notText" },
    });
  });
});

describe("rewriting a draft", () => {
  const texts = (doc: ReturnType<typeof createDoc>) =>
    textblocks(readDoc(doc)).map(({ text }) => text);
  const idOf = (doc: ReturnType<typeof createDoc>, wanted: string) =>
    textblocks(readDoc(doc)).find(({ text }) => text === wanted)?.id;

  it("adds at the end, and fills a draft that has no words yet", () => {
    const doc = createDoc(paragraphs("One."));
    append(doc, paragraphs("Two.", "Three."));
    expect(texts(doc)).toEqual(["One.", "Two.", "Three."]);
    const empty = createDoc({ type: "doc", content: [{ type: "paragraph" }] });
    append(empty, paragraphs("One."));
    expect(texts(empty)).toEqual(["One."]);
  });

  it("replaces what differs and leaves alone what is the same", () => {
    const doc = createDoc(paragraphs("A", "B", "C", "D", "E"));
    const kept = ["A", "C", "E"].map((text) => idOf(doc, text));
    replace(doc, paragraphs("A", "X", "C", "Y", "Z", "E"));
    expect(texts(doc)).toEqual(["A", "X", "C", "Y", "Z", "E"]);
    expect(["A", "C", "E"].map((text) => idOf(doc, text))).toEqual(kept);
  });

  it("always reads as the new text, with sound and unique ids (random texts)", () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    let state = seed;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >> 8) % below;
    };
    for (let run = 0; run < 200; run++) {
      const some = () => Array.from({ length: random(12) }, () => "ABCDEF"[random(6)] ?? "A");
      const [before, after] = [some(), some()];
      const doc = createDoc(paragraphs(...before));
      replace(doc, paragraphs(...after));
      const json = readDoc(doc);
      expect(texts(doc), `seed ${seed}, run ${run}`).toEqual(after);
      expect(() => schema().nodeFromJSON(json).check()).not.toThrow();
      const ids = textblocks(json).map(({ id }) => id);
      expect(new Set(ids).size, `seed ${seed}, run ${run}`).toBe(ids.length);
    }
  });
});

describe("the import form", () => {
  it("wants a file, and a yes before text is replaced", () => {
    const given = { file: new File(["a"], "a.md"), language: "en", module: "one" };
    const problems = (fields: object) =>
      importForm.safeParse(fields).error?.issues.map(({ message }) => message);
    expect(problems({ language: "en" })).toEqual(["drafts:noFile"]);
    expect(problems({ ...given, mode: "replace" })).toEqual(["drafts:confirmReplace"]);
    expect(problems({ ...given, mode: "replace", confirm: true })).toBeUndefined();
    expect(problems({ ...given, module: "", mode: "replace" })).toBeUndefined();
  });
});

describe.each(DATABASES)("drafts on $name", ({ open }) => {
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

  async function course() {
    const { curriculum, slug, trainer } = await school.curriculum();
    const take = (request: Partial<ImportRequest> = {}) =>
      importInto(school.ctx, trainer, {
        slug,
        language: "en",
        file: file(LESSON),
        into: { title: "" },
        ...request,
      });
    const words = async (moduleSlug: string, language = "en") => {
      const { view } = await draftOf(school.ctx, trainer, slug, moduleSlug, language);
      return textblocks(view.json).map(({ text }) => text);
    };
    return { curriculum, slug, trainer, take, words };
  }

  it("of a new module start empty, in its language", async () => {
    const { slug, trainer } = await course();
    const module = await startModule(school.ctx, trainer, slug, moduleFields({ language: "es" }));
    const draft = await draftOf(school.ctx, ANONYMOUS, slug, module.slug);
    expect(draft).toMatchObject({ language: "es", languages: ["es"] });
    expect(textblocks(draft.view.json).map(({ text }) => text)).toEqual([""]);
  });

  it("are made from a file, whose heading becomes the module's title", async () => {
    const { take, words } = await course();
    const { module, documentId, notKept } = await take();
    expect(module).toMatchObject({ slug: "meeting-a-person-in-crisis", language: "en" });
    expect(notKept).toEqual([]);
    expect(await words(module.slug)).toEqual(["First words", "Give your first name."]);
    const logged = await school.db
      .selectFrom("doc_updates")
      .select(["origin", "author_id"])
      .where("doc_id", "=", documentId)
      .execute();
    expect(logged).toHaveLength(1);
    expect(logged[0]?.origin).toBe("import");
  });

  it("keep the file's heading when the module is given another title", async () => {
    const { take, words } = await course();
    const { module } = await take({ into: { title: "First contact" } });
    expect(module.slug).toBe("first-contact");
    expect((await words(module.slug))[0]).toBe("Meeting a person in crisis");
  });

  it("are added to, or replaced, by an edit that everybody gets", async () => {
    const { take, words, trainer } = await course();
    const { module, documentId } = await take();
    const into = (mode: "append" | "replace") => ({ module: module.slug, mode });
    await take({ file: file("One more thing."), into: into("append") });
    expect(await words(module.slug)).toEqual([
      "First words",
      "Give your first name.",
      "One more thing.",
    ]);
    await take({ file: file("## First words\n\nSay hello."), into: into("replace") });
    expect(await words(module.slug)).toEqual(["First words", "Say hello."]);
    expect(await school.auditOf(`document:${documentId}`)).toMatchObject([
      { verb: "draft.imported", actor: { name: trainer.name }, data: { mode: "append" } },
      { verb: "draft.imported", data: { mode: "replace" } },
    ]);
  });

  it("come in both languages; a language that isn't there falls back to the module's own", async () => {
    const { slug, trainer, take, words } = await course();
    const { module } = await take();
    const into = { module: module.slug, mode: "append" as const };
    await take({ file: file("Diga su nombre."), language: "es", into });
    expect(await words(module.slug, "es")).toEqual(["Diga su nombre."]);
    expect(await words(module.slug, "fr")).toEqual(await words(module.slug, "en"));
    const { languages } = await draftOf(school.ctx, trainer, slug, module.slug);
    expect(languages).toEqual(["en", "es"]);
  });

  it("are not touched by a file that can't be read, or by people who don't train here", async () => {
    const { curriculum, slug, take, words } = await course();
    const { module } = await take();
    const before = await words(module.slug);
    const into = { module: module.slug, mode: "replace" as const };
    await expect(take({ file: file("%PDF-1.7"), into })).rejects.toMatchObject({ status: 422 });
    for (const actor of [ANONYMOUS, school.steward]) {
      await expect(
        importInto(school.ctx, actor, { slug, language: "en", file: file("No."), into }),
      ).rejects.toMatchObject({ status: 403 });
    }
    expect(await words(module.slug)).toEqual(before);
    expect(await modulesOf(school.db, curriculum.id)).toHaveLength(1);
  });

  it("answer as JSON and as Markdown that comes back the same", async () => {
    const { slug, trainer, take, words } = await course();
    const { module, documentId } = await take();
    const draft = await draftOf(school.ctx, trainer, slug, module.slug);
    expect(draftMarkdown(draft)).toBe(LESSON);
    expect(draftJson(draft)).toMatchObject({
      address: `/curricula/${slug}/modules/${module.slug}`,
      titleEn: "Meeting a person in crisis",
      documentId,
      textLanguage: "en",
      text: { type: "doc" },
    });
    const again = await take({ file: file(draftMarkdown(draft)) });
    expect(again.module.slug).toBe("meeting-a-person-in-crisis-2");
    expect(await words(again.module.slug)).toEqual(await words(module.slug));
  });
});

describe("an answer for programs", () => {
  it("says its type, and nothing to whoever has it already", async () => {
    const first = formatted(new Request("http://localhost/a.md"), "md", "# A\n");
    expect(first.headers.get("Content-Type")).toBe("text/markdown; charset=utf-8");
    expect(await first.text()).toBe("# A\n");
    const etag = first.headers.get("ETag") ?? "";
    const known = new Request("http://localhost/a.md", { headers: { "If-None-Match": etag } });
    expect(formatted(known, "md", "# A\n").status).toBe(304);
    expect(formatted(known, "md", "# B\n").status).toBe(200);
  });
});

describe("importing from the command line", () => {
  const run = promisify(execFile);
  /** The command as it is built, with its worker next to it. */
  const built = "build/.import-test";
  let dir: string;
  let school: School;
  let database: TestDatabase;
  beforeAll(async () => {
    await build({
      entryPoints: ["server/import.ts", "server/docx-worker.ts", "server/text-worker.ts"],
      outdir: built,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
    });
    database = await DATABASES[0].open();
    school = await openSchool(database.db);
    dir = mkdtempSync(join(tmpdir(), "groundwork-import-"));
  });
  afterAll(async () => {
    await school.close();
    await database.close();
    rmSync(dir, { recursive: true, force: true });
    rmSync(built, { recursive: true, force: true });
  });

  /** Runs the command over the same database that is open here, as it is while the server runs. */
  function command(...args: string[]) {
    const env = {
      ...process.env,
      DATA_DIR: join(database.address, ".."),
      DATABASE_URL: "",
      ORIGIN: "https://groundwork.example.org",
    };
    return run(process.execPath, [`${built}/import.js`, ...args], { env }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );
  }

  it("makes a module of each file, says what was not kept, and goes on after a bad one", async () => {
    const { curriculum, slug } = await school.curriculum();
    const [lesson, word, bad] = ["lesson.md", "word.docx", "bad.md"].map((n) => join(dir, n));
    writeFileSync(lesson ?? "", `${LESSON}\n![a map](map.png)\n`);
    writeFileSync(word ?? "", await wordFile());
    writeFileSync(bad ?? "", "%PDF-1.7");
    const { code, stdout, stderr } = await command(
      ...[lesson, bad, word].map(String),
      "--curriculum",
      slug,
    );
    expect(code).toBe(1);
    expect(stdout).toContain(
      `https://groundwork.example.org/curricula/${slug}/modules/meeting-a-person-in-crisis\n`,
    );
    expect(stdout).toContain("not kept: 1 picture, such as “a map”");
    expect(stderr).toContain("This isn't a Word, Markdown or web page file.");
    const modules = await modulesOf(school.db, curriculum.id);
    expect(modules.map((module) => module.slug)).toEqual([
      "meeting-a-person-in-crisis",
      "listening-first",
    ]);
  });

  it("says what is wrong with a curriculum that isn't there, or with the arguments", async () => {
    const { slug } = await school.curriculum();
    const unknown = await command("a.md", "--curriculum", "no-such");
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain(slug);
    expect((await command("a.md")).stderr).toContain("Usage:");
    expect((await command("a.md", "--curriculum", slug, "--language", "xx")).stderr).toContain(
      "--language is one of: en, es.",
    );
  });
});
