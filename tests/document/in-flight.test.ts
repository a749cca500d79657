import { expect, it } from "vitest";
import * as Y from "yjs";
import { applyHunk } from "#app/document/apply.ts";
import { diff } from "#app/document/diff.ts";
import { admit, follow, Shadow } from "#app/document/guard.ts";
import { lostBy } from "#app/document/lost.ts";
import { readDoc, textblocks, textOf } from "#app/document/read.ts";
import { schema } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { editing, STRUCTURE, WORDS } from "./editing.ts";
import { type Random, random, randomDocument, SEED } from "./random.ts";

const RUNS = Number(process.env.RUNS ?? 2_000);

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

/** Somebody types letters that stand nowhere else, in one or two blocks; each change's update. */
function typing(r: Random, base: Y.Doc) {
  const copy = copyOf(base);
  const editor = editing(copy);
  const typed: { letter: string; update: Uint8Array }[] = [];
  const updates: Uint8Array[] = [];
  copy.on("update", (update: Uint8Array) => updates.push(update));
  const blocks: { pos: number; size: number }[] = [];
  editor.now().descendants((node, pos) => {
    if (node.isTextblock) blocks.push({ pos: pos + 1, size: node.content.size });
    return !node.isTextblock;
  });
  if (blocks.length === 0) return typed;
  const block = r.pick(blocks);
  const place = block.pos + r.int(0, block.size);
  // No editor writes in the middle of a letter of two halves.
  const half = /[\ud800-\udbff]$/.test(editor.now().textBetween(block.pos, place));
  const start = half ? place - 1 : place;
  for (let n = 0; n < r.int(1, 8); n++) {
    const letter = String.fromCharCode(0x4e00 + n);
    editor.edit((tr) => tr.insert(start + n, schema().text(letter)));
    typed.push({ letter, update: Y.mergeUpdates(updates.splice(0)) });
  }
  return typed;
}

/** What a session changes in a copy, as hunks against the base. */
function hunksOf(r: Random, base: Y.Doc) {
  const copy = copyOf(base);
  const editor = editing(copy);
  const steps = { ...STRUCTURE, ...WORDS };
  for (let n = r.int(1, 6); n > 0; n--) {
    const step = r.pick(Object.values(steps));
    try {
      editor.edit((tr) => step(tr, r, () => "proposed"));
    } catch {
      // Not every step fits every document.
    }
  }
  return diff(readDoc(base), readDoc(copy));
}

/** An accepted change on its way into the log: it was tried on what is committed. */
function applied(r: Random, committed: Y.Doc, hunks: ReturnType<typeof hunksOf>): Uint8Array[] {
  const scratch = copyOf(committed);
  const updates: Uint8Array[] = [];
  scratch.on("update", (update: Uint8Array) => updates.push(update));
  for (const hunk of hunks) if (r.chance(0.8)) applyHunk(scratch, hunk);
  return updates;
}

it(`keeps or rescues each letter that is typed while changes are adopted (seed ${SEED})`, {
  timeout: 600_000,
}, () => {
  const r = random(SEED);
  let rescuedOnArrival = 0;
  let rescuedWaiting = 0;
  for (let run = 0; run < RUNS; run++) {
    const at = `seed ${SEED}, run ${run}`;
    const base = createDoc(randomDocument(r, r.int(1, 5)));
    const hunks = hunksOf(r, base);
    const typed = typing(r, base);
    const committed = copyOf(base);
    const shadow = new Shadow(copyOf(base));
    const rescued: string[] = [];
    const rules = { author: "tess", ownerOf: ownerIn(base) };
    const arrive = (update: Uint8Array) => {
      const verdict = admit(shadow, update, rules);
      expect(verdict, at).toMatchObject({ ok: true });
      if (!verdict.ok) return null;
      if (verdict.lost) rescued.push(verdict.lost.text);
      return verdict.update;
    };
    // Some of it is committed when the change is adopted, some waits for that, the rest is on its way.
    const done = r.int(0, typed.length);
    const here = r.int(done, typed.length);
    typed.slice(0, here).forEach(({ update }, n) => {
      const written = arrive(update);
      if (written && n < done) Y.applyUpdate(committed, written);
    });
    for (const update of applied(r, committed, hunks)) {
      for (const { personId, lost } of lostBy(follow(shadow.doc, update), rules.ownerOf)) {
        expect(personId).toBe("tess");
        rescued.push(lost.text);
        rescuedWaiting++;
      }
    }
    const before = rescued.length;
    for (const { update } of typed.slice(here)) arrive(update);
    rescuedOnArrival += rescued.length - before;

    const text = textblocks(readDoc(shadow.doc))
      .map(({ node }) => textOf(node))
      .join("\n");
    const kept = rescued.join("");
    for (const { letter } of typed) {
      const count = (where: string) => where.split(letter).length - 1;
      expect([count(text), count(kept)].sort(), `${at}: ${letter}`).toEqual([0, 1]);
    }
  }
  expect(rescuedOnArrival).toBeGreaterThan(RUNS / 50);
  expect(rescuedWaiting).toBeGreaterThan(RUNS / 50);
});

/** Whoever wrote what was there first; everything new is Tess's. */
function ownerIn(base: Y.Doc) {
  const before = Y.decodeStateVector(Y.encodeStateVector(base));
  return (client: number) => (before.has(client) ? "ana" : "tess");
}
