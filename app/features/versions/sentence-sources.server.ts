import type { Insertable, Kysely, Selectable } from "kysely";
import * as Y from "yjs";
import type { Database } from "#db/schema.ts";
import { attribute, type Decided, type Source, type Sourced } from "../../document/sources.ts";
import { sinceVersion, writtenIn } from "../../document/written.ts";
import { authorshipOf } from "../drafts/authorship.server.ts";
import type { Draft, NextVersion } from "./publish.server.ts";
import { keyOf } from "./versions.ts";

type Row = Insertable<Database["sentence_sources"]>;
type Kept = Selectable<Database["sentence_sources"]>;

/**
 * Who and what stands behind each sentence of the version that `next` would publish. A text that
 * reads as before keeps the rows of the version before; any other is laid over the authorship of its
 * draft and the decisions on it. Words that the server wrote by itself have nobody. Cost: six
 * queries, three more for each text that changed, and a pass over its words.
 */
export async function sentenceSourcesOf(
  db: Kysely<Database>,
  versionId: string,
  { curriculum, previousId, drafts, changed }: NextVersion,
): Promise<Row[]> {
  const kept = previousId ? await keptOf(db, previousId) : new Map<string, Kept[]>();
  const fresh = drafts.filter((draft) => changed.has(keyIn(draft)) || !kept.has(keyIn(draft)));
  const decided = await decidedOf(db, curriculum.id);
  const answered = await answeredBy(db, curriculum.id);
  const rows: Row[] = [];
  for (const draft of drafts) {
    const before = kept.get(keyIn(draft)) ?? [];
    if (!fresh.includes(draft)) {
      rows.push(...before.map((row) => ({ ...row, version_id: versionId })));
      continue;
    }
    const { runs, deletions } = await authorshipOf(db, draft.documentId);
    const state = previousId ? await stateOf(db, previousId, draft) : null;
    const since = state ? sinceVersion(state, deletions) : undefined;
    const sourced = attribute(writtenIn(draft.view.doc, runs.authorOf, since), {
      language: draft.language,
      decided: decided.get(draft.documentId) ?? [],
      before: sourcedBy(before),
    });
    for (const sentence of sourced) rows.push(...rowsOf(sentence, { versionId, draft, answered }));
  }
  return rows;
}

const keyIn = ({ module, language }: Draft) => keyOf(module.id, language);

/** The version before, text by text, in the order of its sentences. */
async function keptOf(db: Kysely<Database>, versionId: string): Promise<Map<string, Kept[]>> {
  const rows = await db
    .selectFrom("sentence_sources")
    .selectAll()
    .where("version_id", "=", versionId)
    .orderBy("block_id")
    .orderBy("sentence")
    .orderBy("words", "desc")
    .execute();
  const byText = new Map<string, Kept[]>();
  for (const row of rows) {
    const key = keyOf(row.module_id, row.language);
    const list = byText.get(key);
    if (list) list.push(row);
    else byText.set(key, [row]);
  }
  return byText;
}

async function stateOf(
  db: Kysely<Database>,
  versionId: string,
  { module, language }: Draft,
): Promise<Y.Doc | null> {
  const row = await db
    .selectFrom("version_modules")
    .select("state")
    .where("version_id", "=", versionId)
    .where("module_id", "=", module.id)
    .where("language", "=", language)
    .executeTakeFirst();
  if (!row) return null;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, row.state);
  return doc;
}

/** The decisions whose change stands, by document, in the order of deciding. */
async function decidedOf(
  db: Kysely<Database>,
  curriculumId: string,
): Promise<Map<string, Decided[]>> {
  const rows = await db
    .selectFrom("decisions")
    .leftJoin("decision_undos", "decision_undos.decision_id", "decisions.id")
    .select([
      "decisions.id",
      "decisions.document_id",
      "decisions.block_id",
      "decisions.before_text",
      "decisions.after_text",
      "decisions.decided_by",
    ])
    .where("decisions.curriculum_id", "=", curriculumId)
    .where("decisions.after_text", "is not", null)
    .where("decision_undos.decision_id", "is", null)
    .orderBy("decisions.id")
    .execute();
  const byDocument = new Map<string, Decided[]>();
  for (const row of rows) {
    const { document_id, block_id, before_text, after_text } = row;
    if (document_id === null || block_id === null || before_text === null || after_text === null)
      continue;
    const list = byDocument.get(document_id) ?? [];
    list.push({
      id: row.id,
      blockId: block_id,
      before: before_text,
      after: after_text,
      personId: row.decided_by,
    });
    byDocument.set(document_id, list);
  }
  return byDocument;
}

/** Which inputs each decision answers. */
async function answeredBy(
  db: Kysely<Database>,
  curriculumId: string,
): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom("decision_inputs")
    .innerJoin("decisions", "decisions.id", "decision_inputs.decision_id")
    .select(["decision_inputs.decision_id", "decision_inputs.input_id"])
    .where("decisions.curriculum_id", "=", curriculumId)
    .orderBy("decision_inputs.input_id")
    .execute();
  const inputs = new Map<string, string[]>();
  for (const { decision_id, input_id } of rows)
    inputs.set(decision_id, [...(inputs.get(decision_id) ?? []), input_id]);
  return inputs;
}

/** Rows back to sentences; a decision that answers several inputs is one source. */
function sourcedBy(rows: readonly Kept[]): Sourced[] {
  const sentences = new Map<string, Sourced>();
  for (const row of rows) {
    const key = `${row.block_id}\n${row.sentence}`;
    const sentence = sentences.get(key) ?? {
      blockId: row.block_id,
      sentence: row.sentence,
      text: "",
      hash: row.hash,
      sources: [],
    };
    sentences.set(key, sentence);
    const source = sourceIn(row);
    const known = sentence.sources.some(({ type, id }) => type === source.type && id === source.id);
    if (!known) sentence.sources.push(source);
  }
  return [...sentences.values()];
}

function sourceIn({ decision_id, person_id, via, words }: Kept): Source {
  return decision_id === null
    ? { type: "person", id: person_id, via: via ?? "", words }
    : { type: "decision", id: decision_id, words };
}

function rowsOf(
  { blockId, sentence, hash, sources }: Sourced,
  {
    versionId,
    draft,
    answered,
  }: { versionId: string; draft: Draft; answered: ReadonlyMap<string, readonly string[]> },
): Row[] {
  const row = {
    version_id: versionId,
    module_id: draft.module.id,
    language: draft.language,
    block_id: blockId,
    sentence,
    hash,
  };
  return sources.flatMap((source): Row[] => {
    const { id, words } = source;
    if (id === null) return [];
    if (source.type === "person") {
      const { via } = source;
      const person = { input_id: null, decision_id: null, person_id: id };
      return [{ ...row, source: `person:${id}`, ...person, via, words }];
    }
    return (answered.get(id) ?? []).map((inputId) => ({
      ...row,
      source: `input:${inputId}`,
      input_id: inputId,
      decision_id: id,
      person_id: null,
      via: null,
      words,
    }));
  });
}
