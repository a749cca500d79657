import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { createCollab } from "#server/collab/collab.ts";
import { random } from "../../document/random.ts";
import { type Name, quiet, seedDocument, until } from "../../support/collab.ts";
import type { DATABASES } from "../../support/databases.ts";
import { integrityOf } from "../../support/disk.ts";
import { badNetwork } from "../../support/network.ts";
import { Peer } from "../../support/peer.ts";
import { startCollabProcess } from "../../support/process.ts";
import { seedRooms } from "../../support/rooms.ts";
import { edit, said, wordsIn, wordsInUpdates } from "./typing.ts";

type Size = { seed: number; kills: number } & Pick<(typeof DATABASES)[number], "name" | "open">;

const ROOMS = 4;
const WRITERS: Name[] = ["ana", "ben"];

/**
 * Kills a server, with the signal that nothing survives, again and again while people write in
 * several rooms. In half of the rooms everybody leaves for good at that moment, so that no copy of
 * theirs can bring back what the server lost: what was acknowledged must be in the database.
 * Answers how long each start took until everybody had their document, in milliseconds.
 */
export async function killWhileWriting({ seed, kills, name, open }: Size) {
  const r = random(seed);
  const database = await open();
  const seeded = await seedDocument(database.db);
  const rooms = (await seedRooms(database.db, seeded, ROOMS)).map((docId) => ({
    docId,
    peers: [] as Peer[],
    words: new Set<string>(),
  }));
  const upMs: number[] = [];
  let written = 0;
  let network: Awaited<ReturnType<typeof badNetwork>> | null = null;
  const start = () => startCollabProcess(database.address, seeded.people, { linger: 20 });
  let server = await start();
  try {
    network = await badNetwork(r, server.url);
    network.calm();
    const { url } = network;
    for (let kill = 0; kill <= kills; kill++) {
      const began = performance.now();
      if (kill > 0) {
        server = await start();
        network.lead(server.url);
      }
      for (const room of rooms) {
        if (room.peers.length > 0) continue;
        room.peers = WRITERS.map((name) => new Peer(url, room.docId, name, r.int(1, 2 ** 31)));
      }
      const everybody = rooms.flatMap(({ peers }) => peers);
      await until(() => everybody.every(({ synced }) => synced), "everybody to be back", 30_000);
      if (kill > 0) upMs.push(performance.now() - began);
      for (const { peers, words } of rooms) {
        const there = wordsIn(said((peers[0] as Peer).fragment));
        const lost = [...words].filter((word) => !there.has(word));
        expect(lost, `seed ${seed}, kill ${kill}: acknowledged and lost`).toEqual([]);
      }
      const end = performance.now() + r.int(50, 400);
      while (performance.now() < end) {
        for (const { peers } of rooms) {
          const at = r.int(0, peers.length - 1);
          edit(r, (peers[at] as Peer).fragment, `${"ab"[at]}${kill}.${written++};`, false);
        }
        await sleep(r.int(0, 8));
      }
      await server.kill();
      await until(() => everybody.every(({ synced }) => !synced), "everybody to notice");
      for (const room of rooms) {
        for (const { made, acknowledged } of room.peers) {
          for (const word of wordsInUpdates(made.slice(0, acknowledged))) room.words.add(word);
        }
        if (r.chance(0.5) || kill === kills) for (const peer of room.peers.splice(0)) peer.end();
      }
    }
    const collab = createCollab({ db: database.db, clock: () => new Date(), log: quiet });
    for (const { docId, words } of rooms) {
      const there = wordsIn(said((await collab.read(docId)).doc.getXmlFragment("default")));
      expect(
        [...words].filter((word) => !there.has(word)),
        `seed ${seed}`,
      ).toEqual([]);
    }
    await collab.close();
    if (name === "SQLite") expect(await integrityOf(database.db)).toBe("ok");
  } finally {
    for (const { peers } of rooms) for (const peer of peers) peer.end();
    await server.kill();
    await network?.close();
    await database.close();
  }
  const acknowledged = rooms.reduce((sum, { words }) => sum + words.size, 0);
  return { kills, written, acknowledged, upMs };
}
