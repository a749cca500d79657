import type { AppContext } from "../../context.ts";
import { resolve, textIndex } from "../../document/anchors.ts";
import { textblocks } from "../../document/read.ts";
import { NotFound } from "../../errors.ts";
import { ANCHOR_COLUMNS, type AnchorRow, anchorOf } from "../inputs/passages.server.ts";

/** Where an input points in the draft as it stands, and what is around it. */
export type Place = {
  documentId: string;
  language: string;
  blockId: string;
  /** The passage's block as it reads now. */
  current: string;
  /** The title of the section it is in; null before the first. */
  section: string | null;
  /** The blocks before and after it; null at an end. */
  before: string | null;
  after: string | null;
};

/** An input as far as a decision on it goes. */
export type Target = Awaited<ReturnType<typeof targetOf>>;

/**
 * Finds an input and the block it is about in the draft as it stands: the block it was written on,
 * else the one its anchor leads to. Throws NotFound. One query and one read of the draft.
 */
export async function targetOf(ctx: AppContext, inputId: string) {
  const row = await ctx.db
    .selectFrom("inputs")
    .leftJoin("anchors", "anchors.input_id", "inputs.id")
    .leftJoin("suggestions", "suggestions.input_id", "inputs.id")
    .leftJoin("documents", "documents.id", "inputs.document_id")
    .select([
      "inputs.seq",
      "inputs.curriculum_id",
      "inputs.module_id",
      "inputs.parent_id",
      "inputs.document_id",
      "documents.language",
      ...ANCHOR_COLUMNS,
      "suggestions.block_id",
      "suggestions.base_text",
      "suggestions.proposed_text",
      "suggestions.status as suggestion_status",
    ])
    .where("inputs.id", "=", inputId)
    .executeTakeFirst();
  if (!row || row.parent_id) throw new NotFound("decisions:notFound");
  return {
    seq: Number(row.seq),
    curriculumId: row.curriculum_id,
    moduleId: row.module_id,
    quote: row.quote,
    suggestion:
      row.base_text === null || row.proposed_text === null
        ? null
        : { base: row.base_text, proposed: row.proposed_text },
    place: row.document_id ? await placeOf(ctx, row.document_id, row.language ?? "en", row) : null,
  };
}

type Pointer = AnchorRow & { block_id: string | null };

async function placeOf(
  ctx: AppContext,
  documentId: string,
  language: string,
  pointer: Pointer,
): Promise<Place | null> {
  const { doc, json } = await ctx.collab.read(documentId);
  const blocks = textblocks(json);
  const find = (id: string | null) => blocks.findIndex((block) => id !== null && block.id === id);
  let at = find(pointer.block_id);
  const anchor = at < 0 ? anchorOf(pointer) : null;
  if (anchor) {
    const found = resolve(doc, textIndex(doc), anchor);
    if ("start" in found) at = find(found.start.blockId);
  }
  const block = blocks[at];
  if (!block) return null;
  return {
    documentId,
    language,
    blockId: block.id,
    current: block.text,
    section:
      blocks
        .slice(0, at + 1)
        .findLast(({ type, node }) => type === "heading" && node.attrs?.level === 2)?.text ?? null,
    before: blocks[at - 1]?.text ?? null,
    after: blocks[at + 1]?.text ?? null,
  };
}
