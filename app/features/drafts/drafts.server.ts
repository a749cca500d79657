import type { Kysely, Transaction } from "kysely";
import { v7 as uuidv7 } from "uuid";
import * as Y from "yjs";
import type { Database } from "#db/schema.ts";
import type { AppContext, Author, DocView } from "../../context.ts";
import type { DocJSON } from "../../document/schema.ts";
import { createDoc } from "../../document/write.ts";
import { NotFound } from "../../errors.ts";
import {
  type Curriculum,
  createModule,
  type Module,
  moduleBySlug,
} from "../curricula/curricula.server.ts";
import type { ModuleFields } from "../curricula/curricula.ts";
import type { Actor } from "../people/people.ts";

/** A text with nothing in it yet but a place to write. */
export const EMPTY: DocJSON = { type: "doc", content: [{ type: "paragraph" }] };

export type Draft = {
  curriculum: Curriculum;
  module: Module;
  documentId: string;
  language: string;
  /** All languages this module has a draft in, the leading one first. */
  languages: string[];
  view: DocView;
};

/**
 * The draft of a module in the language asked for, else in the module's own. Whoever may read the
 * curriculum may read its drafts.
 */
export async function draftOf(
  ctx: AppContext,
  actor: Actor,
  slug: string,
  moduleSlug: string,
  language?: string | null,
): Promise<Draft> {
  const { curriculum, module } = await moduleBySlug(ctx.db, actor, slug, moduleSlug);
  const drafts = await draftsOf(ctx.db, module);
  const draft = drafts.find((one) => one.language === language) ?? drafts[0];
  if (!draft) throw new NotFound("drafts:none");
  return {
    curriculum,
    module,
    documentId: draft.id,
    language: draft.language,
    languages: drafts.map((one) => one.language),
    view: await ctx.collab.read(draft.id),
  };
}

/** A module's drafts, one a language, the leading one first. */
export async function draftsOf(
  db: Kysely<Database>,
  module: Pick<Module, "id" | "language">,
): Promise<{ id: string; language: string }[]> {
  const drafts = await db
    .selectFrom("documents")
    .select(["id", "language"])
    .where("module_id", "=", module.id)
    .where("kind", "=", "draft")
    .orderBy("language")
    .execute();
  return drafts.sort(
    (a, b) => Number(b.language === module.language) - Number(a.language === module.language),
  );
}

/** The languages each module of a curriculum has a draft in. */
export async function draftLanguages(
  db: Kysely<Database>,
  curriculumId: string,
): Promise<Record<string, string[]>> {
  const drafts = await db
    .selectFrom("documents")
    .innerJoin("modules", "modules.id", "documents.module_id")
    .select(["documents.module_id", "documents.language"])
    .where("modules.curriculum_id", "=", curriculumId)
    .where("documents.kind", "=", "draft")
    .orderBy("documents.language")
    .execute();
  const languages: Record<string, string[]> = {};
  for (const { module_id, language } of drafts) {
    languages[module_id] = [...(languages[module_id] ?? []), language];
  }
  return languages;
}

/**
 * Writes a new draft and the first entry of its log, with whose words they are. One draft for each
 * module and language: a second one is refused by the database. Returns its id.
 */
export async function createDraft(
  trx: Transaction<Database>,
  draft: {
    moduleId: string;
    language: string;
    author: Author;
    clock: () => Date;
  } & ({ json: DocJSON } | { ydoc: Y.Doc }),
): Promise<string> {
  const { moduleId, language, author, clock } = draft;
  const doc = "ydoc" in draft ? draft.ydoc : createDoc(draft.json);
  const id = uuidv7();
  const at = clock().toISOString();
  await trx
    .insertInto("documents")
    .values({
      id,
      kind: "draft",
      module_id: moduleId,
      language,
      forked_from: null,
      state: null,
      state_seq: 0,
      created_at: at,
    })
    .execute();
  await trx
    .insertInto("doc_updates")
    .values({
      doc_id: id,
      author_id: author.personId,
      origin: author.via,
      at,
      bytes: Buffer.from(Y.encodeStateAsUpdate(doc)),
      carried: null,
    })
    .execute();
  return id;
}

/** Adds a module together with its draft, in the module's own language. */
export async function startModule(
  ctx: AppContext,
  actor: Actor,
  slug: string,
  fields: ModuleFields,
  json: DocJSON = EMPTY,
): Promise<Module> {
  return createModule(ctx, actor, slug, fields, async (trx, module) => {
    await createDraft(trx, {
      moduleId: module.id,
      language: module.language,
      json,
      author: { personId: actor.personId, via: "import" },
      clock: ctx.clock,
    });
  });
}
