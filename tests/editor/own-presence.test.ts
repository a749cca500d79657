import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import * as Y from "yjs";
import { connectDraft, type Draft } from "#app/editor/provider.ts";
import { MESSAGE } from "#server/collab/protocol.ts";
import {
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

/** A page of the editor, and the presence frames it sent. */
async function open(person: Name) {
  const sent: Uint8Array[] = [];
  class Listening extends socketOf(person) {
    override send(data: Parameters<WebSocket["send"]>[0]): void {
      if (data instanceof Uint8Array && data[0] === MESSAGE.presence) sent.push(data);
      super.send(data);
    }
  }
  const origin = server.url.replace("/collab", "");
  const draft = connectDraft({
    docId: seeded.docId,
    doc: new Y.Doc(),
    origin,
    WebSocket: Listening,
  });
  drafts.push(draft);
  await until(() => draft.saved.get().state === "saved");
  const { awareness } = draft.provider;
  return {
    sent,
    awareness,
    moveTo: (cursor: number) => awareness.setLocalStateField("cursor", cursor),
    sees: (other: { awareness: typeof awareness }) =>
      awareness.getStates().get(other.awareness.clientID)?.cursor,
  };
}

it("says where its own caret is, and passes on nobody else's", async () => {
  const [ana, ben] = [await open("ana"), await open("ben")];
  ana.moveTo(1);
  await until(() => ben.sees(ana) === 1);
  const before = ben.sent.length;
  for (let place = 2; place < 6; place++) {
    ana.moveTo(place);
    await until(() => ben.sees(ana) === place);
  }
  expect(ben.sent).toHaveLength(before);
});

it("sends many moves as few, and always the last", async () => {
  const [ana, ben] = [await open("ana"), await open("ben")];
  ana.moveTo(0);
  await until(() => ben.sees(ana) === 0);
  const before = ana.sent.length;
  for (let place = 1; place <= 500; place++) ana.moveTo(place);
  await until(() => ben.sees(ana) === 500);
  expect(ana.sent.length - before).toBeLessThanOrEqual(2);
});
