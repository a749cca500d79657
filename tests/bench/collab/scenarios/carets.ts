import { setTimeout as sleep } from "node:timers/promises";
import { Client, fill, joinMany, repeat } from "../clients.ts";
import { content } from "../content.ts";
import { Latencies } from "../deliveries.ts";
import { readPresence } from "../frames.ts";
import { type Outcome, reading, type Timing } from "../measure.ts";
import { directory, type Kind, make, start } from "../servers.ts";

const ROOM = "bench";
const PER_SECOND = 2;
const FIRST = 2_000_000_000;

/**
 * Many people in one room move their carets twice a second. A state has arrived when it, or a newer
 * one of the same person, has: servers may skip what is out of date. Clients don't echo.
 */
export async function carets(
  kind: Kind,
  { people, timing, seed }: { people: number; timing: Timing; seed: number },
): Promise<Outcome> {
  const text = content(seed);
  const storage = { dir: directory(), persistent: false };
  await make(kind, storage, [ROOM], text.state);
  const server = await start(kind, storage);
  const clients: Client[] = [];
  try {
    await fill(server, [ROOM], text);
    const latencies = new Latencies();
    let counting = false;
    let received = 0;
    /** When each person moved for the first, second … time. */
    const moved: number[][] = Array.from({ length: people }, () => []);
    /** The first move that counts, of each. */
    let from = new Uint32Array(people);
    clients.push(...(await joinMany(people, () => Client.join(server, ROOM, { role: "write" }))));
    const newest = clients.map(() => new Uint32Array(people));
    for (const [self, client] of clients.entries()) {
      const prefix = server.dialect.prefix(ROOM).length;
      const seen = newest[self] ?? new Uint32Array();
      client.look((data, start, end) => {
        const now = performance.now();
        readPresence(data.subarray(start + prefix, end), (id, clock) => {
          const who = id - FIRST;
          const last = seen[who];
          if (who === self || last === undefined || clock <= last) return;
          seen[who] = clock;
          received += clock - last;
          const first = Math.max(last, from[who] ?? 0);
          for (let n = first; n < clock && counting; n++)
            latencies.add(now - (moved[who]?.[n] ?? now));
        });
      });
    }
    const move = (who: number) => {
      const clock = moved[who]?.push(performance.now()) ?? 0;
      clients[who]?.presence(FIRST + who, clock, caret(who, clock, text));
    };
    const moves = repeat(people, PER_SECOND, move);
    await sleep(timing.warmup * 1_000);
    from = Uint32Array.from(moved, ({ length }) => length);
    counting = true;
    const before = reading(server, { received });
    await sleep(timing.measured * 1_000);
    const after = reading(server, { received });
    await moves.stop();
    const missing = () =>
      newest.reduce(
        (sum, seen, self) =>
          sum + moved.filter(({ length }, who) => who !== self && (seen[who] ?? 0) < length).length,
        0,
      );
    for (const end = performance.now() + 20_000; missing() > 0 && performance.now() < end; ) {
      await sleep(50);
    }
    const wall = after.at - before.at;
    const share = (used: number) => (100 * used) / (wall * 1_000);
    const left = missing();
    return {
      figures: {
        serverPercent: share(after.server - before.server),
        clientPercent: share(after.clients - before.clients),
        p50: latencies.at(0.5),
        p99: latencies.at(0.99),
        receivedPerSecond: ((after.received - before.received) / wall) * 1_000,
        missing: left,
      },
      ...(left > 0 && { failed: `${left} carets stand where they no longer are` }),
    };
  } finally {
    await server.kill();
    for (const client of clients) client.leave();
  }
}

/** What y-tiptap puts there: who, and two positions in the text. */
function caret(who: number, clock: number, { ends }: ReturnType<typeof content>): string {
  const end = ends[(who + clock) % ends.length];
  const position = {
    type: null,
    tname: null,
    item: { client: end?.client, clock: (end?.clock ?? 0) - (clock % 50) },
    assoc: 0,
  };
  const user = { name: `Person ${who}`, color: "#2f55b0" };
  return JSON.stringify({ user, cursor: { anchor: position, head: position } });
}
