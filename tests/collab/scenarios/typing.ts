import * as Y from "yjs";
import type { Random } from "../../document/random.ts";

/** Words that people type carry a mark by which each can be found again: `a3.17;`. */
const WORD = /[a-z]\d+\.\d+;/g;

export const wordsIn = (text: string): Set<string> => new Set(text.match(WORD));

/** The words in updates: they stand in the bytes as they were typed. */
export const wordsInUpdates = (updates: readonly Uint8Array[]): Set<string> =>
  wordsIn(updates.map((update) => Buffer.from(update).toString("latin1")).join("\n"));

/** The characters of a text without its marks. */
const plain = (text: Y.XmlText): string =>
  text.toDelta().reduce((all: string, { insert }: { insert: unknown }) => all + insert, "");

/** Everything a fragment says, block by block. */
export function said(fragment: Y.XmlFragment): string {
  return textsOf(fragment).map(plain).join("\n");
}

function textsOf(fragment: Y.XmlFragment): Y.XmlText[] {
  const walker = fragment.createTreeWalker((node) => node instanceof Y.XmlText);
  return [...(walker as Iterable<unknown>)] as Y.XmlText[];
}

function paragraph(words: string): Y.XmlElement {
  const made = new Y.XmlElement("paragraph");
  if (words) made.insert(0, [new Y.XmlText(words)]);
  return made;
}

/** Where a word may go without tearing another: the ends, and after each word. */
function gaps(text: string): number[] {
  return [0, ...[...text.matchAll(WORD)].map(({ index, 0: word }) => index + word.length)];
}

/**
 * One edit such as an editor makes. A gentle one takes away nothing that anybody typed; a rough one
 * may: blocks are deleted, wrapped and lifted, ranges of text go.
 */
export function edit(r: Random, fragment: Y.XmlFragment, word: string, rough: boolean): void {
  const text = textsOf(fragment).length > 0 ? r.pick(textsOf(fragment)) : null;
  const kind = r.next();
  (fragment.doc as Y.Doc).transact(() => {
    if (!text || kind < 0.12) {
      fragment.insert(r.int(0, fragment.length), [paragraph(word)]);
    } else if (kind < 0.6) type(r, text, word);
    else if (kind < 0.7) split(r, text);
    else if (kind < 0.78) format(r, text);
    else if (kind < 0.84) eraseLetter(r, text);
    else if (!rough) type(r, text, word);
    else if (kind < 0.89) {
      const from = r.int(0, text.length);
      text.delete(from, Math.min(r.int(0, 8), text.length - from));
    } else if (kind < 0.95) wrap(r, fragment);
    else if (kind < 0.98) lift(r, fragment);
    else if (fragment.length > 2) fragment.delete(r.int(0, fragment.length - 1), 1);
  });
}

function type(r: Random, text: Y.XmlText, word: string): void {
  text.insert(r.pick(gaps(plain(text))), word);
}

/** The end of a block becomes a block of its own: deleted here, written anew there. */
function split(r: Random, text: Y.XmlText): void {
  const block = text.parent as Y.XmlElement;
  const around = block.parent as Y.XmlElement;
  const from = r.pick(gaps(plain(text)));
  const rest = plain(text).slice(from);
  text.delete(from, rest.length);
  around.insert(around.toArray().indexOf(block) + 1, [paragraph(rest)]);
}

function format(r: Random, text: Y.XmlText): void {
  const from = r.int(0, text.length);
  const length = Math.min(r.int(1, 12), text.length - from);
  if (length > 0) text.format(from, length, r.chance(0.7) ? { bold: {} } : { bold: null });
}

/** Takes away one letter of the text that was there at first. */
function eraseLetter(r: Random, text: Y.XmlText): void {
  const all = plain(text);
  const from = r.int(0, Math.max(0, all.length - 1));
  const typed = [...all.matchAll(WORD)].some(
    ({ index, 0: word }) => from >= index && from < index + word.length,
  );
  if (!typed && from < all.length) text.delete(from, 1);
}

/** A block goes into a list or a quotation: deleted here, written anew inside. */
function wrap(r: Random, fragment: Y.XmlFragment): void {
  const at = r.int(0, fragment.length - 1);
  const block = fragment.get(at) as Y.XmlElement;
  if (block.nodeName !== "paragraph") return;
  const inner = [block.clone()];
  fragment.delete(at, 1);
  const outer = new Y.XmlElement(r.pick(["bulletList", "orderedList", "blockquote", "callout"]));
  if (outer.nodeName.endsWith("List")) {
    const item = new Y.XmlElement("listItem");
    item.insert(0, inner);
    outer.insert(0, [item]);
  } else outer.insert(0, inner);
  fragment.insert(at, [outer]);
}

function lift(r: Random, fragment: Y.XmlFragment): void {
  const at = r.int(0, fragment.length - 1);
  const block = fragment.get(at) as Y.XmlElement;
  if (block.nodeName !== "blockquote" && block.nodeName !== "callout") return;
  const inner = block.toArray().map((child) => (child as Y.XmlElement).clone());
  fragment.delete(at, 1);
  fragment.insert(at, inner);
}
