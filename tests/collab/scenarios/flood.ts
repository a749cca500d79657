import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { step1Frame } from "#server/collab/protocol.ts";
import { append, seedDocument, socketOf, until } from "../../support/collab.ts";
import { DATABASES } from "../../support/databases.ts";
import { Peer } from "../../support/peer.ts";
import { startCollabProcess } from "../../support/process.ts";
import { percentile } from "../../support/report.ts";

/** The sockets of the writer, the witness and the one who watches. */
const HONEST = 3;

type Size = { readers: number; seconds: number };

/**
 * Readers who never read, and four sockets that ask for the whole document over and over and don't
 * read the answers either (two as often as is allowed, two as fast as they can), while people paste
 * and type. Answers how much the server's memory grew at its peak, in bytes, and the times from a
 * witness's keystroke to another's screen, in milliseconds.
 */
export async function flood({ readers, seconds }: Size) {
  const database = await DATABASES[0].open();
  const { docId, people } = await seedDocument(database.db);
  const server = await startCollabProcess(database.address, people);
  const deaf = new Set<WebSocket>();
  let stopped = false;

  /** A socket that takes nothing from the network any more once it is open. */
  async function open(): Promise<WebSocket> {
    const Socket = socketOf("fay") as unknown as typeof WebSocket;
    const ws = new Socket(`${server.url}/${docId}`);
    deaf.add(ws);
    ws.on("error", () => {}).on("close", () => deaf.delete(ws));
    ws.once("open", () => ws.pause());
    await Promise.race([once(ws, "open"), once(ws, "close")]);
    return ws;
  }

  async function ask(every: number) {
    let asked = 0;
    const question = step1Frame(new Uint8Array([0]));
    for (let ws = await open(); !stopped; asked++) {
      if (ws.readyState !== WebSocket.OPEN || ws.bufferedAmount > 65_536) {
        ws.terminate();
        ws = await open();
      }
      ws.send(question);
      await sleep(every);
    }
    return asked;
  }

  const writer = new Peer(server.url, docId, "ana");
  const witness = new Peer(server.url, docId, "ben");
  const eye = new Peer(server.url, docId, "fay");
  try {
    await until(() => [writer, witness, eye].every(({ synced }) => synced), "all to be there");
    append(writer.doc, "x".repeat(200_000), 1);
    await until(() => writer.settled);
    const before = await server.memory();
    const fill = async () => {
      for (let gap = 1; gap > 0 && !stopped; ) {
        gap = Math.min(50, readers + HONEST - (await server.count()).sockets);
        if (gap > 0) await Promise.all(Array.from({ length: gap }, open));
      }
    };
    await fill();
    const asking = [ask(200), ask(200), ask(1), ask(1)];
    // Who doesn't answer a ping is cut off after a while; others come in their place.
    const filling = (async () => {
      while (!stopped) {
        await fill();
        await sleep(500);
      }
    })();

    const typed = new Map<string, number>();
    const times: number[] = [];
    eye.doc.on("update", () => {
      const text = (eye.fragment.get(2) as { toString(): string }).toString();
      for (const [word, at] of typed) {
        if (!text.includes(word)) continue;
        times.push(performance.now() - at);
        typed.delete(word);
      }
    });
    const end = performance.now() + seconds * 1000;
    for (let n = 0; performance.now() < end; n++) {
      const word = ` w${n}.`;
      typed.set(word, performance.now());
      append(witness.doc, word, 2);
      // Kept by the network's own buffers at first: it takes megabytes until a socket is slow.
      if (n % 2 === 0) append(writer.doc, "y".repeat(16_384), 1);
      await sleep(100);
    }
    await until(() => typed.size === 0, "the witness's last word", 20_000);
    const { peak } = await server.memory();
    const { sockets } = await server.count();
    stopped = true;
    await filling;
    const questions = (await Promise.all(asking)).reduce((sum, asked) => sum + asked, 0);
    return {
      readers,
      open: sockets,
      questions,
      words: times.length,
      growth: peak - before.rss,
      p50: percentile(times, 0.5),
      p95: percentile(times, 0.95),
      breaks: writer.breaks + witness.breaks + eye.breaks,
    };
  } finally {
    stopped = true;
    for (const peer of [writer, witness, eye]) peer.end();
    for (const ws of deaf) ws.terminate();
    await server.kill();
    await database.close();
  }
}
