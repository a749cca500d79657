import { expect, it } from "vitest";
import * as Y from "yjs";
import type { DocView } from "#app/context.ts";
import { type Anchor, createAnchor, resolve, textIndex } from "#app/document/anchors.ts";
import { readDoc, textblocks } from "#app/document/read.ts";
import { FRAGMENT } from "#app/document/schema.ts";
import { createCollab } from "#server/collab/collab.ts";
import { caseOf, take } from "../document/cases.ts";
import { type Random, random, SEED } from "../document/random.ts";
import { quiet, seedDocument } from "../support/collab.ts";
import { DATABASES } from "../support/databases.ts";
import { seedRooms } from "../support/rooms.ts";

const RUNS = Number(process.env.RUNS ?? 2_000);

/** How many documents there are at a time, and how often their server restarts before new ones come. */
const DOCUMENTS = 10;
const RESTARTS = 20;

/** What a document says in each of its forms; they are held against each other on the way. */
function saidBy({ seq, json, doc }: DocView, at: string) {
  const blocks = textblocks(json).map(({ id, text }) => ({ id, text }));
  const index = textIndex(doc);
  expect(readDoc(doc), `${at}: JSON and state`).toEqual(json);
  expect(
    index.blocks.map(({ id, text }) => ({ id, text })),
    `${at}: index and JSON`,
  ).toEqual(blocks);
  expect(index.flat, at).toBe(blocks.map(({ text }) => text).join("\n"));
  return { seq, json, flat: index.flat, xml: doc.getXmlFragment(FRAGMENT).toString() };
}

/** A document before the restart. */
type Before = { id: string; doc: Y.Doc; said: ReturnType<typeof saidBy>; anchor: Anchor | null };

/** An anchor on some words of a document. */
function anchorIn({ json, doc }: DocView, r: Random): Anchor | null {
  const block = r.pick(textblocks(json));
  const found = [...(block?.text.matchAll(/\S+/g) ?? [])];
  if (!block || found.length === 0) return null;
  const { index, 0: word } = r.pick(found);
  const [start, end] = [index, index + word.length].map((offset) => ({
    blockId: block.id,
    offset,
  }));
  return start && end ? createAnchor(doc, { start, end }) : null;
}

/**
 * Property 11 of the change engine. Each run is one document that was edited before its server
 * restarted: stopped in order, or replaced by one that reads the log as it lies while the old one is
 * still there.
 */
it(`Index, JSON and state agree after a restart (seed ${SEED}, ${RUNS} runs)`, {
  timeout: 600_000,
}, async () => {
  const database = await DATABASES[0].open();
  const { db } = database;
  const { docId, personIds } = await seedDocument(db);
  const start = () => createCollab({ db, clock: () => new Date(), log: quiet });
  let server = start();
  let ids: string[] = [];
  let wrote = 0;
  for (let run = 0; run < RUNS; run += DOCUMENTS) {
    const r = random(SEED + run);
    if (run % (DOCUMENTS * RESTARTS) === 0) {
      ids = [];
      for (let n = 0; n < DOCUMENTS; n++) {
        const { base } = caseOf(r.int(0, 2 ** 31), { draft: false });
        ids.push(...(await seedRooms(db, { docId }, 1, base)));
      }
    }
    const at = (n: number) => `seed ${SEED}, run ${run + n}`;
    const before: Before[] = [];
    for (const [n, id] of ids.entries()) {
      const { draft: steps } = caseOf(r.int(0, 2 ** 31), { draft: true });
      const author = { personId: r.pick([personIds.ana, personIds.ben]), via: "socket" };
      const change = (doc: Y.Doc) => take(doc, steps, "w");
      await server.edit(id, author, change, async (_trx, _result, seq) => {
        if (seq !== null) wrote++;
      });
      const view = await server.read(id);
      before.push({ id, doc: view.doc, said: saidBy(view, at(n)), anchor: anchorIn(view, r) });
    }
    const old = server;
    const inOrder = r.chance(0.7);
    if (inOrder) await old.close();
    server = start();
    for (const [n, { id, doc, said, anchor }] of before.entries()) {
      const after = await server.read(id);
      expect(saidBy(after, at(n)), at(n)).toEqual(said);
      const [is, was] = [Y.snapshot(after.doc), Y.snapshot(doc)];
      expect(Y.equalSnapshots(is, was), `${at(n)}: state`).toBe(true);
      if (!anchor) continue;
      const place = resolve(doc, textIndex(doc), anchor);
      expect(place, `${at(n)}: anchor`).toMatchObject({ status: "exact", text: anchor.quote });
      expect(resolve(after.doc, textIndex(after.doc), anchor), `${at(n)}: anchor`).toEqual(place);
    }
    if (!inOrder) await old.close();
  }
  expect(wrote).toBeGreaterThan(RUNS * 0.75);
  await server.close();
  await database.close();
});
