import type { Kysely } from "kysely";
import type { Database } from "#db/schema.ts";
import type { AppContext, DocView } from "../../context.ts";
import {
  type Anchor,
  candidates,
  type Found,
  isDoubtful,
  type Placed,
  resolve,
  type TextIndex,
  textIndex,
} from "../../document/anchors.ts";
import { textblocks } from "../../document/read.ts";
import { PUBLIC } from "./inputs.ts";
import { ANCHOR_COLUMNS, type AnchorRow, anchorOf } from "./passages.server.ts";

/** A place in the draft as it stands; offsets count in the paragraph. */
export type Spot = {
  blockId: string;
  start: number;
  end: number;
  /** The words themselves, and the paragraph they stand in. */
  text: string;
  paragraph: string;
  /** The section it is in; "" before the first. */
  section: string;
};

/** An anchor that a person should look at. */
export type Doubt = {
  scope: "passage" | "paragraph";
  status: "changed" | "ambiguous" | "gone";
  /** The words as they were, with what stood around them in their paragraph. */
  quote: string;
  prefix: string;
  suffix: string;
  /** What stands there now; null when nothing does. */
  now: Spot | null;
  /** Where it may belong instead. */
  candidates: Spot[];
};

/** A draft with its index and sections, made once for all anchors in it. */
export type Searched = { view: DocView; index: TextIndex; sections: ReadonlyMap<string, string> };

/** Cost: some 5 ms for 25,000 words. */
export function searched(view: DocView): Searched {
  let section = "";
  const sections = new Map<string, string>();
  for (const { id, type, node, text } of textblocks(view.json)) {
    if (type === "heading" && node.attrs?.level === 2) section = text;
    sections.set(id, section);
  }
  return { view, index: textIndex(view.doc), sections };
}

/** What is doubtful about an anchor in a draft as it stands; null when nothing is. */
export function doubtOf(draft: Searched, anchor: Anchor): Doubt | null {
  const found = resolve(draft.view.doc, draft.index, anchor);
  if (!isDoubtful(anchor, found)) return null;
  const { quote, prefix, suffix, scope = "passage" } = anchor;
  const now = "text" in found ? spotOf(draft, found) : null;
  // Beside what stands there now, only the very same words are worth a look.
  const others = candidates(draft.index, anchor)
    .filter(({ status }) => status === "moved" || !now)
    .map((place) => spotOf(draft, place));
  return {
    scope,
    status: statusOf(found),
    quote,
    prefix: prefix.slice(prefix.lastIndexOf("\n") + 1),
    suffix: suffix.split("\n")[0] ?? "",
    now,
    candidates: others.filter((one) => one.blockId !== now?.blockId || one.start !== now.start),
  };
}

function statusOf({ status }: Found): Doubt["status"] {
  return status === "ambiguous" || status === "gone" ? status : "changed";
}

/** Words that run over the end of their paragraph count as far as it goes. */
function spotOf({ index, sections }: Searched, { start, end }: Placed): Spot {
  const paragraph = index.byId.get(start.blockId)?.text ?? "";
  const last = end.blockId === start.blockId ? end.offset : paragraph.length;
  return {
    blockId: start.blockId,
    start: start.offset,
    end: last,
    text: paragraph.slice(start.offset, last),
    paragraph,
    section: sections.get(start.blockId) ?? "",
  };
}

/** What is open to repair in these curricula: public inputs on a passage that wait for a decision. */
function openAnchors(db: Kysely<Database>, curriculumIds: readonly string[]) {
  return db
    .selectFrom("inputs")
    .innerJoin("anchors", "anchors.input_id", "inputs.id")
    .innerJoin("documents", "documents.id", "anchors.document_id")
    .leftJoin("decision_inputs", "decision_inputs.input_id", "inputs.id")
    .where("inputs.curriculum_id", "in", [...curriculumIds])
    .where("inputs.status", "=", PUBLIC)
    .where("documents.kind", "=", "draft")
    .where("decision_inputs.input_id", "is", null);
}

/**
 * How many open inputs of each curriculum point at a doubtful passage. Cost: one query, one cached
 * read of each draft that has any, and a look for each input.
 */
export async function doubtfulIn(
  ctx: AppContext,
  curriculumIds: readonly string[],
): Promise<Record<string, number>> {
  if (curriculumIds.length === 0) return {};
  const rows = await openAnchors(ctx.db, curriculumIds)
    .select(["inputs.curriculum_id", "anchors.document_id", ...ANCHOR_COLUMNS])
    .execute();
  const counts: Record<string, number> = {};
  for (const [documentId, anchors] of byDocument(rows)) {
    const { doc } = await ctx.collab.read(documentId);
    const index = textIndex(doc);
    for (const { row, anchor } of anchors)
      if (isDoubtful(anchor, resolve(doc, index, anchor)))
        counts[row.curriculum_id] = (counts[row.curriculum_id] ?? 0) + 1;
  }
  return counts;
}

export type Doubtful = {
  id: string;
  kind: string;
  body: string;
  name: string | null;
  language: string;
  submittedAt: string;
  moduleId: string;
  /** The language of the draft it points at. */
  text: string;
  /** The last that was said of its anchor. */
  rev: number;
  doubt: Doubt;
};

/** The repair list of a curriculum, in order of arrival: for its trainers alone. Cost: as above. */
export async function doubtfulInputs(ctx: AppContext, curriculumId: string): Promise<Doubtful[]> {
  const rows = await openAnchors(ctx.db, [curriculumId])
    .select([
      "inputs.id",
      "inputs.seq",
      "inputs.kind",
      "inputs.body",
      "inputs.name",
      "inputs.language",
      "inputs.submitted_at",
      "inputs.module_id",
      "documents.language as text_language",
      "anchors.document_id",
      ...ANCHOR_COLUMNS,
    ])
    .select((eb) => [
      eb
        .selectFrom("anchor_events")
        .select(({ fn }) => fn.max("anchor_events.seq").as("seq"))
        .whereRef("anchor_events.input_id", "=", "inputs.id")
        .as("rev"),
    ])
    .execute();
  const list: (Doubtful & { seq: number })[] = [];
  for (const [documentId, anchors] of byDocument(rows)) {
    const draft = searched(await ctx.collab.read(documentId));
    for (const { row, anchor } of anchors) {
      const doubt = doubtOf(draft, anchor);
      if (!doubt || row.module_id === null) continue;
      list.push({
        seq: Number(row.seq),
        id: row.id,
        kind: row.kind,
        body: row.body,
        name: row.name,
        language: row.language,
        submittedAt: row.submitted_at,
        moduleId: row.module_id,
        text: row.text_language,
        rev: Number(row.rev ?? 0),
        doubt,
      });
    }
  }
  return list.sort((a, b) => a.seq - b.seq).map(({ seq: _, ...input }) => input);
}

function byDocument<T extends AnchorRow & { document_id: string }>(rows: readonly T[]) {
  const documents = new Map<string, { row: T; anchor: Anchor }[]>();
  for (const row of rows) {
    const anchor = anchorOf(row);
    if (!anchor) continue;
    const list = documents.get(row.document_id) ?? [];
    list.push({ row, anchor });
    documents.set(row.document_id, list);
  }
  return documents;
}
