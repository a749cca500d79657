import type { Insertable } from "kysely";
import type * as Y from "yjs";
import type { Database } from "#db/schema.ts";
import { type Anchor, createAnchor, createParagraphAnchor } from "../../document/anchors.ts";
import { textblocks } from "../../document/read.ts";
import type { DocJSON } from "../../document/schema.ts";
import { Conflict } from "../../errors.ts";

/** Where somebody points: a paragraph, or some of its words. Offsets count in the block's text. */
export type Passage = {
  blockId: string;
  /** The whole text of the block. */
  text: string;
  scope: "passage" | "paragraph";
  start: number;
  end: number;
};

type Pointed = {
  kind?: string | undefined;
  block?: string | undefined;
  start?: number | undefined;
  end?: number | undefined;
  quote?: string | undefined;
  base?: string | undefined;
};

/**
 * The text isn't what it was when the form was opened. `present` is how the paragraph reads now;
 * null when it is gone. Sending the form again with `present` as its base is taken as agreement.
 */
export class Stale extends Conflict {
  readonly present: string | null;

  constructor(present: string | null) {
    super(present === null ? "inputs:errors.passageGone" : "inputs:errors.passageChanged");
    this.present = present;
  }
}

/**
 * The passage a form points at, as the draft stands now. Selected words are followed along their
 * paragraph; for a comment on them it doesn't matter what else in it changed. Throws Stale when the
 * paragraph is gone, or no longer reads as the form showed it (`base`).
 */
export function passageOf(
  json: DocJSON,
  { kind, block, start, end, quote, base }: Pointed,
): Passage {
  const found = textblocks(json).find(({ id }) => id === block);
  if (!found) throw new Stale(null);
  const { id: blockId, text } = found;
  const at = quote && start !== undefined && end !== undefined ? find(text, quote, start) : null;
  const agreed = base === undefined || base === text;
  if (!agreed && (kind === "suggestion" || at === null)) throw new Stale(text);
  return at === null || !quote
    ? { blockId, text, scope: "paragraph", start: 0, end: text.length }
    : { blockId, text, scope: "passage", start: at, end: at + quote.length };
}

/** Where a quote stands: where it was, or the only other place there is. */
function find(text: string, quote: string, start: number): number | null {
  if (text.startsWith(quote, start)) return start;
  const at = text.indexOf(quote);
  return at >= 0 && text.indexOf(quote, at + 1) < 0 ? at : null;
}

/** The row that keeps a passage findable while the text around it changes. */
export function anchorAt(
  doc: Y.Doc,
  documentId: string,
  { blockId, scope, start, end }: Passage,
): Omit<Insertable<Database["anchors"]>, "input_id"> {
  const anchor =
    scope === "paragraph"
      ? createParagraphAnchor(doc, blockId)
      : createAnchor(doc, {
          start: { blockId, offset: start },
          end: { blockId, offset: end },
        });
  if (!anchor) throw new Stale(null);
  return {
    document_id: documentId,
    scope,
    start_pos: Buffer.from(anchor.startPos),
    end_pos: Buffer.from(anchor.endPos),
    block_id: blockId,
    quote: anchor.quote,
    prefix: anchor.prefix,
    suffix: anchor.suffix,
  };
}

/** An anchor's columns, as a left join gives them: all null where there is none. */
export type AnchorRow = {
  start_pos: Buffer | null;
  end_pos: Buffer | null;
  /** The anchor's own block, not a suggestion's. */
  anchor_block: string | null;
  quote: string | null;
  prefix: string | null;
  suffix: string | null;
  scope: "passage" | "paragraph" | null;
};

/** What `select` takes to fill an AnchorRow. */
export const ANCHOR_COLUMNS = [
  "anchors.start_pos",
  "anchors.end_pos",
  "anchors.block_id as anchor_block",
  "anchors.quote",
  "anchors.prefix",
  "anchors.suffix",
  "anchors.scope",
] as const;

/** The anchor a row holds, ready to be resolved; null when it holds none. */
export function anchorOf(row: AnchorRow): Anchor | null {
  const { start_pos, end_pos, anchor_block, quote, prefix, suffix, scope } = row;
  if (!start_pos || !end_pos || anchor_block === null) return null;
  return {
    startPos: start_pos,
    endPos: end_pos,
    blockId: anchor_block,
    quote: quote ?? "",
    prefix: prefix ?? "",
    suffix: suffix ?? "",
    scope: scope ?? "passage",
  };
}
