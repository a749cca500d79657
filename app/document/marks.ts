import type { Hunk } from "./hunk.ts";
import { idOf, textOf } from "./read.ts";
import type { DocJSON } from "./schema.ts";

/** What to draw in a copy to show one of its differences. */
export type Mark = {
  /** The key of its hunk. */
  hunk: string;
} & (
  | {
      /** Offsets in the block's text as `textOf` gives it. */
      type: "inserted";
      blockId: string;
      from: number;
      to: number;
    }
  | { type: "deleted"; blockId: string; at: number; text: string }
  | { type: "formatted"; blockId: string; from: number; to: number }
  /** The whole block; its id may be a container's. */
  | { type: "block"; blockId: string; what: "inserted" | "moved" | "changed" }
  /** A deleted block, shown before the copy's block `before`; at the end of `parent` when null. */
  | { type: "gone"; before: string | null; parent: string | null; text: string; name: string }
);

/** What to draw in the copy, in the order of the hunks. */
export function marksOf(hunks: readonly Hunk[], _copy: DocJSON): Mark[] {
  return hunks.flatMap(({ key, ops }) =>
    ops.flatMap((op): Mark[] => {
      if (op.op === "insert") {
        return [{ hunk: key, type: "block", blockId: idOf(op.node), what: "inserted" }];
      }
      if (op.op === "delete") {
        const { before, parent } = op.place;
        const text = textOf(op.node);
        const name = op.node.type;
        return [{ hunk: key, type: "gone", before: before[0] ?? null, parent, text, name }];
      }
      if (op.op !== "text") return [];
      return op.edits.slice(...op.mine).flatMap((edit): Mark[] => {
        const at = edit.from + shiftBefore(op.edits, edit);
        const added = edit.insert.map(({ text }) => text).join("").length;
        const lost = op.base.slice(edit.from, edit.to);
        const marks: Mark[] = [];
        const place = { hunk: key, blockId: op.shown };
        if (lost !== "") marks.push({ ...place, type: "deleted", at, text: lost });
        if (added > 0) marks.push({ ...place, type: "inserted", from: at, to: at + added });
        return marks;
      });
    }),
  );
}

type Sized = { from: number; to: number; insert: { text: string }[] };

function shiftBefore(edits: readonly Sized[], edit: Sized): number {
  return edits
    .filter(({ to }) => to <= edit.from)
    .filter((other) => other !== edit)
    .reduce(
      (sum, { from, to, insert }) =>
        sum + insert.reduce((length, { text }) => length + text.length, 0) - (to - from),
      0,
    );
}
