import * as Y from "yjs";
import { diff } from "#app/document/diff.ts";
import { readDoc } from "#app/document/read.ts";
import type { DocJSON } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { editing, MORE, STRUCTURE, WORDS } from "#tests/document/editing.ts";
import { largeDocument, type Random, random, sentence } from "#tests/document/random.ts";

/** A module of 50 pages, a copy of it that residents changed, and a draft that trainers changed. */
export type Scene = { origin: Y.Doc; base: DocJSON; copy: DocJSON; draft: () => Y.Doc };

/** What 200 edits of a session are: words for the most part. */
const MIX: [string, number][] = [
  ["type", 50],
  ["erase", 30],
  ["replaceWords", 50],
  ["bold", 10],
  ["format", 10],
  ["insertBlock", 10],
  ["deleteBlock", 10],
  ["split", 10],
  ["join", 5],
  ["wrap", 5],
  ["heading", 5],
  ["move", 5],
];
const EDITS = { ...STRUCTURE, ...WORDS, ...MORE };

export function forked(origin: Y.Doc): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(origin));
  return doc;
}

/** Makes so many edits of each sort through the editor's own binding, in any order. */
export function change(doc: Y.Doc, r: Random, mix: readonly [string, number][]): void {
  const { edit, now } = editing(doc);
  const todo = mix.flatMap(([name, count]) => Array.from({ length: count }, () => name));
  while (todo.length > 0) {
    const [name = ""] = todo.splice(r.int(0, todo.length - 1), 1);
    const before = now();
    // A join that finds nothing before it is tried elsewhere.
    for (let tries = 0; now() === before && tries < 50; tries++) {
      edit((tr) => EDITS[name]?.(tr, r, () => sentence(r, 1, 0)));
    }
  }
}

export function sceneOf(seed: number, words: number): Scene {
  const r = random(seed);
  const origin = createDoc(largeDocument(r, words));
  const theirs = forked(origin);
  change(theirs, r, MIX);
  const ours = forked(origin);
  change(ours, r, [
    ["type", 40],
    ["replaceWords", 10],
  ]);
  return { origin, base: readDoc(origin), copy: readDoc(theirs), draft: () => forked(ours) };
}

/** The same module with so many edits of words, and nothing else. */
export function reworded({ origin }: Scene, seed: number, edits: number): DocJSON {
  const doc = forked(origin);
  const share = Math.floor(edits / 2);
  change(doc, random(seed), [
    ["replaceWords", share],
    ["type", edits - share],
  ]);
  return readDoc(doc);
}

/** A version with at least so many differences from the one before. */
export function nextVersion(base: DocJSON, seed: number, differences: number): DocJSON {
  const r = random(seed);
  const doc = createDoc(base);
  const { edit, now } = editing(doc);
  let json = readDoc(doc);
  for (let count = 0; count < differences; count = diff(base, json).length) {
    for (let n = differences - count; n > 0; n -= 100) {
      edit((tr) => {
        for (let step = 0; step < 100; step++) {
          WORDS[r.pick(["type", "erase"])]?.(tr, r, () => sentence(r, 1, 0));
        }
      });
    }
    json = readDoc(doc);
    if (now().childCount === 0) break;
  }
  return json;
}
