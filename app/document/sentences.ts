/** A sentence of a block: `from`..`to` are offsets in the block's text, blanks around it left out. */
export type Sentence = { from: number; to: number; text: string };

/** What a full stop belongs to, without ending a sentence when a capital follows. */
const ABBREVIATIONS: Record<string, ReadonlySet<string>> = {
  en: list(
    "mr mrs ms mx dr prof rev hon gov sen rep st jr sr sgt lt capt cpt col gen maj cpl det insp supt ofc",
    "vs cf e.g i.e approx est u.s u.k d.c",
  ),
  es: list(
    "sr sra sres srta srtas d dña dr dra dres prof profa lic ing arq gral tte sgto cnel insp",
    "ud uds vd vds p.ej ej ee uu ee.uu aprox tel av avda sto sta",
  ),
};
/** The same before a number. */
const NUMBERED = list("no nos art arts sec ch para fig p pp vol ed núm nº n.º pág págs cap");

function list(...rows: string[]): ReadonlySet<string> {
  return new Set(rows.join(" ").split(" "));
}

const LETTER = /\p{L}/u;
/** The last word before a full stop; brackets and quotation marks before it aside. */
const LAST_WORD = /(?:^|[\s([{"'“‘«¿¡-])((?:\p{L}\.[^\S\n]?)*[\p{L}º]+)\.$/u;

const segmenters = new Map<string, Intl.Segmenter>();

function segmenterOf(language: string): Intl.Segmenter {
  let segmenter = segmenters.get(language);
  if (!segmenter) {
    const [known] = Intl.Segmenter.supportedLocalesOf(/^[a-z]{2,3}\b/i.exec(language)?.[0] ?? []);
    segmenter = new Intl.Segmenter(known ?? "en", { granularity: "sentence" });
    segmenters.set(language, segmenter);
  }
  return segmenter;
}

/**
 * The sentences of a block's text, in order, by the rules of its language (Unicode's, as the
 * runtime has them). A line break ends a sentence; an abbreviation, an initial or a number with a
 * full stop doesn't. Every character that isn't blank is in exactly one. Depends on this text
 * alone: what changes in one sentence leaves the others as they are. Linear.
 */
export function sentencesOf(text: string, language: string): Sentence[] {
  const abbreviations = ABBREVIATIONS[language.slice(0, 2).toLowerCase()] ?? new Set();
  const sentences: Sentence[] = [];
  let from = 0;
  for (const { index, segment } of segmenterOf(language).segment(text)) {
    const to = index + segment.length;
    const part = text.slice(from, to);
    const next = /\S/u.exec(text.slice(to, to + 8))?.[0] ?? "\n";
    if (next !== "\n" && !part.endsWith("\n") && goesOn(part.trim(), next, abbreviations)) continue;
    const sentence = part.trim();
    if (sentence !== "") {
      const start = from + part.length - part.trimStart().length;
      sentences.push({ from: start, to: start + sentence.length, text: sentence });
    }
    from = to;
  }
  return sentences;
}

/** Whether a sentence can't end here. */
function goesOn(part: string, next: string, abbreviations: ReadonlySet<string>): boolean {
  if (!LETTER.test(part) || /\p{Ll}/u.test(next)) return true;
  const word = LAST_WORD.exec(part)?.[1]?.replace(/\s/g, "").toLowerCase();
  if (word === undefined) return false;
  if (NUMBERED.has(word)) return /\d/.test(next);
  return word.length === 1 || abbreviations.has(word);
}

/**
 * A sentence's mark, to know it by: 53 bits in base 36 (cyrb53), blanks taken as one. Two sentences
 * of a module have the same by chance once in a thousand million modules. No checksum: it can be forged.
 */
export function hashOf(sentence: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const sign of sentence.replace(/\s+/g, " ")) {
    const code = sign.codePointAt(0) ?? 0;
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
