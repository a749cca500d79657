import { expect, it } from "vitest";
import { FRAGMENT } from "#app/document/schema.ts";
import { createCollab } from "#server/collab/collab.ts";
import { random, SEED } from "../document/random.ts";
import { append, quiet, seedDocument, serveCollab, until } from "../support/collab.ts";
import { DATABASES } from "../support/databases.ts";
import { Peer } from "../support/peer.ts";

const HOUR = 3_600_000;

it.each(DATABASES)(
  `A clock that jumps by hours keeps the order of what is written, on $name (seed ${SEED})`,
  async ({ open }) => {
    const r = random(SEED);
    const database = await open();
    const { docId, people } = await seedDocument(database.db);
    let shift = 0;
    const clock = () => new Date(Date.now() + shift);
    let server = await serveCollab(database.db, people, { clock, linger: 0 });
    const words: string[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const peers = [
        new Peer(server.url, docId, "ana"),
        new Peer(server.url, docId, "ben"),
      ] as const;
      await until(() => peers.every(({ synced }) => synced));
      for (let n = 0; n < 10; n++) {
        shift = r.pick([-HOUR, 0, HOUR]);
        const [typist, other] = r.chance(0.5) ? peers : [peers[1], peers[0]];
        const word = ` ${turn}-${n}.`;
        words.push(word);
        append(typist.doc, word);
        await until(() => typist.settled && other.fragment.toString().includes(word), word);
      }
      for (const peer of peers) peer.end();
      await server.close();
      server = await serveCollab(database.db, people, { clock, linger: 0 });
    }
    const fresh = createCollab({ db: database.db, clock, log: quiet });
    const { doc } = await fresh.read(docId);
    expect(doc.getXmlFragment(FRAGMENT).toString(), `seed ${SEED}`).toContain(words.join(""));
    await fresh.close();
    await server.close();
    await database.close();
  },
);
