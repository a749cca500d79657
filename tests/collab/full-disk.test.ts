import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { FRAGMENT } from "#app/document/schema.ts";
import { createCollab } from "#server/collab/collab.ts";
import { append, quiet, seedDocument, serveCollab, until } from "../support/collab.ts";
import { limitedDatabase } from "../support/disk.ts";
import { Peer } from "../support/peer.ts";
import { fullDisk } from "./scenarios/full-disk.ts";

it("A full disk costs nobody a word, and nobody is told otherwise", async () => {
  const disk = await limitedDatabase();
  try {
    const { unsaved } = await fullDisk(disk, 2);
    expect(unsaved).toBeGreaterThan(1);
  } finally {
    await disk.close();
  }
});

it("A room stays while something in it isn't written, though everybody has left", async () => {
  const disk = await limitedDatabase();
  const { docId, people } = await seedDocument(disk.db);
  const server = await serveCollab(disk.db, people, { linger: 0 });
  const ana = new Peer(server.url, docId, "ana");
  await until(() => ana.synced);
  await disk.fill();
  for (let n = 0; n < 500 && ana.notSaved === 0; n++) {
    append(ana.doc, ` ${n}.`.repeat(500));
    await sleep(2);
  }
  await until(() => ana.notSaved > 0, "the news");
  await ana.heard();
  const words = ana.fragment.toString();
  ana.end();
  await until(() => server.collab.count().sockets === 0);
  await sleep(500);
  expect(server.collab.count().rooms).toBe(1);
  await disk.free();
  await until(() => server.collab.count().rooms === 0, "the room to go", 20_000);
  const fresh = createCollab({ db: disk.db, clock: () => new Date(), log: quiet });
  const { doc } = await fresh.read(docId);
  expect(doc.getXmlFragment(FRAGMENT).toString()).toBe(words);
  await fresh.close();
  await server.close();
  await disk.close();
});
