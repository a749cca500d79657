import type { AppContext, DocView } from "../../context.ts";
import { resolve, textIndex } from "../../document/anchors.ts";
import type { Hunk } from "../../document/hunk.ts";
import { textblocks, textOf } from "../../document/read.ts";
import { type DocJSON, TEXTBLOCKS } from "../../document/schema.ts";
import { NotFound } from "../../errors.ts";
import { ANCHOR_COLUMNS, type AnchorRow, anchorOf } from "../inputs/passages.server.ts";
import { authorNames, SUGGESTION_COLUMNS } from "../inputs/suggested.server.ts";
import { hunkOf, type Suggested, suggestedOf } from "../inputs/suggested.ts";

/** A block of the draft and what is around it. */
export type Surroundings = {
  blockId: string;
  /** The block as it reads now. */
  current: string;
  /** The title of the section it is in; null before the first. */
  section: string | null;
  /** The blocks before and after it; null at an end. */
  before: string | null;
  after: string | null;
};

/** Where an input points in the draft as it stands. */
export type Place = Surroundings & { documentId: string; language: string };

/** An input as far as a decision on it goes. */
export type Target = {
  seq: number;
  curriculumId: string;
  moduleId: string | null;
  documentId: string | null;
  quote: string | null;
  /** `blockId` is the passage it was written on, or the one before what is new. */
  suggestion: (Suggested & { hunk: Hunk | null; blockId: string }) | null;
  place: Place | null;
  /** The draft as it was read; null where the input is about none. */
  view: DocView | null;
};

/**
 * Finds an input and the block it is about in the draft as it stands: the block it was written on,
 * else the one its anchor leads to. Throws NotFound. Two queries and one read of the draft.
 */
export async function targetOf(ctx: AppContext, inputId: string): Promise<Target> {
  const row = await ctx.db
    .selectFrom("inputs")
    .leftJoin("anchors", "anchors.input_id", "inputs.id")
    .leftJoin("suggestions", "suggestions.input_id", "inputs.id")
    .leftJoin("workshops", "workshops.document_id", "suggestions.workshop_id")
    .leftJoin("documents", "documents.id", "inputs.document_id")
    .select([
      "inputs.seq",
      "inputs.curriculum_id",
      "inputs.module_id",
      "inputs.parent_id",
      "inputs.document_id",
      "documents.language",
      ...ANCHOR_COLUMNS,
      "suggestions.block_id as suggested_on",
      ...SUGGESTION_COLUMNS,
    ])
    .where("inputs.id", "=", inputId)
    .executeTakeFirst();
  if (!row || row.parent_id) throw new NotFound("decisions:notFound");
  const authors = row.workshop_id ? await authorNames(ctx.db, [inputId]) : new Map();
  const suggested = suggestedOf(row, authors.get(inputId));
  const view = row.document_id ? await ctx.collab.read(row.document_id) : null;
  return {
    seq: Number(row.seq),
    curriculumId: row.curriculum_id,
    moduleId: row.module_id,
    documentId: row.document_id,
    quote: row.quote,
    suggestion: suggested && {
      ...suggested,
      hunk: hunkOf(row),
      blockId: row.suggested_on ?? "",
    },
    place:
      row.document_id && view
        ? placeOf(view, row.document_id, row.language ?? "en", row.suggested_on, row)
        : null,
    view,
  };
}

/** Changes that leave one passage where and what it is, so that another wording can say them too. */
const OF_ONE_PASSAGE = new Set<Suggested["kind"]>(["text", "format", "attrs", "retype", "replace"]);

/**
 * How a trainer's own wording can take the place of what was suggested: as another text of the
 * passage, as another text of the new passage, or only by hand in the draft.
 */
export function composingOf({
  suggestion,
  place,
}: Pick<Target, "suggestion" | "place">): "passage" | "newPassage" | "byHand" {
  if (!suggestion?.hunk) return "passage";
  const { hunk, kind, proposed } = suggestion;
  if (kind === "insert") {
    const [op] = hunk.ops;
    const one = op?.op === "insert" && TEXTBLOCKS.has(op.node.type) && textOf(op.node) === proposed;
    return one ? "newPassage" : "byHand";
  }
  return place && hunk.blocks.length === 1 && OF_ONE_PASSAGE.has(kind) ? "passage" : "byHand";
}

function placeOf(
  { doc, json }: DocView,
  documentId: string,
  language: string,
  suggestedOn: string | null,
  pointer: AnchorRow,
): Place | null {
  const there = suggestedOn === null ? null : surroundings(json, suggestedOn);
  if (there) return { documentId, language, ...there };
  const anchor = anchorOf(pointer);
  if (!anchor) return null;
  const found = resolve(doc, textIndex(doc), anchor);
  const near = "start" in found ? surroundings(json, found.start.blockId) : null;
  return near && { documentId, language, ...near };
}

/** A textblock of a document with what is around it; null for one that isn't there. */
export function surroundings(json: DocJSON, blockId: string): Surroundings | null {
  const blocks = textblocks(json);
  const at = blocks.findIndex(({ id }) => id === blockId);
  const block = blocks[at];
  if (!block) return null;
  return {
    blockId,
    current: block.text,
    section:
      blocks
        .slice(0, at + 1)
        .findLast(({ type, node }) => type === "heading" && node.attrs?.level === 2)?.text ?? null,
    before: blocks[at - 1]?.text ?? null,
    after: blocks[at + 1]?.text ?? null,
  };
}
