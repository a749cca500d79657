import { setTimeout as sleep } from "node:timers/promises";
import * as Y from "yjs";
import { random } from "#tests/document/random.ts";
import type { Content } from "./content.ts";
import type { Deliveries } from "./deliveries.ts";
import {
  joined,
  marker,
  type Place,
  presenceMessage,
  readMessage,
  SYNC,
  scanMarkers,
  syncMessage,
  typed,
} from "./frames.ts";
import type { BenchServer } from "./servers.ts";
import { RawSocket } from "./socket.ts";

type Options = {
  role: "write" | "read";
  /** A whole Yjs document that takes every update, as a browser's would. */
  doc?: Y.Doc;
};

/** One client in one room. Almost all hold no document and only look at the bytes. */
export class Client {
  readonly socket: RawSocket;
  readonly doc: Y.Doc | undefined;
  /** Called with every update that this client's document took. */
  onUpdate: () => void = () => {};
  /** How many of its writes the server has acknowledged, where it does. */
  saved = 0;
  readonly #server: BenchServer;
  readonly #room: string;
  readonly #prefix: Uint8Array;
  readonly #whole: boolean;
  #joined: () => void = () => {};
  #look: ((data: Buffer, from: number, to: number) => void) | null = null;

  private constructor(server: BenchServer, room: string, { role, doc }: Options) {
    this.#server = server;
    this.#room = room;
    this.#prefix = server.dialect.prefix(room);
    this.#whole = doc !== undefined || (role === "write" && server.dialect.acknowledges);
    this.doc = doc;
    const headers = server.headers(role);
    this.socket = new RawSocket(server.port, server.path(room), headers, (data, from, to) =>
      this.#first(data, from, to),
    );
  }

  /** Resolves when the server has answered with the document; a relay has none. */
  static async join(server: BenchServer, room: string, options: Options): Promise<Client> {
    const client = new Client(server, room, options);
    await client.socket.open;
    const hello = server.dialect.hello(room);
    if (hello.length === 0) {
      client.#enter();
      return client;
    }
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`No document of ${room} in a minute`)),
        60_000,
      );
      client.socket.onClose = (code) => reject(new Error(`The server closed ${room} (${code})`));
      client.#joined = () => {
        clearTimeout(late);
        resolve();
      };
      for (const message of hello) client.socket.send(message);
    });
    return client;
  }

  #enter(): void {
    this.socket.onFrame = (data, from, to) => this.#next(data, from, to);
    this.#joined();
  }

  #first(data: Buffer, from: number, to: number): void {
    const message = readMessage(
      data.subarray(from + this.#prefix.length, to),
      this.#server.dialect,
    );
    if (!message || !("update" in message)) return;
    this.#take(data, from, to);
    this.#enter();
  }

  #next(data: Buffer, from: number, to: number): void {
    if (this.#whole) this.#take(data, from, to);
    this.#look?.(data, from, to);
  }

  #take(data: Buffer, from: number, to: number): void {
    // A copy: Yjs may keep parts of an update, and the buffer is everybody's.
    const bytes = Uint8Array.prototype.slice.call(data, from + this.#prefix.length, to);
    const message = readMessage(bytes, this.#server.dialect);
    if (message && "saved" in message) this.saved = message.saved;
    else if (message && this.doc) {
      Y.applyUpdate(this.doc, message.update);
      this.onUpdate();
    }
  }

  /** Hands over each frame as it comes; only the bytes are there, and only during the call. */
  look(each: (data: Buffer, from: number, to: number) => void): void {
    this.#look = each;
  }

  update(update: Uint8Array): boolean {
    if (this.doc) Y.applyUpdate(this.doc, update);
    return this.socket.send(joined(this.#prefix, syncMessage(SYNC.update, update)));
  }

  presence(id: number, clock: number, state: string): void {
    this.socket.send(joined(this.#prefix, presenceMessage(id, clock, state)));
  }

  stayAlive(): void {
    const message = this.#server.dialect.alive(this.#room);
    if (message) this.socket.send(message);
  }

  leave(): void {
    this.socket.destroy();
  }
}

/** Joins many clients, some dozens at a time, so that nobody's queue of handshakes overflows. */
export async function joinMany(
  count: number,
  join: (n: number) => Promise<Client>,
): Promise<Client[]> {
  const clients: Client[] = [];
  for (let n = 0; n < count; n += 64) {
    const some = Array.from({ length: Math.min(64, count - n) }, (_, k) => join(n + k));
    clients.push(...(await Promise.all(some)));
  }
  return clients;
}

/** A place nobody else types at, for each of some writers. */
export class Typist {
  readonly client: Client;
  readonly #id: number;
  readonly #by: number;
  #clock = 0;
  #behind: Place;

  constructor(client: Client, { by, behind }: { by: number; behind: Place | undefined }) {
    if (!behind) throw new Error("Nowhere to type");
    this.client = client;
    this.#id = ids++;
    this.#by = by;
    this.#behind = behind;
  }

  /** Types one word of ten characters at the end of its paragraph. Returns its number. */
  type(deliveries: Deliveries): number {
    const n = deliveries.send(this.#by);
    const word = marker(n);
    this.client.update(typed(this.#id, this.#clock, this.#behind, word));
    this.#clock += word.length;
    this.#behind = { client: this.#id, clock: this.#clock - 1 };
    return n;
  }
}
/** Yjs client ids, as long as real ones and each used once. */
let ids = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000);

/** The first state of a document that a server which makes rooms itself is given by a client. */
export async function fill(
  server: BenchServer,
  rooms: readonly string[],
  { state }: Content,
): Promise<void> {
  if (server.kind === "ours" || server.kind === "relay") return;
  const clients = await joinMany(rooms.length, async (n) => {
    const client = await Client.join(server, rooms[n] ?? "", { role: "write" });
    client.update(state);
    return client;
  });
  await server.idle();
  for (const client of clients) client.leave();
  await server.idle();
}

/**
 * Lets each do something so many times a second, on average and at moments of its own, until
 * stopped. Whoever is late catches up at most one.
 */
export function repeat(
  count: number,
  perSecond: number,
  act: (n: number) => void,
): { stop(): Promise<void> } {
  const r = random(1);
  const every = 1_000 / perSecond;
  const began = performance.now();
  const due = Float64Array.from({ length: count }, () => began + r.next() * every);
  let going = true;
  const done = (async () => {
    while (going) {
      const now = performance.now();
      for (let n = 0; n < count; n++) {
        const at = due[n] ?? 0;
        if (at > now) continue;
        due[n] = Math.max(at, now - every) + every * (0.5 + r.next());
        act(n);
      }
      await sleep(1);
    }
  })();
  return {
    async stop() {
      going = false;
      await done;
    },
  };
}

/**
 * Counts the window's updates at one client, in whatever frames they come, and times them if it is
 * to. Whoever isn't timed needn't read at once.
 */
export function countAt(
  client: Client,
  deliveries: Deliveries,
  { timed, except = -1, arrived }: { timed: boolean; except?: number; arrived: () => void },
): void {
  let now = 0;
  const each = (n: number) => {
    if (deliveries.sentBy(n) === except) return;
    if (timed) deliveries.arrive(n, now);
    if (deliveries.owed(n)) arrived();
  };
  client.look((data, from, to) => {
    now = performance.now();
    scanMarkers(data, from, to, each);
  });
}

/**
 * Lets many clients read once a second each, a few at a time. A client process in Node needs more
 * for a read than a server for a write: read one by one, thousands of streams would measure it.
 */
export function readRarely(clients: readonly Client[]): { stop(): void } {
  for (const { socket } of clients) socket.readRarely();
  let turn = 0;
  const timer = setInterval(() => {
    turn = (turn + 1) % TURNS;
    for (let n = turn; n < clients.length; n += TURNS) clients[n]?.socket.readNow();
  }, 1_000 / TURNS);
  return { stop: () => clearInterval(timer) };
}
const TURNS = 100;
