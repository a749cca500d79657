import { createHash } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import { v7 as uuidv7 } from "uuid";
import * as Y from "yjs";
import type { Database } from "#db/schema.ts";
import type { AppContext, DocView } from "../../context.ts";
import { textIndex } from "../../document/anchors.ts";
import { Conflict, Invalid } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import {
  type Curriculum,
  curriculumAsTrainer,
  type Module,
  modulesOf,
} from "../curricula/curricula.server.ts";
import { placeAgain } from "../inputs/replaced.server.ts";
import { auditActor } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { provenanceOf } from "./provenance.server.ts";
import { sentenceSourcesOf } from "./sentence-sources.server.ts";
import { canonical, keyOf, type PublishedText, type Sealed, type SeenDrafts } from "./versions.ts";

/** A module's draft in one language, as committed. */
export type Draft = {
  module: Module;
  documentId: string;
  language: string;
  view: DocView;
};

export type NextVersion = {
  curriculum: Curriculum;
  /** The number the next version will carry. */
  n: number;
  previousId: string | null;
  drafts: Draft[];
  /** Texts that differ from the version before, by `moduleId:language`; all of them for a first one. */
  changed: ReadonlySet<string>;
};

/**
 * What publishing now would publish: every module's draft in every language, as committed. For
 * trainers of the curriculum. Cost: three queries and one cached read a draft.
 */
export async function nextVersion(
  ctx: AppContext,
  actor: Actor,
  slug: string,
): Promise<NextVersion> {
  const { curriculum } = await curriculumAsTrainer(ctx.db, actor, slug);
  const previous = await latestOf(ctx.db, curriculum.id);
  const modules = await modulesOf(ctx.db, curriculum.id);
  const documents = await ctx.db
    .selectFrom("documents")
    .innerJoin("modules", "modules.id", "documents.module_id")
    .select(["documents.id", "documents.module_id", "documents.language"])
    .where("modules.curriculum_id", "=", curriculum.id)
    .where("documents.kind", "=", "draft")
    .orderBy("documents.language")
    .execute();
  const drafts: Draft[] = [];
  for (const module of modules) {
    for (const { id, module_id, language } of documents) {
      if (module_id !== module.id) continue;
      drafts.push({ module, documentId: id, language, view: await ctx.collab.read(id) });
    }
  }
  const before = previous ? await textsOf(ctx.db, previous.id) : new Map<string, string>();
  const changed = new Set(
    drafts
      .map((draft) => ({ key: keyOf(draft.module.id, draft.language), now: textOf(draft) }))
      .filter(({ key, now }) => before.get(key) !== now)
      .map(({ key }) => key),
  );
  return {
    curriculum,
    n: (previous?.n ?? 0) + 1,
    previousId: previous?.id ?? null,
    drafts,
    changed,
  };
}

function textOf({ module, view }: Draft): string {
  return canonical({ fields: fieldsOf(module), content: view.json });
}

async function textsOf(db: Kysely<Database>, versionId: string): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom("version_modules")
    .select(["module_id", "language", "fields", "content"])
    .where("version_id", "=", versionId)
    .execute();
  return new Map(
    rows.map((row) => [
      keyOf(row.module_id, row.language),
      canonical({ fields: JSON.parse(row.fields), content: JSON.parse(row.content) }),
    ]),
  );
}

async function latestOf(db: Kysely<Database>, curriculumId: string) {
  return db
    .selectFrom("versions")
    .select(["id", "n"])
    .where("curriculum_id", "=", curriculumId)
    .orderBy("n", "desc")
    .limit(1)
    .executeTakeFirst();
}

/**
 * Publishes the drafts as an immutable, numbered version: text, checksum, the decisions it carries
 * and the provenance of every passage, in one transaction. Refuses when nothing changed, when a
 * draft moved on since the trainer looked (`seen`), and when somebody else published meanwhile.
 */
export async function publish(
  ctx: AppContext,
  actor: Actor,
  { slug, note, seen }: { slug: string; note: string; seen: SeenDrafts },
): Promise<{ id: string; n: number }> {
  const next = await nextVersion(ctx, actor, slug);
  const { curriculum, n, previousId, drafts, changed } = next;
  const { trainer } = await curriculumAsTrainer(ctx.db, actor, slug);
  if (drafts.length === 0) throw new Invalid("versions:nothingYet");
  if (changed.size === 0) throw new Invalid("versions:nothingChanged");
  if (drafts.some(({ documentId, view }) => seen.get(documentId) !== view.seq))
    throw new Conflict("versions:movedOn");

  const at = ctx.clock();
  const sealed: Sealed = {
    curriculum: curriculumFieldsOf(curriculum),
    n,
    note,
    modules: drafts.map(publishedText),
  };
  const sha256 = createHash("sha256").update(canonical(sealed)).digest("hex");
  const id = uuidv7();
  // Long work, so before the log is locked: whatever moves on meanwhile is refused below.
  const sentences = await sentenceSourcesOf(ctx.db, id, next);
  const indexed = drafts.map(({ documentId, view: { doc } }) => ({
    documentId,
    doc,
    index: textIndex(doc),
  }));

  await ctx.db.transaction().execute(async (trx) => {
    // Recording first locks the log's head: of two trainers at once, the second finds the first's.
    await record(trx, {
      at,
      actor: auditActor(trainer, "trainer"),
      verb: "version.published",
      subject: `version:${id}`,
      data: { curriculum: curriculum.id, n, sha256 },
    });
    if ((await latestOf(trx, curriculum.id))?.n !== (n === 1 ? undefined : n - 1))
      throw new Conflict("versions:publishedMeanwhile");
    // A decision made since the texts were read would be listed here without its change.
    if (await movedOn(trx, drafts)) throw new Conflict("versions:movedOn");
    await trx
      .insertInto("versions")
      .values({
        id,
        curriculum_id: curriculum.id,
        n,
        fields: JSON.stringify(sealed.curriculum),
        note,
        sha256,
        based_on: previousId,
        cut_by: trainer.personId,
        at: at.toISOString(),
      })
      .execute();
    await trx
      .insertInto("version_modules")
      .values(
        drafts.map((draft, i) => ({
          version_id: id,
          module_id: draft.module.id,
          language: draft.language,
          slug: draft.module.slug,
          position: draft.module.position,
          fields: JSON.stringify(sealed.modules[i]?.fields),
          content: JSON.stringify(draft.view.json),
          state: Buffer.from(Y.encodeStateAsUpdate(draft.view.doc)),
        })),
      )
      .execute();
    const rows = await provenanceOf(trx, {
      versionId: id,
      previousId,
      curriculum,
      drafts,
      indexed,
    });
    for (const some of chunks(rows)) await trx.insertInto("provenance").values(some).execute();
    for (const some of chunks(sentences))
      await trx.insertInto("sentence_sources").values(some).execute();
    await placeAgain(trx, indexed, { versionId: id, at });
    await trx
      .updateTable("decisions")
      .set({ version_id: id })
      .where("curriculum_id", "=", curriculum.id)
      .where("version_id", "is", null)
      .execute();
    await trx
      .updateTable("decision_undos")
      .set({ version_id: id })
      .where("version_id", "is", null)
      .where("decision_id", "in", (eb) =>
        eb.selectFrom("decisions").select("id").where("curriculum_id", "=", curriculum.id),
      )
      .execute();
  });
  return { id, n };
}

/** Rows in one statement: SQLite takes 32,766 parameters. */
const ROWS = 500;

function* chunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += ROWS) yield rows.slice(start, start + ROWS);
}

/** Whether any of these drafts has a newer entry in its log than was read. */
async function movedOn(trx: Transaction<Database>, drafts: Draft[]): Promise<boolean> {
  const logs = await trx
    .selectFrom("documents")
    .select((eb) => [
      "id",
      "state_seq",
      eb
        .selectFrom("doc_updates")
        .select((inner) => inner.fn.max("seq").as("seq"))
        .whereRef("doc_updates.doc_id", "=", "documents.id")
        .as("last"),
    ])
    .where(
      "id",
      "in",
      drafts.map(({ documentId }) => documentId),
    )
    .execute();
  const now = new Map(logs.map((row) => [row.id, Math.max(row.state_seq, Number(row.last ?? 0))]));
  return drafts.some(({ documentId, view }) => (now.get(documentId) ?? 0) > view.seq);
}

function publishedText({ module, language, view }: Draft): PublishedText {
  return {
    moduleId: module.id,
    slug: module.slug,
    language,
    position: module.position,
    fields: fieldsOf(module),
    content: view.json,
  };
}

/** A module's fields as a version shows them. */
function fieldsOf(module: Module): Record<string, unknown> {
  return {
    title: JSON.parse(module.title),
    goal: JSON.parse(module.goal),
    audience: module.audience,
    prerequisites: module.prerequisites,
    minutes: module.minutes,
    mode: module.mode,
    maxStudents: module.max_students,
    facilities: module.facilities,
    equipment: module.equipment,
    safetyPlan: module.safety_plan,
    contentWarning: JSON.parse(module.content_warning),
  };
}

function curriculumFieldsOf(curriculum: Curriculum): Record<string, unknown> {
  return {
    slug: curriculum.slug,
    title: JSON.parse(curriculum.title),
    summary: JSON.parse(curriculum.summary),
    agency: curriculum.agency,
    jurisdiction: curriculum.jurisdiction,
    status: curriculum.status,
    licence: curriculum.licence,
    owner: curriculum.owner,
    approver: curriculum.approver,
    effectiveFrom: curriculum.effective_from,
    effectiveTo: curriculum.effective_to,
    adaptedFrom: curriculum.adapted_from,
    minutes: curriculum.minutes,
  };
}
