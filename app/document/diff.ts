import type { Hunk, Op, Place } from "./hunk.ts";
import { idOf, textblocks, textOf } from "./read.ts";
import type { DocJSON, NodeJSON } from "./schema.ts";
import { edits } from "./words.ts";

export type { Hunk, Op } from "./hunk.ts";

/** The differences of a copy against its base, in the reading order of the copy. */
export function diff(base: DocJSON, copy: DocJSON): Hunk[] {
  const old = new Map(textblocks(base).map((block) => [block.id, block]));
  const hunks: Hunk[] = [];
  const kept: string[] = [];
  const now = textblocks(copy);
  const ids = new Set(now.map(({ id }) => id));
  const placeAt = (parent: NodeJSON | undefined): Place => ({
    parent: parent ? idOf(parent) : null,
    after: [...kept].reverse(),
    newcomers: [],
    before: [],
  });
  for (const block of now) {
    const from = old.get(block.id);
    if (!from) {
      const op: Op = { op: "insert", node: block.node, place: placeAt(block.within.at(-1)) };
      hunks.push({ key: `insert-${block.id}`, kind: "insert", blocks: [], ops: [op] });
      continue;
    }
    kept.push(block.id);
    const list = edits(from.text, block.text).map(({ from, to, text }) => ({
      from,
      to,
      insert: text === "" ? [] : [{ text }],
    }));
    list.forEach((edit, index) => {
      hunks.push({
        key: `text-${block.id}-${from.text.slice(edit.from, edit.to)}-${edit.insert[0]?.text ?? ""}`,
        kind: "text",
        blocks: [block.id],
        ops: [
          {
            op: "text",
            ids: [block.id],
            base: from.text,
            edits: list,
            mine: [index, index + 1],
            shown: block.id,
          },
        ],
      });
    });
  }
  for (const [id, { node, within }] of old) {
    if (ids.has(id)) continue;
    const op: Op = { op: "delete", node, place: placeAt(within.at(-1)) };
    hunks.push({ key: `delete-${id}`, kind: "delete", blocks: [id], ops: [op] });
  }
  return hunks;
}

/** The differences of a copy that is being written, keystroke by keystroke. */
export class Differ {
  readonly #base: DocJSON;

  constructor(base: DocJSON) {
    this.#base = base;
  }

  /** The differences now. `copy` is a ProseMirror document or its JSON. */
  hunks(copy: DocJSON | { toJSON(): unknown }): Hunk[] {
    return diff(this.#base, ("toJSON" in copy ? copy.toJSON() : copy) as DocJSON);
  }
}

/**
 * What a hunk says in words: the whole text of the blocks it changes before and after, several
 * blocks apart by "\n\n". `blockId` is the base's first of them; of what is inserted, the base's
 * block before it, or "" at the very beginning.
 */
export function textsOf(
  hunk: Hunk,
  base: DocJSON,
): { blockId: string; before: string; after: string } {
  const [op] = hunk.ops;
  if (op?.op === "text") {
    const [edit] = op.edits.slice(...op.mine);
    const added = edit?.insert.map(({ text }) => text).join("") ?? "";
    const after = op.base.slice(0, edit?.from) + added + op.base.slice(edit?.to);
    return { blockId: op.ids[0] ?? "", before: op.base, after };
  }
  if (op?.op === "insert") {
    return { blockId: op.place.after[0] ?? "", before: "", after: textOf(op.node) };
  }
  const blockId = hunk.blocks[0] ?? "";
  const before = textblocks(base).find(({ id }) => id === blockId)?.text ?? "";
  return { blockId, before, after: op?.op === "delete" ? "" : before };
}
