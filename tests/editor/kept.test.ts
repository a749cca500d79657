import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import * as Y from "yjs";
import { FRAGMENT } from "#app/document/schema.ts";
import { connectDraft, type Draft } from "#app/editor/provider.ts";
import { CLOSE } from "#server/collab/protocol.ts";
import {
  append,
  join,
  type Name,
  type Seeded,
  seedDocument,
  serveCollab,
  socketOf,
  until,
  updateBy,
} from "../support/collab.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { createDevice } from "../support/shelf.ts";

let database: TestDatabase;
let server: Awaited<ReturnType<typeof serveCollab>>;
let seeded: Seeded;
let device: ReturnType<typeof createDevice>;
let pages = 0;
const drafts: Draft[] = [];

beforeAll(async () => {
  database = await DATABASES[0].open();
});
afterAll(() => database.close());
beforeEach(async () => {
  device = createDevice();
  seeded = await seedDocument(database.db);
  server = await serveCollab(database.db, seeded.people);
  return () => server.close();
});
afterEach(() => {
  for (const draft of drafts.splice(0)) draft.destroy();
});

/** A page of the editor on the device that all pages of a test share. */
async function open(person: Name, session = person) {
  const doc = new Y.Doc();
  const draft = connectDraft({
    docId: seeded.docId,
    doc,
    person: seeded.people[person].personId as string,
    shelf: device.shelf(person, ++pages),
    origin: server.url.replace("/collab", ""),
    WebSocket: socketOf(session),
  });
  drafts.push(draft);
  const now = () => draft.saved.get();
  await until(() => now().state !== "connecting");
  return {
    doc,
    draft,
    now,
    provider: draft.provider,
    rescued: () => draft.rescue.rescued.get(),
    text: () => doc.getXmlFragment(FRAGMENT).toString(),
    /** As when the tab is closed: nothing more is sent. */
    close: () => draft.destroy(),
  };
}

const kept = (person: Name) => device.rows.filter(({ whose }) => whose === person);
const stored = async () =>
  (await server.collab.read(seeded.docId)).doc.getXmlFragment(FRAGMENT).toString();

/** Somebody opens the text, writes without a connection and closes the page. */
async function writeOffline(person: Name, write: (doc: Y.Doc) => void) {
  const page = await open(person);
  page.provider.disconnect();
  write(page.doc);
  await until(() => page.now().kept === page.now().pending);
  page.close();
  return page;
}

it("keeps a change on the device until it is saved, and nothing after that", async () => {
  const ana = await open("ana");
  append(ana.doc, " one");
  await until(() => ana.now().state === "saved");
  await until(() => kept("ana").length === 0);
  ana.provider.disconnect();
  append(ana.doc, " two");
  append(ana.doc, " three");
  await until(() => ana.now().kept === 2);
  expect(ana.now()).toMatchObject({ state: "offline", pending: 2, kept: 2 });
  expect(kept("ana")).toHaveLength(2);
  ana.provider.connect();
  await until(() => ana.now().state === "saved");
  expect(ana.now().kept).toBe(0);
  await until(() => kept("ana").length === 0);
});

it("brings back what a closed page hadn't saved, and saves it", async () => {
  const { text } = await writeOffline("ana", (doc) => {
    append(doc, " from the bus");
    (doc.getXmlFragment(FRAGMENT).get(1) as Y.XmlElement).setAttribute("id", "changed");
    append(doc, " slowly", 2);
  });
  const again = await open("ana");
  await until(() => again.now().state === "saved" && again.rescued().restored);
  expect(again.text()).toBe(text());
  expect(again.rescued().lost).toEqual([]);
  expect(await stored()).toBe(text());
  await until(() => kept("ana").length === 0);
  again.close();
  const third = await open("ana");
  expect(third.rescued().restored).toBe(false);
  expect(third.text()).toBe(text());
});

it("brings it back among what others wrote meanwhile", async () => {
  await writeOffline("ana", (doc) => append(doc, " Ana's"));
  const ben = await join(server, seeded.docId, "ben");
  append(ben.doc, " Ben's");
  append(ben.doc, " Also Ben's.", 1);
  const ana = await open("ana");
  await until(() => ana.now().state === "saved" && ana.rescued().restored);
  for (const words of [" Ana's", " Ben's", " Also Ben's."]) expect(ana.text()).toContain(words);
  await until(() => ben.fragment.toString() === ana.text());
  ben.provider.destroy();
});

it("adds nothing when it was saved after all", async () => {
  const ana = await open("ana");
  const before = Y.encodeStateAsUpdate(ana.doc);
  append(ana.doc, " typed");
  await until(() => ana.now().state === "saved");
  const edit = Y.diffUpdate(Y.encodeStateAsUpdate(ana.doc), Y.encodeStateVectorFromUpdate(before));
  await device.shelf("ana", 0).put({ edit }).written;
  const again = await open("ana");
  await until(() => kept("ana").length === 0);
  expect(again.rescued().restored).toBe(false);
  expect(again.now().pending).toBe(0);
  expect(again.text()).toBe(ana.text());
});

it("brings it back once when two pages find it, and when its own page still lives", async () => {
  const first = await open("ana");
  first.provider.disconnect();
  append(first.doc, " once");
  await until(() => first.now().kept === 1);
  const [second, third] = [await open("ana"), await open("ana")];
  await until(() => second.now().state === "saved" && third.now().state === "saved");
  append(first.doc, " and on");
  first.provider.connect();
  await until(() => first.now().state === "saved");
  for (const page of [second, third]) await until(() => page.text().includes(" once and on"));
  expect(second.text().match(/ once/g)).toHaveLength(1);
  await until(() => kept("ana").length === 0);
});

it("keeps the words of a refused edit to be copied, and sends that edit no more", async () => {
  const ana = await open("ana");
  const item = new Y.XmlElement("listItem");
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.insert(0, [new Y.XmlText("my words")]);
  item.insert(0, [paragraph]);
  ana.doc.getXmlFragment(FRAGMENT).push([item]);
  await until(() => ana.now().state === "refused" && ana.now().code !== undefined);
  expect(ana.draft.unsavedWords()).toEqual(["my words"]);
  append(ana.doc, " too late");
  await until(() => JSON.stringify(kept("ana")).includes("too late"));
  ana.close();

  const again = await open("ana");
  const lost = [{ why: "refused", words: [" too late", "my words"] }];
  await until(() => again.rescued().lost.length > 0);
  expect(again.rescued().lost).toEqual(lost);
  append(again.doc, " fine");
  await until(() => again.now().state === "saved");
  expect(kept("ana")).toHaveLength(1);
  again.draft.rescue.forget();
  await until(() => kept("ana").length === 0);
  expect(again.rescued().lost).toEqual(lost);
});

it("gives the words to be copied when what they build on is gone", async () => {
  const { doc } = await server.collab.read(seeded.docId);
  const gone = new Y.Doc();
  Y.applyUpdate(gone, Y.encodeStateAsUpdate(doc));
  append(gone, " that the server lost");
  const edit = updateBy(gone, (copy) => append(copy, " and what was built on it"));
  await device.shelf("ana", 0).put({ edit }).written;
  const ana = await open("ana");
  await until(() => ana.rescued().lost.length > 0);
  expect(ana.rescued()).toEqual({
    restored: false,
    lost: [{ why: "missing", words: [" and what was built on it"] }],
  });
  append(ana.doc, " fine");
  await until(() => ana.now().state === "saved");
  const again = await open("ana");
  await until(() => again.rescued().lost.length > 0);
  expect(again.rescued().lost).toEqual(ana.rescued().lost);
});

it("says that the server keeps words whose passage somebody removed meanwhile", async () => {
  const ana = await open("ana");
  ana.provider.disconnect();
  append(ana.doc, " with care");
  append(ana.doc, " elsewhere", 1);
  await removeFirst();
  ana.provider.connect();
  await until(() => ana.now().state === "saved");
  await until(() => ana.rescued().lost.some(({ why }) => why === "kept"));
  expect(ana.rescued().lost).toEqual([{ why: "kept", words: [" with care"] }]);
  expect(ana.text()).toContain(" elsewhere");
  expect(kept("ana")).toEqual([]);
});

it("gives the words to be copied that an earlier page left for a passage that is gone", async () => {
  await writeOffline("ana", (doc) => {
    append(doc, " once more!");
    const text = (doc.getXmlFragment(FRAGMENT).get(0) as Y.XmlElement).get(0) as Y.XmlText;
    text.delete(text.length - 1, 1);
  });
  await removeFirst();
  const again = await open("ana");
  await until(() => again.rescued().lost.length > 0);
  expect(again.rescued().lost).toEqual([{ why: "removed", words: [" once more"] }]);
});

it("doesn't count as lost what was saved and then removed", async () => {
  const ana = await open("ana");
  const edits: Uint8Array[] = [];
  ana.doc.on("update", (edit) => edits.push(edit));
  append(ana.doc, " seen by all");
  await until(() => ana.now().state === "saved");
  ana.provider.disconnect();
  append(ana.doc, " unseen", 1);
  await until(() => kept("ana").length === 1);
  ana.close();
  await device.shelf("ana", 0).put({ edit: edits[0] as Uint8Array }).written;
  await removeFirst();
  const again = await open("ana");
  await until(() => again.rescued().restored);
  expect(again.text()).toContain(" unseen");
  expect(again.rescued().lost).toEqual([]);
});

/** Ben removes the first block of the text. */
async function removeFirst() {
  const ben = await join(server, seeded.docId, "ben");
  ben.fragment.delete(0, 1);
  await expect.poll(stored).toBe(ben.fragment.toString());
  ben.provider.destroy();
}

it("promises nothing where the device has no room, and tries again later", async () => {
  const ana = await open("ana");
  ana.provider.disconnect();
  device.full = true;
  append(ana.doc, " one");
  await until(() => ana.now().kept === null);
  device.full = false;
  append(ana.doc, " two");
  expect(ana.now()).toMatchObject({ state: "offline", pending: 2, kept: null });
  expect(kept("ana")).toEqual([]);
  ana.provider.connect();
  await until(() => ana.now().state === "saved");
  expect(await stored()).toContain(" one two");
  ana.provider.disconnect();
  append(ana.doc, " three");
  await until(() => ana.now().kept === 1);
});

it("keeps what was written as a role was lost, and brings it in when it is back", async () => {
  const ana = await open("ana");
  const { roles } = seeded.people.ana;
  seeded.people.ana = { ...seeded.people.ana, roles: [] };
  server.collab.disconnect(seeded.people.ana.personId as string);
  await until(() => ana.now().state === "closed");
  append(ana.doc, " last words");
  await until(() => ana.now().kept === 1);
  expect(ana.now()).toMatchObject({ state: "closed", code: CLOSE.roleLost, pending: 1 });
  ana.close();

  seeded.people.ana = { ...seeded.people.ana, roles };
  const again = await open("ana");
  await until(() => again.now().state === "saved" && again.rescued().restored);
  expect(await stored()).toContain(" last words");
});

it("lets go of them at the person's word", async () => {
  const ana = await open("ana");
  seeded.people.ana = { ...seeded.people.ana, roles: [] };
  server.collab.disconnect(seeded.people.ana.personId as string);
  await until(() => ana.now().state === "closed");
  append(ana.doc, " last words");
  await until(() => ana.now().kept === 1);
  ana.draft.forgetUnsaved();
  await until(() => kept("ana").length === 0);
  expect(ana.draft.unsavedWords()).toEqual([" last words"]);
});

it("sends nobody's words under somebody else's session", async () => {
  const ana = await open("ana");
  ana.provider.disconnect();
  append(ana.doc, " Ana's");
  await until(() => ana.now().kept === 1);
  ana.close();
  const others = await open("ana", "ben");
  expect(others.now()).toMatchObject({ state: "closed", code: CLOSE.signedOut });
  expect(others.text()).toBe("");
  expect(await stored()).not.toContain(" Ana's");
  expect(kept("ana")).toHaveLength(1);
});
