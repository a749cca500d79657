import type { Node } from "@tiptap/pm/model";
import type { Part } from "../document/schema.ts";

export type OutlineEntry = {
  id: string | null;
  level: number;
  text: string;
  part: Part | null;
  minutes: number | null;
};

/** What the editor tells about a text while it is written. */
export type Summary = { headings: OutlineEntry[]; minutes: number; words: number };

export const EMPTY_SUMMARY: Summary = { headings: [], minutes: 0, words: 0 };

const WORD = /[\p{L}\p{N}]+(?:['’\-.][\p{L}\p{N}]+)*/gu;

/** Headings in order, minutes of the sections, words. Once over the text: about 5 ms for 25,000 words. */
export function summarise(doc: Node): Summary {
  const headings: OutlineEntry[] = [];
  let minutes = 0;
  let words = 0;
  doc.descendants((node) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, undefined, " ");
    words += text.match(WORD)?.length ?? 0;
    if (node.type.name === "heading") {
      const { id, level, part, minutes: spent } = node.attrs;
      const counted = level === 2 ? (spent as number | null) : null;
      headings.push({ id, level, text: text.trim(), part, minutes: counted });
      minutes += counted ?? 0;
    }
    return false;
  });
  return { headings, minutes, words };
}

/** Where the block with this id starts; null when it is gone. */
export function positionOf(doc: Node, id: string): number | null {
  let found: number | null = null;
  doc.descendants((node, pos) => {
    if (found !== null) return false;
    if (node.attrs.id === id) found = pos;
    return !node.isTextblock;
  });
  return found;
}
