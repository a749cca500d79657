import type { Kysely } from "kysely";
import type { Database } from "#db/schema.ts";
import type { DocJSON } from "../../document/schema.ts";
import { NotFound } from "../../errors.ts";
import { type Curriculum, curriculumBySlug } from "../curricula/curricula.server.ts";
import { type Undone, undosOf } from "../inputs/undone.server.ts";
import type { Actor } from "../people/people.ts";

type Reads = Kysely<Database>;

export type VersionHead = { id: string; n: number; at: string; note: string; sha256: string };

/** The published versions of a curriculum, newest first. */
export async function versionsOf(db: Reads, curriculumId: string): Promise<VersionHead[]> {
  return db
    .selectFrom("versions")
    .select(["id", "n", "at", "note", "sha256"])
    .where("curriculum_id", "=", curriculumId)
    .orderBy("n", "desc")
    .execute();
}

export type Version = {
  curriculum: Curriculum;
  version: VersionHead & {
    /** The curriculum's fields as they were. */
    fields: string;
    /** The chosen name of the trainer who published it. */
    by: string;
    basedOn: string | null;
  };
  /** The highest number there is: more than `n` when this one has been followed. */
  latest: number;
};

/** A version by its number. Whoever may read the curriculum may read its versions. */
export async function versionOf(
  db: Reads,
  actor: Actor,
  slug: string,
  n: string,
): Promise<Version> {
  const curriculum = await curriculumBySlug(db, actor, slug);
  if (!/^[1-9]\d{0,8}$/.test(n)) throw new NotFound("versions:notFound");
  const row = await db
    .selectFrom("versions")
    .innerJoin("people", "people.id", "versions.cut_by")
    .select((eb) => [
      "versions.id",
      "versions.n",
      "versions.at",
      "versions.note",
      "versions.sha256",
      "versions.fields",
      "versions.based_on as basedOn",
      "people.name as by",
      eb
        .selectFrom("versions as newer")
        .select((inner) => inner.fn.max("newer.n").as("n"))
        .whereRef("newer.curriculum_id", "=", "versions.curriculum_id")
        .as("latest"),
    ])
    .where("versions.curriculum_id", "=", curriculum.id)
    .where("versions.n", "=", Number(n))
    .executeTakeFirst();
  if (!row) throw new NotFound("versions:notFound");
  const { latest, ...version } = row;
  return { curriculum, version, latest: Number(latest ?? version.n) };
}

export type VersionModule = {
  moduleId: string;
  slug: string;
  language: string;
  position: number;
  /** The module's fields as they were, as JSON. */
  fields: string;
};

/** What a version holds, in order, without the texts themselves. */
export async function contentsOf(db: Reads, versionId: string): Promise<VersionModule[]> {
  return db
    .selectFrom("version_modules")
    .select(["module_id as moduleId", "slug", "language", "position", "fields"])
    .where("version_id", "=", versionId)
    .orderBy("position")
    .orderBy("language")
    .execute();
}

export type VersionText = VersionModule & { content: DocJSON; languages: string[] };

/** One module's text in a version: in the language asked for, else in the first there is. */
export async function textIn(
  db: Reads,
  versionId: string,
  moduleSlug: string,
  language?: string | null,
): Promise<VersionText> {
  const rows = (await contentsOf(db, versionId)).filter(({ slug }) => slug === moduleSlug);
  const row = rows.find((one) => one.language === language) ?? rows[0];
  if (!row) throw new NotFound("versions:moduleNotFound");
  return {
    ...row,
    content: (await contentIn(db, versionId, row.moduleId, row.language)) ?? {
      type: "doc",
      content: [],
    },
    languages: rows.map((one) => one.language),
  };
}

/** A module's text in a version by the module's id; null when the version hasn't got it. */
export async function contentIn(
  db: Reads,
  versionId: string,
  moduleId: string,
  language: string,
): Promise<DocJSON | null> {
  const row = await db
    .selectFrom("version_modules")
    .select("content")
    .where("version_id", "=", versionId)
    .where("module_id", "=", moduleId)
    .where("language", "=", language)
    .executeTakeFirst();
  return row ? (JSON.parse(row.content) as DocJSON) : null;
}

export type Change = {
  decisionId: string;
  outcome: string;
  reason: string;
  before: string | null;
  after: string | null;
  moduleId: string | null;
  blockId: string | null;
  inputId: string;
  kind: string;
  channel: string;
  language: string;
  /** Of an input that is public; otherwise null, and only its stub is shown. */
  body: string | null;
  name: string | null;
  /** How it was taken back; null when it wasn't. */
  undone: Undone | null;
};

/**
 * The change list: every decision this version carries, with the input it answers, and every one
 * whose change it takes back. Two queries.
 */
export async function changesIn(db: Reads, versionId: string): Promise<Change[]> {
  const rows = await db
    .selectFrom("decisions")
    .innerJoin("decision_inputs", "decision_inputs.decision_id", "decisions.id")
    .innerJoin("inputs", "inputs.id", "decision_inputs.input_id")
    .leftJoin("decision_undos", "decision_undos.decision_id", "decisions.id")
    .select([
      "decisions.id as decisionId",
      "decisions.outcome",
      "decisions.reason",
      "decisions.before_text as before",
      "decisions.after_text as after",
      "decisions.block_id as blockId",
      "inputs.module_id as moduleId",
      "inputs.id as inputId",
      "inputs.kind",
      "inputs.channel",
      "inputs.language",
      "inputs.body",
      "inputs.name",
      "inputs.status",
    ])
    .where((eb) =>
      eb.or([
        eb("decisions.version_id", "=", versionId),
        eb("decision_undos.version_id", "=", versionId),
      ]),
    )
    .orderBy("inputs.seq")
    .execute();
  return withUndos(db, rows.map(publicOnly));
}

export type Reason = Change & {
  relation: "changed" | "considered";
  at: string;
  /** The version the decision first came in. */
  n: number | null;
};

/** Everything behind one passage of a version: what changed it, and what was weighed here. */
export async function reasonsFor(
  db: Reads,
  versionId: string,
  moduleId: string,
  language: string,
  blockId: string,
): Promise<Reason[]> {
  const rows = await db
    .selectFrom("provenance")
    .innerJoin("decisions", "decisions.id", "provenance.decision_id")
    .innerJoin("inputs", "inputs.id", "provenance.input_id")
    .leftJoin("versions", "versions.id", "decisions.version_id")
    .select([
      "provenance.relation",
      "decisions.id as decisionId",
      "decisions.outcome",
      "decisions.reason",
      "decisions.at",
      "decisions.before_text as before",
      "decisions.after_text as after",
      "decisions.block_id as blockId",
      "inputs.module_id as moduleId",
      "inputs.id as inputId",
      "inputs.kind",
      "inputs.channel",
      "inputs.language",
      "inputs.body",
      "inputs.name",
      "inputs.status",
      "versions.n",
    ])
    .where("provenance.version_id", "=", versionId)
    .where("provenance.module_id", "=", moduleId)
    .where("provenance.language", "=", language)
    .where("provenance.block_id", "=", blockId)
    .orderBy("decisions.at")
    .execute();
  return withUndos(db, rows.map(publicOnly));
}

async function withUndos<T extends { decisionId: string }>(
  db: Reads,
  rows: T[],
): Promise<(T & { undone: Undone | null })[]> {
  const undos = await undosOf(
    db,
    rows.map(({ decisionId }) => decisionId),
  );
  return rows.map((row) => ({ ...row, undone: undos.get(row.decisionId) ?? null }));
}

/** How many inputs stand behind each passage of a module, by block id. */
export async function reasonCounts(
  db: Reads,
  versionId: string,
  moduleId: string,
  language: string,
): Promise<Map<string, { changed: number; considered: number }>> {
  const rows = await db
    .selectFrom("provenance")
    .select((eb) => ["block_id", "relation", eb.fn.countAll().as("n")])
    .where("version_id", "=", versionId)
    .where("module_id", "=", moduleId)
    .where("language", "=", language)
    .groupBy(["block_id", "relation"])
    .execute();
  const counts = new Map<string, { changed: number; considered: number }>();
  for (const { block_id, relation, n } of rows) {
    const count = counts.get(block_id) ?? { changed: 0, considered: 0 };
    count[relation] = Number(n);
    counts.set(block_id, count);
  }
  return counts;
}

/** Words of an input that isn't public (any more) stay out of the record's pages. */
function publicOnly<T extends { status: string; body: string; name: string | null }>({
  status,
  ...row
}: T) {
  return status === "approved" ? row : { ...row, body: null, name: null };
}
