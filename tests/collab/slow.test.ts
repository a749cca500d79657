import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import * as Y from "yjs";
import { FRAGMENT } from "#app/document/schema.ts";
import { MESSAGE, SYNC } from "#server/collab/protocol.ts";
import {
  append,
  join,
  rawSocket,
  type Seeded,
  seedDocument,
  serveCollab,
  until,
} from "../support/collab.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { inside } from "../support/hostile.ts";
import { Peer } from "../support/peer.ts";

const PASTE = 48 * 1024;
const PASTES = 200;

let database: TestDatabase;
let server: Awaited<ReturnType<typeof serveCollab>>;
let seeded: Seeded;

beforeAll(async () => {
  database = await DATABASES[0].open();
});
afterAll(async () => {
  await database.close();
});
beforeEach(async () => {
  seeded = await seedDocument(database.db);
  server = await serveCollab(database.db, seeded.people);
  return () => server.close();
});

/** Pastes and takes away again: megabytes to send, and hardly anything that stays. */
async function pasteOverAndOver(writer: Peer) {
  for (let n = 0; n < PASTES; n++) {
    append(writer.doc, "z".repeat(PASTE), 1);
    const text = inside(writer.doc, 1);
    text.delete(text.length - PASTE, PASTE);
    append(writer.doc, ` ${n}.`, 2);
    await until(() => writer.settled, `paste ${n}`);
  }
}

it("leaves out who reads too slowly, and brings them up to date on the same connection", async () => {
  const writer = new Peer(server.url, seeded.docId, "ana");
  const reader = await rawSocket(server, seeded.docId, "fay");
  reader.sync(SYNC.step1, new Uint8Array([0]));
  await until(() => writer.synced && reader.frames.some(({ step }) => step === SYNC.step2));
  reader.ws.pause();
  await pasteOverAndOver(writer);

  reader.ws.resume();
  const copy = new Y.Doc();
  const wanted = () => writer.fragment.toString();
  const read = () => {
    for (const { type, bytes } of reader.frames.splice(0)) {
      if (type === MESSAGE.sync && bytes) Y.applyUpdate(copy, bytes);
    }
    return copy.getXmlFragment(FRAGMENT).toString();
  };
  await until(() => read() === wanted(), "the reader to have everything");
  append(writer.doc, " and goes on", 2);
  await until(() => read().includes("and goes on"), "the reader to go on");
  expect(copy.store.pendingStructs).toBeNull();
  expect(reader.code).toBe(0);
  expect(server.collab.count().sockets).toBe(2);
  expect(await counted("groundwork_sockets_skipped_total")).toBeGreaterThan(0);
  writer.end();
  reader.ws.terminate();
});

it("doesn't let one who reads slowly hold up the others", async () => {
  const writer = new Peer(server.url, seeded.docId, "ana");
  const eye = await join(server, seeded.docId, "ben");
  const slow = await rawSocket(server, seeded.docId, "fay");
  await until(() => writer.synced);
  slow.ws.pause();
  await pasteOverAndOver(writer);
  await until(() => eye.fragment.toString() === writer.fragment.toString(), "the others");
  expect(eye.provider.wsconnected).toBe(true);
  slow.ws.terminate();
  writer.end();
  eye.provider.destroy();
});

async function counted(name: string): Promise<number> {
  const metric = await server.collab.metrics.getSingleMetric(name)?.get();
  return metric?.values[0]?.value ?? 0;
}
