import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { Log } from "#app/context.ts";
import type { Reason } from "#app/document/guard.ts";
import { colourOf } from "#app/features/people/colour.server.ts";
import type { Acks } from "./acks.ts";
import type { SocketRole } from "./authorize.ts";
import type { Metrics } from "./metrics.ts";
import {
  CLOSE,
  type Claim,
  LIMITS,
  type Message,
  presenceFrame,
  readMessage,
  refusedFrame,
  SYNC,
  savedFrame,
  TIMES,
  wire,
} from "./protocol.ts";
import type { Room } from "./room.ts";

/** No structs and no deletions. */
const EMPTY_UPDATE = 2;

const UTF8 = new TextDecoder();

export type RefusalReason = Reason | "readOnly" | "held" | "full";

export type Identity = { personId: string; name: string; role: SocketRole; trusted: boolean };

/** What a socket needs from the house around it. */
export type Surroundings = { log: Log; metrics: Metrics; acks: Acks };

/** One socket: reads its frames, holds it to its role and limits, and writes to it. */
export class Connection {
  readonly personId: string;
  name: string;
  readonly role: SocketRole;
  /** Whether nothing that it takes out is held back. */
  trusted: boolean;
  /** The awareness client this socket speaks for; null until it has said. */
  presenceId: number | null = null;
  /** The sequence number up to which a slow socket has everything; null while it keeps up. */
  behind: number | null = null;
  /** When it is next asked for a sign of life, and looked up whether it may stay (performance.now). */
  due = { heartbeat: 0, recheck: 0 };

  readonly #colour: string;
  readonly #ws: WebSocket;
  readonly #stream: Duplex;
  readonly #room: Room;
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #acks: Acks;
  /** Writes received, and how many of them are committed. */
  #received = 0;
  #saved = 0;
  /** Whether the client hasn't been told yet. */
  #owes = false;
  #answeredStep1 = false;
  /** Frames of this turn of the loop. */
  #turn: Uint8Array[] = [];
  #alive = true;
  /** How many reasons there are to take nothing, and what arrived meanwhile all the same. */
  #holds = 0;
  #waiting: Message[] = [];
  #asked = new PerSecond();
  #wrote = new PerSecond();

  constructor(
    ws: WebSocket,
    stream: Duplex,
    room: Room,
    identity: Identity,
    { log, metrics, acks }: Surroundings,
  ) {
    this.#ws = ws;
    this.#stream = stream;
    this.#room = room;
    this.#log = log;
    this.#metrics = metrics;
    this.#acks = acks;
    this.personId = identity.personId;
    this.name = identity.name;
    this.role = identity.role;
    this.trusted = identity.trusted;
    this.#colour = colourOf(identity.personId);
    ws.binaryType = "nodebuffer";
    ws.on("message", (data, binary) => this.#read(data, binary));
    ws.on("pong", () => {
      this.#alive = true;
    });
    // Without a listener a broken frame would end the process; `close` follows by itself.
    ws.on("error", () => {});
  }

  get docId(): string {
    return this.#room.id;
  }

  get open(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  /** Bytes that wait for the peer to read. */
  get backlog(): number {
    return this.#stream.writableLength;
  }

  /**
   * Sends frames; what is sent in one turn of the loop goes out as one write. They are written to
   * the stream as they are: `ws` compresses nothing here, so that it has nothing of its own queued.
   */
  send(...frames: Uint8Array[]): void {
    if (!this.open) return;
    if (this.backlog > LIMITS.buffered) {
      this.#metrics.dropped.inc();
      this.#ws.terminate();
      return;
    }
    if (this.#turn.length === 0) process.nextTick(() => this.#flush());
    this.#turn.push(...frames);
  }

  /** Sends a frame at once, unless something waits to go before it. Costs less than `send`. */
  deliver(frame: Uint8Array): void {
    if (this.#turn.length > 0) this.#turn.push(frame);
    else if (this.open)
      this.#stream.write(this.#owes ? Buffer.concat([frame, this.#ack()]) : frame);
  }

  #flush(): void {
    const frames = this.#turn;
    this.#turn = [];
    if (!this.open) return;
    // First: news that the database takes nothing must not be followed by what it took before.
    if (this.#owes) frames.unshift(this.#ack());
    if (frames.length > 1) this.#stream.cork();
    for (const frame of frames) this.#stream.write(frame);
    if (frames.length > 1) this.#stream.uncork();
  }

  /** Leaves a slow socket out: it has everything up to `seq`, and is caught up when it has read it. */
  skip(seq: number, catchUp: () => void): void {
    this.behind = seq;
    this.#stream.once("drain", catchUp);
  }

  /**
   * Tells the client that its first `count` writes are committed; without a count, again. It is told
   * with whatever is sent to it next, or soon by itself.
   */
  saved(count = this.#saved): void {
    this.#saved = Math.max(this.#saved, count);
    if (this.#owes) return;
    this.#owes = true;
    this.#acks.owe(this);
  }

  /** Says what `saved` was told, unless it went along with something. */
  acknowledge(): void {
    if (this.#owes) this.#flush();
  }

  #ack(): Uint8Array {
    this.#owes = false;
    return wire(savedFrame(this.#saved));
  }

  /** Tells the client that the database doesn't take anything at the moment; all is kept. */
  notSaved(): void {
    this.send(wire(refusedFrame("notSaved", this.#saved)));
  }

  /** Tells the client which of its writes was refused and why, and closes for good. */
  refuse(reason: RefusalReason, count: number): void {
    this.#metrics.refused.inc({ reason });
    this.send(wire(refusedFrame(reason, count)));
    this.close(CLOSE.refused, reason);
  }

  close(code: number, reason: string): void {
    this.#flush();
    this.#ws.close(code, reason);
    // A held socket couldn't hear the answer.
    this.#ws.resume();
    // A peer that doesn't answer the closing handshake is cut off.
    setTimeout(() => this.#ws.terminate(), TIMES.closing).unref();
  }

  /** Takes nothing more until `resume`, once for each `hold`. */
  hold(): void {
    this.#holds++;
    this.#ws.pause();
  }

  resume(): void {
    if (--this.#holds > 0) return;
    this.#ws.resume();
    for (const message of this.#waiting.splice(0)) this.#take(message);
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
    this.send(wire(presenceFrame([])));
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
    if (this.#holds > 0) this.#waiting.push(message);
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
    else if (message.type === "presence") for (const claim of message.claims) this.#presence(claim);
    else if (!this.#mayAsk()) return;
    else if (message.type === "step1") this.#room.sendState(this, message.stateVector);
    else this.#room.sendPresence(this);
  }

  #write(step: number, update: Uint8Array): void {
    const count = ++this.#received;
    if (this.role !== "write") {
      // A stock client answers every question for its state: an empty answer is no offence.
      if (update.length > EMPTY_UPDATE) {
        this.#metrics.refused.inc({ reason: "readOnly" });
        this.send(wire(refusedFrame("readOnly", count)));
      }
      return;
    }
    const whole = step === SYNC.step2;
    if (whole && !this.#mayAsk()) return;
    this.#room.receive(this, update, { count, whole, first: !this.#answeredStep1 });
    if (whole) this.#answeredStep1 = true;
    if (this.#wrote.count() !== LIMITS.writesPerSecond) return;
    // Until the next second the network's own buffers keep what this peer goes on sending.
    this.hold();
    setTimeout(() => this.resume(), this.#wrote.left());
  }

  /** Counts one request; too many in a second close the socket. */
  #mayAsk(): boolean {
    if (this.#asked.count() <= LIMITS.syncPerSecond) return true;
    this.close(CLOSE.tooFast, "tooFast");
    return false;
  }

  /**
   * Takes this socket's own state and drops the rest: stock clients echo everybody's. The name and
   * the colour are ours to write, whatever the client says.
   */
  #presence({ client, clock, state }: Claim): void {
    if (this.role !== "write" || !this.#room.ownsPresence(this, client)) return;
    if (state.length > LIMITS.presence) this.refuse("tooLarge", this.#received);
    else this.#room.setPresence(this, { client, clock, state: this.#signed(state) });
  }

  /** The state under this person's name; anything that isn't a state counts as having none. */
  #signed(state: Uint8Array): string {
    let value: unknown = null;
    try {
      value = JSON.parse(UTF8.decode(state));
    } catch {}
    if (value === null || typeof value !== "object" || Array.isArray(value)) return "null";
    const user = { name: this.name, color: this.#colour };
    return JSON.stringify({ ...value, user });
  }
}

/** Counts what happens within one second of the clock that never goes back. */
class PerSecond {
  #second = 0;
  #count = 0;

  count(): number {
    const second = Math.floor(performance.now() / 1000);
    if (this.#second !== second) {
      this.#second = second;
      this.#count = 0;
    }
    return ++this.#count;
  }

  /** Milliseconds until the count begins anew. */
  left(): number {
    return Math.max(1, (this.#second + 1) * 1000 - performance.now());
  }
}
