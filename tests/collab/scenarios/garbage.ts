import { once } from "node:events";
import type { Socket } from "node:net";
import { expect } from "vitest";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { step1Frame, step2Frame, updateFrame } from "#server/collab/protocol.ts";
import { type Random, random } from "../../document/random.ts";
import {
  append,
  presenceOf,
  seedDocument,
  socketOf,
  until,
  updateBy,
} from "../../support/collab.ts";
import { DATABASES } from "../../support/databases.ts";
import { answered, bytes, cut, flipped } from "../../support/frames.ts";
import { HOSTILE } from "../../support/hostile.ts";
import { Peer } from "../../support/peer.ts";
import { startCollabProcess } from "../../support/process.ts";

const ATTACKERS = 8;
/** The witness writes after each so many frames. */
const EVERY = 50;

/** What a broken frame is made of. */
type Stock = { typed: Uint8Array; honest: Uint8Array[]; hostile: Uint8Array[] };

/**
 * Sends broken frames from several sockets of somebody who may write, each read by the server before
 * the next, while a witness writes. Answers how much memory the server holds more afterwards, in
 * bytes. No frame here is one that an editor could have sent: nothing of it may be in the document.
 */
export async function garbage({ seed, frames }: { seed: number; frames: number }) {
  const r = random(seed);
  const database = await DATABASES[0].open();
  const { docId, people } = await seedDocument(database.db);
  const server = await startCollabProcess(database.address, people);
  try {
    const witness = new Peer(server.url, docId, "ben", r.int(1, 2 ** 31));
    await until(() => witness.synced, "the document", 20_000);
    const stock = stockFrom(witness.doc);
    let sent = 0;
    let sockets = 0;
    const attack = async (goal: number) => {
      let ws: WebSocket | null = null;
      while (sent < goal) {
        if (ws?.readyState !== WebSocket.OPEN) {
          ws = await open(server.url, docId);
          sockets++;
        }
        const frame = ++sent;
        send(r, ws, stock);
        await answered(ws);
        if (frame % EVERY === 0) append(witness.doc, "!");
      }
      ws?.terminate();
    };
    const all = (goal: number) =>
      Promise.all(Array.from({ length: ATTACKERS }, () => attack(goal)));

    // What is made once, for the first frames, isn't growth.
    await all(Math.min(500, frames / 4));
    const before = await server.memory();
    await all(frames);
    const after = await server.memory();

    await until(() => witness.settled, `the witness (seed ${seed})`);
    expect(server.alive, `seed ${seed}`).toBe(true);
    expect(witness.breaks, `seed ${seed}`).toBe(0);
    const text = witness.fragment.toString();
    expect(text, `seed ${seed}`).toContain(`distance${"!".repeat(Math.floor(sent / EVERY))}<`);
    expect(await server.text(docId), `seed ${seed}`).toBe(text);
    witness.end();
    return {
      frames: sent,
      sockets,
      heap: after.heap + after.external - before.heap - before.external,
      rss: after.rss - before.rss,
    };
  } finally {
    await server.kill();
    await database.close();
  }
}

function stockFrom(base: Y.Doc): Stock {
  const typed = updateBy(base, (doc) => {
    append(doc, "vandalised", 1);
    append(doc, "vandalised", 2);
  });
  return {
    typed,
    honest: [
      updateFrame(typed),
      step2Frame(typed),
      step1Frame(Y.encodeStateVector(base)),
      presenceOf(4711, 1, { cursor: { anchor: 1, head: 2 } }),
    ],
    hostile: HOSTILE.map(([, write]) => updateBy(base, write))
      .filter(({ length }) => length < 10_000)
      .map(updateFrame),
  };
}

function send(r: Random, ws: WebSocket, stock: Stock): void {
  if (r.chance(0.9)) ws.send(broken(r, stock));
  // Past the library: bytes that are no frame at all.
  else (ws as unknown as { _socket: Socket })._socket.write(bytes(r, 60));
}

function broken(r: Random, { typed, honest, hostile }: Stock): Uint8Array | string {
  const kind = r.int(0, 6);
  if (kind === 0) return bytes(r, 300);
  if (kind === 1) {
    const frame = bytes(r, 300);
    frame.set([r.int(0, 5), r.int(0, 3)].slice(0, frame.length));
    return frame;
  }
  if (kind === 2) return cut(r, r.pick(honest));
  if (kind === 3) return flipped(r, r.pick(hostile));
  // The frame is whole; the update in it ends too early.
  if (kind === 4) return r.pick([step2Frame, updateFrame])(cut(r, typed));
  if (kind === 5) return r.chance(0.5) ? "x".repeat(r.int(0, 100)) : '{"type":"sync"}';
  return presenceOf(r.int(0, 2 ** 31), r.int(0, 9), bytes(r, 50));
}

async function open(url: string, docId: string): Promise<WebSocket> {
  const Socket = socketOf("ana") as unknown as typeof WebSocket;
  const ws = new Socket(`${url}/${docId}`);
  ws.on("error", () => {});
  await Promise.race([once(ws, "open"), once(ws, "close")]);
  return ws;
}
