import { type Block, inlineOf, sameAttrs, sameValue } from "./blocks.ts";
import type { Op, Place } from "./hunk.ts";
import { type Entry, lastIn, type Tree } from "./match.ts";
import type { NodeJSON } from "./schema.ts";
import { mayHold } from "./validate.ts";

/** An operation and where in the copy's reading order it shows. */
export type Step = { op: Op; order: number; group: Group };

/** What must be done together, or not at all. */
export class Group {
  #into: Group | null = null;

  get root(): Group {
    let root: Group = this;
    while (root.#into) root = root.#into;
    return root;
  }

  join(other: Group): void {
    const [one, two] = [this.root, other.root];
    if (one !== two) two.#into = one;
  }
}

/** The JSON of blocks that were asked about before. */
const nodes = new WeakMap<Block, NodeJSON>();

/** So many neighbours on either side tell where a block stands. */
const NEIGHBOURS = 12;

/** The id by which operations speak of a block of the copy: the base's, where that has it. */
function nameOf({ twin, key }: Entry): string {
  return twin?.key ?? key;
}

/** As operations name what a block stands in. */
function parentName({ parent }: Entry): string | null {
  return parent?.parent ? nameOf(parent) : null;
}

/**
 * What became of the blocks themselves: inserted, deleted, moved, of another type or with other
 * attributes. `flowing` are textblocks whose text comes, or goes, by operations of its own.
 */
export class Structure {
  readonly steps: Step[] = [];
  /** By the entry whose place or being they change: the copy's, or the base's of what is lost. */
  readonly #steps = new Map<Entry, Step[]>();
  readonly #whole: ReadonlySet<Entry>;
  readonly #flowing: ReadonlySet<Entry>;

  constructor(base: Tree, copy: Tree, flowing: ReadonlySet<Entry>) {
    this.#flowing = flowing;
    this.#whole = new Set([...unmatched(base), ...unmatched(copy)]);
    const retyped: Entry[] = [];
    const reparented: Entry[] = [];
    for (const entry of copy.byKey.values()) {
      if (!entry.parent) continue;
      const { twin, block, order, stays } = entry;
      if (!twin) {
        if (!this.#whole.has(entry.parent)) this.#insert(entry);
        continue;
      }
      const id = twin.key;
      if (!stays) {
        const from = twin.parent?.parent ? twin.parent.key : null;
        this.#add(entry, { op: "move", id, from, place: placeOf(entry), shown: entry.key }, order);
        if (twin.parent?.twin !== entry.parent) reparented.push(entry);
      }
      if (block === twin.block) continue;
      if (block.type !== twin.block.type) {
        const [before, after] = [headOf(twin), headOf(entry)];
        this.#add(entry, { op: "retype", id, before, after, shown: entry.key }, order);
        retyped.push(entry);
      } else {
        for (const change of attrChanges(twin.block, block)) {
          this.#add(entry, { op: "attr", id, ...change, shown: entry.key }, order);
        }
      }
    }
    for (const entry of base.byKey.values()) {
      if (entry.twin || !entry.parent || this.#whole.has(entry.parent)) continue;
      const node = this.#nodeOf(entry);
      this.#add(entry, { op: "delete", node, ...goneFrom(entry) }, orderOfLost(entry));
    }
    this.#keepTogether(retyped, reparented);
  }

  /** What brings a new textblock, or takes a lost one away. */
  groupOf(entry: Entry): Group {
    for (let at: Entry | null = entry; at; at = at.parent) {
      const [step] = this.#steps.get(at) ?? [];
      if (step) return step.group;
    }
    return new Group();
  }

  #add(entry: Entry, op: Op, order: number): void {
    const step = { op, order, group: new Group() };
    this.steps.push(step);
    const steps = this.#steps.get(entry);
    if (steps) steps.push(step);
    else this.#steps.set(entry, [step]);
  }

  #insert(entry: Entry): void {
    const op: Op = { op: "insert", node: this.#nodeOf(entry), place: placeOf(entry) };
    this.#add(entry, op, entry.order);
  }

  /** A block as JSON under its own id: with all that is in it, when nothing in it was elsewhere. */
  #nodeOf(entry: Entry): NodeJSON {
    const isOwn = this.#whole.has(entry) && this.#isOwn(entry);
    const known = isOwn ? nodes.get(entry.block) : undefined;
    const node = known ?? this.#newNode(entry);
    if (isOwn) nodes.set(entry.block, node);
    return node;
  }

  /** Whether a block's JSON is that of its own alone: no id is another, no text flows elsewhere. */
  #isOwn(entry: Entry): boolean {
    return (
      entry.key === entry.block.id &&
      !this.#flowing.has(entry) &&
      entry.children.every((child) => this.#isOwn(child))
    );
  }

  #newNode(entry: Entry): NodeJSON {
    const { block, key, children } = entry;
    const node: NodeJSON = { type: block.type, attrs: { ...block.attrs, id: key } };
    const content = block.isText
      ? this.#flowing.has(entry) && entry.side === "copy"
        ? []
        : inlineOf(block.pieces)
      : this.#whole.has(entry)
        ? children.map((child) => this.#nodeOf(child))
        : [];
    if (content.length > 0) node.content = content;
    return node;
  }

  #keepTogether(retyped: readonly Entry[], reparented: readonly Entry[]): void {
    for (const [entry, steps] of this.#steps) {
      const [step] = steps;
      // A container that appears comes with what moves in; one that disappears, with what moves out.
      if (!step || entry.twin || this.#whole.has(entry)) continue;
      for (const child of entry.children) this.#join(step, child);
    }
    this.#keepAcyclic(reparented);
    for (const entry of retyped) this.#keepValid(entry);
    this.#keepTables();
  }

  /** Joins all that is done to a block to a step. A lost block's twin is what moves. */
  #join(step: Step, entry: Entry): void {
    for (const other of this.#of(entry)) step.group.join(other.group);
  }

  #of(entry: Entry): Step[] {
    return [
      ...(this.#steps.get(entry) ?? []),
      ...((entry.twin && this.#steps.get(entry.twin)) || []),
    ];
  }

  /** Two blocks that change places, one in the other, can't do so one by one. */
  #keepAcyclic(moved: readonly Entry[]): void {
    if (moved.length < 2) return;
    const above = new Map(moved.map((entry) => [entry, ancestors(entry)]));
    for (const entry of moved) {
      for (const other of above.get(entry) ?? []) {
        if (other === entry || !above.get(other)?.has(entry)) continue;
        const [step] = this.#of(entry);
        if (step) this.#join(step, other);
      }
    }
  }

  /** A block of another type may not fit what stays around it or in it. */
  #keepValid(entry: Entry): void {
    const [step] = this.#of(entry);
    const { twin, parent } = entry;
    if (!step || !twin) return;
    const types = [entry.block.type, twin.block.type];
    for (const child of [...entry.children, ...twin.children]) {
      if (!fitAnyway(types, typesOf(child))) this.#join(step, child);
    }
    for (const around of [parent, twin.parent]) {
      if (!around || fitAnyway(typesOf(around), types)) continue;
      this.#join(step, entry);
      this.#join(step, around);
    }
  }

  /** A table whose rows change differs as one: cells alone would leave it ragged. */
  #keepTables(): void {
    const first = new Map<Entry, Step>();
    const ragged = new Set<Entry>();
    const members: [Entry, Step][] = [];
    for (const [entry, steps] of this.#steps) {
      const table = tableOf(entry);
      if (!table) continue;
      for (const step of steps) {
        if (step.op.op === "retype") continue;
        if (step.op.op === "attr" && !/^(col|row)span$/.test(step.op.name)) continue;
        members.push([table, step]);
        if (entry.parent?.block.type === "tableRow") ragged.add(table);
      }
    }
    for (const [table, step] of members) {
      if (!ragged.has(table)) continue;
      const other = first.get(table);
      if (other) other.group.join(step.group);
      else first.set(table, step);
    }
  }
}

/** Blocks that are in one document only, with all that is in them. */
function unmatched(tree: Tree): Entry[] {
  const whole = new Set<Entry>();
  for (const entry of [...tree.byKey.values()].reverse()) {
    if (!entry.twin && entry.children.every((child) => whole.has(child))) whole.add(entry);
  }
  return [...whole];
}

function placeOf(entry: Entry): Place {
  const siblings = entry.parent?.children ?? [];
  const at = siblings.indexOf(entry);
  const after: string[] = [];
  const newcomers: string[] = [];
  const before: string[] = [];
  for (let index = at - 1; index >= 0 && after.length < NEIGHBOURS; index--) {
    const sibling = siblings[index] as Entry;
    if (sibling.stays) after.push(nameOf(sibling));
    else if (after.length === 0) newcomers.unshift(nameOf(sibling));
  }
  for (let index = at + 1; index < siblings.length && before.length < NEIGHBOURS; index++) {
    const sibling = siblings[index] as Entry;
    if (sibling.stays) before.push(nameOf(sibling));
  }
  return { parent: parentName(entry), after, newcomers, before };
}

function headOf({ block }: Entry) {
  const { id: _, ...attrs } = block.attrs;
  return { type: block.type, attrs };
}

/** Blocks that were compared before: the copy's with the base's, where no attribute differs. */
const alike = new WeakMap<Block, Block>();

function attrChanges(base: Block, copy: Block) {
  if (alike.get(copy) === base) return [];
  const { attrs: before } = base;
  const { attrs: after } = copy;
  if (sameAttrs(before, after)) {
    alike.set(copy, base);
    return [];
  }
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => name !== "id" && !sameValue(before[name], after[name]))
    .map((name) => ({ name, before: before[name] ?? null, after: after[name] ?? null }));
}

/** Where in the copy a lost block is to be shown: before which block, or at the end of which. */
function goneFrom(entry: Entry): { before: string | null; parent: string | null } {
  for (let at = entry; at.parent; at = at.parent) {
    const siblings = at.parent.children;
    const next = siblings.slice(siblings.indexOf(at) + 1).find(({ stays }) => stays);
    const twin = at.parent.twin;
    if (next?.twin) return { before: next.twin.key, parent: twin?.key || null };
    if (twin) return { before: null, parent: twin.key || null };
  }
  return { before: null, parent: null };
}

/** Behind what stood before it, or at the beginning of what it stood in. */
function orderOfLost(entry: Entry): number {
  const { parent } = entry;
  if (!parent) return 0;
  const before = parent.children.slice(0, parent.children.indexOf(entry)).reverse();
  const twin = before.find(({ stays }) => stays)?.twin;
  if (twin) return lastIn(twin).order + 0.5;
  return parent.twin ? parent.twin.order + 0.25 : orderOfLost(parent);
}

/** Whatever a block of the copy stands in, in either document. */
function ancestors(entry: Entry): Set<Entry> {
  const found = new Set<Entry>();
  const climb = (at: Entry | null | undefined) => {
    if (!at || found.has(at)) return;
    found.add(at);
    climb(at.parent);
    // Only the copy's entries are looked for; the base's lead on to them.
    if (at.twin) {
      found.add(at.twin);
      climb(at.twin.parent);
    }
  };
  climb(entry.parent);
  climb(entry.twin?.parent);
  return found;
}

function typesOf({ block, twin }: Entry): string[] {
  return twin ? [block.type, twin.block.type] : [block.type];
}

/** Whether blocks fit in each other before and after either becomes another. */
function fitAnyway(parents: readonly string[], children: readonly string[]): boolean {
  return parents.every((parent) => children.every((child) => mayHold(parent, child)));
}

/** The table a row or cell is in; the base's, where that has it. */
function tableOf({ block, parent }: Entry): Entry | null {
  const isCell = block.type === "tableCell" || block.type === "tableHeader";
  const table = isCell ? parent?.parent : block.type === "tableRow" ? parent : null;
  if (!table) return null;
  return table.side === "base" ? table : (table.twin ?? table);
}
