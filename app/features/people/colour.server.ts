import { createHash } from "node:crypto";

/** Dark enough for white names on both themes; y-tiptap wants six hex figures. */
const COLOURS = [
  "#9b2226",
  "#a44a00",
  "#7a5c00",
  "#3f6b1d",
  "#146c5b",
  "#0b6285",
  "#2f55b0",
  "#5b45b0",
  "#8a3a97",
  "#a12a63",
] as const;

/** The colour of a person's caret and words: always the same, and leading back to nobody. */
export function colourOf(personId: string): string {
  const [byte = 0] = createHash("sha256").update(personId).digest();
  return COLOURS[byte % COLOURS.length] ?? COLOURS[0];
}
