import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { largeDocument, random } from "../../document/random.ts";
import { append, type Name, seedDocument, until } from "../../support/collab.ts";
import { DATABASES } from "../../support/databases.ts";
import { inside } from "../../support/hostile.ts";
import { Peer } from "../../support/peer.ts";
import { startCollabProcess } from "../../support/process.ts";
import { seedRooms } from "../../support/rooms.ts";

const ROOMS = 20;
const AT_ONCE = 5;
/** Long enough that a room which stays by mistake is noticed. */
const WORDS = 3_000;

/**
 * Opens and closes rooms: somebody comes, mostly writes a word, and leaves; nobody else is there, so
 * that the room goes. Answers how much more the heap holds after all of it than after the first
 * tenth, in bytes, both once the garbage is collected.
 */
export async function openAndClose({ seed, openings }: { seed: number; openings: number }) {
  const r = random(seed);
  const database = await DATABASES[0].open();
  const seeded = await seedDocument(database.db);
  const rooms = await seedRooms(database.db, seeded, ROOMS, largeDocument(r, WORDS));
  const server = await startCollabProcess(database.address, seeded.people, { linger: 0 });
  let opened = 0;

  async function visits(docIds: string[], goal: number) {
    while (opened < goal) {
      opened++;
      const name = r.pick<Name>(["ana", "ben", "fay"]);
      const peer = new Peer(server.url, r.pick(docIds), name, r.int(1, 2 ** 31));
      await until(() => peer.synced, `the ${opened}th opening`);
      if (name !== "fay") {
        // A word, then its deletion: the documents stay as long as they were.
        append(peer.doc, "word", 1);
        const text = inside(peer.doc, 1);
        text.delete(text.length - 4, 4);
        await until(() => peer.settled, `the ${opened}th word`);
      }
      peer.end();
    }
  }

  /** Nobody shares a room, so that each visit opens one and closes it. */
  async function measured(goal: number) {
    const share = Array.from({ length: AT_ONCE }, (_, n) =>
      rooms.filter((_id, room) => room % AT_ONCE === n),
    );
    await Promise.all(share.map((ids) => visits(ids, goal)));
    for (let look = 0; (await server.count()).rooms > 0; look++) {
      expect(look, "looks at rooms that stay open").toBeLessThan(500);
      await sleep(20);
    }
    const { heap, external } = await server.memory();
    return heap + external;
  }

  try {
    const before = await measured(openings / 10);
    const after = await measured(openings);
    return { openings: opened, before, after, growth: after - before };
  } finally {
    await server.kill();
    await database.close();
  }
}
