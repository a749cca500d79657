import * as Y from "yjs";
import { type Anchor, createAnchor, resolve, textIndex } from "#app/document/anchors.ts";
import { RecentDeletions } from "#app/document/authorship.ts";
import { compare } from "#app/document/compare.ts";
import { admit, GUARD_LIMITS, type Limits, Shadow } from "#app/document/guard.ts";
import { readDoc, textblocks } from "#app/document/read.ts";
import { Runs } from "#app/document/runs.ts";
import { FRAGMENT } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { editing, STRUCTURE } from "#tests/document/editing.ts";
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
  const at = (share: number) => Number((taken[Math.floor(share * (times - 1))] ?? 0).toFixed(3));
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

/** A room's copy of a document, with one person writing: what each of their updates costs. */
function room(base: Y.Doc) {
  const copyOf = () => {
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(base));
    return copy;
  };
  const [shadow, writer] = [new Shadow(copyOf()), copyOf()];
  const updates: Uint8Array[] = [];
  writer.on("update", (update: Uint8Array) => updates.push(update));
  const runs = new Runs();
  const recent = new RecentDeletions();
  const hand = { authorId: "ana", via: "socket" };
  return {
    writer,
    /** Lets the writer do something so many times, then measures each update's admission. */
    admit(times: number, write: () => void, limits: Limits = GUARD_LIMITS.draft) {
      updates.length = 0;
      for (let time = 0; time < times; time++) write();
      const sent = updates.splice(0);
      return measure(sent.length, () => {
        const verdict = admit(shadow, sent.shift() as Uint8Array, {
          author: "ana",
          ownerOf: runs.ownerOf,
          limits,
          attribution: { recent, authorOf: runs.authorOf, now: performance.now() },
        });
        if (!verdict.ok) throw new Error(verdict.reason);
        runs.add(verdict.ranges, verdict.carried, hand);
      });
    },
  };
}

function textsOf(parent: Y.XmlFragment): Y.XmlText[] {
  return parent.toArray().flatMap((child) => {
    if (child instanceof Y.XmlText) return child;
    return child instanceof Y.XmlElement ? textsOf(child) : [];
  });
}

const everyWord = textblocks(before)
  .map(({ text }) => text)
  .join(" ");
const module = room(doc);
const [passage] = textsOf(module.writer.getXmlFragment(FRAGMENT)).sort(
  (a, b) => b.length - a.length,
);
const small = room(createDoc({ type: "doc", content: largeDocument(r, 200).content }));
const line = textsOf(small.writer.getXmlFragment(FRAGMENT))[1];
const key = () => passage?.insert(passage.length, "e");
const microseconds = ({ runs, ...times }: ReturnType<typeof measure>) => ({
  runs,
  ...Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, Math.round(ms * 1000)])),
});
small.admit(2_000, () => line?.insert(line.length, "ten chars "));

console.log("What the guard and the authorship of an update cost, in microseconds:");
console.table({
  "a key in a module": microseconds(module.admit(2_000, key)),
  "ten letters in a small room": microseconds(
    small.admit(2_000, () => line?.insert(line.length, "ten chars ")),
  ),
  "a letter less": microseconds(module.admit(300, () => passage?.delete(10, 1))),
  "a key after that": microseconds(module.admit(1_000, key)),
  "ten letters after that": microseconds(
    module.admit(1_000, () => passage?.insert(passage.length, "ten chars ")),
  ),
  "a split, a join, a wrap, a move": microseconds(
    module.admit(1, () => {
      for (let step = 0; step < 200; step++) {
        const { edit } = editing(module.writer);
        edit((tr) => r.pick(Object.values(STRUCTURE))(tr, r));
      }
    }),
  ),
});

const blocks = (count: number, text = "") =>
  Array.from({ length: count }, () => {
    const block = new Y.XmlElement("paragraph");
    if (text !== "") block.insert(0, [new Y.XmlText(text)]);
    return block;
  });
const body = module.writer.getXmlFragment(FRAGMENT);
const wide = { bytes: GUARD_LIMITS.draft.bytes, structs: 100_000 };
console.log("The largest updates, in milliseconds:");
console.table({
  "5,000 pieces": module.admit(1, () => body.push(blocks(5_000))),
  "20,000 pieces": module.admit(1, () => body.push(blocks(6_600, "a word or two"))),
  "one more block beside them": module.admit(20, () => body.push(blocks(1))),
  "everything deleted": module.admit(1, () => body.delete(0, body.length), wide),
  "700 KiB of words that were deleted": module.admit(1, () =>
    body.push(blocks(1, `${everyWord} `.repeat(5).slice(0, 700 * 1024))),
  ),
  "700 KiB of the same word": module.admit(1, () => body.push(blocks(1, "a ".repeat(350 * 1024)))),
});
