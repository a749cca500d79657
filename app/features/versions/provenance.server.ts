import type { Insertable, Kysely } from "kysely";
import type { Database } from "#db/schema.ts";
import { resolve } from "../../document/anchors.ts";
import { textblocks } from "../../document/read.ts";
import type { Curriculum } from "../curricula/curricula.server.ts";
import { ANCHOR_COLUMNS, anchorOf } from "../inputs/passages.server.ts";
import type { PublishedDraft } from "../inputs/replaced.server.ts";
import type { Draft } from "./publish.server.ts";

type ProvenanceRow = Insertable<Database["provenance"]>;

/**
 * Whose words stand behind each passage: the version before's, for passages that are still there,
 * and every decision made since. A decision that changed the text points at the passage it
 * changed; any other at the passage its input points at, if that can still be told.
 */
export async function provenanceOf(
  db: Kysely<Database>,
  {
    versionId,
    previousId,
    curriculum,
    drafts,
    indexed,
  }: {
    versionId: string;
    previousId: string | null;
    curriculum: Curriculum;
    drafts: Draft[];
    indexed: PublishedDraft[];
  },
): Promise<ProvenanceRow[]> {
  const indexes = new Map(indexed.map(({ documentId, index }) => [documentId, index]));
  const byDocument = new Map(
    drafts.map((draft) => [
      draft.documentId,
      { draft, ids: new Set(textblocks(draft.view.json).map(({ id }) => id)) },
    ]),
  );
  const undone = await undoneIn(db, curriculum.id);
  const rows = new Map<string, ProvenanceRow>();
  const add = (row: ProvenanceRow) =>
    rows.set([row.module_id, row.language, row.block_id, row.input_id].join("\n"), row);

  if (previousId) {
    const earlier = await db
      .selectFrom("provenance")
      .selectAll()
      .where("version_id", "=", previousId)
      .execute();
    for (const row of earlier) {
      const still = drafts.find(
        ({ module, language }) => module.id === row.module_id && language === row.language,
      );
      if (still && byDocument.get(still.documentId)?.ids.has(row.block_id))
        add({
          ...row,
          version_id: versionId,
          relation: undone.has(row.decision_id) ? "considered" : row.relation,
        });
    }
  }

  const decided = await db
    .selectFrom("decisions")
    .innerJoin("decision_inputs", "decision_inputs.decision_id", "decisions.id")
    .innerJoin("inputs", "inputs.id", "decision_inputs.input_id")
    .leftJoin("anchors", "anchors.input_id", "inputs.id")
    .select([
      "decisions.id as decision_id",
      "decisions.block_id",
      "decisions.after_text",
      "decisions.document_id as decided_in",
      "inputs.id as input_id",
      "inputs.document_id",
      ...ANCHOR_COLUMNS,
    ])
    .where("decisions.curriculum_id", "=", curriculum.id)
    .where("decisions.version_id", "is", null)
    .execute();
  for (const row of decided) {
    // An input may lose its place while it is decided on; the change it brought has one.
    const place = byDocument.get(row.decided_in ?? row.document_id ?? "");
    if (!place) continue;
    const { draft, ids } = place;
    const changedHere = row.block_id !== null && row.after_text !== null && ids.has(row.block_id);
    let blockId = changedHere ? row.block_id : null;
    const anchor = blockId ? null : anchorOf(row);
    const index = indexes.get(draft.documentId);
    if (anchor && index) {
      const found = resolve(draft.view.doc, index, anchor);
      if ("start" in found) blockId = found.start.blockId;
    }
    if (!blockId) continue;
    add({
      version_id: versionId,
      module_id: draft.module.id,
      language: draft.language,
      block_id: blockId,
      input_id: row.input_id,
      decision_id: row.decision_id,
      relation: changedHere && !undone.has(row.decision_id) ? "changed" : "considered",
    });
  }
  return [...rows.values()];
}

/** The decisions whose change was taken back: they were weighed, and the words aren't there. */
async function undoneIn(db: Kysely<Database>, curriculumId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom("decision_undos")
    .innerJoin("decisions", "decisions.id", "decision_undos.decision_id")
    .select("decision_undos.decision_id")
    .where("decisions.curriculum_id", "=", curriculumId)
    .execute();
  return new Set(rows.map(({ decision_id }) => decision_id));
}
