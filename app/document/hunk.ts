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
  /** What it does, all or nothing. Internal to diff, apply and marks. */
  ops: Op[];
};

/** Text as it is written: characters of one formatting. "\n" is a line break. */
export type Piece = { text: string; marks?: MarkJSON[] };

/** Replace `from`..`to` of the flow by these pieces. Offsets in UTF-16 units of the base's text. */
export type TextEdit = { from: number; to: number; insert: Piece[] };

/**
 * Where a block stands in the copy, told by its neighbours there. `parent` is null in the document
 * itself. Kept siblings are those that neither document moves against another.
 */
export type Place = {
  parent: string | null;
  /** Kept siblings before it, nearest first. */
  after: string[];
  /** Who is new among them between the nearest of those and the block. */
  newcomers: string[];
  /** Kept siblings after it, nearest first. */
  before: string[];
};

export type Op =
  /**
   * Edits of a flow: a textblock, or several that were split or merged, their texts joined by one
   * sign for each boundary. Carries all edits of its flow and which of them it makes: so it is known
   * in a text in which any of the others were made.
   */
  | {
      op: "text";
      ids: string[];
      base: string;
      edits: TextEdit[];
      /** The first of the edits it makes, and the one after the last. */
      mine: [number, number];
      /** The id in the copy of the block it stands in there. */
      shown: string;
    }
  | {
      op: "format";
      id: string;
      base: string;
      edits: TextEdit[];
      ranges: { from: number; to: number }[];
      add: MarkJSON[];
      remove: MarkJSON[];
      shown: string;
    }
  | { op: "attr"; id: string; name: string; before: unknown; after: unknown; shown: string }
  | { op: "retype"; id: string; before: Head; after: Head; shown: string }
  | { op: "insert"; node: NodeJSON; place: Place }
  | { op: "delete"; node: NodeJSON; place: Place }
  | { op: "move"; id: string; place: Place; shown: string };

/** What a block is, without what is in it. */
export type Head = { type: string; attrs: Record<string, unknown> };
