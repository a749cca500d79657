import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { colourOf } from "#app/features/people/colour.server.ts";
import { CLOSE, MESSAGE, SYNC } from "#server/collab/protocol.ts";
import {
  append,
  join,
  type Name,
  presenceOf,
  rawSocket,
  type Seeded,
  seedDocument,
  serveCollab,
  until,
  updateBy,
} from "../support/collab.ts";
import { type Status, seedWorkshop, setStatus } from "../support/copies.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";

const MEMBERS = { fay: "write", rita: "write", dev: "write" } as const;

let database: TestDatabase;
let seeded: Seeded;
let server: Awaited<ReturnType<typeof serveCollab>>;
let copy: string;

async function start(open: () => Promise<TestDatabase>) {
  database = await open();
  seeded = await seedDocument(database.db);
  server = await serveCollab(database.db, seeded.people);
  copy = await seedWorkshop(database.db, seeded, MEMBERS);
}

afterEach(async () => {
  await server.close();
  await database.close();
});

const stateOf = async (docId: string) => {
  const { seq, json } = await server.collab.read(docId);
  return { seq, text: JSON.stringify(json) };
};

/** What opening a socket and writing come to: a status, or what is taken of a write. */
async function attempt(person: Name | null, docId = copy): Promise<string> {
  const raw = await rawSocket(server, docId, person);
  if (raw.status) return String(raw.status);
  await until(() => raw.frames.some(({ type }) => type === MESSAGE.role), "the role");
  const { doc } = await server.collab.read(docId);
  raw.sync(SYNC.step2, new Uint8Array([0, 0]));
  raw.update(updateBy(doc, (draft) => append(draft, " tried")));
  await until(() => raw.refusal() !== undefined || raw.saved() === 2, "an answer");
  const { role } = raw.frames.find(({ type }) => type === MESSAGE.role) ?? {};
  raw.ws.terminate();
  expect(role).toBe(raw.refusal() ? 0 : 1);
  return raw.refusal()?.reason ?? "saved";
}

describe.each(DATABASES)("Who may do what in a workshop copy, on $name", ({ open }) => {
  beforeEach(() => start(open));

  const table: [Name | null, string, Record<Status, string>][] = [
    ["fay", "a facilitator who joined", { open: "saved", frozen: "readOnly", closed: "readOnly" }],
    ["rita", "a member with an account", { open: "saved", frozen: "readOnly", closed: "readOnly" }],
    ["dev", "a member known by browser", { open: "saved", frozen: "readOnly", closed: "readOnly" }],
    ["ana", "a trainer", { open: "readOnly", frozen: "readOnly", closed: "readOnly" }],
    [null, "nobody", { open: "401", frozen: "401", closed: "401" }],
  ];

  it.each(table)("%s, %s", async (person, _who, expected) => {
    for (const status of ["open", "frozen", "closed"] as const) {
      await setStatus(database.db, copy, status);
      expect(await attempt(person), status).toBe(expected[status]);
    }
  });

  it("lets those who watch read, and those who were taken out or never came not even that", async () => {
    const members = { ben: "watch", dev: "watch", rita: "none" } as const;
    copy = await seedWorkshop(database.db, seeded, members);
    expect(await attempt("ben")).toBe("readOnly");
    expect(await attempt("dev")).toBe("readOnly");
    expect(await attempt("rita")).toBe("403");
    copy = await seedWorkshop(database.db, seeded, { dev: "none" });
    expect(await attempt("dev")).toBe("401");
    expect(await attempt("rita")).toBe("403");
    expect(await attempt("fay")).toBe("readOnly");
  });

  it("knows a browser only by its own key, and only in this copy", async () => {
    const other = await seedWorkshop(database.db, seeded, {});
    expect(await attempt("dev", other)).toBe("401");
    seeded.people.dev = { ...seeded.people.dev, deviceKey: "another browser" };
    expect(await attempt("dev")).toBe("401");
    seeded.people.dev = { ...seeded.people.dev, deviceKey: null };
    expect(await attempt("dev")).toBe("401");
  });

  it("shows members under the name they chose there, in a colour that leads to nobody", async () => {
    const dev = await join(server, copy, "dev");
    const rita = await join(server, copy, "rita");
    dev.provider.awareness.setLocalState({ user: { name: "Chief" }, cursor: { at: 1 } });
    const seen = () => rita.provider.awareness.getStates().get(dev.doc.clientID);
    await until(() => seen()?.cursor?.at === 1);
    expect(seen()?.user).toEqual({
      name: "dev of Elm Street",
      color: colourOf(seeded.personIds.dev),
    });
    for (const { provider } of [dev, rita]) provider.destroy();
  });

  it("writes a member's words down as theirs", async () => {
    const dev = await join(server, copy, "dev");
    append(dev.doc, " from Dev");
    await until(() => server.collab.count().sockets === 1);
    const row = () =>
      database.db.selectFrom("doc_updates").selectAll().where("doc_id", "=", copy).execute();
    while ((await row()).length === 0) await sleep(10);
    expect((await row()).map(({ author_id }) => author_id)).toEqual([seeded.personIds.dev]);
    dev.provider.destroy();
  });
});

describe("When what may be done in a copy changes", () => {
  beforeEach(() => start(DATABASES[0].open));

  it.each(["frozen", "closed"] as const)("%s stops every writer at once", async (status) => {
    const people = ["fay", "rita", "dev"] as const;
    const raws = await Promise.all(people.map((name) => rawSocket(server, copy, name)));
    const trainer = await rawSocket(server, copy, "ana");
    const draft = await rawSocket(server, seeded.docId, "ana");
    for (const raw of raws) raw.sync(SYNC.step2, new Uint8Array([0, 0]));
    await until(() => raws.every((raw) => raw.saved() === 1));
    const before = await stateOf(copy);
    const { doc } = await server.collab.read(copy);
    await setStatus(database.db, copy, status);
    server.collab.recheck(copy);
    for (const raw of raws) raw.update(updateBy(doc, (one) => append(one, " too late")));
    await until(() => raws.every(({ code }) => code === CLOSE.tryLater), "the close", 5_000);
    // Who only read stays, and other documents aren't concerned.
    expect([trainer.code, draft.code]).toEqual([0, 0]);
    for (const name of people) expect(await attempt(name)).toBe("readOnly");
    expect(await stateOf(copy)).toEqual(before);
    trainer.ws.terminate();
    draft.ws.terminate();
  });

  it("brings a stock client back by itself: reading while it is frozen, writing afterwards", async () => {
    const dev = await join(server, copy, "dev");
    const fay = await join(server, copy, "fay");
    await setStatus(database.db, copy, "frozen");
    server.collab.recheck(copy);
    await until(() => !dev.provider.wsconnected);
    await until(() => dev.provider.synced);
    append(dev.doc, " kept for later");
    await sleep(100);
    expect((await stateOf(copy)).text).not.toContain("kept for later");
    await setStatus(database.db, copy, "open");
    server.collab.recheck(copy);
    await until(() => fay.fragment.toString().includes("kept for later"), "the words");
    for (const { provider } of [dev, fay]) provider.destroy();
  });

  it("closes for a member who was taken out", async () => {
    const rita = await rawSocket(server, copy, "rita");
    await database.db
      .updateTable("workshop_members")
      .set({ may: "none" })
      .where("person_id", "=", seeded.personIds.rita)
      .execute();
    server.collab.recheck(copy);
    await until(() => rita.code !== 0, "the close", 5_000);
    expect(rita.code).toBe(CLOSE.roleLost);
    expect(await attempt("rita")).toBe("403");
  });
});

describe("A resident with a hand-made socket", () => {
  beforeEach(() => start(DATABASES[0].open));

  /** Everything a socket could try to write with. */
  const weapons = (
    update: Uint8Array,
  ): [string, (send: Awaited<ReturnType<typeof rawSocket>>) => void][] => [
    ["a sync answer", (raw) => raw.sync(SYNC.step2, update)],
    ["an update", (raw) => raw.update(update)],
    ["a question that is an update", (raw) => raw.sync(SYNC.step1, update)],
    ["an unknown step", (raw) => raw.sync(3, update)],
    ["presence", (raw) => raw.ws.send(presenceOf(4711, 1, { user: { name: "Ana" } }))],
    ["a question for presence", (raw) => raw.ws.send(new Uint8Array([MESSAGE.queryPresence]))],
    ["an acknowledgement", (raw) => raw.ws.send(new Uint8Array([MESSAGE.saved, 1]))],
    ["a role", (raw) => raw.ws.send(new Uint8Array([MESSAGE.role, 1]))],
    ["what y-websocket calls auth", (raw) => raw.ws.send(new Uint8Array([2, 0, 0]))],
    ["an unknown type", (raw) => raw.ws.send(new Uint8Array([99, ...update]))],
    ["text", (raw) => raw.ws.send(Buffer.from(update).toString("base64"))],
    ["the bare update", (raw) => raw.ws.send(update)],
  ];

  it("reaches the draft by no message: there is no socket on it", async () => {
    for (const name of ["dev", "rita", "fay"] as const) {
      const before = await stateOf(seeded.docId);
      const { doc } = await server.collab.read(seeded.docId);
      const update = updateBy(doc, (one) => append(one, " vandalised"));
      for (const [what, attack] of weapons(update)) {
        const raw = await rawSocket(server, seeded.docId, name);
        if (name === "fay") attack(raw);
        else expect(raw.status, what).toBe(name === "dev" ? 401 : 403);
        raw.ws.terminate();
      }
      expect(await stateOf(seeded.docId)).toEqual(before);
    }
  });

  it("nor from a socket on the copy", async () => {
    const witness = await join(server, seeded.docId, "ana");
    const before = await stateOf(seeded.docId);
    const update = updateBy(witness.doc, (one) => append(one, " vandalised"));
    for (const [, attack] of weapons(update)) {
      const raw = await rawSocket(server, copy, "dev");
      attack(raw);
      await sleep(20);
      raw.ws.terminate();
    }
    expect(await stateOf(seeded.docId)).toEqual(before);
    expect(witness.fragment.toString()).not.toContain("vandalised");
    expect(witness.provider.awareness.getStates().has(4711)).toBe(false);
    witness.provider.destroy();
  });

  it.each(["frozen", "closed"] as const)("changes nothing in a %s copy", async (status) => {
    await setStatus(database.db, copy, status);
    const witness = await join(server, copy, "fay");
    const before = await stateOf(copy);
    const update = updateBy(witness.doc, (one) => append(one, " vandalised"));
    for (const [what, attack] of weapons(update)) {
      const raw = await rawSocket(server, copy, "dev");
      attack(raw);
      await sleep(20);
      expect(raw.saved(), what).toBe(0);
      raw.ws.terminate();
    }
    expect(await stateOf(copy)).toEqual(before);
    expect(witness.fragment.toString()).not.toContain("vandalised");
    expect(witness.provider.awareness.getStates().has(4711)).toBe(false);
    witness.provider.destroy();
  });
});
