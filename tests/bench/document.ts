import { type Anchor, createAnchor, resolve, textIndex } from "#app/document/anchors.ts";
import { compare } from "#app/document/diff.ts";
import { readDoc, textblocks } from "#app/document/read.ts";
import { createDoc } from "#app/document/write.ts";
import { largeDocument, random, SEED, sentence } from "#tests/document/random.ts";

/**
 * What the text engine costs on a module of 25,000 words, in milliseconds of this machine:
 * `npm run bench`. Figures to read, not to pass: a slow machine fails nobody.
 */
function measure(times: number, work: () => void) {
  const taken = Array.from({ length: times }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const at = (share: number) => Number((taken[Math.floor(share * (times - 1))] ?? 0).toFixed(2));
  return { runs: times, p50: at(0.5), p95: at(0.95), worst: at(1) };
}

const r = random(SEED);
const doc = createDoc(largeDocument(r, 25_000));
const before = readDoc(doc);
const after = structuredClone(before);
for (let edit = 0; edit < 200; edit++) {
  const { node } = r.pick(textblocks(after));
  const list = (node.content?.[0]?.text ?? "").split(" ");
  list.splice(r.int(0, list.length), r.int(0, 2), sentence(r, 2, 0));
  node.content = [{ type: "text", text: list.join(" ") }];
}
const long = textblocks(before).filter(({ text }) => text.length > 200);
const index = textIndex(doc);

function anchorOn({ id, text }: { id: string; text: string }): Anchor {
  const end = { blockId: id, offset: text.length };
  return createAnchor(doc, { start: { blockId: id, offset: 0 }, end }) as Anchor;
}
const anchor = anchorOn(r.pick(long));
const lost: Anchor = {
  ...anchor,
  blockId: "gone",
  startPos: new Uint8Array(),
  endPos: new Uint8Array(),
  quote: anchor.quote.replace(/a/g, "u"),
};

console.log(`seed ${SEED}, node ${process.version}`);
console.table({
  "read a document": measure(50, () => readDoc(doc)),
  "index its text": measure(50, () => textIndex(doc)),
  "compare, 200 edits": measure(20, () => compare(before, after)),
  "resolve an anchor that holds": measure(1_000, () => resolve(doc, index, anchor)),
  "search a lost passage": measure(12, () => resolve(doc, textIndex(doc), lost)),
});
