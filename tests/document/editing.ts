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
