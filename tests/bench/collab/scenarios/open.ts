import { cpSync } from "node:fs";
import { join } from "node:path";
import * as Y from "yjs";
import { Client } from "../clients.ts";
import { type History, history, STRIDE, textOf } from "../content.ts";
import { marker } from "../frames.ts";
import type { Outcome } from "../measure.ts";
import { type BenchServer, directory, type Kind, make, start } from "../servers.ts";

const ROOM = "bench";
const none = new Uint8Array([0, 0]);

/**
 * A document of many edits is opened after a restart: the time from connecting until a whole Yjs
 * client holds every edit; the median of some restarts. Each server was given the edits one by one
 * through its own socket, left alone until it was idle, and ended with SIGTERM; each restart begins
 * with a copy of the files it left. `again` is a second restart on those same files: what the first
 * opening has tidied up, it needn't do twice.
 */
export async function open(
  kind: Kind,
  { edits, restarts, seed }: { edits: number; restarts: number; seed: number },
): Promise<Outcome> {
  const past = history(seed, edits);
  const left = { dir: directory(), persistent: true };
  await make(kind, left, [ROOM], past.base);
  const server = await start(kind, left);
  const fed = performance.now();
  try {
    await feed(server, ROOM, past);
    await server.idle();
  } finally {
    await server.stop();
  }
  const feeding = (performance.now() - fed) / 1_000;

  const first: number[] = [];
  const again: number[] = [];
  for (let restart = 0; restart < restarts; restart++) {
    const storage = { dir: join(directory(), "files"), persistent: true };
    cpSync(left.dir, storage.dir, { recursive: true });
    first.push(await opening(kind, storage, past));
    again.push(await opening(kind, storage, past));
  }
  const floor = Array.from({ length: restarts }, () => {
    const doc = new Y.Doc();
    const began = performance.now();
    Y.applyUpdate(doc, past.state);
    return performance.now() - began;
  });
  return {
    figures: {
      ms: median(first),
      again: median(again),
      floor: median(floor),
      feedingSeconds: feeding,
      edits,
    },
  };
}

/** Starts the server and opens the room; how long that took the client, in milliseconds. */
async function opening(
  kind: Kind,
  storage: { dir: string; persistent: boolean },
  past: History,
): Promise<number> {
  const server = await start(kind, storage);
  try {
    await server.idle();
    const doc = new Y.Doc();
    const began = performance.now();
    const client = await Client.join(server, ROOM, { role: "read", doc });
    await holds(client, past);
    const took = performance.now() - began;
    if (textOf(doc) !== past.text) throw new Error(`${kind} gave another text`);
    client.leave();
    await server.idle();
    return took;
  } finally {
    await server.stop();
  }
}

/**
 * Types a history into a room, a thousand edits at a time: never more than a server can queue. Ours
 * takes 200 updates a second from one socket, so it gets fifty edits in each; what it keeps at the
 * end is the same.
 */
export async function feed(server: BenchServer, room: string, past: History): Promise<void> {
  const together = server.kind === "ours" ? 50 : 1;
  const doc = new Y.Doc();
  const witness = await Client.join(server, room, { role: "read", doc });
  const client = await Client.join(server, room, { role: "write" });
  if (server.kind !== "ours") client.update(past.base);
  for (let n = 0; n < past.updates.length; n += STRIDE) {
    const some = past.updates.slice(n, n + STRIDE);
    for (let k = 0; k < some.length; k += together) {
      client.update(together > 1 ? Y.mergeUpdates(some.slice(k, k + together)) : (some[k] ?? none));
    }
    await arrival(witness, marker(n + some.length - 1).trim());
  }
  await holds(witness, past);
  client.leave();
  witness.leave();
}

/** Resolves when a word is on its way to a client's document. */
function arrival(client: Client, word: string): Promise<void> {
  return within(`the word ${word}`, (resolve) =>
    client.look((data, from, to) => {
      if (data.subarray(from, to).includes(word)) resolve();
    }),
  );
}

/** Resolves when a client's document has every edit. */
function holds(client: Client, { stateVector }: History): Promise<void> {
  const store = client.doc?.store;
  const complete = () =>
    store !== undefined && [...stateVector].every(([id, clock]) => Y.getState(store, id) >= clock);
  return within("the whole document", (resolve) => {
    client.onUpdate = () => {
      if (complete()) resolve();
    };
    client.onUpdate();
  });
}

function within(what: string, work: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Two minutes without ${what}`)), 120_000);
    work(() => {
      clearTimeout(late);
      resolve();
    });
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
