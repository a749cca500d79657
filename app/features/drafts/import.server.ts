import type { AppContext, Author } from "../../context.ts";
import type { DocJSON } from "../../document/schema.ts";
import { Conflict } from "../../errors.ts";
import type { Language } from "../../i18n/i18n.ts";
import { type AuditEntry, record } from "../audit/audit.server.ts";
import {
  addModule,
  type Curriculum,
  curriculumAsTrainer,
  type Module,
  moduleBySlug,
} from "../curricula/curricula.server.ts";
import { moduleForm } from "../curricula/curricula.ts";
import { auditActor } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { createDraft, draftsOf } from "./drafts.server.ts";
import type { Lost } from "./drafts.ts";
import { type ReadFile, readFile } from "./files.server.ts";
import { append, replace } from "./rewrite.ts";

export type ImportRequest = {
  slug: string;
  language: Language;
  file: { name: string; bytes: Uint8Array };
  /** A module that is there, or a new one: its title is the file's unless one is given. */
  into: { module: string; mode: "append" | "replace" } | { title: string };
};

export type ImportResult = { module: Module; documentId: string; notKept: Lost[] };

/**
 * Takes a file into a draft, for trainers. A module's draft in that language is made when there is
 * none; one that has text is added to, or replaced by a forward edit: nothing is ever overwritten
 * in its log. Throws Invalid in words when the file can't be read.
 */
export async function importInto(
  ctx: AppContext,
  actor: Actor,
  { slug, language, file, into }: ImportRequest,
): Promise<ImportResult> {
  const { curriculum, trainer } = await curriculumAsTrainer(ctx.db, actor, slug);
  const module =
    "module" in into ? (await moduleBySlug(ctx.db, actor, slug, into.module)).module : null;
  const read = await readFile(ctx.files, file);
  const by = auditActor(trainer, "trainer");
  const author = { personId: trainer.personId, via: "import" };
  if (module === null) {
    const title = ("title" in into && into.title) || read.title;
    return importAsModule(ctx, { curriculum, language, read, title, by, author });
  }
  const drafts = await draftsOf(ctx.db, module);
  const documentId = drafts.find((draft) => draft.language === language)?.id;
  if (!documentId) {
    return importAsDraft(ctx, { module, language, read, by, author });
  }
  const mode = "mode" in into ? into.mode : "append";
  await ctx.collab.edit(
    documentId,
    author,
    (doc) => (mode === "replace" ? replace(doc, read.doc) : append(doc, read.doc)),
    (trx) =>
      record(trx, {
        at: ctx.clock(),
        actor: by,
        verb: "draft.imported",
        subject: `document:${documentId}`,
        data: { module: module.slug, language, mode },
      }),
  );
  return { module, documentId, notKept: read.notKept };
}

type By = { by: AuditEntry["actor"]; author: Author };

/** Makes a module of what was read. The heading that became its title is not repeated in its text. */
export async function importAsModule(
  ctx: Pick<AppContext, "db" | "clock">,
  made: By & { curriculum: Curriculum; language: Language; read: ReadFile; title: string },
): Promise<ImportResult> {
  const { curriculum, language, read, title, by, author } = made;
  const fields = moduleForm.parse({
    [language === "es" ? "titleEs" : "titleEn"]: title,
    language,
  });
  return ctx.db.transaction().execute(async (trx) => {
    const at = ctx.clock();
    const module = await addModule(trx, { curriculumId: curriculum.id, fields, by, at });
    const documentId = await createDraft(trx, {
      moduleId: module.id,
      language,
      json: withoutTitle(read.doc, title),
      author,
      clock: ctx.clock,
    });
    return { module, documentId, notKept: read.notKept };
  });
}

/** Gives a module a draft in a language it has none in. */
export async function importAsDraft(
  ctx: Pick<AppContext, "db" | "clock">,
  made: By & { module: Module; language: Language; read: ReadFile },
): Promise<ImportResult> {
  const { module, language, read, by, author } = made;
  return ctx.db.transaction().execute(async (trx) => {
    const taken = (await draftsOf(trx, module)).some((draft) => draft.language === language);
    if (taken) throw new Conflict("drafts:exists");
    const documentId = await createDraft(trx, {
      moduleId: module.id,
      language,
      json: read.doc,
      author,
      clock: ctx.clock,
    });
    await record(trx, {
      at: ctx.clock(),
      actor: by,
      verb: "draft.imported",
      subject: `document:${documentId}`,
      data: { module: module.slug, language, mode: "new" },
    });
    return { module, documentId, notKept: read.notKept };
  });
}

function withoutTitle(doc: DocJSON, title: string): DocJSON {
  const [first, ...rest] = doc.content ?? [];
  const text = (first?.content ?? []).map((node) => node.text ?? " ").join("");
  if (first?.type !== "heading" || text !== title || rest.length === 0) return doc;
  return { ...doc, content: rest };
}
