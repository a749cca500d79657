import * as Y from "yjs";
import { Client, countAt, fill, joinMany, readRarely, Typist } from "../clients.ts";
import { content } from "../content.ts";
import { Deliveries } from "../deliveries.ts";
import { measure, type Outcome, type Timing, verify } from "../measure.ts";
import { type BenchServer, directory, type Kind, make, start } from "../servers.ts";

const ROOM = "bench";
const WRITERS = 5;
const PER_SECOND = 5;
/** How many readers read at once and are timed; all others are counted. */
const TIMED = 200;

/** Five people type five words a second each into one room with many readers. */
export class Audience {
  readonly #deliveries = new Deliveries();
  readonly #writers: Client[];
  readonly #typists: Typist[];
  readonly #readers: Client[] = [];
  /** How many of the window's updates each reader has. */
  #got = new Uint32Array();
  #timed = 0;
  #rarely: { stop(): void } | null = null;
  readonly #server: BenchServer;

  private constructor(server: BenchServer, writers: Client[], ends: Typist[]) {
    this.#server = server;
    this.#writers = writers;
    this.#typists = ends;
  }

  static async open(kind: Kind, seed: number): Promise<Audience> {
    const text = content(seed);
    const storage = { dir: directory(), persistent: false };
    await make(kind, storage, [ROOM], text.state);
    const server = await start(kind, storage);
    await fill(server, [ROOM], text);
    const writers = await joinMany(WRITERS, (n) =>
      Client.join(server, ROOM, { role: "write", ...(n === 0 && copyOn(kind)) }),
    );
    const typists = writers.map(
      (client, n) => new Typist(client, { by: n, behind: text.ends[n * 5] }),
    );
    return new Audience(server, writers, typists);
  }

  /** Brings the room to this many readers; the first and the last one hold a whole document. */
  async resize(readers: number): Promise<void> {
    this.#rarely?.stop();
    for (const { socket } of this.#readers) socket.readAlways();
    for (const leaving of this.#readers.splice(readers)) leaving.leave();
    for (const client of [...this.#writers, ...this.#readers]) client.stayAlive();
    const from = this.#readers.length;
    const coming = await joinMany(readers - from, (n) => {
      const whole = n === 0 || from + n === readers - 1;
      const copy = whole ? copyOn(this.#server.kind) : {};
      return Client.join(this.#server, ROOM, { role: "read", ...copy });
    });
    this.#readers.push(...coming);
    // Spread evenly over the order of joining, which is the order of sending.
    const isTimed = (n: number) =>
      Math.floor(((n + 1) * TIMED) / readers) > Math.floor((n * TIMED) / readers);
    const rare: Client[] = [];
    this.#timed = 0;
    for (const [n, client] of this.#readers.entries()) {
      const timed = isTimed(n);
      if (timed) this.#timed++;
      else rare.push(client);
      const arrived = () => {
        this.#got[n] = (this.#got[n] ?? 0) + 1;
      };
      countAt(client, this.#deliveries, { timed, arrived });
    }
    this.#rarely = readRarely(rare);
  }

  async measure(timing: Timing): Promise<Outcome> {
    const deliveries = this.#deliveries;
    const readers = this.#readers.length;
    this.#got = new Uint32Array(readers);
    const outcome = await measure({
      server: this.#server,
      typists: this.#typists,
      perSecond: PER_SECOND,
      deliveries,
      timing,
      scale: readers / this.#timed,
      missing: () =>
        this.#got.reduce((sum, got) => sum + Math.max(0, deliveries.inWindow - got), 0),
    });
    const closed = this.#readers.filter(({ socket }) => socket.code > 0).length;
    if (closed > 0) outcome.failed = `${closed} readers were cut off`;
    outcome.failed ??= await verify(
      this.#server,
      ROOM,
      Array.from({ length: deliveries.sent }, (_, n) => n),
      [...this.#writers, ...this.#readers].map(({ doc }) => doc),
    );
    return outcome;
  }

  async close(): Promise<void> {
    this.#rarely?.stop();
    await this.#server.kill();
    for (const client of [...this.#writers, ...this.#readers]) client.leave();
  }
}

/** A whole document to hold, where the server knows what that is. */
const copyOn = (kind: Kind) => (kind === "relay" ? {} : { doc: new Y.Doc() });

export async function fanOut(
  kind: Kind,
  { readers, timing, seed }: { readers: number; timing: Timing; seed: number },
): Promise<Outcome> {
  const audience = await Audience.open(kind, seed);
  try {
    await audience.resize(readers);
    return await audience.measure(timing);
  } finally {
    await audience.close();
  }
}
