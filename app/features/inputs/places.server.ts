import { textblocks } from "../../document/read.ts";
import type { DocJSON } from "../../document/schema.ts";

/** The paragraphs of a section, to choose one from. */
export type Section = { id: string; title: string; paragraphs: { id: string; text: string }[] };

/** How people compare words: case and accents aside. */
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** A draft's paragraphs by section; with words to look for, only those that hold all of them. */
export function placesOf(json: DocJSON, words: string): Section[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  const sections: Section[] = [{ id: "", title: "", paragraphs: [] }];
  for (const { id, type, node, text } of textblocks(json)) {
    if (type === "heading" && node.attrs?.level === 2) {
      sections.push({ id, title: text, paragraphs: [] });
      continue;
    }
    const here = plain(text);
    if (id === "" || text.trim() === "" || !wanted.every((word) => here.includes(word))) continue;
    sections.at(-1)?.paragraphs.push({ id, text });
  }
  return sections.filter(({ paragraphs }) => paragraphs.length > 0);
}
