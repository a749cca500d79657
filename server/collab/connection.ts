import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { Log } from "#app/context.ts";
import type { SocketRole } from "./authorize.ts";
import {
  CLOSE,
  LIMITS,
  type Message,
  type Presence,
  presenceFrame,
  readMessage,
  refusedFrame,
  SYNC,
  savedFrame,
  TIMES,
} from "./protocol.ts";
import type { Room } from "./room.ts";

/** Dark enough for white names on both themes; y-tiptap wants six hex figures. */
const COLOURS = [
  "#9b2226",
  "#a44a00",
  "#7a5c00",
  "#3f6b1d",
  "#146c5b",
  "#0b6285",
  "#2f55b0",
  "#5b45b0",
  "#8a3a97",
  "#a12a63",
] as const;

/** Always the same for one person, and leading back to nobody. */
export function colourOf(personId: string): string {
  const [byte = 0] = createHash("sha256").update(personId).digest();
  return COLOURS[byte % COLOURS.length] ?? COLOURS[0];
}

/** No structs and no deletions. */
const EMPTY_UPDATE = 2;

export type Identity = { personId: string; name: string; role: SocketRole };

/** One socket: reads its frames, holds it to its role and limits, and writes to it. */
export class Connection {
  readonly personId: string;
  name: string;
  role: SocketRole;
  /** The awareness client this socket speaks for; null until it has said. */
  presenceId: number | null = null;

  readonly #ws: WebSocket;
  readonly #stream: Duplex;
  readonly #room: Room;
  readonly #log: Log;
  /** Writes received, and how many of them are committed. */
  #received = 0;
  #saved = 0;
  #answeredStep1 = false;
  #corked = false;
  #alive = true;
  /** Frames that wait for `resume`; null while they needn't. */
  #waiting: Message[] | null = null;
  #requests = { second: 0, count: 0 };

  constructor(ws: WebSocket, stream: Duplex, room: Room, identity: Identity, log: Log) {
    this.#ws = ws;
    this.#stream = stream;
    this.#room = room;
    this.#log = log;
    this.personId = identity.personId;
    this.name = identity.name;
    this.role = identity.role;
    ws.binaryType = "nodebuffer";
    ws.on("message", (data, binary) => this.#read(data, binary));
    ws.on("pong", () => {
      this.#alive = true;
    });
    // Without a listener a broken frame would end the process; `close` follows by itself.
    ws.on("error", () => {});
  }

  get open(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  /** Sends one frame. What is sent in one turn of the loop goes out as one write. */
  send(frame: Uint8Array): void {
    if (!this.open) return;
    if (this.#ws.bufferedAmount > LIMITS.buffered) {
      this.#ws.terminate();
      return;
    }
    if (!this.#corked) {
      this.#corked = true;
      this.#stream.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#stream.uncork();
      });
    }
    this.#ws.send(frame);
  }

  /** Tells the client that its first `count` writes are committed; without a count, again. */
  saved(count = this.#saved): void {
    this.#saved = Math.max(this.#saved, count);
    this.send(savedFrame(this.#saved));
  }

  /** Tells the client that the database doesn't take anything at the moment; all is kept. */
  notSaved(): void {
    this.send(refusedFrame("notSaved", this.#saved));
  }

  /** Tells the client which of its writes was refused and why, and closes for good. */
  refuse(reason: string, count: number): void {
    this.send(refusedFrame(reason, count));
    this.close(CLOSE.refused, reason);
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason);
    // A held socket couldn't hear the answer.
    this.#ws.resume();
    // A peer that doesn't answer the closing handshake is cut off.
    setTimeout(() => this.#ws.terminate(), TIMES.closing).unref();
  }

  /** Takes nothing more until `resume`: while it is looked up whether this socket may stay. */
  hold(): void {
    this.#waiting ??= [];
    this.#ws.pause();
  }

  resume(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    this.#ws.resume();
    for (const message of waiting) this.#take(message);
  }

  onClose(listener: () => void): void {
    this.#ws.on("close", listener);
  }

  /** Drops a silent peer; otherwise asks for a sign of life and gives one. */
  heartbeat(): void {
    if (!this.#alive) {
      this.#ws.terminate();
      return;
    }
    this.#alive = false;
    if (this.open) this.#ws.ping();
    this.send(presenceFrame([]));
  }

  #read(data: RawData, binary: boolean): void {
    if (!this.open) return;
    let message: Message;
    try {
      if (!binary) throw new Error("text");
      message = readMessage(data as Buffer);
    } catch {
      this.close(CLOSE.refused, "malformed");
      return;
    }
    if (this.#waiting) this.#waiting.push(message);
    else this.#take(message);
  }

  #take(message: Message): void {
    if (!this.open) return;
    try {
      this.#act(message);
    } catch (error) {
      this.#log.error("collab.message", error);
      this.close(CLOSE.failed, "failed");
    }
  }

  #act(message: Message): void {
    if (message.type === "write") this.#write(message.step, message.update);
    else if (message.type === "presence") for (const state of message.states) this.#presence(state);
    else if (!this.#mayAsk()) return;
    else if (message.type === "step1") this.#room.sendState(this, message.stateVector);
    else this.#room.sendPresence(this);
  }

  #write(step: number, update: Uint8Array): void {
    const count = ++this.#received;
    if (this.role !== "write") {
      // A stock client answers every question for its state: an empty answer is no offence.
      if (update.length > EMPTY_UPDATE) this.send(refusedFrame("readOnly", count));
      return;
    }
    const whole = step === SYNC.step2;
    if (whole && !this.#mayAsk()) return;
    this.#room.receive(this, update, { count, whole, first: !this.#answeredStep1 });
    if (whole) this.#answeredStep1 = true;
  }

  /** Counts one request; too many in a second close the socket. */
  #mayAsk(): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (this.#requests.second !== second) this.#requests = { second, count: 0 };
    if (++this.#requests.count <= LIMITS.syncPerSecond) return true;
    this.close(CLOSE.tooFast, "tooFast");
    return false;
  }

  /**
   * Takes this socket's own state and drops the rest: stock clients echo everybody's. The name and
   * the colour are ours to write, whatever the client says.
   */
  #presence({ client, clock, state }: Presence): void {
    if (this.role !== "write" || !this.#room.ownsPresence(this, client)) return;
    if (state.length > LIMITS.presence) this.refuse("tooLarge", this.#received);
    else this.#room.setPresence(this, client, clock, this.#signed(state));
  }

  /** The state under this person's name; anything that isn't a state counts as having none. */
  #signed(state: string): string {
    let value: unknown = null;
    try {
      value = JSON.parse(state);
    } catch {}
    if (value === null || typeof value !== "object" || Array.isArray(value)) return "null";
    const user = { name: this.name, color: colourOf(this.personId) };
    return JSON.stringify({ ...value, user });
  }
}
