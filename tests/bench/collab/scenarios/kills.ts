import { setTimeout as sleep } from "node:timers/promises";
import * as Y from "yjs";
import { random } from "#tests/document/random.ts";
import { Client, fill, joinMany, repeat, Typist } from "../clients.ts";
import { content, endsOf, textOf } from "../content.ts";
import { Deliveries } from "../deliveries.ts";
import { markersIn, scanMarkers } from "../frames.ts";
import type { Outcome } from "../measure.ts";
import { type BenchServer, directory, type Kind, make, start } from "../servers.ts";

const ROOM = "bench";
const WRITERS = 4;
const PER_SECOND = 50;

/**
 * The server is killed while four people type, again and again, and started on what it left; then
 * somebody with an empty copy looks. What another client had seen, and what the server had
 * acknowledged (ours alone does), must be there. Nobody who typed comes back: a returning client
 * would bring the lost words along.
 */
export async function kills(
  kind: Kind,
  { times, seed }: { times: number; seed: number },
): Promise<Outcome> {
  const r = random(seed);
  const text = content(seed);
  const storage = { dir: directory(), persistent: true };
  await make(kind, storage, [ROOM], text.state);
  const deliveries = new Deliveries();
  const seen = new Set<number>();
  const acknowledged = new Set<number>();
  const lost = { seen: 0, acknowledged: 0 };
  let server = await start(kind, storage);
  try {
    await fill(server, [ROOM], text);
    let there = await settled(server);
    for (let kill = 0; kill < times; kill++) {
      const clients = await joinMany(WRITERS, () => Client.join(server, ROOM, { role: "write" }));
      const ends = endsOf(there);
      const typists = clients.map((client, by) => new Typist(client, { by, behind: ends[by * 5] }));
      const typed: number[][] = clients.map(() => []);
      for (const [by, client] of clients.entries()) {
        const each = (n: number) => {
          if (deliveries.sentBy(n) !== by) seen.add(n);
        };
        client.look((data, from, to) => scanMarkers(data, from, to, each));
      }
      const keys = repeat(WRITERS, PER_SECOND, (by) => {
        const n = typists[by]?.type(deliveries);
        if (n !== undefined) typed[by]?.push(n);
      });
      await sleep(r.int(300, 2_000));
      await server.kill();
      await keys.stop();
      await sleep(50);
      for (const [by, client] of clients.entries()) {
        for (const n of typed[by]?.slice(0, client.saved) ?? []) acknowledged.add(n);
        client.leave();
      }
      server = await start(kind, storage);
      there = await settled(server);
      const kept = new Set(markersIn(textOf(there)));
      for (const n of seen) {
        if (kept.has(n)) continue;
        lost.seen++;
        seen.delete(n);
      }
      for (const n of acknowledged) {
        if (kept.has(n)) continue;
        lost.acknowledged++;
        acknowledged.delete(n);
      }
    }
    const counted = seen.size + lost.seen;
    return {
      figures: {
        kills: times,
        typed: deliveries.sent,
        seen: counted,
        lostAfterSeen: lost.seen,
        ...(server.dialect.acknowledges && {
          acknowledged: acknowledged.size + lost.acknowledged,
          lostAfterAcknowledged: lost.acknowledged,
        }),
      },
    };
  } finally {
    await server.kill();
  }
}

/** The document as somebody gets it who comes with nothing, once nothing more arrives. */
async function settled(server: BenchServer): Promise<Y.Doc> {
  const doc = new Y.Doc();
  const client = await Client.join(server, ROOM, { role: "read", doc });
  let last = performance.now();
  client.onUpdate = () => {
    last = performance.now();
  };
  const end = last + 20_000;
  while (performance.now() < end) {
    await sleep(50);
    if (textOf(doc).length > 100 && performance.now() - last > 250) break;
  }
  client.leave();
  if (endsOf(doc).length === 0) throw new Error(`${server.kind} came back without the document`);
  return doc;
}
