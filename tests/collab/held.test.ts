import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { FRAGMENT } from "#app/document/schema.ts";
import { CLOSE, LIMITS, SYNC } from "#server/collab/protocol.ts";
import {
  append,
  join,
  type Name,
  rawSocket,
  type Seeded,
  seedDocument,
  serveCollab,
  until,
  updateBy,
} from "../support/collab.ts";
import { LONG, seedWorkshop } from "../support/copies.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";

/** How long a move may take, in milliseconds: shorter here than in earnest. */
const GRACE = 300;
const MEMBERS = { fay: "write", ben: "write", rita: "write", dev: "write" } as const;

let database: TestDatabase;
let seeded: Seeded;
let server: Awaited<ReturnType<typeof serveCollab>>;
let copy: string;

async function start(open: () => Promise<TestDatabase>) {
  database = await open();
  seeded = await seedDocument(database.db);
  server = await serveCollab(database.db, seeded.people, { grace: GRACE });
  copy = await seedWorkshop(database.db, seeded, MEMBERS, LONG);
}

afterEach(async () => {
  await server.close();
  await database.close();
});

const stored = async () => (await server.collab.read(copy)).doc.getXmlFragment(FRAGMENT).toString();
const held = () =>
  database.db
    .selectFrom("held_updates")
    .selectAll()
    .where("document_id", "=", copy)
    .orderBy("id")
    .execute();
const body = (doc: Y.Doc) => doc.getXmlFragment(FRAGMENT);

/** A member's socket that has the copy and has answered for its own. */
async function member(name: Name) {
  const raw = await rawSocket(server, copy, name);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate((await server.collab.read(copy)).doc));
  raw.sync(SYNC.step2, new Uint8Array([0, 0]));
  await until(() => raw.saved() === 1);
  let count = 1;
  doc.on("update", (update: Uint8Array) => {
    count++;
    raw.update(update);
  });
  return { raw, doc, body: body(doc), settled: () => until(() => raw.saved() === count, "saving") };
}

const clear = (fragment: Y.XmlFragment) => fragment.delete(0, fragment.length);

describe.each(DATABASES)("Whoever clears a workshop copy, on $name", ({ open }) => {
  beforeEach(() => start(open));

  it("clears it for nobody: it waits, with what they wrote since, and they are told", async () => {
    const witness = await join(server, copy, "fay");
    const before = await stored();
    const vandal = await member("dev");
    vandal.raw.update(updateBy(vandal.doc, (doc) => append(doc, " first")));
    await until(() => vandal.raw.saved() === 2);
    clear(vandal.body);
    vandal.body.push([new Y.XmlElement("paragraph")]);
    append(witness.doc, " meanwhile", 1);
    await until(() => vandal.raw.code !== 0, "the answer");
    expect(vandal.raw.refusal()).toMatchObject({ reason: "held" });
    expect(vandal.raw.code).toBe(CLOSE.refused);
    expect(await stored()).toBe(
      before.replace("Part 0", "Part 0 first").replace("word0x39", "word0x39 meanwhile"),
    );
    expect(witness.fragment.toString()).toBe(await stored());
    const [row, ...others] = await held();
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      person_id: seeded.personIds.dev,
      status: "held",
      settled_at: null,
    });
    // All there was, its own word and the other's: what falls with a deletion counts.
    expect(row?.words).toBe(422);
    witness.provider.destroy();
  });

  it("has it waiting until it is released, as their own words, over what others wrote since", async () => {
    const vandal = await member("dev");
    clear(vandal.body);
    await until(() => vandal.raw.code !== 0);
    const witness = await join(server, copy, "rita");
    append(witness.doc, " since", 3);
    await until(() => witness.fragment.toString().includes("since"));
    const [row] = await held();
    const author = { personId: seeded.personIds.dev, via: "socket" };
    await server.collab.edit(copy, author, (doc) => Y.applyUpdate(doc, row?.bytes as Buffer));
    await until(() => witness.fragment.length === 0, "the release");
    expect(await stored()).toBe("");
    witness.provider.destroy();
  });
});

describe("What is held back", () => {
  beforeEach(() => start(DATABASES[0].open));

  it("is many small deletions as well as one large", async () => {
    const vandal = await member("dev");
    for (const block of vandal.body.toArray()) {
      const text = (block as Y.XmlElement).get(0) as Y.XmlText;
      while (text.length > 0) text.delete(0, Math.min(10, text.length));
    }
    await until(() => vandal.raw.code !== 0, "the answer");
    expect(vandal.raw.refusal()).toMatchObject({ reason: "held" });
    const left = (await stored()).match(/word/g)?.length ?? 0;
    expect(left).toBeGreaterThanOrEqual(400 * (1 - LIMITS.clearing.share) - 1);
  });

  it("is a deletion by whoever only names the blocks, and leaves their words to Yjs", async () => {
    const before = await stored();
    const raw = await rawSocket(server, copy, "dev");
    raw.sync(SYNC.step2, new Uint8Array([0, 0]));
    const { doc } = await server.collab.read(copy);
    const blocks = body(doc).toArray() as Y.XmlElement[];
    // No structs; one client; each block's own clock and nothing in it.
    const clocks = blocks.map(({ _item }) => _item?.id.clock as number);
    const client = blocks[0]?._item?.id.client as number;
    raw.update(deletionOf(client, clocks));
    await until(() => raw.code !== 0, "the answer");
    expect(raw.refusal()).toMatchObject({ reason: "held" });
    expect(await stored()).toBe(before);
  });

  it("is not less where somebody first writes much of their own, nor where they put back twice", async () => {
    const vandal = await member("dev");
    for (let n = 0; n < 50; n++) {
      const paragraph = new Y.XmlElement("paragraph");
      paragraph.insert(0, [new Y.XmlText("junk ".repeat(200))]);
      vandal.body.push([paragraph]);
    }
    await vandal.settled();
    vandal.body.delete(0, 20);
    await until(() => vandal.raw.code !== 0, "the answer");
    expect(vandal.raw.refusal()).toMatchObject({ reason: "held" });
    expect((await stored()).match(/word/g)?.length).toBe(400);
  });

  it("waits a few times for one person, and is dropped then", async () => {
    for (let n = 0; n < LIMITS.clearing.waiting + 2; n++) {
      const vandal = await member("dev");
      clear(vandal.body);
      await until(() => vandal.raw.code !== 0, "the answer");
      expect(vandal.raw.refusal()).toMatchObject({ reason: "held" });
    }
    expect(await held()).toHaveLength(LIMITS.clearing.waiting);
  });

  it("is decided at once when they leave, also by a lost connection", async () => {
    const before = await stored();
    const vandal = await member("dev");
    clear(vandal.body);
    await new Promise((resolve) => {
      vandal.raw.ws.ping();
      vandal.raw.ws.once("pong", resolve);
    });
    vandal.raw.ws.terminate();
    while ((await held()).length === 0) await sleep(10);
    expect(await stored()).toBe(before);
  });
});

/** An update of deletions alone. */
function deletionOf(client: number, clocks: number[]): Uint8Array {
  const doc = new Y.Doc();
  const update = Y.encodeStateAsUpdate(doc);
  const numbers: number[] = [0, 1];
  const varUint = (value: number) => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) numbers.push(128 | (rest % 128));
    numbers.push(rest);
  };
  varUint(client);
  varUint(clocks.length);
  for (const clock of [...clocks].sort((a, b) => a - b)) {
    varUint(clock);
    varUint(1);
  }
  expect(update).toEqual(new Uint8Array([0, 0]));
  return new Uint8Array(numbers);
}

describe("What honest people do is not held back", () => {
  beforeEach(() => start(DATABASES[0].open));

  it("a trainer or a facilitator who clears the copy", async () => {
    for (const name of ["fay", "ben"] as const) {
      const one = await member(name);
      clear(one.body);
      append_(one.body, "started anew");
      await one.settled();
      expect(await stored()).toContain("started anew");
      one.raw.ws.terminate();
    }
    expect(await held()).toEqual([]);
  });

  it("a large part that is cut and pasted a moment later, in as many updates as it takes", async () => {
    const one = await member("dev");
    const cut = one.body
      .toArray()
      .slice(0, 12)
      .map((block) => (block as Y.XmlElement).clone());
    one.body.delete(0, 12);
    await sleep(50);
    for (const block of cut) one.body.push([block as Y.XmlElement]);
    await one.settled();
    const text = await stored();
    expect(text.match(/word/g)?.length).toBe(400);
    expect(text.indexOf("word9x0")).toBeLessThan(text.indexOf("word0x0"));
    expect(await held()).toEqual([]);
    // The words are still whose they were.
    await sleep(20);
    clear(one.body);
    await until(() => one.raw.code !== 0, "the answer");
    expect(one.raw.refusal()).toMatchObject({ reason: "held" });
  });

  it("everything put into a quotation, and taken out of it again", async () => {
    const one = await member("dev");
    for (let n = 0; n < 3; n++) {
      one.doc.transact(() => {
        const all = one.body.toArray().map((block) => (block as Y.XmlElement).clone());
        clear(one.body);
        const quote = new Y.XmlElement("blockquote");
        quote.insert(0, all as Y.XmlElement[]);
        one.body.push([quote]);
      });
      one.doc.transact(() => {
        const quote = one.body.get(0) as Y.XmlElement;
        const all = quote.toArray().map((block) => (block as Y.XmlElement).clone());
        clear(one.body);
        one.body.push(all as Y.XmlElement[]);
      });
    }
    await one.settled();
    expect(await held()).toEqual([]);
  });

  it("a section moved part by part", async () => {
    const one = await member("rita");
    for (let n = 0; n < 20; n++) {
      one.doc.transact(() => {
        const block = (one.body.get(0) as Y.XmlElement).clone();
        one.body.delete(0, 1);
        one.body.push([block]);
      });
    }
    await one.settled();
    expect((await stored()).match(/word/g)?.length).toBe(400);
    expect(await held()).toEqual([]);
  });

  it("a long paste of one's own that is taken back", async () => {
    const one = await member("rita");
    append(one.doc, ` ${"own words ".repeat(2_000)}`);
    const text = (one.body.get(0) as Y.XmlElement).get(0) as Y.XmlText;
    text.delete(6, text.length - 6);
    await one.settled();
    expect(await held()).toEqual([]);
  });

  it("a paragraph or two that are deleted, one after the other", async () => {
    const one = await member("dev");
    one.body.delete(1, 1);
    one.body.delete(4, 1);
    await one.settled();
    expect((await stored()).match(/word/g)?.length).toBe(320);
    expect(await held()).toEqual([]);
  });
});

function append_(fragment: Y.XmlFragment, words: string) {
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.insert(0, [new Y.XmlText(words)]);
  fragment.push([paragraph]);
}
