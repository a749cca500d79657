import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { colourOf } from "#app/features/people/colour.server.ts";
import { CLOSE, LIMITS, MESSAGE } from "#server/collab/protocol.ts";
import {
  join,
  presenceOf,
  rawSocket,
  type Seeded,
  seedDocument,
  serveCollab,
  until,
} from "../support/collab.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";

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

it("shows everybody under the name of their account, whatever they claim", async () => {
  const ana = await join(server, seeded.docId, "ana");
  const ben = await join(server, seeded.docId, "ben");
  ana.provider.awareness.setLocalState({
    user: { name: "Chief", color: "red" },
    cursor: { at: 1 },
  });
  const seen = () => ben.provider.awareness.getStates().get(ana.doc.clientID);
  await until(() => seen()?.cursor?.at === 1);
  expect(seen()).toEqual({
    user: { name: "Ana", color: colourOf(seeded.people.ana.personId as string) },
    cursor: { at: 1 },
  });
  expect(colourOf("anybody")).toMatch(/^#[0-9a-f]{6}$/);
  ana.provider.destroy();
  await until(() => seen() === undefined, "Ana to be gone");
  ben.provider.destroy();
});

it("lets nobody move or remove another's cursor, nor revive one that left", async () => {
  const ana = await join(server, seeded.docId, "ana");
  const ben = await rawSocket(server, seeded.docId, "ben");
  const eye = await join(server, seeded.docId, "ben");
  ana.provider.awareness.setLocalState({ cursor: 1 });
  const { clientID } = ana.doc;
  const seen = () => eye.provider.awareness.getStates().get(clientID);
  await until(() => seen()?.cursor === 1);
  ben.ws.send(presenceOf(clientID, 99, { cursor: 2 }));
  ben.ws.send(presenceOf(clientID, 100, null));
  await sleep(60);
  expect(seen()).toMatchObject({ cursor: 1, user: { name: "Ana" } });

  ana.provider.destroy();
  await until(() => seen() === undefined);
  ben.ws.send(presenceOf(clientID, 101, { cursor: 3 }));
  await sleep(60);
  expect(seen()).toBeUndefined();
  ben.ws.terminate();
  eye.provider.destroy();
});

it("has one state a socket, however many it sends", async () => {
  const ana = await rawSocket(server, seeded.docId, "ana");
  const ben = await join(server, seeded.docId, "ben");
  for (let client = 1; client <= 100; client++)
    ana.ws.send(presenceOf(client, 1, { cursor: client }));
  const others = () =>
    [...ben.provider.awareness.getStates().keys()].filter((id) => id !== ben.doc.clientID);
  await until(() => others().length > 0);
  await sleep(60);
  expect(others()).toHaveLength(1);
  ana.ws.terminate();
  ben.provider.destroy();
});

it("refuses a state above its limit and tells nobody of it", async () => {
  const ana = await rawSocket(server, seeded.docId, "ana");
  const ben = await rawSocket(server, seeded.docId, "ben");
  const before = ben.frames.filter(({ type }) => type === MESSAGE.presence).length;
  ana.ws.send(presenceOf(7, 1, { cursor: "x".repeat(LIMITS.presence) }));
  await until(() => ana.code === CLOSE.refused);
  await sleep(30);
  expect(ben.frames.filter(({ type }) => type === MESSAGE.presence)).toHaveLength(before);
  ben.ws.terminate();
});

it("shows who is there already to whoever comes later", async () => {
  const ana = await join(server, seeded.docId, "ana");
  ana.provider.awareness.setLocalState({ cursor: 5 });
  await sleep(50);
  const ben = await join(server, seeded.docId, "ben");
  await until(() => ben.provider.awareness.getStates().get(ana.doc.clientID)?.cursor === 5);
  ana.provider.destroy();
  ben.provider.destroy();
});
