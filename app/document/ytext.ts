import * as Y from "yjs";
import { asBlock, cut, plain } from "./blocks.ts";
import type { Piece } from "./hunk.ts";
import { readElement } from "./read.ts";
import { type MarkJSON, type NodeJSON, TEXTBLOCKS } from "./schema.ts";

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

/** The block with this id, whatever is in it. */
export function elementOf(parent: Y.XmlFragment, id: string): Y.XmlElement | null {
  for (const child of parent.toArray()) {
    if (!(child instanceof Y.XmlElement)) continue;
    if (child.getAttribute("id") === id) return child;
    const inside = TEXTBLOCKS.has(child.nodeName) ? null : elementOf(child, id);
    if (inside) return inside;
  }
  return null;
}

/** The plain text of a textblock, as `textOf` gives it. */
export function textIn(block: Y.XmlElement): string {
  return partsOf(block)
    .map(({ text }) => text)
    .join("");
}

/** A textblock's text with its formatting. */
export function piecesIn(block: Y.XmlElement): readonly Piece[] {
  return asBlock(readElement(block)).pieces;
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
 * Replaces characters of a textblock, writing the fewest: what the old and the new begin and end
 * with, formatted alike, stays.
 */
export function replace(
  block: Y.XmlElement,
  { from, to }: { from: number; to: number },
  insertion: readonly Piece[],
): void {
  const old = cut(piecesIn(block), from, to);
  const { start, end } = shared(old, insertion);
  erase(block, from + start, to - end);
  let at = from + start;
  for (const { text, marks } of cut(insertion, start, plain(insertion).length - end)) {
    insert(block, at, text, formatOf(marks));
    at += text.length;
  }
  joinNeighbours(block);
}

/** How many characters two texts share at either end, with their formatting. */
function shared(old: readonly Piece[], now: readonly Piece[]): { start: number; end: number } {
  const signs = (pieces: readonly Piece[]) =>
    pieces.flatMap(({ text, marks }) => {
      const format = JSON.stringify(marks ?? []);
      return [...text].map((sign) => ({ sign, format }));
    });
  const [a, b] = [signs(old), signs(now)];
  const most = Math.min(a.length, b.length);
  const same = (i: number, j: number) => a[i]?.sign === b[j]?.sign && a[i]?.format === b[j]?.format;
  let [head, tail] = [0, 0];
  while (head < most && same(head, head)) head += 1;
  while (tail < most - head && same(a.length - 1 - tail, b.length - 1 - tail)) tail += 1;
  const length = (list: typeof a) => list.reduce((sum, { sign }) => sum + sign.length, 0);
  return { start: length(a.slice(0, head)), end: length(a.slice(a.length - tail)) };
}

type Format = Record<string, unknown>;

/** Marks as Yjs keeps them. */
function formatOf(marks: readonly MarkJSON[] = []): Format {
  return Object.fromEntries(marks.map(({ type, attrs }) => [type, attrs ?? {}]));
}

/** Adds and removes marks, and writes nothing else. */
export function format(
  block: Y.XmlElement,
  { from, to }: { from: number; to: number },
  { add, remove }: { add: readonly MarkJSON[]; remove: readonly MarkJSON[] },
): void {
  const change = {
    ...Object.fromEntries(remove.map(({ type }) => [type, null])),
    ...formatOf(add),
  };
  for (const part of partsOf(block)) {
    const start = Math.max(from, part.from);
    const end = Math.min(to, part.from + part.text.length);
    if (start < end && part.type instanceof Y.XmlText) {
      part.type.format(start - part.from, end - start, change);
    }
  }
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

/** A new element, as the editor's binding makes it: texts without a break between are one. */
export function newElement({ type, attrs, content = [] }: NodeJSON): Y.XmlElement {
  const element = new Y.XmlElement(type);
  for (const [name, value] of Object.entries(attrs ?? {})) setAttr(element, name, value);
  const children: (Y.XmlElement | Y.XmlText)[] = [];
  let delta: { insert: string; attributes: Format }[] = [];
  const flush = () => {
    if (delta.length === 0) return;
    const text = new Y.XmlText();
    text.applyDelta(delta, { sanitize: false });
    children.push(text);
    delta = [];
  };
  for (const node of content) {
    if (node.type === "text") {
      delta.push({ insert: node.text ?? "", attributes: formatOf(node.marks) });
      continue;
    }
    flush();
    children.push(newElement(node));
  }
  flush();
  element.insert(0, children);
  return element;
}

/** Yjs types attributes as strings, and keeps whatever JSON they are. */
type Attributes = {
  setAttribute(name: string, value: unknown): void;
  removeAttribute(name: string): void;
};

/** Writes an attribute; null is written nowhere. */
export function setAttr(element: Y.XmlElement, name: string, value: unknown): void {
  const attributes = element as unknown as Attributes;
  if (value === null || value === undefined) attributes.removeAttribute(name);
  else attributes.setAttribute(name, value);
}
