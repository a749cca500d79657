import {
  asBlock,
  type Block,
  cut,
  inlineOf,
  plain,
  sameAttrs,
  samePieces,
  sameValue,
} from "./blocks.ts";
import { placeOf, rangesIn, reformatted, spliced } from "./flow.ts";
import { boundary, type Hunk, type Op, type Piece, type Place, type TextEdit } from "./hunk.ts";
import { partsOf } from "./joints.ts";
import { type Entry, lastIn, type Tree, treeOf } from "./match.ts";
import { idOf } from "./read.ts";
import type { DocJSON, NodeJSON } from "./schema.ts";
import { checkNode, checkTree, MAX_DEPTH } from "./validate.ts";

/** What becomes of a document when a hunk is applied to it. Nothing is written anywhere. */
export type Rewritten =
  | {
      status: "applied";
      /** Shares with the old document what didn't change. */
      doc: DocJSON;
      /** Blocks that stand elsewhere or are of another type now, and new ones: to be made anew. */
      remade: ReadonlySet<string>;
      /** The whole texts of the blocks concerned, before and after, apart by empty lines. */
      before: string;
      after: string;
    }
  | { status: "already" }
  | { status: "conflict"; current: string }
  | { status: "gone" };

/** A block of a document that is being rewritten. */
type Live = {
  readonly key: string;
  type: string;
  attrs: Record<string, unknown>;
  /** Null where there are blocks inside. */
  pieces: readonly Piece[] | null;
  children: Live[];
  parent: Live | null;
  /** As it was read, while nothing in it has changed. */
  source: NodeJSON | null;
};

type Refusal = "conflict" | "gone";
type Outcome = Refusal | "made" | "already";

/**
 * Applies a hunk to a document, which may have moved on from the hunk's base: text by words,
 * structure where what it needs is as it was. All of it or nothing. A block that moves takes along
 * what is in it now; one that is deleted must read as it did. Cost: a few milliseconds for 25,000
 * words.
 */
export function rewrite(doc: DocJSON, hunk: Hunk): Rewritten {
  const draft = new Draft(treeOf(doc, "base"));
  const concerned = concernedBy(hunk);
  const before = draft.said(concerned);
  const outcome = draft.make(hunk.ops);
  if (outcome === "gone" || outcome === "already") return { status: outcome };
  const json = outcome === "made" ? draft.json() : null;
  if (!json) return { status: "conflict", current: before };
  const { remade } = draft;
  return { status: "applied", doc: json, remade, before, after: draft.said(concerned) };
}

/** The blocks that a hunk speaks of, and what is in those it moves or takes out. */
function concernedBy({ blocks, ops }: Hunk): Set<string> {
  return new Set([...blocks, ...ops.flatMap(idsOf)]);
}

function idsOf(op: Op): string[] {
  if (op.op === "text" || op.op === "format") return op.flow.ids;
  const all = (node: NodeJSON): string[] => [idOf(node), ...(node.content ?? []).flatMap(all)];
  // Text has no id, and neither has the document.
  return op.op === "insert" ? all(op.node).filter((id) => id !== "") : [];
}

/** The block that an operation puts elsewhere, takes out or makes anew; "" for none. */
function movedBy(op: Op): string {
  if (op.op === "move" || op.op === "retype") return op.id;
  return op.op === "delete" ? idOf(op.node) : "";
}

class Draft {
  readonly remade = new Set<string>();
  readonly #live = new Map<string, Live>();
  readonly #root: Live;
  /** Texts as they are to be; null of blocks whose text has gone into another. */
  readonly #texts = new Map<string, readonly Piece[] | null>();
  /** Ids that two blocks share: two people moved one block at once. */
  readonly #twins = new Set<string>();
  #changed = false;

  constructor({ root }: Tree) {
    this.#root = this.#grow(root, null);
  }

  make(ops: readonly Op[]): Outcome {
    // Which of them is meant? Soon the editor gives one another id.
    if (ops.some((op) => this.#twins.has(movedBy(op)))) return "conflict";
    const of = <Name extends Op["op"]>(name: Name) =>
      ops.filter((op): op is Extract<Op, { op: Name }> => op.op === name);
    for (const op of of("text")) {
      const refusal = this.#edit(op);
      if (refusal) return refusal;
    }
    for (const op of of("format")) {
      const refusal = this.#format(op);
      if (refusal) return refusal;
    }
    const orders = new Map<Live, Live[]>();
    for (const op of of("move")) {
      const refusal = this.#detach(op, orders);
      if (refusal) return refusal;
    }
    for (const op of of("delete").reverse()) {
      if (!this.#delete(op)) return "conflict";
    }
    for (const op of ops) {
      const refusal =
        op.op === "retype"
          ? this.#retype(op)
          : op.op === "attr"
            ? this.#set(op)
            : op.op === "insert"
              ? this.#insert(op)
              : op.op === "move"
                ? this.#attach(op)
                : null;
      if (refusal) return refusal;
    }
    for (const [parent, order] of orders) {
      const { children } = parent;
      const same = order.length === children.length && order.every((at, i) => at === children[i]);
      if (!same) this.#changed = true;
    }
    if (!this.#write()) return "conflict";
    return this.#changed ? "made" : "already";
  }

  /** The new document; null when it wouldn't be sound. */
  json(): DocJSON | null {
    let isSound = true;
    const visit = (live: Live, depth: number): NodeJSON => {
      if (depth > MAX_DEPTH) isSound = false;
      const inside = live.children.map((child) => visit(child, depth + 1));
      if (live.source) return live.source;
      const content = live.pieces ? inlineOf(live.pieces) : inside;
      const node: NodeJSON = { type: live.type };
      if (Object.keys(live.attrs).length > 0) node.attrs = live.attrs;
      if (content.length > 0 || !live.parent) node.content = content;
      if ((live.pieces ? checkTree(node) : checkNode(node)) !== null) isSound = false;
      return node;
    };
    const node = visit(this.#root, 0);
    return isSound ? { ...node, type: "doc" } : null;
  }

  /** The texts of some blocks and of what is in them, in reading order. */
  said(ids: ReadonlySet<string>): string {
    const texts: string[] = [];
    const visit = (live: Live, isIn: boolean) => {
      const said = isIn || ids.has(live.key);
      if (live.pieces && said) texts.push(plain(live.pieces));
      for (const child of live.children) visit(child, said);
    };
    visit(this.#root, false);
    return texts.join("\n\n");
  }

  #grow({ key, block, children }: Entry, parent: Live | null): Live {
    const live: Live = {
      key,
      type: block.type,
      attrs: block.attrs,
      pieces: block.isText ? block.pieces : null,
      children: [],
      parent,
      source: block.json,
    };
    this.#live.set(key, live);
    if (key !== block.id && block.id !== "") this.#twins.add(block.id);
    live.children = children.map((child) => this.#grow(child, live));
    return live;
  }

  #edit({ flow, mine }: Extract<Op, { op: "text" }>): Refusal | null {
    const { ids, edits } = flow;
    const pieces = this.#flowing(ids);
    if (!pieces) return "gone";
    const place = placeOf(flow, mine, plain(pieces));
    if (place === "already") return null;
    if (place === "conflict") return "conflict";
    const parts = partsOf(spliced(pieces, place, edits[mine]?.insert ?? []), ids.length);
    ids.forEach((id, index) => {
      const part = parts.get(index);
      if (part || this.#textOf(id)) this.#texts.set(id, part ?? null);
    });
    return null;
  }

  #format(op: Extract<Op, { op: "format" }>): Refusal | null {
    const { ids } = op.flow;
    const pieces = this.#flowing(ids);
    if (!pieces) return "gone";
    const ranges = rangesIn(op.flow, op.ranges, plain(pieces));
    if (ranges.length === 0) return "conflict";
    let formatted: Piece[] = [...pieces];
    for (const range of ranges) {
      const inside: Piece[] = [];
      for (const { text, marks } of cut(pieces, range.from, range.to)) {
        const changed = reformatted(marks ?? [], op);
        if (changed === "conflict") return "conflict";
        inside.push({ text, marks: changed });
      }
      formatted = spliced(formatted, range, inside);
    }
    for (const [index, part] of partsOf(formatted, ids.length)) {
      this.#texts.set(ids[index] as string, part);
    }
    return null;
  }

  #flowing(ids: readonly string[]): Piece[] | null {
    if (!this.#textOf(ids[0] as string)) return null;
    return ids.flatMap((id, index) => {
      const pieces = this.#textOf(id);
      if (!pieces) return [];
      return index > 0 ? [{ text: boundary(index) }, ...pieces] : [...pieces];
    });
  }

  #textOf(id: string): readonly Piece[] | null {
    const written = this.#texts.get(id);
    return written === undefined ? (this.#live.get(id)?.pieces ?? null) : written;
  }

  /** Writes the texts into their blocks; a text that went must have taken its block along. */
  #write(): boolean {
    for (const [id, pieces] of this.#texts) {
      const live = this.#live.get(id);
      if (!live) {
        if (pieces) return false;
      } else if (!pieces || !live.pieces) return false;
      else if (!samePieces(live.pieces, pieces)) {
        live.pieces = pieces;
        this.#touch(live);
        this.#changed = true;
      }
    }
    return true;
  }

  #detach(op: Extract<Op, { op: "move" }>, orders: Map<Live, Live[]>): Refusal | null {
    const live = this.#live.get(op.id);
    const parent = live?.parent;
    if (!live || !parent) return "gone";
    const around = parent === this.#root ? null : parent.key;
    if (around !== op.from && around !== op.place.parent) return "conflict";
    const target = op.place.parent === null ? this.#root : this.#live.get(op.place.parent);
    for (const touched of target ? [parent, target] : [parent]) {
      if (!orders.has(touched)) orders.set(touched, [...touched.children]);
    }
    this.#takeOut(live);
    return null;
  }

  #takeOut(live: Live): void {
    const { parent } = live;
    if (!parent) return;
    parent.children = parent.children.filter((child) => child !== live);
    this.#touch(parent);
    live.parent = null;
  }

  #attach({ id, place }: Extract<Op, { op: "move" }>): Refusal | null {
    const live = this.#live.get(id);
    const parent = this.#standing(place.parent);
    // What it is to move into may be in it by now.
    if (live && !parent && this.#live.has(place.parent ?? "")) return "conflict";
    if (!live || !parent) return "gone";
    this.#putIn(parent, live, place);
    this.remade.add(id);
    return null;
  }

  /** A block that is in the document, and not in one that was just taken out of it. */
  #standing(id: string | null): Live | null {
    const live = id === null ? this.#root : this.#live.get(id);
    let top = live;
    while (top?.parent) top = top.parent;
    return top === this.#root ? (live ?? null) : null;
  }

  #putIn(parent: Live, live: Live, place: Place): void {
    const at = indexFor(
      parent.children.map(({ key }) => key),
      place,
    );
    parent.children = [...parent.children.slice(0, at), live, ...parent.children.slice(at)];
    live.parent = parent;
    this.#touch(parent);
  }

  #delete({ node }: Extract<Op, { op: "delete" }>): boolean {
    const live = this.#live.get(idOf(node));
    if (!live) return true;
    if (!this.#isAsBefore(live, asBlock(node))) return false;
    this.#takeOut(live);
    this.#changed = true;
    const forget = ({ key, children }: Live) => {
      this.#live.delete(key);
      children.forEach(forget);
    };
    forget(live);
    return true;
  }

  #isAsBefore(live: Live, before: Block): boolean {
    const { attrs, children } = live;
    return (
      live.type === before.type &&
      sameAttrs(attrs, before.attrs) &&
      (!live.pieces || this.#texts.has(live.key) || samePieces(live.pieces, before.pieces)) &&
      children.length === before.children.length &&
      children.every((child, index) => this.#isAsBefore(child, before.children[index] as Block))
    );
  }

  #retype({ id, before, after }: Extract<Op, { op: "retype" }>): Refusal | null {
    const live = this.#live.get(id);
    if (!live) return "gone";
    const is = (head: typeof before) =>
      live.type === head.type &&
      sameAttrs({ ...live.attrs, id: null }, { ...head.attrs, id: null });
    if (is(after)) return null;
    if (!is(before)) return "conflict";
    live.type = after.type;
    live.attrs = { ...after.attrs, id };
    this.#touch(live);
    this.#changed = true;
    this.remade.add(id);
    return null;
  }

  #set({ id, name, before, after }: Extract<Op, { op: "attr" }>): Refusal | null {
    const live = this.#live.get(id);
    if (!live) return "gone";
    const now = live.attrs[name];
    if (sameValue(now, after)) return null;
    if (!sameValue(now, before)) return "conflict";
    live.attrs = { ...live.attrs, [name]: after };
    this.#touch(live);
    this.#changed = true;
    return null;
  }

  #insert({ node, place }: Extract<Op, { op: "insert" }>): Refusal | null {
    if (this.#live.has(idOf(node))) return null;
    const parent = this.#standing(place.parent);
    if (!parent) return "gone";
    const { root } = treeOf({ type: "doc", content: [node] }, "copy");
    const taken = (entry: Entry): boolean =>
      this.#live.has(entry.key) || entry.children.some(taken);
    const entry = root.children[0] as Entry;
    if (taken(entry)) return "conflict";
    const live = this.#grow(entry, null);
    const add = (each: Live) => {
      each.source = null;
      this.remade.add(each.key);
      each.children.forEach(add);
    };
    add(live);
    this.#putIn(parent, live, place);
    this.#changed = true;
    return null;
  }

  #touch(live: Live): void {
    for (let at: Live | null = live; at; at = at.parent) at.source = null;
  }
}

/**
 * Where among these siblings a block belongs: behind the nearest that stays, and behind the last of
 * those newcomers that come before it. Where nobody is left that stood before it, before the first
 * that stood behind.
 */
function indexFor(siblings: readonly string[], { after, newcomers, before }: Place): number {
  const left = after.find((id) => siblings.includes(id));
  const right = siblings.findIndex((id) => before.includes(id));
  let at = 0;
  if (left !== undefined) at = siblings.indexOf(left) + 1;
  else if (after.length > 0) at = right < 0 ? siblings.length : right;
  for (let index = at; index < siblings.length; index++) {
    const id = siblings[index] as string;
    if (before.includes(id)) break;
    if (newcomers.includes(id)) at = index + 1;
  }
  return at;
}

/**
 * What a hunk says in words, for people and for the record: the whole texts of the blocks it changes
 * before and after, several apart by an empty line. `blockId` is the first textblock it changes; of
 * what is only inserted, the textblock before it, or else the first there is. `base` must be what
 * the hunk was found against. Cost: microseconds for words, up to a millisecond for structure.
 */
export function textsOf(
  hunk: Hunk,
  base: DocJSON,
): { blockId: string; before: string; after: string } {
  const [op, ...others] = hunk.ops;
  if (op?.op === "text" && others.length === 0 && op.flow.ids.length === 1) {
    const { ids, base: before, edits } = op.flow;
    const { from, to, insert } = edits[op.mine] as TextEdit;
    const after = before.slice(0, from) + plain(insert) + before.slice(to);
    return { blockId: ids[0] as string, before, after };
  }
  const tree = baseTree(base);
  const draft = new Draft(tree);
  const concerned = concernedBy(hunk);
  const before = draft.said(concerned);
  draft.make(hunk.ops);
  return { blockId: whereOf(hunk, tree), before, after: draft.said(concerned) };
}

/** A base is asked about once for each of its hunks. */
const trees = new WeakMap<DocJSON, Tree>();

function baseTree(base: DocJSON): Tree {
  const tree = trees.get(base) ?? treeOf(base, "base");
  trees.set(base, tree);
  return tree;
}

function whereOf({ blocks, ops }: Hunk, { byKey }: Tree): string {
  const texts = [...byKey.values()].filter(({ block }) => block.isText);
  const changed = new Set(blocks);
  const isIn = (entry: Entry | null): boolean =>
    entry !== null && (changed.has(entry.key) || isIn(entry.parent));
  const first = texts.find(isIn);
  if (first) return first.key;
  const place = ops.find((op) => op.op === "insert")?.place;
  const neighbour = place?.after.map((id) => byKey.get(id)).find((entry) => entry);
  const limit = neighbour ? lastIn(neighbour) : byKey.get(place?.parent ?? "");
  const before = texts.filter(({ order }) => order <= (limit?.order ?? 0)).at(-1);
  return (before ?? texts[0])?.key ?? "";
}
