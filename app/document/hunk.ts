import type { MarkJSON, NodeJSON } from "./schema.ts";

/** One difference that can be taken or left by itself. Plain JSON. */
export type Hunk = {
  /** Same change, same key: survives recomputation, and a refresh that doesn't touch it. */
  key: string;
  kind:
    | "text"
    | "format"
    | "attrs"
    | "insert"
    | "delete"
    | "move"
    | "wrap"
    | "unwrap"
    | "split"
    | "merge"
    | "retype"
    | "replace";
  /** Ids of the base's blocks it changes, their containers left out: what a caret in them holds. */
  blocks: string[];
  /** What it does, all or nothing. For diff, apply and marks alone. */
  ops: Op[];
};

/** Text of one formatting. "\n" is a line break. */
export type Piece = { text: string; marks?: MarkJSON[] };

/** Replace `from`..`to` of a flow by these pieces. Offsets in UTF-16 units of the flow's base. */
export type TextEdit = { from: number; to: number; insert: Piece[] };

/**
 * The text of a block; or of several that were split or merged, each but the first led in by a
 * boundary, `boundary(index)`. All edits made in it go along with each of them: so an edit is known
 * in a text in which any of the others were made, even where words repeat.
 */
export type Flow = {
  ids: string[];
  /** The text in the base: of those of the blocks that are in it. */
  base: string;
  edits: TextEdit[];
  /** The first block's id in the copy; that of a rewritten block is another there. */
  shown: string;
};

/**
 * Where a block stands in the copy, told by neighbours that stay: those which neither document
 * moves against another. `parent` is null in the document itself. Ids are the base's, where it has
 * the block.
 */
export type Place = {
  parent: string | null;
  /** Staying siblings before it, nearest first. */
  after: string[];
  /** What else stands before it, up to the nearest of those. */
  newcomers: string[];
  /** Staying siblings after it, nearest first. */
  before: string[];
};

/** What a block is, without what is in it. */
export type Head = { type: string; attrs: Record<string, unknown> };

export type Op =
  /** Makes one edit of the flow. */
  | { op: "text"; flow: Flow; mine: number }
  /** Formats parts of the flow's base that no edit touches. */
  | {
      op: "format";
      flow: Flow;
      ranges: { from: number; to: number }[];
      add: MarkJSON[];
      remove: MarkJSON[];
    }
  | { op: "attr"; id: string; name: string; before: unknown; after: unknown; shown: string }
  | { op: "retype"; id: string; before: Head; after: Head; shown: string }
  /** With what is in it, unless that comes by operations of its own. */
  | { op: "insert"; node: NodeJSON; place: Place }
  /** `before` and `parent`: ids of the copy, the block it stood before and what that stands in. */
  | { op: "delete"; node: NodeJSON; before: string | null; parent: string | null }
  /** `from`: the parent in the base. */
  | { op: "move"; id: string; from: string | null; place: Place; shown: string };

/** The first of the signs that stand for boundaries: Unicode leaves them to private use. */
const BOUNDARIES = 0xe000;

/** The sign that leads in the block `index` of a flow. */
export function boundary(index: number): string {
  return String.fromCharCode(BOUNDARIES + index);
}

/** Whether a text could be taken for one with boundaries in it. */
export function hasBoundary(text: string): boolean {
  return /[\ue000-\uf8ff]/.test(text);
}
