import type { Insertable } from "kysely";
import type * as Y from "yjs";
import type { Database } from "#db/schema.ts";
import { createAnchor } from "../../document/anchors.ts";
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
 * The passage a form points at, as the draft stands now. Selected words that only slid along their
 * paragraph are followed. Throws Stale when the paragraph is gone or doesn't read as the form
 * showed it.
 */
export function passageOf(json: DocJSON, { block, start, end, quote, base }: Pointed): Passage {
  const found = textblocks(json).find(({ id }) => id === block);
  if (!found) throw new Stale(null);
  const { id: blockId, text } = found;
  if (base !== undefined && base !== text) throw new Stale(text);
  const whole = { blockId, text, scope: "paragraph" as const, start: 0, end: text.length };
  if (start === undefined || end === undefined || !quote) return whole;
  const at = text.slice(start, end) === quote ? start : onlyPlace(text, quote);
  if (at === null) {
    // Without a base nobody was shown the text yet: the paragraph will do.
    if (base === undefined) return whole;
    throw new Stale(text);
  }
  return { blockId, text, scope: "passage", start: at, end: at + quote.length };
}

/** Where a quote stands in a text, if it stands there once only. */
function onlyPlace(text: string, quote: string): number | null {
  const at = text.indexOf(quote);
  return at >= 0 && text.indexOf(quote, at + 1) < 0 ? at : null;
}

/** The row that keeps a passage findable while the text around it changes. */
export function anchorAt(
  doc: Y.Doc,
  documentId: string,
  { blockId, scope, start, end }: Passage,
): Omit<Insertable<Database["anchors"]>, "input_id"> {
  const anchor = createAnchor(doc, { blockId, start, end, scope });
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
