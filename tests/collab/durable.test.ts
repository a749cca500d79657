import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Kysely } from "kysely";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { connectDraft, type Draft } from "#app/editor/provider.ts";
import type { Database } from "#db/schema.ts";
import { createCollab } from "#server/collab/collab.ts";
import { MESSAGE, SYNC } from "#server/collab/protocol.ts";
import { random, SEED } from "../document/random.ts";
import {
  append,
  join,
  type Name,
  quiet,
  rawSocket,
  type Seeded,
  seedDocument,
  serveCollab,
  socketOf,
  until,
  updateBy,
} from "../support/collab.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";

const KILLS = Number(process.env.KILLS ?? (process.env.CI ? 3 : 10));

const rows = async (db: Kysely<Database>) =>
  (await db.selectFrom("doc_updates").select("bytes").orderBy("seq").execute()).length;

describe.each(DATABASES)("What was typed, on $name", ({ open }) => {
  let database: TestDatabase;
  let seeded: Seeded;
  let server: Awaited<ReturnType<typeof serveCollab>>;

  beforeEach(async () => {
    database = await open();
    seeded = await seedDocument(database.db);
    server = await serveCollab(database.db, seeded.people);
  });
  afterEach(async () => {
    await server.close();
    await database.close();
  });

  it("is in the database before anybody is told", async () => {
    const ana = await rawSocket(server, seeded.docId, "ana");
    const ben = await rawSocket(server, seeded.docId, "ben");
    const { doc } = await server.collab.read(seeded.docId);
    const seen: Promise<number>[] = [];
    ben.ws.on("message", (data: Buffer) => {
      if (data[0] === MESSAGE.sync && data[1] === SYNC.update) seen.push(rows(database.db));
    });
    ana.ws.on("message", (data: Buffer) => {
      if (data[0] === MESSAGE.saved && data[1] === 2) seen.push(rows(database.db));
    });
    ana.sync(SYNC.step2, new Uint8Array([0, 0]));
    ana.update(updateBy(doc, (copy) => append(copy, " typed")));
    await until(() => seen.length === 2);
    expect(await Promise.all(seen)).toEqual([1, 1]);
    ana.ws.terminate();
    ben.ws.terminate();
  });

  it("comes to the same text for everybody, whatever they type at once", async () => {
    const r = random(SEED);
    const names: Name[] = ["ana", "ben", "ana", "ben"];
    const people = await Promise.all(names.map((name) => join(server, seeded.docId, name)));
    for (let step = 0; step < 120; step++) {
      const { doc, fragment, provider } = r.pick(people);
      if (r.chance(0.05)) {
        if (provider.wsconnected) provider.disconnect();
        else provider.connect();
      }
      const block = fragment.get(r.int(0, fragment.length - 1)) as Y.XmlElement;
      const text = block?.get(0) as Y.XmlText | undefined;
      if (!text || r.chance(0.1)) {
        const paragraph = new Y.XmlElement("paragraph");
        paragraph.insert(0, [new Y.XmlText("new ")]);
        fragment.insert(r.int(0, fragment.length), [paragraph]);
      } else if (text.length > 3 && r.chance(0.3))
        text.delete(r.int(0, text.length - 3), r.int(1, 3));
      else if (fragment.length > 3 && r.chance(0.05))
        fragment.delete(r.int(0, fragment.length - 1), 1);
      else append(doc, "ab ", fragment.toArray().indexOf(block));
      if (r.chance(0.3)) await sleep(r.int(0, 15));
    }
    for (const { provider } of people) provider.connect();
    await until(() => people.every(({ provider }) => provider.synced));
    const [first] = people;
    await until(
      () => people.every(({ fragment }) => fragment.toString() === first?.fragment.toString()),
      `one text (seed ${SEED})`,
    );
    for (const { provider } of people) provider.destroy();
    await until(() => server.collab.count().rooms === 0, "the room to close");
    const { doc } = await server.collab.read(seeded.docId);
    expect(doc.getXmlFragment("default").toString(), `seed ${SEED}`).toBe(
      first?.fragment.toString(),
    );
  });

  it("is attributed to whoever was signed in, by ranges of clocks", async () => {
    const ana = await join(server, seeded.docId, "ana");
    const ben = await join(server, seeded.docId, "ben");
    for (const letter of "hello") {
      append(ana.doc, letter);
      await sleep(15);
    }
    append(ben.doc, "bye", 1);
    await until(() => ben.fragment.toString().includes("hello"));
    await until(() => ana.fragment.toString().includes("bye"));
    for (const { provider } of [ana, ben]) provider.destroy();
    await until(() => server.collab.count().rooms === 0);
    const runs = await database.db.selectFrom("doc_runs").selectAll().orderBy("to_clock").execute();
    const run = (client: number, to: number, person: Name) => ({
      doc_id: seeded.docId,
      client,
      from_clock: 0,
      to_clock: to,
      author_id: seeded.people[person].personId,
      via: "socket",
      writer_id: seeded.people[person].personId,
    });
    expect(runs.map((row) => ({ ...row, client: Number(row.client) }))).toEqual([
      run(ben.doc.clientID, 3, "ben"),
      run(ana.doc.clientID, 5, "ana"),
    ]);
  });

  it("stays its author's when somebody else moves it, also after a restart", async () => {
    const ana = await join(server, seeded.docId, "ana");
    append(ana.doc, " Ask what would help them now.", 1);
    await until(() => ana.provider.synced);
    await sleep(50);
    ana.provider.destroy();
    await server.close();
    server = await serveCollab(database.db, seeded.people);

    const ben = await join(server, seeded.docId, "ben");
    const [from, to] = [1, 2].map(
      (block) => (ben.fragment.get(block) as Y.XmlElement).get(0) as Y.XmlText,
    ) as [Y.XmlText, Y.XmlText];
    const words = " Ask what would help them now.";
    const at = from.toString().indexOf(words);
    ben.doc.transact(() => {
      from.delete(at, words.length);
      to.insert(to.length, words);
    });
    append(ben.doc, " Then wait.", 2);
    await sleep(50);
    ben.provider.destroy();
    await until(() => server.collab.count().rooms === 0);

    const person = (name: Name) => seeded.people[name].personId;
    const runs = await database.db
      .selectFrom("doc_runs")
      .select(["from_clock", "to_clock", "author_id", "writer_id"])
      .where("client", "=", ben.doc.clientID)
      .orderBy("from_clock")
      .execute();
    // The space before them is nobody's words.
    expect(runs.filter(({ to_clock, from_clock }) => to_clock - from_clock > 1)).toEqual([
      { from_clock: 1, to_clock: 30, author_id: person("ana"), writer_id: person("ben") },
      { from_clock: 30, to_clock: 41, author_id: person("ben"), writer_id: person("ben") },
    ]);
    const deletions = await database.db
      .selectFrom("doc_deletions")
      .select(["from_clock", "to_clock", "author_id"])
      .where("client", "=", ana.doc.clientID)
      .execute();
    expect(deletions).toEqual([{ from_clock: 0, to_clock: 30, author_id: person("ben") }]);
  });

  it("is merged into one state when the last one leaves, and opens again as it was", async () => {
    const ana = await join(server, seeded.docId, "ana");
    append(ana.doc, " before leaving");
    await until(() => ana.provider.synced);
    await sleep(50);
    ana.provider.destroy();
    await until(() => server.collab.count().rooms === 0);
    expect(await rows(database.db)).toBe(0);
    const again = await join(server, seeded.docId, "ana");
    expect(again.fragment.toString()).toContain("before leaving");
    again.provider.destroy();
  });

  it("is merged while people type when the log grows long", async () => {
    const ana = await join(server, seeded.docId, "ana");
    const { provider, doc } = ana;
    for (let n = 0; n < 60; n++) {
      for (let k = 0; k < 10; k++) append(doc, "x");
      await sleep(1);
    }
    const text = async () =>
      (await server.collab.read(seeded.docId)).doc.getXmlFragment("default").toString();
    await expect.poll(text, { timeout: 10_000 }).toContain("x".repeat(600));
    const state = () =>
      database.db.selectFrom("documents").select("state_seq").executeTakeFirstOrThrow();
    await expect
      .poll(async () => (await state()).state_seq, { timeout: 10_000 })
      .toBeGreaterThan(500);
    expect(await rows(database.db)).toBeLessThan(500);
    await server.close();
    const next = createCollab({ db: database.db, clock: () => new Date(), log: quiet });
    const view = await next.read(seeded.docId);
    expect(view.doc.getXmlFragment("default").toString()).toContain("x".repeat(600));
    await next.close();
    provider.destroy();
    server = await serveCollab(database.db, seeded.people);
  });

  it("waits, unacknowledged and in order, while the database refuses, and is saved once it recovers", async () => {
    const ana = await rawSocket(server, seeded.docId, "ana");
    const ben = await join(server, seeded.docId, "ben");
    ana.sync(SYNC.step2, new Uint8Array([0, 0]));
    await until(() => ana.saved() === 1);
    await sql`alter table doc_updates rename to gone`.execute(database.db);
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(ben.doc));
    copy.on("update", (update: Uint8Array) => ana.update(update));
    append(copy, " one");
    append(copy, " two");
    await until(() => ana.refusal()?.reason === "notSaved");
    append(copy, " three");
    await sleep(100);
    expect(ana.saved()).toBe(1);
    expect(ana.code).toBe(0);
    expect(ben.fragment.toString()).not.toContain("one");

    await sql`alter table gone rename to doc_updates`.execute(database.db);
    await until(() => ana.saved() === 4, "the recovery");
    await until(() => ben.fragment.toString().includes("distance one two three"));
    ana.ws.terminate();
    ben.provider.destroy();
  });
});

it("One room's failure doesn't hold up another", async () => {
  const database = await DATABASES[0].open();
  const [good, bad] = [await seedDocument(database.db), await seedDocument(database.db)];
  // Somebody whom the people table doesn't know can't be written down as an author.
  const people = { ...good.people, ben: { ...bad.people.ben, personId: "nobody" } };
  const server = await serveCollab(database.db, people);
  const ana = await rawSocket(server, good.docId, "ana");
  const ben = await rawSocket(server, bad.docId, "ben");
  const write = async (raw: typeof ana, docId: string) => {
    const { doc } = await server.collab.read(docId);
    return () => raw.update(updateBy(doc, (copy) => append(copy, " typed")));
  };
  const both = [await write(ben, bad.docId), await write(ana, good.docId)];
  for (const each of both) each();
  await until(() => ana.saved() === 1);
  await until(() => ben.refusal()?.reason === "notSaved");
  expect(ben.saved()).toBe(0);
  ana.ws.terminate();
  ben.ws.terminate();
  await database.db
    .insertInto("people")
    .values({ id: "nobody", account_id: null, name: "Ben", created_at: "" })
    .execute();
  await server.close();
  expect(await rows(database.db)).toBe(0);
  await database.close();
});

describe("A killed server", () => {
  let database: TestDatabase;
  let child: ChildProcess;

  async function start(people: object): Promise<string> {
    child = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        fileURLToPath(new URL("../support/collab-process.ts", import.meta.url)),
        database.address,
        JSON.stringify(people),
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    return line.toString().trim();
  }

  afterEach(async () => {
    child.kill("SIGKILL");
    await database.close();
  });

  it(`loses nothing that it acknowledged, ${KILLS} times`, { timeout: 180_000 }, async () => {
    database = await DATABASES[0].open();
    const { docId, people } = await seedDocument(database.db);
    const r = random(SEED);
    const kept = { ana: new Set<string>(), ben: new Set<string>() };
    for (let kill = 0; kill < KILLS; kill++) {
      const url = await start(people);
      const origin = url.replace("/collab", "");
      const typists = (["ana", "ben"] as const).map((name, block) => {
        const doc = new Y.Doc();
        const draft = connectDraft({ docId, doc, origin, WebSocket: socketOf(name) });
        return { name, doc, draft, block: block + 1, typed: [] as string[] };
      });
      await until(() => typists.every(({ draft }) => draft.provider.synced), "the start", 20_000);
      for (const { doc, name } of typists) {
        const text = doc.getXmlFragment("default").toString();
        for (const word of kept[name]) expect(text, `seed ${SEED}, kill ${kill}`).toContain(word);
      }
      const end = performance.now() + r.int(80, 500);
      let n = 0;
      while (performance.now() < end) {
        for (const { doc, name, block, typed } of typists) {
          const word = ` ${name}-${kill}-${n++}.`;
          append(doc, word, block);
          typed.push(word);
        }
        await sleep(r.int(0, 4));
      }
      child.kill("SIGKILL");
      await once(child, "exit");
      for (const { name, draft, typed } of typists) {
        await until(() => draft.saved.get().state === "offline");
        // Every word was one change: all but the pending ones were called saved.
        const saved = typed.length - draft.saved.get().pending;
        expect(draft.unsavedWords().join("")).toBe(typed.slice(saved).join(""));
        for (const word of typed.slice(0, saved)) kept[name].add(word);
        leave(draft);
      }
    }
    expect(kept.ana.size + kept.ben.size).toBeGreaterThan(KILLS * 10);
    const collab = createCollab({ db: database.db, clock: () => new Date(), log: quiet });
    const text = (await collab.read(docId)).doc.getXmlFragment("default").toString();
    for (const word of [...kept.ana, ...kept.ben]) expect(text, `seed ${SEED}`).toContain(word);
    await collab.close();
  });
});

function leave(draft: Draft) {
  draft.destroy();
}
