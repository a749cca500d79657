import { setTimeout as sleep } from "node:timers/promises";
import * as Y from "yjs";
import { Client, repeat, type Typist } from "./clients.ts";
import { textOf } from "./content.ts";
import type { Deliveries } from "./deliveries.ts";
import { markersIn } from "./frames.ts";
import { cpuOf } from "./machine.ts";
import type { BenchServer } from "./servers.ts";

/** What one server did in one scenario: figures by name; `failed` says why they don't count. */
export type Outcome = { figures: Record<string, number>; failed?: string };

export type Timing = {
  /** Seconds. */
  warmup: number;
  measured: number;
};

/** How long deliveries may take to come in after the last word, in milliseconds. */
const DRAIN = 20_000;

type Typing = {
  server: BenchServer;
  typists: readonly Typist[];
  perSecond: number;
  deliveries: Deliveries;
  timing: Timing;
  /** How many receivers there are for each one that is timed. */
  scale?: number;
  /** What all receivers together lack of the window's updates. */
  missing: () => number;
};

/**
 * Everybody types for a while; what happens after the warm-up counts. The server's processor time
 * is that of its whole process between the beginning and the end of the measured time; joins and
 * the wait for what is still on its way come before and after. `µs` is that time divided by the
 * updates that arrived meanwhile; updates, not frames.
 */
export async function measure(typing: Typing): Promise<Outcome> {
  const { server, typists, perSecond, deliveries, timing, scale = 1, missing } = typing;
  const keys = repeat(typists.length, perSecond, (n) => typists[n]?.type(deliveries));
  await sleep(timing.warmup * 1_000);
  deliveries.openWindow();
  const before = reading(server, deliveries);
  await sleep(timing.measured * 1_000);
  const after = reading(server, deliveries);
  deliveries.closeWindow();
  await keys.stop();
  const end = performance.now() + DRAIN;
  while (missing() > 0 && performance.now() < end) await sleep(50);

  const wall = after.at - before.at;
  const received = (after.received - before.received) * scale;
  const lost = missing();
  const share = (used: number) => (100 * used) / (wall * 1_000);
  return {
    figures: {
      µs: (after.server - before.server) / received,
      p50: deliveries.latencies.at(0.5),
      p99: deliveries.latencies.at(0.99),
      serverPercent: share(after.server - before.server),
      clientPercent: share(after.clients - before.clients),
      sentPerSecond: (deliveries.inWindow / wall) * 1_000,
      receivedPerSecond: (received / wall) * 1_000,
      missing: lost,
    },
    ...(lost > 0 && { failed: `${lost} of the window's updates never arrived somewhere` }),
  };
}

export const reading = (server: BenchServer, { received }: { received: number }) => ({
  at: performance.now(),
  server: server.cpu(),
  clients: cpuOf(process.pid),
  received,
});

/**
 * Somebody new opens the room with a whole Yjs client: every word that was typed must be there
 * once, and those who held a document all along must have the very same one. Returns what is wrong.
 */
export async function verify(
  server: BenchServer,
  room: string,
  typed: readonly number[],
  others: readonly (Y.Doc | undefined)[],
): Promise<string | undefined> {
  if (server.kind === "relay") return;
  const late = await Client.join(server, room, { role: "read", doc: new Y.Doc() });
  const text = textOf(late.doc as Y.Doc);
  late.leave();
  const there = markersIn(text).sort((a, b) => a - b);
  const wanted = [...typed].sort((a, b) => a - b);
  if (there.join() !== wanted.join())
    return `${room} holds ${there.length} of ${wanted.length} words`;
  for (const doc of others) if (doc && textOf(doc) !== text) return `A copy of ${room} differs`;
}
