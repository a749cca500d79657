import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type * as Y from "yjs";
import { readDoc } from "#app/document/read.ts";
import { createCollab } from "#server/collab/collab.ts";
import { random } from "../../document/random.ts";
import { join, type Name, quiet, seedDocument, serveCollab, until } from "../../support/collab.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { badNetwork } from "../../support/network.ts";
import { lacks, Peer } from "../../support/peer.ts";
import { seedRooms } from "../../support/rooms.ts";
import { edit, said, wordsIn, wordsInUpdates } from "./typing.ts";

// Each stock client listens for the end of the process.
process.setMaxListeners(100);

/** How many rooms at once share a server and a network. */
const AT_ONCE = 50;
const HOUR = 3_600_000;

type Size = { seed: number; runs: number; open: () => Promise<TestDatabase> };

/**
 * Rooms in which several people write at once over a network that delays, tears and breaks
 * everything, on a server whose clock jumps and that is restarted in between. Whatever happened, all
 * copies, what the server reads and what a fresh server loads are the same, and hold everything that
 * was ever acknowledged: also to people who left for good since. The nth run has the seed `seed + n`.
 */
export async function converge({ seed, runs, open }: Size) {
  const total = { runs, edits: 0, acknowledged: 0, cuts: 0, left: 0, words: 0 };
  const database = await open();
  try {
    const seeded = await seedDocument(database.db);
    for (let run = 0; run < runs; run += AT_ONCE) {
      const count = Math.min(AT_ONCE, runs - run);
      const found = await batch(database, seeded, { seed: seed + run, count });
      for (const name of ["edits", "acknowledged", "cuts", "left", "words"] as const) {
        total[name] += found[name];
      }
    }
  } finally {
    await database.close();
  }
  return total;
}

type Run = {
  seed: number;
  docId: string;
  rough: boolean;
  /** Who is there, and who left for good. */
  peers: Peer[];
  left: Peer[];
  stock: Awaited<ReturnType<typeof join>> | null;
};

async function batch(
  { db }: TestDatabase,
  seeded: Awaited<ReturnType<typeof seedDocument>>,
  { seed, count }: { seed: number; count: number },
) {
  const r = random(seed);
  const clock = () => new Date(Date.now() + r.int(-HOUR, HOUR));
  let server = await serveCollab(db, seeded.people, { clock });
  const network = await badNetwork(r, server.url);
  const ids = await seedRooms(db, seeded, count);
  try {
    const working = ids.map((docId, n) => work(network.url, docId, seed + n));
    await sleep(r.int(100, 500));
    await server.close();
    server = await serveCollab(db, seeded.people, { clock });
    network.lead(server.url);
    const all = await Promise.all(working);
    network.calm();
    await Promise.all(all.map(agree));

    const fresh = createCollab({ db, clock, log: quiet, linger: 0 });
    for (const run of all) await compare(run, server.collab, fresh);
    await fresh.close();
    const peers = all.flatMap(({ peers, left }) => [...peers, ...left]);
    return {
      edits: peers.reduce((sum, { made }) => sum + made.length, 0),
      acknowledged: peers.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      cuts: network.cuts,
      left: all.reduce((sum, { left }) => sum + left.length, 0),
      words: all.reduce((sum, run) => sum + acknowledgedWords(run).size, 0),
    };
  } finally {
    await network.close();
    await server.close();
  }
}

/** Two or three write, one reads; now and then somebody leaves for good and somebody else comes. */
async function work(url: string, docId: string, seed: number): Promise<Run> {
  const r = random(seed);
  const come = (name: Name) => new Peer(url, docId, name, r.int(1, 2 ** 31));
  const names: Name[] = r.chance(0.5) ? ["ana", "ben"] : ["ana", "ben", "ana"];
  const peers = names.map(come);
  const left: Peer[] = [];
  const rough = r.chance(0.5);
  const stock = r.chance(0.2) ? await join({ url }, docId, "ben") : null;
  await until(() => peers.every(({ fragment }) => fragment.length > 0), "the text", 20_000);
  let n = 0;
  for (let step = r.int(20, 60); step > 0; step--) {
    const at = r.int(0, peers.length - 1);
    const peer = peers[at] as Peer;
    if (r.chance(0.02)) {
      peer.end();
      left.push(peer);
      peers[at] = come(names[at] as Name);
    } else if (stock && r.chance(0.2)) {
      edit(r, stock.fragment, `s0.${n++};`, rough);
    } else if (peer.fragment.length > 0) {
      edit(r, peer.fragment, `${"abc"[at]}${left.length}.${n++};`, rough);
    }
    if (r.chance(0.4)) await sleep(r.int(0, 20));
  }
  peers.push(come("fay"));
  return { seed, docId, rough, peers, left, stock };
}

/** Waits until everybody has everything. */
async function agree({ seed, peers, stock }: Run): Promise<void> {
  const copies = [...peers.map(({ doc }) => doc), ...(stock ? [stock.doc] : [])];
  try {
    await until(
      () => peers.every(({ settled }) => settled) && (stock?.provider.synced ?? true),
      "all to be acknowledged",
      20_000,
    );
    await until(() => new Set(copies.map((doc) => said(body(doc)))).size === 1, "one text", 20_000);
    await until(() => new Set(copies.map((doc) => structure(doc))).size === 1, "one tree", 5_000);
  } catch (error) {
    const states = peers.map(({ state }) => state).join("\n");
    throw new Error(`seed ${seed}: ${error}\n${states}\nstock ${stock?.provider.synced}`);
  }
}

const body = (doc: Y.Doc) => doc.getXmlFragment("default");
const structure = (doc: Y.Doc) => body(doc).toString();

type Reader = Pick<ReturnType<typeof createCollab>, "read">;

async function compare(run: Run, server: Reader, fresh: Reader): Promise<void> {
  const { seed, docId, peers, left, stock } = run;
  const seen = await server.read(docId);
  const loaded = await fresh.read(docId);
  const mine = readDoc((peers[0] as Peer).doc);
  expect(seen.json, `seed ${seed}: what the server reads`).toEqual(mine);
  expect(loaded.json, `seed ${seed}: what a fresh server loads`).toEqual(mine);
  for (const peer of [...peers, ...left]) {
    expect(peer.refused, `seed ${seed}`).toBeNull();
    expect(lacks(loaded.doc, peer), `seed ${seed}: acknowledged and not there`).toBe(false);
    peer.end();
  }
  if (!run.rough) {
    const there = wordsIn(said(body(loaded.doc)));
    const gone = [...acknowledgedWords(run)].filter((word) => !there.has(word));
    expect(gone, `seed ${seed}: words acknowledged and not there`).toEqual([]);
  }
  stock?.provider.destroy();
}

function acknowledgedWords({ peers, left }: Run): Set<string> {
  const saved = [...peers, ...left].flatMap(({ made, acknowledged }) =>
    made.slice(0, acknowledged),
  );
  return wordsInUpdates(saved);
}
