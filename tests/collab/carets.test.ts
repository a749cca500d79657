import { setTimeout as sleep } from "node:timers/promises";
import { absolutePositionToRelativePosition, initProseMirrorDoc } from "@tiptap/y-tiptap";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type * as Y from "yjs";
import { type DocJSON, FRAGMENT, schema } from "#app/document/schema.ts";
import {
  append,
  join,
  presenceOf,
  rawSocket,
  type Seeded,
  seedDocument,
  serveCollab,
  text,
} from "../support/collab.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";

const BLOCKS: DocJSON = {
  type: "doc",
  content: [
    { ...text("One two three."), attrs: { id: "first" } },
    { type: "paragraph", attrs: { id: "empty" } },
    {
      type: "blockquote",
      attrs: { id: "quote" },
      content: [{ ...text("Said by somebody."), attrs: { id: "inner" } }],
    },
    { type: "horizontalRule", attrs: { id: "rule" } },
    { ...text("The end."), attrs: { id: "last" } },
  ],
};

let database: TestDatabase;
let server: Awaited<ReturnType<typeof serveCollab>>;
let seeded: Seeded;

beforeAll(async () => {
  database = await DATABASES[0].open();
});
afterAll(() => database.close());
beforeEach(async () => {
  seeded = await seedDocument(database.db, BLOCKS);
  server = await serveCollab(database.db, seeded.people);
  return () => server.close();
});

/** Where an editor with a selection says that it is. */
function cursorAt(doc: Y.Doc, from: number, to = from) {
  const fragment = doc.getXmlFragment(FRAGMENT);
  const { mapping } = initProseMirrorDoc(fragment, schema());
  const at = (pos: number) => absolutePositionToRelativePosition(pos, fragment, mapping);
  return { anchor: at(from), head: at(to) };
}

/** Looks again for two seconds at most: presence takes a moment to arrive. */
async function see(expected: string[], what = "the carets") {
  for (let tries = 0; tries < 200; tries++) {
    if (JSON.stringify(await carets()) === JSON.stringify(expected)) return;
    await sleep(10);
  }
  expect(await carets(), what).toEqual(expected);
}

const carets = async () =>
  (await server.collab.carets(seeded.docId)).map(({ blockId }) => blockId).sort();

it("says in which blocks writers' carets stand, at both ends of a selection", async () => {
  expect(await carets()).toEqual([]);
  const ana = await join(server, seeded.docId, "ana");
  expect(await carets()).toEqual([]);
  const { doc } = initProseMirrorDoc(ana.fragment, schema());
  const places: [string[], number, number?][] = [];
  doc.descendants((node, pos) => {
    const id = node.attrs.id as string | null;
    if (!node.isTextblock || !id) return true;
    places.push([[id], pos + 1], [[id], pos + 1 + node.content.size]);
    if (node.content.size > 3) places.push([[id], pos + 3]);
    return false;
  });
  places.push([["first", "inner"], 2, places.find(([[id]]) => id === "inner")?.[1]]);
  expect(places.length).toBeGreaterThan(8);
  for (const [blocks, from, to] of places) {
    ana.provider.awareness.setLocalStateField("cursor", cursorAt(ana.doc, from, to));
    await see(blocks, `${blocks} at ${from}`);
  }
  const [one] = await server.collab.carets(seeded.docId);
  expect(one?.personId).toBe(seeded.personIds.ana);
  // Another writer in the same block is another caret.
  const ben = await join(server, seeded.docId, "ben");
  ben.provider.awareness.setLocalStateField("cursor", cursorAt(ben.doc, 2));
  await see(["first", "first", "inner"]);
  ana.provider.awareness.setLocalStateField("cursor", null);
  await see(["first"]);
  expect(await server.collab.carets(seeded.docId)).toEqual([
    { personId: seeded.personIds.ben, blockId: "first" },
  ]);
  ben.provider.destroy();
  await see([]);
  ana.provider.destroy();
});

it("finds a caret in what was only just typed, and none in a block that is gone", async () => {
  const ana = await join(server, seeded.docId, "ana");
  append(ana.doc, " and four", 0);
  const end = (ana.fragment.get(0) as Y.XmlElement).get(0) as Y.XmlText;
  ana.provider.awareness.setLocalStateField("cursor", cursorAt(ana.doc, end.length));
  await see(["first"]);
  await server.collab.edit(seeded.docId, { personId: null, via: "decision" }, (doc) =>
    doc.getXmlFragment(FRAGMENT).delete(0, 1),
  );
  expect(await carets()).toEqual([]);
  ana.provider.destroy();
});

it("reads only carets, whatever else somebody sends, and writes nothing while it looks", async () => {
  const ana = await rawSocket(server, seeded.docId, "ana");
  const before = await server.collab.read(seeded.docId);
  const states: unknown[] = [
    { cursor: { anchor: { tname: "elsewhere" }, head: { tname: "default" } } },
    { cursor: { anchor: { item: { client: "x", clock: {} } }, head: null } },
    { cursor: { anchor: { item: { client: 1, clock: -1 } }, head: { type: { client: 1 } } } },
    { cursor: { anchor: { item: { client: 2 ** 40, clock: 2 ** 50 } } } },
    { cursor: "x" },
    { cursor: [] },
    { cursor: { anchor: 1, head: "y" } },
    {},
  ];
  for (const [clock, state] of states.entries()) {
    ana.ws.send(presenceOf(4711, clock + 1, state));
    ana.ws.ping();
    await new Promise((resolve) => ana.ws.once("pong", resolve));
    expect(await carets(), JSON.stringify(state)).toEqual([]);
  }
  const after = await server.collab.read(seeded.docId);
  expect([after.seq, after.json]).toEqual([before.seq, before.json]);
  expect([...after.doc.share.keys()]).toEqual([FRAGMENT]);
  ana.ws.terminate();
});
