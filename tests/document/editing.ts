import { Fragment, type Node, type NodeType } from "@tiptap/pm/model";
import { canJoin, canSplit, findWrapping, liftTarget, Transform } from "@tiptap/pm/transform";
import { initProseMirrorDoc, updateYFragment } from "@tiptap/y-tiptap";
import type * as Y from "yjs";
import { FRAGMENT, schema } from "#app/document/schema.ts";
import type { Random } from "./random.ts";

let lastId = 0;
const newId = () => `n${++lastId}`;

/** A document as the editor has it: ProseMirror's steps, written through the editor's binding. */
export function editing(doc: Y.Doc) {
  const fragment = doc.getXmlFragment(FRAGMENT);
  const { doc: node, meta } = initProseMirrorDoc(fragment, schema());
  let now = node;
  return {
    now: () => now,
    edit(change: (tr: Transform) => void) {
      const tr = new Transform(now);
      change(tr);
      now = tr.doc;
      updateYFragment(doc, fragment, now, meta);
    },
  };
}

type Place = { node: Node; pos: number };

function textblocksOf(doc: Node): Place[] {
  const list: Place[] = [];
  doc.descendants((node, pos) => {
    if (node.isTextblock) list.push({ node, pos });
    return !node.isTextblock;
  });
  return list;
}

/** Gives each block an id of its own, as the editor does after every change. */
export function ownIds(tr: Transform): void {
  const taken = new Set<unknown>([null]);
  tr.doc.descendants((node, pos) => {
    if (!node.isBlock) return false;
    if (taken.has(node.attrs.id)) tr.setNodeAttribute(pos, "id", newId());
    taken.add(node.attrs.id);
    return true;
  });
}

/** What editors do to the structure of a text; no word is added or lost. */
export const STRUCTURE: Record<string, (tr: Transform, r: Random) => void> = {
  split(tr, r) {
    const { node, pos } = r.pick(textblocksOf(tr.doc));
    const at = pos + 1 + r.int(0, node.content.size);
    const after = { type: node.type, attrs: { ...node.attrs, id: newId() } };
    if (canSplit(tr.doc, at, 1, [after])) tr.split(at, 1, [after]);
  },
  join(tr, r) {
    const { pos } = r.pick(textblocksOf(tr.doc));
    const before = tr.doc.resolve(pos).nodeBefore;
    if (before?.isTextblock && canJoin(tr.doc, pos)) tr.join(pos);
  },
  heading(tr, r) {
    const { node, pos } = r.pick(textblocksOf(tr.doc));
    const type = node.type.name === "heading" ? "paragraph" : "heading";
    tr.setBlockType(pos + 1, pos + 1, schema().nodes[type] as NodeType, { id: node.attrs.id });
  },
  wrap(tr, r) {
    const { pos } = r.pick(textblocksOf(tr.doc));
    const $pos = tr.doc.resolve(pos + 1);
    const range = $pos.blockRange();
    const type = schema().nodes[r.pick(["blockquote", "callout", "bulletList"])] as NodeType;
    const wrapping = range && findWrapping(range, type, { id: newId() });
    if (range && wrapping) tr.wrap(range, wrapping);
  },
  lift(tr, r) {
    const { pos } = r.pick(textblocksOf(tr.doc));
    const range = tr.doc.resolve(pos + 1).blockRange();
    const target = range && liftTarget(range);
    if (range && typeof target === "number") tr.lift(range, target);
  },
  move(tr, r) {
    if (tr.doc.childCount < 2) return;
    const index = r.int(0, tr.doc.childCount - 1);
    const child = tr.doc.child(index);
    let pos = 0;
    for (let at = 0; at < index; at++) pos += tr.doc.child(at).nodeSize;
    tr.delete(pos, pos + child.nodeSize);
    let target = 0;
    for (let at = r.int(0, tr.doc.childCount); at > 0; at--)
      target += tr.doc.child(at - 1).nodeSize;
    tr.insert(target, child);
  },
  bold(tr, r) {
    const { node, pos } = r.pick(textblocksOf(tr.doc));
    const from = pos + 1 + r.int(0, node.content.size);
    const to = Math.min(pos + 1 + node.content.size, from + r.int(1, 30));
    const mark = schema().marks.bold?.create();
    if (mark) tr.addMark(from, to, mark);
  },
};

/** Changes of words: typing, deleting, a new paragraph, a paragraph less. */
export const WORDS: Record<string, (tr: Transform, r: Random, word: () => string) => void> = {
  type(tr, r, word) {
    const { node, pos } = r.pick(textblocksOf(tr.doc));
    const gaps = [...node.textContent.matchAll(/^|(?<=\s)|$/g)].map(({ index }) => index);
    tr.insert(pos + 1 + r.pick(gaps), schema().text(`${word()} `));
  },
  erase(tr, r) {
    const { node, pos } = r.pick(textblocksOf(tr.doc));
    const words = [...node.textContent.matchAll(/\S+\s?/g)];
    if (words.length < 3) return;
    const first = r.int(0, words.length - 1);
    const last = Math.min(words.length - 1, first + r.int(0, 2));
    const end = words[last] as RegExpExecArray;
    tr.delete(pos + 1 + (words[first]?.index ?? 0), pos + 1 + end.index + end[0].length);
  },
  insertBlock(tr, r, word) {
    const { pos } = r.pick(textblocksOf(tr.doc));
    const text = Array.from({ length: r.int(3, 12) }, word).join(" ");
    const paragraph = schema().nodes.paragraph?.create({ id: newId() }, schema().text(text));
    if (paragraph) tr.insert(pos, Fragment.from(paragraph));
  },
  deleteBlock(tr, r) {
    const list = textblocksOf(tr.doc);
    if (list.length < 3) return;
    const { node, pos } = r.pick(list);
    tr.delete(pos, pos + node.nodeSize);
  },
};

type Edit = (tr: Transform, r: Random, word: () => string) => void;

/** The blocks of these types, in reading order. */
function blocksOf(doc: Node, ...types: string[]): Place[] {
  const list: Place[] = [];
  doc.descendants((node, pos) => {
    if (types.includes(node.type.name)) list.push({ node, pos });
    return !node.isTextblock;
  });
  return list;
}

/** A copy of a node under ids of its own. */
function anew(node: Node): Node {
  if (node.isText || !node.type.spec.attrs || !("id" in node.attrs)) return node;
  const content: Node[] = [];
  node.content.forEach((child) => {
    content.push(anew(child));
  });
  return node.type.create({ ...node.attrs, id: newId() }, content, node.marks);
}

/** Everything else that editors do in a text: formatting, attributes, lists, tables, large cuts. */
export const MORE: Record<string, Edit> = {
  format(tr, r) {
    const { node, pos } = r.pick(textblocksOf(tr.doc));
    const from = pos + 1 + r.int(0, node.content.size);
    const to = Math.min(pos + 1 + node.content.size, from + r.int(1, 20));
    const mark = schema().marks[r.pick(["italic", "bold", "code", "underline"])]?.create();
    if (mark) r.chance(0.5) ? tr.addMark(from, to, mark) : tr.removeMark(from, to, mark);
  },
  link(tr, r) {
    const { node, pos } = r.pick(textblocksOf(tr.doc));
    const from = pos + 1 + r.int(0, node.content.size);
    const to = Math.min(pos + 1 + node.content.size, from + r.int(1, 20));
    const link = schema().marks.link;
    if (!link) return;
    if (r.chance(0.3)) tr.removeMark(from, to, link);
    else tr.addMark(from, to, link.create({ href: `https://example.org/${r.int(1, 3)}` }));
  },
  attrs(tr, r, word) {
    const list = blocksOf(tr.doc, "heading", "callout", "orderedList", "objective");
    if (list.length === 0) return;
    const { node, pos } = r.pick(list);
    const [name, value] = {
      heading: r.chance(0.5)
        ? (["minutes", r.int(1, 9)] as const)
        : (["level", r.int(2, 4)] as const),
      callout: ["kind", r.pick(["note", "caution", "instructor"])] as const,
      orderedList: ["start", r.int(1, 5)] as const,
      objective: ["standard", word()] as const,
    }[node.type.name] ?? ["id", node.attrs.id];
    tr.setNodeAttribute(pos, name, value);
  },
  lineBreak(tr, r) {
    const { node, pos } = r.pick(textblocksOf(tr.doc));
    const hardBreak = schema().nodes.hardBreak?.create();
    if (hardBreak) tr.insert(pos + 1 + r.int(0, node.content.size), hardBreak);
  },
  replaceWords(tr, r, word) {
    const { node, pos } = r.pick(textblocksOf(tr.doc));
    const words = [...node.textContent.matchAll(/\S+/g)];
    // A line break has a place of its own, of which the text knows nothing.
    if (words.length === 0 || node.content.size !== node.textContent.length) return;
    const { index, 0: old } = r.pick(words);
    const marks = node.nodeAt(index)?.marks ?? [];
    tr.replaceWith(pos + 1 + index, pos + 1 + index + old.length, schema().text(word(), marks));
  },
  rewrite(tr, r, word) {
    const { node, pos } = r.pick(textblocksOf(tr.doc));
    const text = Array.from({ length: r.int(1, 6) }, word).join(" ");
    tr.replaceWith(pos + 1, pos + 1 + node.content.size, schema().text(text));
  },
  /** Cuts from the middle of one block into another: the rest of both is one. */
  cut(tr, r) {
    const list = textblocksOf(tr.doc);
    const first = r.int(0, list.length - 1);
    const [from, to] = [list[first], list[Math.min(list.length - 1, first + r.int(0, 2))]];
    if (!from || !to) return;
    const start = from.pos + 1 + r.int(0, from.node.content.size);
    const end = to.pos + 1 + r.int(0, to.node.content.size);
    if (start < end) tr.delete(start, end);
  },
  retypeList(tr, r) {
    const list = blocksOf(tr.doc, "bulletList", "orderedList");
    if (list.length === 0) return;
    const { node, pos } = r.pick(list);
    const type = node.type.name === "bulletList" ? "orderedList" : "bulletList";
    tr.setNodeMarkup(pos, schema().nodes[type], { id: node.attrs.id });
  },
  retypeCell(tr, r) {
    const list = blocksOf(tr.doc, "tableCell", "tableHeader");
    if (list.length === 0) return;
    const { node, pos } = r.pick(list);
    const type = node.type.name === "tableCell" ? "tableHeader" : "tableCell";
    tr.setNodeMarkup(pos, schema().nodes[type], node.attrs);
  },
  splitItem(tr, r) {
    const items = blocksOf(tr.doc, "listItem").filter(({ node }) => node.firstChild?.isTextblock);
    if (items.length === 0) return;
    const { node, pos } = r.pick(items);
    const inside = node.firstChild as Node;
    const at = pos + 2 + r.int(0, inside.content.size);
    const after = [
      { type: node.type, attrs: { id: newId() } },
      { type: inside.type, attrs: { ...inside.attrs, id: newId() } },
    ];
    if (canSplit(tr.doc, at, 2, after)) tr.split(at, 2, after);
  },
  sinkItem(tr, r) {
    const items = blocksOf(tr.doc, "listItem").filter(
      ({ pos }) => tr.doc.resolve(pos).nodeBefore?.type.name === "listItem",
    );
    if (items.length === 0) return;
    const { node, pos } = r.pick(items);
    const list = schema().nodes.bulletList?.create({ id: newId() }, node);
    tr.delete(pos, pos + node.nodeSize);
    if (list) tr.insert(pos - 1, list);
  },
  deleteAny(tr, r) {
    const all: Place[] = [];
    tr.doc.descendants((node, pos) => {
      if (node.isBlock) all.push({ node, pos });
      return !node.isTextblock;
    });
    if (all.length < 4) return;
    const { node, pos } = r.pick(all);
    tr.delete(pos, pos + node.nodeSize);
  },
  paste(tr, r) {
    const { doc } = tr;
    if (doc.childCount === 0) return;
    const node = doc.child(r.int(0, doc.childCount - 1));
    let target = 0;
    for (let at = r.int(0, doc.childCount); at > 0; at--) target += doc.child(at - 1).nodeSize;
    tr.insert(target, anew(node));
  },
  row(tr, r) {
    const rows = blocksOf(tr.doc, "tableRow");
    if (rows.length === 0) return;
    const { node, pos } = r.pick(rows);
    if (r.chance(0.4)) tr.delete(pos, pos + node.nodeSize);
    else tr.insert(pos + node.nodeSize, anew(node));
  },
  column(tr, r) {
    const tables = blocksOf(tr.doc, "table");
    if (tables.length === 0) return;
    const { node, pos } = r.pick(tables);
    const isDeleted = r.chance(0.4);
    const column = r.int(0, 2);
    let end = pos + node.nodeSize - 1;
    for (let row = node.childCount - 1; row >= 0; row--) {
      const cells = node.child(row);
      end -= cells.nodeSize;
      if (column >= cells.childCount) continue;
      let at = end + 1;
      for (let index = 0; index < column; index++) at += cells.child(index).nodeSize;
      const cell = cells.child(column);
      if (isDeleted) tr.delete(at, at + cell.nodeSize);
      else tr.insert(at, anew(cell));
    }
  },
  moveAny(tr, r) {
    const list = blocksOf(tr.doc, "paragraph", "heading", "bulletList", "callout");
    if (list.length < 2) return;
    const { node, pos } = r.pick(list);
    tr.delete(pos, pos + node.nodeSize);
    const places = blocksOf(tr.doc, "paragraph", "heading", "listItem", "blockquote");
    if (places.length === 0) tr.insert(0, node);
    else {
      const place = r.pick(places);
      const isInside = !place.node.isTextblock;
      tr.insert(isInside ? place.pos + 1 : place.pos, node);
    }
  },
};
