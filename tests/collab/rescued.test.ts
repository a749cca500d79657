import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { textblocks } from "#app/document/read.ts";
import { type DocJSON, FRAGMENT } from "#app/document/schema.ts";
import { CLOSE, LIMITS, SYNC } from "#server/collab/protocol.ts";
import { random, SEED } from "../document/random.ts";
import {
  append,
  type Name,
  rawSocket,
  type Seeded,
  seedDocument,
  serveCollab,
  text,
  until,
  updateBy,
} from "../support/collab.ts";
import { seedWorkshop } from "../support/copies.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { Peer } from "../support/peer.ts";

const PARAGRAPHS: DocJSON = {
  type: "doc",
  content: ["one", "two", "three"].map((words) => ({
    ...text(`Paragraph ${words}.`),
    attrs: { id: words },
  })),
};
const ADOPTED = { personId: null, via: "decision" };

let database: TestDatabase;
let seeded: Seeded;
let server: Awaited<ReturnType<typeof serveCollab>>;

async function start(open: () => Promise<TestDatabase>) {
  database = await open();
  seeded = await seedDocument(database.db, PARAGRAPHS);
  server = await serveCollab(database.db, seeded.people);
}

afterEach(async () => {
  await server.close();
  await database.close();
});

const rescues = (docId = seeded.docId) =>
  database.db
    .selectFrom("rescues")
    .select(["person_id", "block_id", "text", "status"])
    .where("document_id", "=", docId)
    .orderBy("id")
    .execute();
const stored = async (docId = seeded.docId) =>
  textblocks((await server.collab.read(docId)).json).map((block) => block.text);
const body = (doc: Y.Doc) => doc.getXmlFragment(FRAGMENT);
const insideOf = (doc: Y.Doc, n: number) => (body(doc).get(n) as Y.XmlElement).get(0) as Y.XmlText;

/** Replaces the second paragraph, as an adopted change does. */
const replace = (docId = seeded.docId) =>
  server.collab.edit(docId, ADOPTED, (doc) => {
    body(doc).delete(1, 1);
    const made = new Y.XmlElement("blockquote");
    const inner = new Y.XmlElement("paragraph");
    inner.setAttribute("id", "new");
    inner.insert(0, [new Y.XmlText("Adopted.")]);
    made.insert(0, [inner]);
    body(doc).insert(1, [made]);
  });

/** Somebody's socket, with a copy of the document as it is now. */
async function writer(name: Name, docId = seeded.docId) {
  const raw = await rawSocket(server, docId, name);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate((await server.collab.read(docId)).doc));
  raw.sync(SYNC.step2, new Uint8Array([0, 0]));
  await until(() => raw.saved() === 1);
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  const told = () => raw.frames.flatMap(({ rescued }) => rescued ?? []);
  return { raw, doc, updates, told };
}

describe.each(DATABASES)("Words in flight, on $name", ({ open }) => {
  beforeEach(() => start(open));

  it("are kept with the nearest block when their passage is replaced, and their author is told", async () => {
    const ana = await writer("ana");
    const ben = await writer("ben");
    for (const letter of [" with", " care"]) append(ana.doc, letter, 1);
    await replace();
    for (const update of ana.updates) ana.raw.update(update);
    await until(() => ana.raw.saved() === 3);
    await until(() => ana.told().at(-1)?.text === " with care", "the news");
    expect(await stored()).toEqual(["Paragraph one.", "Adopted.", "Paragraph three."]);
    expect(await rescues()).toEqual([
      {
        person_id: seeded.personIds.ana,
        block_id: expect.stringMatching(/^(one|new)$/),
        text: " with care",
        status: "open",
      },
    ]);
    expect(ben.told()).toEqual([]);
    for (const { raw } of [ana, ben]) raw.ws.terminate();
  });

  it("are kept when they wait for their commit while the passage is replaced", async () => {
    const ana = await writer("ana");
    append(ana.doc, " with care", 1);
    // The edit holds the room from before the words arrive until it is committed.
    await server.collab.edit(
      seeded.docId,
      ADOPTED,
      (doc) => body(doc).delete(1, 1),
      async () => {
        for (const update of ana.updates) ana.raw.update(update);
        ana.raw.ws.ping();
        await new Promise((resolve) => ana.raw.ws.once("pong", resolve));
      },
    );
    await until(() => ana.raw.saved() === 2);
    await until(() => ana.told().length === 1, "the news");
    expect(await stored()).toEqual(["Paragraph one.", "Paragraph three."]);
    expect(await rescues()).toMatchObject([
      { person_id: seeded.personIds.ana, text: " with care", block_id: "one" },
    ]);
    ana.raw.ws.terminate();
  });

  it("are kept in a workshop copy too, and after a restart, when somebody comes back", async () => {
    const copy = await seedWorkshop(database.db, seeded, { dev: "write" });
    const dev = new Peer(server.url, copy, "dev");
    await until(() => dev.synced);
    dev.pause();
    append(dev.doc, " typed on the bus", 1);
    await replace(copy);
    await server.close();
    server = await serveCollab(database.db, seeded.people);
    dev.resume(server.url);
    await until(() => dev.settled, "what was typed");
    expect(await rescues(copy)).toMatchObject([
      { person_id: seeded.personIds.dev, text: " typed on the bus" },
    ]);
    dev.end();
  });

  it("are kept before anybody is told that they are saved, or not at all", async () => {
    const ana = await writer("ana");
    append(ana.doc, " with care", 1);
    await replace();
    await database.db.schema.alterTable("rescues").renameTo("gone").execute();
    for (const update of ana.updates) ana.raw.update(update);
    await until(() => ana.raw.refusal()?.reason === "notSaved", "the refusal");
    expect([ana.raw.saved(), ana.told()]).toEqual([1, []]);
    await database.db.schema.alterTable("gone").renameTo("rescues").execute();
    await until(() => ana.raw.saved() === 2);
    expect(await rescues()).toMatchObject([{ text: " with care" }]);
    ana.raw.ws.terminate();
  });
});

describe("What is no rescue", () => {
  beforeEach(() => start(DATABASES[0].open));

  it("what its author deleted, alone or with the passage", async () => {
    const ana = await writer("ana");
    append(ana.doc, " twice thought over", 1);
    insideOf(ana.doc, 1).delete(3, 12);
    body(ana.doc).delete(1, 1);
    append(ana.doc, " all well", 1);
    for (const update of ana.updates) ana.raw.update(update);
    await until(() => ana.raw.saved() === 1 + ana.updates.length);
    expect(await stored()).toEqual(["Paragraph one.", "Paragraph three. all well"]);
    expect(await rescues()).toEqual([]);
    ana.raw.ws.terminate();
  });

  it("what was typed and taken back before the passage was replaced", async () => {
    const ana = await writer("ana");
    append(ana.doc, " twice", 1);
    insideOf(ana.doc, 1).delete("Paragraph two.".length, 6);
    const all = Y.mergeUpdates(ana.updates);
    await replace();
    ana.raw.update(all);
    await until(() => ana.raw.saved() === 2);
    expect(await rescues()).toEqual([]);
    ana.raw.ws.terminate();
  });

  it("words that were merged: a change of words elsewhere in the block", async () => {
    const ana = await writer("ana");
    append(ana.doc, " with care", 1);
    await server.collab.edit(seeded.docId, ADOPTED, (doc) => insideOf(doc, 1).delete(0, 9));
    for (const update of ana.updates) ana.raw.update(update);
    await until(() => ana.raw.saved() === 2);
    expect(await stored()).toContain(" two. with care");
    expect(await rescues()).toEqual([]);
    ana.raw.ws.terminate();
  });

  it("more than a hundred from one person, however much they send", async () => {
    const ana = await rawSocket(server, seeded.docId, "ana");
    ana.sync(SYNC.step2, new Uint8Array([0, 0]));
    const { doc } = await server.collab.read(seeded.docId);
    await replace();
    const long = "x".repeat(LIMITS.rescues.letters);
    const count = LIMITS.rescues.open + 10;
    for (let n = 0; n < count; n++) ana.update(updateBy(doc, (one) => append(one, long, 1)));
    await until(() => ana.saved() === 1 + count || ana.code === CLOSE.refused, "all", 30_000);
    expect(await rescues()).toHaveLength(LIMITS.rescues.open);
    ana.ws.terminate();
  });
});

it(`Each letter is in the text or rescued, while changes are adopted under four who type (seed ${SEED})`, {
  timeout: 120_000,
}, async () => {
  await start(DATABASES[0].open);
  const r = random(SEED);
  const people = (["ana", "ben", "ana", "ben"] as const).map(
    (name) => new Peer(server.url, seeded.docId, name),
  );
  for (const peer of people) await until(() => peer.synced);
  let letter = 0x4e00;
  const typed: string[] = [];
  for (let round = 0; round < 60; round++) {
    for (const peer of people) {
      const { length } = peer.fragment;
      if (length === 0 || r.chance(0.3)) continue;
      const block = peer.fragment.get(r.int(0, length - 1)) as Y.XmlElement;
      const inside = block.get(0);
      if (!(inside instanceof Y.XmlText)) continue;
      const next = String.fromCharCode(letter++);
      inside.insert(r.int(0, inside.length), next);
      typed.push(next);
    }
    if (r.chance(0.5)) await new Promise((resolve) => setTimeout(resolve, r.int(0, 8)));
    if (!r.chance(0.4)) continue;
    await server.collab.edit(seeded.docId, ADOPTED, (doc) => {
      const at = r.int(0, body(doc).length - 1);
      const old = body(doc).get(at) as Y.XmlElement;
      const made = new Y.XmlElement("paragraph");
      made.setAttribute("id", `r${round}`);
      // What stands there already is carried over, as a change of structure does.
      made.insert(0, [new Y.XmlText((old.get(0) as Y.XmlText).toString())]);
      body(doc).delete(at, 1);
      body(doc).insert(at, [made]);
    });
  }
  for (const peer of people) await until(() => peer.settled, peer.state);
  const there = (await stored()).join("\n");
  const kept = (await rescues()).map((rescue) => rescue.text).join("\n");
  const times = (where: string, one: string) => where.split(one).length - 1;
  for (const one of typed) {
    expect([one, times(there, one) + times(kept, one)]).toEqual([one, 1]);
  }
  expect(kept).not.toBe("");
  for (const peer of people) peer.end();
});
