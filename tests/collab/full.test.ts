import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { FRAGMENT } from "#app/document/schema.ts";
import { CLOSE, LIMITS, SYNC } from "#server/collab/protocol.ts";
import {
  append,
  type Name,
  rawSocket,
  type Seeded,
  seedDocument,
  serveCollab,
  until,
} from "../support/collab.ts";
import { seedWorkshop } from "../support/copies.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";

let database: TestDatabase;
let seeded: Seeded;
let server: Awaited<ReturnType<typeof serveCollab>>;
let copy: string;

afterEach(async () => {
  await server.close();
  await database.close();
});

const stored = async () => (await server.collab.read(copy)).doc;
const textIn = (doc: Y.Doc, block = 0) =>
  (doc.getXmlFragment(FRAGMENT).get(block) as Y.XmlElement).get(0) as Y.XmlText;

/** A socket that writes what is done to its own copy, and waits for the answer. */
async function writer(name: Name) {
  const raw = await rawSocket(server, copy, name);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(await stored()));
  let count = 1;
  doc.on("update", (update: Uint8Array) => {
    count++;
    raw.update(update);
  });
  raw.sync(SYNC.step2, new Uint8Array([0, 0]));
  return async (change: (doc: Y.Doc) => void) => {
    doc.transact(() => change(doc));
    await until(() => raw.refusal() !== undefined || raw.saved() === count, "an answer");
    if (raw.refusal()) await until(() => raw.code === CLOSE.refused, "the close");
    return raw.refusal()?.reason ?? "saved";
  };
}

describe.each(DATABASES)("A workshop copy as long as one may be, on $name", ({ open }) => {
  beforeEach(async () => {
    database = await open();
    seeded = await seedDocument(database.db);
    server = await serveCollab(database.db, seeded.people);
    copy = await seedWorkshop(database.db, seeded, { fay: "write", rita: "write", dev: "write" });
  });

  it("takes no more of its members, who may still take out, until it is shorter", async () => {
    const before = textIn(await stored()).length;
    const words = "words ".repeat(30_000);
    const flood = await writer("dev");
    let answer = "saved";
    for (let n = 0; answer === "saved" && n < 100; n++)
      answer = await flood((doc) => append(doc, words));
    expect(answer).toBe("full");
    const length = Y.encodeStateAsUpdate(await stored()).length;
    expect(length).toBeLessThanOrEqual(LIMITS.copy);
    expect(length).toBeGreaterThan(LIMITS.copy - 2 * words.length);

    const rita = await writer("rita");
    expect(await rita((doc) => textIn(doc).delete(before, 5))).toBe("saved");
    expect(await rita((doc) => append(doc, words))).toBe("full");
    const fay = await writer("fay");
    expect(await fay((doc) => append(doc, "Stop."))).toBe("saved");

    await server.collab.edit(copy, { personId: null, via: "restore" }, (doc) => {
      const text = textIn(doc);
      text.delete(before, text.length - before);
    });
    const again = await writer("rita");
    expect(await again((doc) => append(doc, " Again."))).toBe("saved");
    expect(textIn(await stored()).toString()).toMatch(/ Again\.$/);
  });
});
