import * as decoding from "lib0/decoding";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { Committed } from "#server/collab/committed.ts";
import { MESSAGE, SYNC } from "#server/collab/protocol.ts";
import { type Random, random, SEED } from "../document/random.ts";

const RUNS = 60;

/** The messages in what goes over the wire: WebSocket frames, whole and not masked. */
function* messagesIn(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
  const bytes = Buffer.concat(chunks);
  for (let at = 0; at < bytes.length; ) {
    expect(bytes[at]).toBe(0x82);
    const short = bytes[at + 1] as number;
    const [head, length] =
      short < 126
        ? [2, short]
        : short === 126
          ? [4, bytes.readUInt16BE(at + 2)]
          : [10, Number(bytes.readBigUInt64BE(at + 2))];
    yield bytes.subarray(at + head, at + head + length);
    at += head + length;
  }
}

/** Gives a copy what was sent; answers the sync steps in it. */
function take(copy: Y.Doc, chunks: readonly Uint8Array[]): number[] {
  const steps: number[] = [];
  for (const message of messagesIn(chunks)) {
    const decoder = decoding.createDecoder(message);
    expect(decoding.readVarUint(decoder)).toBe(MESSAGE.sync);
    steps.push(decoding.readVarUint(decoder));
    Y.applyUpdate(copy, decoding.readVarUint8Array(decoder));
    expect(decoding.hasContent(decoder)).toBe(false);
  }
  expect(copy.store.pendingStructs).toBeNull();
  return steps;
}

const copyOf = (doc: Y.Doc) => {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
};
const textOf = (doc: Y.Doc) => doc.getText("t").toString();

function type(r: Random, doc: Y.Doc): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const note = (update: Uint8Array) => updates.push(update);
  doc.on("update", note);
  const text = doc.getText("t");
  // Now and then more than a WebSocket frame's short and middle lengths hold.
  const words = "word ".repeat(r.chance(0.1) ? r.int(1, 20_000) : r.int(1, 30));
  text.insert(r.int(0, text.length), words);
  if (r.chance(0.5)) text.delete(r.int(0, text.length - 3), 3);
  doc.off("update", note);
  return updates;
}

it.each(Array.from({ length: RUNS }, (_, run) => SEED + run))(
  "Whoever asks, from wherever they are, gets what is committed (seed %i)",
  (seed) => {
    const r = random(seed);
    const doc = new Y.Doc();
    const committed = new Committed(r.chance(0.5) ? Y.encodeStateAsUpdate(doc) : null, 0, []);
    const copies = [{ seq: 0, copy: copyOf(doc) }];
    for (let seq = 1; seq < r.int(2, 30); seq++) {
      const author = r.chance(0.5) ? doc : copyOf(doc);
      const updates = type(r, author);
      for (const update of updates) Y.applyUpdate(doc, update);
      const rows = updates.map((bytes) => ({
        seq,
        bytes,
        authorId: null,
        origin: "socket",
        carried: [],
      }));
      committed.took(rows, seq);
      if (r.chance(0.3)) committed.compacted(Y.encodeStateAsUpdate(doc), seq);
      if (r.chance(0.5)) copies.push({ seq, copy: copyOf(doc) });
    }
    expect(textOf(committed.toDoc())).toBe(textOf(doc));
    expect(Y.decodeStateVector(committed.stateVector(null))).toEqual(
      Y.decodeStateVector(Y.encodeStateVector(doc)),
    );
    // Twice, since answers are kept: with the document at hand, and without.
    for (const shadow of r.chance(0.5) ? [doc, null] : [null, doc]) {
      for (const { copy } of [{ copy: new Y.Doc() }, ...copies]) {
        const behind = copyOf(copy);
        const steps = take(behind, committed.answer(Y.encodeStateVector(behind), shadow));
        expect(textOf(behind)).toBe(textOf(doc));
        // A stock client counts as synced from the one step 2 on, so it comes last.
        expect(steps.indexOf(SYNC.step2)).toBe(steps.length - 1);
      }
    }
    for (const { seq, copy } of copies) {
      take(copy, committed.since(seq));
      expect(textOf(copy)).toBe(textOf(doc));
    }
  },
);
