import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import * as Y from "yjs";
import { FRAGMENT } from "#app/document/schema.ts";
import { connectDraft, type Draft, type Saved } from "#app/editor/provider.ts";
import {
  CLOSE,
  MESSAGE,
  SYNC,
  savedFrame,
  step1Frame,
  step2Frame,
} from "#server/collab/protocol.ts";
import {
  append,
  type Name,
  type Seeded,
  seedDocument,
  serveCollab,
  socketOf,
  until,
} from "../support/collab.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";

let database: TestDatabase;
let server: Awaited<ReturnType<typeof serveCollab>>;
let seeded: Seeded;
const drafts: Draft[] = [];

beforeAll(async () => {
  database = await DATABASES[0].open();
});
afterAll(() => database.close());
beforeEach(async () => {
  seeded = await seedDocument(database.db);
  server = await serveCollab(database.db, seeded.people);
  return () => server.close();
});
afterEach(() => {
  for (const draft of drafts.splice(0)) draft.destroy();
});

/** The editor's own connection, with every state it ever published. */
async function open(person: Name) {
  const doc = new Y.Doc();
  const origin = server.url.replace("/collab", "");
  const draft = connectDraft({ docId: seeded.docId, doc, origin, WebSocket: socketOf(person) });
  drafts.push(draft);
  const states: Saved[] = [draft.saved.get()];
  draft.saved.subscribe(() => states.push(draft.saved.get()));
  const now = () => draft.saved.get();
  await until(() => now().state !== "connecting" || now().code !== undefined);
  return { doc, draft, states, now, provider: draft.provider };
}

/** Types the moment the socket opens, before either side has asked the other anything. */
function onceConnected(provider: Draft["provider"], type: () => void) {
  const listen = ({ status }: { status: string }) => {
    if (status !== "connected") return;
    provider.off("status", listen);
    type();
  };
  provider.on("status", listen);
  provider.connect();
}

const stored = async () =>
  (await server.collab.read(seeded.docId)).doc.getXmlFragment(FRAGMENT).toString();

it("says saved only once the server has committed", async () => {
  const ana = await open("ana");
  expect(ana.now()).toMatchObject({ state: "saved", pending: 0 });
  append(ana.doc, " typed");
  expect(ana.now()).toMatchObject({ state: "saving", pending: 1 });
  expect(ana.draft.unsavedWords()).toEqual([" typed"]);
  await until(() => ana.now().state === "saved");
  expect(ana.now()).toMatchObject({ pending: 0, at: expect.any(Date) });
  expect(ana.draft.unsavedWords()).toEqual([]);
  expect(await stored()).toContain(" typed");
});

it("doesn't count what others write", async () => {
  const ana = await open("ana");
  const ben = await open("ben");
  append(ben.doc, " from Ben");
  await until(() => ana.doc.getXmlFragment(FRAGMENT).toString().includes("from Ben"));
  expect(ana.states.every(({ pending }) => pending === 0)).toBe(true);
});

it("keeps count while offline and isn't early when it comes back", async () => {
  const ana = await open("ana");
  ana.provider.disconnect();
  expect(ana.now()).toMatchObject({ state: "offline", pending: 0 });
  append(ana.doc, " offline", 1);
  expect(ana.now()).toMatchObject({ state: "offline", pending: 1 });
  onceConnected(ana.provider, () => append(ana.doc, " at once", 2));
  await until(() => ana.now().state === "saved");
  const text = await stored();
  expect(text).toContain(" offline");
  expect(text).toContain(" at once");
});

it("takes no acknowledgement for offline work that hasn't been sent yet", async () => {
  // A deletion has no clock, so what is typed after it can be committed without it. This server
  // commits that first, and only then asks for the rest.
  const wss = new WebSocketServer({ port: 0 });
  const { port } = wss.address() as AddressInfo;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate((await server.collab.read(seeded.docId)).doc));
  const sent: number[] = [];
  let ask = () => {};
  wss.on("connection", (ws) => {
    ws.on("message", (data: Buffer) => {
      if (data[0] !== MESSAGE.sync) return;
      if (data[1] === SYNC.step1) ws.send(step2Frame(new Uint8Array([0, 0])));
      else ws.send(savedFrame(sent.push(data[1] as number)));
    });
    ask = () => ws.send(step1Frame(new Uint8Array([0])));
  });
  const draft = connectDraft({
    docId: "any",
    doc,
    origin: `http://127.0.0.1:${port}`,
    WebSocket: socketOf("ana"),
  });
  drafts.push(draft);
  await until(() => draft.saved.get().state === "saved");
  draft.provider.disconnect();
  const heading = (doc.getXmlFragment(FRAGMENT).get(0) as Y.XmlElement).get(0) as Y.XmlText;
  heading.delete(0, 5);
  onceConnected(draft.provider, () => append(doc, " typed"));
  await until(() => draft.saved.get().at !== null);
  expect(sent).toEqual([SYNC.update]);
  expect(draft.saved.get()).toMatchObject({ state: "saving", pending: 2 });
  ask();
  await until(() => draft.saved.get().state === "saved");
  expect(sent).toEqual([SYNC.update, SYNC.step2]);
  wss.close();
});

it("never leaves an honest writer refused for typing before the first exchange", async () => {
  for (let round = 0; round < 10; round++) {
    const ana = await open("ana");
    ana.provider.disconnect();
    append(ana.doc, ` offline${round}`, 1);
    onceConnected(ana.provider, () => append(ana.doc, ` early${round}`, 1));
    await until(() => ana.provider.wsconnected);
    await until(() => ana.now().state === "saved");
    expect(await stored()).toContain(` offline${round} early${round}`);
  }
});

it("says that an edit was refused and which words it held, and stops there", async () => {
  const ana = await open("ana");
  append(ana.doc, " good");
  await until(() => ana.now().state === "saved");
  const item = new Y.XmlElement("listItem");
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.insert(0, [new Y.XmlText("my words")]);
  item.insert(0, [paragraph]);
  ana.doc.getXmlFragment(FRAGMENT).push([item]);
  await until(() => ana.now().code !== undefined);
  expect(ana.now()).toMatchObject({
    state: "refused",
    reason: "invalid",
    code: CLOSE.refused,
    pending: 1,
  });
  expect(ana.draft.unsavedWords()).toEqual(["my words"]);
  expect(await stored()).not.toContain("my words");
  await sleep(300);
  expect(server.collab.count().sockets).toBe(0);
});

it("says why it is closed for good", async () => {
  const ana = await open("ana");
  seeded.people.ana = { ...seeded.people.ana, roles: [] };
  server.collab.disconnect(seeded.people.ana.personId as string);
  await until(() => ana.now().state === "closed");
  expect(ana.now().code).toBe(CLOSE.roleLost);
  append(ana.doc, " too late");
  expect(ana.now()).toMatchObject({ state: "closed", pending: 1 });
  expect(ana.draft.unsavedWords()).toEqual([" too late"]);
  const rita = await open("rita");
  expect(rita.now()).toMatchObject({ state: "closed", code: CLOSE.roleLost });
});

it("says that the server can't write, and when it can again", async () => {
  const ana = await open("ana");
  await sql`alter table doc_updates rename to gone`.execute(database.db);
  append(ana.doc, " waiting");
  await until(() => ana.now().reason === "notSaved");
  expect(ana.now()).toMatchObject({ state: "saving", pending: 1 });
  await sql`alter table gone rename to doc_updates`.execute(database.db);
  await until(() => ana.now().state === "saved");
  expect(ana.now().reason).toBeUndefined();
});
