import * as Y from "yjs";
import type { Hunk } from "./hunk.ts";
import { idOf, textOf } from "./read.ts";
import { FRAGMENT, TEXTBLOCKS } from "./schema.ts";
import { type Edit, edits } from "./words.ts";

/** A wording for one textblock: its text as it stood, and as it should read. "\n" is a line break. */
export type TextChange = { blockId: string; base: string; proposed: string };

export type Applied =
  /** Written. The whole text of the block before and after; "" after when it was taken out. */
  | { status: "applied"; before: string; after: string }
  /** The text says it already; nothing was written. */
  | { status: "already" }
  /** Somebody changed the same words, or words next to them; nothing was written. */
  | { status: "conflict"; current: string }
  /** The block is not in the document any more; nothing was written. */
  | { status: "gone" };

const HAS_WORD = /[\p{L}\p{N}]/u;

/**
 * Writes a wording into a document that may have moved on since `base`. What others changed
 * elsewhere in the block stays; only the characters that differ are written, so that carets, anchors
 * and formatting around them hold. An empty `proposed` takes the block out, and with it the list
 * item or quote it alone filled. One transaction, or none.
 */
export function applyText(doc: Y.Doc, change: TextChange): Applied {
  const base = lines(change.base);
  const proposed = lines(change.proposed);
  const block = blockOf(doc.getXmlFragment(FRAGMENT), change.blockId);
  if (!block) return { status: proposed === "" ? "already" : "gone" };
  const current = textIn(block);
  if (current === proposed) return { status: "already" };
  if (proposed === "") {
    if (current !== base) return { status: "conflict", current };
    doc.transact(() => remove(block));
    return { status: "applied", before: current, after: "" };
  }
  const shifted = plan(base, proposed, current);
  if (shifted === "already") return { status: "already" };
  if (shifted === "conflict") return { status: "conflict", current };
  doc.transact(() => {
    for (const edit of shifted.reverse()) write(block, edit);
    joinNeighbours(block);
  });
  return { status: "applied", before: current, after: textIn(block) };
}

/** Writes one difference into a document that may have moved on since its base, or nothing. */
export function applyHunk(doc: Y.Doc, { ops }: Hunk): Applied {
  const [op] = ops;
  if (op?.op === "delete") {
    const blockId = idOf(op.node);
    return applyText(doc, { blockId, base: textOf(op.node), proposed: "" });
  }
  if (op?.op !== "text") return { status: "gone" };
  let proposed = op.base;
  for (const { from, to, insert } of op.edits.slice(...op.mine).reverse()) {
    const text = insert.map(({ text }) => text).join("");
    proposed = proposed.slice(0, from) + text + proposed.slice(to);
  }
  return applyText(doc, { blockId: op.ids[0] ?? "", base: op.base, proposed });
}

function lines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** The textblock with this id. */
export function blockOf(parent: Y.XmlFragment, id: string): Y.XmlElement | null {
  for (const child of parent.toArray()) {
    if (!(child instanceof Y.XmlElement)) continue;
    if (TEXTBLOCKS.has(child.nodeName)) {
      if (child.getAttribute("id") === id) return child;
    } else {
      const inside = blockOf(child, id);
      if (inside) return inside;
    }
  }
  return null;
}

/** The plain text of a textblock, as `textOf` gives it. */
export function textIn(block: Y.XmlElement): string {
  return partsOf(block)
    .map(({ text }) => text)
    .join("");
}

type Part = { type: Y.XmlText | Y.XmlElement; from: number; text: string };

function partsOf(block: Y.XmlElement): Part[] {
  let from = 0;
  return block.toArray().flatMap((type) => {
    if (!(type instanceof Y.XmlText || type instanceof Y.XmlElement)) return [];
    const text =
      type instanceof Y.XmlText
        ? Y.Text.prototype.toString.call(type)
        : type.nodeName === "hardBreak"
          ? "\n"
          : "";
    const part = { type, from, text };
    from += text.length;
    return [part];
  });
}

/**
 * What to write. The text may be the base changed elsewhere, then there are edits; or the proposed
 * text changed elsewhere, then it holds them already. Where repeated words make it look like both,
 * nobody can know: a conflict.
 */
function plan(base: string, proposed: string, current: string): Edit[] | "already" | "conflict" {
  const wanted = edits(base, proposed);
  if (current === base) return wanted;
  const shifted = rebase(base, wanted, edits(base, current));
  const holds = rebase(proposed, inverse(wanted), edits(proposed, current)) !== null;
  if (shifted) return holds ? "conflict" : shifted;
  return holds ? "already" : "conflict";
}

/** Where each edit's text stands once it is made. */
function inverse(list: Edit[]): Edit[] {
  let shift = 0;
  return list.map(({ from, to, text }) => {
    const at = from + shift;
    shift += text.length - (to - from);
    return { from: at, to: at + text.length, text: "" };
  });
}

/** The wanted edits as they fall in the current text, or null where two edits meet. */
function rebase(base: string, wanted: Edit[], made: Edit[]): Edit[] | null {
  const shifted: Edit[] = [];
  for (const edit of wanted) {
    if (made.some((other) => touch(base, edit, other))) return null;
    const shift = made
      .filter(({ to }) => to <= edit.from)
      .reduce((sum, { from, to, text }) => sum + text.length - (to - from), 0);
    shifted.push({ ...edit, from: edit.from + shift, to: edit.to + shift });
  }
  return shifted;
}

/** Two edits meet when no word stands between them. */
function touch(text: string, a: Edit, b: Edit): boolean {
  const [first, second] = a.from <= b.from ? [a, b] : [b, a];
  return first.to >= second.from || !HAS_WORD.test(text.slice(first.to, second.from));
}

/** Makes one edit with the fewest characters written. */
function write(block: Y.XmlElement, { from, to, text }: Edit) {
  const old = textIn(block).slice(from, to);
  let start = 0;
  while (start < old.length && start < text.length && old[start] === text[start]) start += 1;
  if (start > 0 && isHighSurrogate(old, start - 1)) start -= 1;
  let end = 0;
  const most = Math.min(old.length, text.length) - start;
  while (end < most && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  if (end > 0 && isLowSurrogate(old, old.length - end)) end -= 1;
  const format = formatAt(block, from + start, to - end);
  erase(block, from + start, to - end);
  insert(block, from + start, text.slice(start, text.length - end), format);
}

function isHighSurrogate(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text[at] ?? "");
}

function isLowSurrogate(text: string, at: number): boolean {
  return /[\udc00-\udfff]/.test(text[at] ?? "");
}

type Format = Record<string, unknown>;

/**
 * How new text is formatted: as what it replaces, else as its left neighbour, else as its right
 * one. It joins a link only inside one.
 */
function formatAt(block: Y.XmlElement, from: number, to: number): Format {
  if (to > from) return formatOf(block, from) ?? formatOf(block, to - 1) ?? {};
  const left = formatOf(block, from - 1);
  const right = formatOf(block, from);
  const format = { ...(left ?? right) };
  if (JSON.stringify(left?.link) !== JSON.stringify(right?.link)) delete format.link;
  return format;
}

/** The formatting of the character at an offset; undefined for a line break or beyond the text. */
function formatOf(block: Y.XmlElement, at: number): Format | undefined {
  for (const { type, from, text } of partsOf(block)) {
    if (!(type instanceof Y.XmlText) || at < from || at >= from + text.length) continue;
    let end = from;
    for (const { insert, attributes } of type.toDelta() as {
      insert: string;
      attributes?: Format;
    }[]) {
      end += insert.length;
      if (at < end) return attributes ?? {};
    }
  }
  return undefined;
}

function erase(block: Y.XmlElement, from: number, to: number) {
  for (const part of partsOf(block).reverse()) {
    const start = Math.max(from, part.from);
    const end = Math.min(to, part.from + part.text.length);
    if (start >= end) continue;
    if (part.type instanceof Y.XmlText) part.type.delete(start - part.from, end - start);
    else block.delete(block.toArray().indexOf(part.type), 1);
  }
}

function insert(block: Y.XmlElement, at: number, text: string, format: Format) {
  let offset = at;
  text.split("\n").forEach((line, index) => {
    if (index > 0) {
      insertBreak(block, offset);
      offset += 1;
    }
    if (line !== "") insertLine(block, offset, line, format);
    offset += line.length;
  });
}

function insertLine(block: Y.XmlElement, at: number, line: string, format: Format) {
  const parts = partsOf(block);
  const home =
    parts.find(({ type, from, text }) =>
      type instanceof Y.XmlText ? from < at && at <= from + text.length : false,
    ) ?? parts.find(({ type, from }) => type instanceof Y.XmlText && from === at);
  if (home?.type instanceof Y.XmlText) {
    home.type.insert(at - home.from, line, format);
    return;
  }
  const before = parts.filter(({ from, text }) => from + text.length <= at).length;
  const text = new Y.XmlText();
  block.insert(before, [text]);
  text.insert(0, line, format);
}

function insertBreak(block: Y.XmlElement, at: number) {
  const parts = partsOf(block);
  const within = parts.findIndex(({ from, text }) => from < at && at < from + text.length);
  const part = parts[within];
  if (!(part?.type instanceof Y.XmlText)) {
    const before = parts.filter(({ from, text }) => text !== "" && from + text.length <= at).length;
    block.insert(before, [new Y.XmlElement("hardBreak")]);
    return;
  }
  // A text can't hold a break: what follows it moves into a text of its own.
  const keep = at - part.from;
  const rest = deltaFrom(part.type, keep);
  part.type.delete(keep, part.text.length - keep);
  const tail = new Y.XmlText();
  block.insert(within + 1, [new Y.XmlElement("hardBreak"), tail]);
  tail.applyDelta(rest, { sanitize: false });
}

function deltaFrom(text: Y.XmlText, keep: number): { insert: string; attributes?: Format }[] {
  let at = 0;
  return (text.toDelta() as { insert: string; attributes?: Format }[]).flatMap((piece) => {
    const start = Math.max(0, keep - at);
    at += piece.insert.length;
    const rest = piece.insert.slice(start);
    return rest === "" ? [] : [{ ...piece, insert: rest }];
  });
}

/** Joins texts that lost the break between them: the editor's binding wants one text, not two. */
function joinNeighbours(block: Y.XmlElement) {
  for (let index = block.length - 1; index > 0; index--) {
    const left = block.get(index - 1);
    const right = block.get(index);
    if (!(left instanceof Y.XmlText && right instanceof Y.XmlText)) continue;
    left.applyDelta([{ retain: left.length }, ...right.toDelta()], { sanitize: false });
    block.delete(index, 1);
  }
}

/** Takes a block out, with the containers it alone filled. A cell stays, and so does the last block. */
function remove(block: Y.XmlElement) {
  let target = block;
  for (let parent = block.parent; parent instanceof Y.XmlElement; parent = parent.parent) {
    if (parent.length > 1 || parent.nodeName.startsWith("table")) break;
    target = parent;
  }
  const { parent } = target;
  if (!(parent instanceof Y.XmlFragment)) return;
  const isLast = parent.length === 1;
  if (isLast && target === block) block.delete(0, block.length);
  else if (isLast) {
    // Never leave a document, or a cell, that has no place to write in.
    target.delete(0, target.length);
    parent.delete(0, 1);
    const empty = new Y.XmlElement("paragraph");
    empty.setAttribute("id", String(block.getAttribute("id")));
    parent.insert(0, [empty]);
  } else parent.delete(parent.toArray().indexOf(target), 1);
}
