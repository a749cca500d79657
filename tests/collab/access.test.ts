import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Actor, ANONYMOUS } from "#app/features/people/people.ts";
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
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { knock } from "../support/frames.ts";

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

describe("Who may open a socket", () => {
  const attempts: [string, Name | null, { origin?: string; doc?: string }, number][] = [
    ["nobody signed in", null, {}, 401],
    ["an account without a role", "rita", {}, 403],
    ["a foreign origin", "ana", { origin: "https://evil.example" }, 403],
    ["an origin that only begins like ours", "ana", { origin: "http://groundwork.test.evil" }, 403],
    ["no origin at all", "ana", { origin: "" }, 403],
    ["a room that doesn't exist", "ana", { doc: "0190a000-0000-7000-8000-000000000000" }, 404],
    ["a path in the room's name", "ana", { doc: "..%2F..%2Fetc" }, 404],
    ["more path after the room", "ana", { doc: "a/b" }, 404],
    ["no room", "ana", { doc: "" }, 404],
  ];

  it.each(attempts)(
    "refuses %s before the upgrade",
    async (_what, person, { origin, doc }, status) => {
      const raw = await rawSocket(server, doc ?? seeded.docId, person, origin);
      expect(raw.status).toBe(status);
      expect(raw.frames).toEqual([]);
      expect(server.collab.count()).toEqual({ rooms: 0, sockets: 0 });
    },
  );

  it("tells a page why, by a close code, when it asks for that", async () => {
    const why = async (person: Name | null, doc = seeded.docId) => {
      const raw = await rawSocket(server, `${doc}?explain=1`, person);
      await until(() => raw.code !== 0);
      expect(raw.frames).toEqual([]);
      return raw.code;
    };
    expect(await why(null)).toBe(CLOSE.signedOut);
    expect(await why("rita")).toBe(CLOSE.roleLost);
    expect(await why("ana", "unknown")).toBe(CLOSE.unknownRoom);
  });

  it("hides a draft curriculum from everybody but its trainers", async () => {
    await database.db
      .updateTable("curricula")
      .set({ status: "draft" })
      .where("id", "=", seeded.curriculumId)
      .execute();
    expect((await rawSocket(server, seeded.docId, "fay")).status).toBe(404);
    const ana = await join(server, seeded.docId, "ana");
    ana.provider.destroy();
  });

  it("keeps no connection of whoever was refused, however much came with the question", async () => {
    const much = new Uint8Array(500_000);
    for (const person of [null, "rita"] as const) await knock(server, seeded.docId, person, much);
    let held = 1;
    for (let tries = 0; held > 0 && tries < 100; tries++) {
      await sleep(20);
      held = await server.connections();
    }
    expect(held).toBe(0);
  });

  it("ends upgrades to other addresses when it is alone", async () => {
    const raw = await rawSocket({ url: server.url.replace("/collab", "") }, "else", "ana");
    expect(raw.status).toBe(404);
  });
});

describe("A reader", () => {
  it("follows, and can't write by update, sync answer or presence", async () => {
    const ana = await join(server, seeded.docId, "ana");
    const fay = await rawSocket(server, seeded.docId, "fay");
    const update = updateBy(ana.doc, (doc) => append(doc, " vandalised"));
    fay.update(update);
    fay.sync(SYNC.step2, update);
    fay.ws.send(presenceOf(4711, 1, { user: { name: "Ana" } }));
    append(ana.doc, " calmly");
    await until(() => fay.frames.some(({ step }) => step === SYNC.update), "the update");
    await sleep(50);

    expect(ana.fragment.toString()).toContain("calmly");
    expect(ana.fragment.toString()).not.toContain("vandalised");
    expect(ana.provider.awareness.getStates().has(4711)).toBe(false);
    expect(fay.frames.filter(({ type }) => type === MESSAGE.saved)).toEqual([]);
    expect(fay.refusal()).toMatchObject({ reason: "readOnly", count: 1 });
    const { json } = await server.collab.read(seeded.docId);
    expect(JSON.stringify(json)).not.toContain("vandalised");
    fay.ws.terminate();
    ana.provider.destroy();
  });

  it("with a stock client that writes anyway changes only its own copy", async () => {
    const fay = await join(server, seeded.docId, "fay");
    const ana = await join(server, seeded.docId, "ana");
    append(fay.doc, " only here");
    append(ana.doc, " for all");
    await until(() => fay.fragment.toString().includes("for all"));
    expect(ana.fragment.toString()).not.toContain("only here");
    for (const { provider } of [ana, fay]) provider.destroy();
  });
});

describe("When a role or a session changes", () => {
  const personId = () => seeded.people.ana.personId as string;
  const change = (now: Partial<Actor>) => {
    const id = personId();
    seeded.people.ana = { ...seeded.people.ana, ...now };
    server.collab.disconnect(id);
  };

  it.each([
    ["a lost role", { roles: [] }, CLOSE.roleLost],
    ["a session that ended", ANONYMOUS, CLOSE.signedOut],
    ["another person in the same browser", { personId: "another" }, CLOSE.signedOut],
  ])("closes for %s, within a second, and nobody else's socket", async (_what, now, code) => {
    const ana = await rawSocket(server, seeded.docId, "ana");
    const ben = await rawSocket(server, seeded.docId, "ben");
    change(now);
    await until(() => ana.code !== 0, "the close", 1_000);
    expect(ana.code).toBe(code);
    expect(ben.code).toBe(0);
    ben.ws.terminate();
  });

  it("closes when a writer may only read, and lets a reader who may write come back", async () => {
    const { curriculumId } = seeded;
    const ana = await rawSocket(server, seeded.docId, "ana");
    change({ roles: [{ curriculumId, role: "board" }] });
    await until(() => ana.code === CLOSE.roleLost);
    const again = await rawSocket(server, seeded.docId, "ana");
    change({ roles: [{ curriculumId, role: "trainer" }] });
    await until(() => again.code === CLOSE.tryLater);
  });

  it("leaves alone what may stay, under the new name", async () => {
    const ana = await join(server, seeded.docId, "ana");
    const ben = await join(server, seeded.docId, "ben");
    change({ name: "Ana Maria" });
    append(ana.doc, " meanwhile");
    await until(() => ben.fragment.toString().includes("meanwhile"));
    ana.provider.awareness.setLocalState({ cursor: 1 });
    await until(() => {
      const state = ben.provider.awareness.getStates().get(ana.doc.clientID);
      return state?.user?.name === "Ana Maria";
    });
    for (const { provider } of [ana, ben]) provider.destroy();
  });

  it("cuts off a peer that ignores the close", async () => {
    const ana = await rawSocket(server, seeded.docId, "ana");
    ana.ws.pause();
    change({ roles: [] });
    await until(() => server.collab.count().sockets === 0, "the cut", 1_000);
    ana.ws.terminate();
  });

  it("takes nothing that arrives after the change", async () => {
    const ana = await rawSocket(server, seeded.docId, "ana");
    const before = await server.collab.read(seeded.docId);
    const update = updateBy(before.doc, (doc) => append(doc, " too late"));
    ana.sync(SYNC.step2, new Uint8Array([0, 0]));
    await until(() => ana.saved() === 1);
    change({ roles: [] });
    ana.update(update);
    await until(() => ana.code !== 0);
    await sleep(30);
    const after = await server.collab.read(seeded.docId);
    expect({ seq: after.seq, json: after.json }).toEqual({ seq: before.seq, json: before.json });
  });
});
