import { plain, type Source, samePieces } from "./blocks.ts";
import { type Formatting, formattings, textEdits } from "./flow.ts";
import { boundary, type Flow, type Hunk, hasBoundary, type Op, type Piece } from "./hunk.ts";
import { flowOf, type Joint, joints } from "./joints.ts";
import { distinctKeys, keyOf } from "./keys.ts";
import { type Entry, match, type Tree, treeOf } from "./match.ts";
import { idOf, WORD } from "./read.ts";
import type { NodeJSON } from "./schema.ts";
import { type Group, type Step, Structure } from "./structure.ts";

export type { Hunk, Op } from "./hunk.ts";
export { textsOf } from "./rewrite.ts";

/**
 * The differences of a copy against its base, in the reading order of the copy. Taken together, in
 * any order, they turn the base into the copy; a block that was rewritten keeps its id in the base.
 * Cost: 20 to 60 ms for 25,000 words and 200 changes.
 */
export function diff(base: Source, copy: Source): Hunk[] {
  return new Differ(base).hunks(copy);
}

type Shown = { hunk: Hunk; order: number };

/**
 * The differences of a copy that is being written. What is asked again is only computed where the
 * copy changed: of a ProseMirror document, a keystroke costs its block and a walk over the blocks.
 */
export class Differ {
  readonly #base: Tree;
  /** What was found last, by the base's block. */
  readonly #texts = new Map<Entry, { key: string; pieces: readonly Piece[]; hunks: Hunk[] }>();
  readonly #flows = new Map<Entry, { parts: unknown[]; found: ReturnType<typeof flowOf> }>();

  /** `base` and the copies are ProseMirror documents or their JSON; JSON must not be changed. */
  constructor(base: Source) {
    this.#base = treeOf(base, "base");
  }

  /** The differences of this copy, as `diff` gives them. */
  hunks(doc: Source): Hunk[] {
    const copy = treeOf(doc, "copy");
    match(this.#base, copy);
    const joined = joints(this.#base, copy);
    const flowing = new Set([...joined.values()].flatMap(({ fresh, lost }) => [...fresh, ...lost]));
    const structure = new Structure(this.#base, copy, flowing);
    const shown: Shown[] = [];
    for (const entry of copy.byKey.values()) {
      if (!entry.block.isText || !entry.twin || joined.has(entry)) continue;
      this.#textHunks(entry).forEach((hunk, index) => {
        shown.push({ hunk, order: entry.order + inBlock(index) });
      });
    }
    for (const joint of joined.values()) shown.push(...this.#jointHunks(joint, structure));
    shown.push(...this.#structureHunks(structure.steps));
    return distinctKeys(shown.sort((a, b) => a.order - b.order).map(({ hunk }) => hunk));
  }

  #textHunks(entry: Entry): Hunk[] {
    const { key, block } = entry;
    const twin = entry.twin as Entry;
    const last = this.#texts.get(twin);
    if (last?.key === key && samePieces(last.pieces, block.pieces)) return last.hunks;
    const hunks = textHunks(twin, entry);
    this.#texts.set(twin, { key, pieces: block.pieces, hunks });
    return hunks;
  }

  #flowOf(joint: Joint): ReturnType<typeof flowOf> {
    const { head, fresh, lost } = joint;
    const parts = [head, ...fresh, ...lost].flatMap(({ block, key }) => [block, key]);
    const twin = head.twin as Entry;
    const last = this.#flows.get(twin);
    const isSame =
      last?.parts.length === parts.length && last.parts.every((part, at) => part === parts[at]);
    if (isSame) return last.found;
    const found = flowOf(joint);
    this.#flows.set(twin, { parts, found });
    return found;
  }

  /** Edits between blocks that share a text; one that moves a boundary belongs to the structure. */
  #jointHunks(joint: Joint, structure: Structure): Shown[] {
    const { flow, base, copy } = this.#flowOf(joint);
    const shown: Shown[] = [];
    const blocks = [joint.head.twin as Entry, ...joint.lost].map(({ key }) => key);
    flow.edits.forEach((edit, mine) => {
      const op: Op = { op: "text", flow, mine };
      const order = joint.head.order + inBlock(mine);
      const moved = flow.base.slice(edit.from, edit.to) + plain(edit.insert);
      if (!hasBoundary(moved)) {
        shown.push({ hunk: textHunk(flow, mine, blocks), order });
        return;
      }
      const groups = [...joint.fresh, ...joint.lost]
        .filter(({ key }) => moved.includes(signOf(flow, key)))
        .map((entry) => structure.groupOf(entry));
      const [group, ...others] = groups as [Group, ...Group[]];
      for (const other of others) group.join(other);
      structure.steps.push({ op, order, group });
    });
    for (const change of formattings(base, copy, flow.edits)) {
      shown.push({ hunk: formatHunk(flow, change, blocks), order: joint.head.order + inBlock(0) });
    }
    return shown;
  }

  #structureHunks(steps: readonly Step[]): Shown[] {
    const groups = new Map<Group, Step[]>();
    for (const step of steps) {
      const { root } = step.group;
      const group = groups.get(root);
      if (group) group.push(step);
      else groups.set(root, [step]);
    }
    return [...groups.values()].map((group) => {
      group.sort((a, b) => a.order - b.order);
      const ops = group.map(({ op }) => op);
      const kind = kindOf(ops);
      const key = keyOf(kind, ...ops.map(said));
      const hunk = { key, kind, blocks: this.#changed(ops), ops };
      return { hunk, order: group[0]?.order ?? 0 };
    });
  }

  /** The base's blocks that these operations write in, make anew or take out. */
  #changed(ops: readonly Op[]): string[] {
    const found = new Set<string>();
    const all = (id: string) => {
      const entry = this.#base.byKey.get(id);
      if (!entry || found.has(id)) return;
      found.add(id);
      for (const child of entry.children) all(child.key);
    };
    for (const op of ops) {
      if (op.op === "move" || op.op === "retype") all(op.id);
      else if (op.op === "attr") found.add(op.id);
      else if (op.op === "delete") for (const id of idsIn(op.node)) found.add(id);
      else if (op.op === "text") {
        for (const id of op.flow.ids) if (this.#base.byKey.has(id)) found.add(id);
      }
    }
    return [...found];
  }
}

/** Places the changes in a block behind those of the block itself. */
const inBlock = (index: number) => 0.1 + Math.min(0.1, index / 10_000);

const signOf = (flow: Flow, id: string) => boundary(flow.ids.indexOf(id));

function textHunks({ block: { pieces: base, text }, key }: Entry, copy: Entry): Hunk[] {
  const { pieces } = copy.block;
  if (samePieces(base, pieces)) return [];
  const edits = text === copy.block.text ? [] : textEdits(base, pieces);
  const flow = { ids: [key], base: text, edits, shown: copy.key };
  return [
    ...edits.map((_, mine) => textHunk(flow, mine, [key])),
    ...formattings(base, pieces, edits).map((change) => formatHunk(flow, change, [key])),
  ];
}

/** Of so many words and more, nothing of which stayed, nobody reads a correction. */
const MANY = 20;

function textHunk(flow: Flow, mine: number, blocks: string[]): Hunk {
  const { from, to } = flow.edits[mine] as Flow["edits"][number];
  const isAll = from === 0 && to === flow.base.length;
  const kind = isAll && (flow.base.match(WORD)?.length ?? 0) >= MANY ? "replace" : "text";
  const op: Op = { op: "text", flow, mine };
  return { key: keyOf(kind, said(op)), kind, blocks, ops: [op] };
}

function formatHunk(flow: Flow, change: Formatting, blocks: string[]): Hunk {
  const op: Op = { op: "format", flow, ...change };
  return { key: keyOf("format", said(op)), kind: "format", blocks, ops: [op] };
}

/** So many characters beside an edit hold the next word. */
const NEAR = 60;

/** What of an operation makes it the same one, wherever else something changes. */
function said(op: Op): unknown[] {
  switch (op.op) {
    case "text": {
      const { ids, base, edits } = op.flow;
      const { from, to, insert } = edits[op.mine] as Flow["edits"][number];
      const before = base
        .slice(Math.max(0, from - NEAR), from)
        .match(WORD)
        ?.at(-1);
      const after = base.slice(to, to + NEAR).match(WORD)?.[0];
      return ["text", ids[0], base.slice(from, to), insert, before, after];
    }
    case "format": {
      const { ids, base } = op.flow;
      const texts = op.ranges.map(({ from, to }) => base.slice(from, to));
      return ["format", ids[0], texts, op.add, op.remove];
    }
    case "attr":
      return ["attr", op.id, op.name, op.after];
    case "retype":
      return ["retype", op.id, op.after];
    case "insert":
      return ["insert", nodeKey(op.node), op.place.parent];
    case "delete":
      return ["delete", nodeKey(op.node)];
    case "move":
      return ["move", op.id, op.place.parent];
  }
}

const nodeKeys = new WeakMap<NodeJSON, string>();

/** What a block holds, in short. */
function nodeKey(node: NodeJSON): string {
  const key = nodeKeys.get(node) ?? keyOf("insert", node);
  nodeKeys.set(node, key);
  return key;
}

function kindOf(ops: readonly Op[]): Hunk["kind"] {
  const signs = ops.flatMap((op) => {
    const edit = op.op === "text" && op.flow.edits[op.mine];
    if (!edit) return [];
    return [op.flow.base.slice(edit.from, edit.to), plain(edit.insert)].map(hasBoundary);
  });
  const merges = signs.some((sign, index) => sign && index % 2 === 0);
  const splits = signs.some((sign, index) => sign && index % 2 === 1);
  if (merges !== splits) return merges ? "merge" : "split";
  const does = (name: Op["op"]) => ops.some(({ op }) => op === name);
  if (!merges && does("move") && does("insert") !== does("delete")) {
    return does("insert") ? "wrap" : "unwrap";
  }
  const [only, ...others] = new Set(ops.map(({ op }) => op));
  if (others.length > 0 || !only) return does("retype") ? "retype" : "replace";
  return only === "attr" ? "attrs" : only;
}

/** The ids of a block and of all in it. */
function idsIn(node: NodeJSON): string[] {
  return [idOf(node), ...(node.content ?? []).flatMap(idsIn)].filter((id) => id !== "");
}
