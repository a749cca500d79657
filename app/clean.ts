/** Marks that turn the direction of the text after them: with these, words can be made to read as others. */
const BIDI = /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/gu;

/** Characters nobody sees: they hide words from a search, or from the person who moderates. */
const INVISIBLE =
  /[\u00AD\u180E\u200B\u2060-\u2064\u206A-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** Joiners are part of some scripts and of emoji; anywhere else they only hide. */
const STRAY_JOINER =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200C\u200D]|[\u200C\u200D](?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;

/** Everything below a space except tab and line break, and halves of characters. */
const CONTROL = /(?![\n\t])\p{Cc}|\p{Cs}/gu;

/** More marks on one letter than any language has: they spill over the lines around them. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * Text as it is kept: NFC, line breaks as `\n`, trimmed, nothing in it that a reader can't see.
 * Never longer than what came in, but for NFC's few exceptions; linear in its length: NFC sorts the
 * marks on a letter, so the pile goes before it, and a pattern would look for the end of every
 * blank in a run of them.
 */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/gu, "\n")
    .replace(CONTROL, "")
    .replace(BIDI, "")
    .replace(INVISIBLE, "")
    .replace(STRAY_JOINER, "")
    .replace(PILED_MARKS, "$1")
    .normalize("NFC")
    .replace(PILED_MARKS, "$1")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/gu, "\n\n")
    .trim();
}

/** A text of one line, such as a name: cleaned, with every run of white space one space. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/gu, " ");
}
