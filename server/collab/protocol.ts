import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { GUARD_LIMITS } from "#app/document/guard.ts";
import { MAX_DEPTH } from "#app/document/validate.ts";
import type { SocketRole } from "./authorize.ts";

/** The first number of every frame. 0, 1 and 3 are y-websocket's own; a stock client ignores ours. */
export const MESSAGE = {
  sync: 0,
  presence: 1,
  queryPresence: 3,
  /** Server to client, varUint: how many of this socket's writes are committed so far. */
  saved: 4,
  /** Server to client, string and varUint: why, and which write of this socket, counted from one. */
  refused: 5,
  /**
   * Server to client, two strings: words that arrived where their passage was gone, and before them
   * the id under which they are kept. The same id again brings all of them.
   */
  rescued: 6,
  /** Server to client, varUint: 1 when this socket's writes are taken, 0 when it only reads. */
  role: 7,
} as const;

/** The second number of a sync frame. Steps 2 and updates are writes: they are counted. */
export const SYNC = { step1: 0, step2: 1, update: 2 } as const;

/** 4400 to 4499 tell a y-websocket client not to try again; the others, to come back later. */
export const CLOSE = {
  goingAway: 1001,
  failed: 1011,
  tryLater: 1013,
  refused: 4400,
  signedOut: 4401,
  roleLost: 4403,
  unknownRoom: 4404,
  tooFast: 4429,
} as const;

const KIB = 1024;

export const LIMITS = {
  /** A frame; above it `ws` closes the socket. */
  payload: 1024 * KIB,
  /** One update: bytes and pieces, by kind of document; and how deep its blocks may nest. */
  update: GUARD_LIMITS,
  depth: MAX_DEPTH,
  /** One person's presence. */
  presence: 4 * KIB,
  /** Presence states in one frame: a stock client echoes everybody's. */
  presenceStates: 2_000,
  /** Requests for the state of the document or of presence, per socket and second. */
  syncPerSecond: 5,
  /** Updates of one socket in a second: above it the rest waits for the next. */
  writesPerSecond: 200,
  /** What a socket may leave unread before it is skipped; it is caught up once it has read that. */
  behind: 64 * KIB,
  /** What a socket may leave unread of its own questions' answers before it is dropped. */
  buffered: 4 * KIB * KIB,
  /** Sockets that are written to in one go. */
  lane: 1_500,
  /** Updates that a room commits without waiting for its turn. */
  batch: 50,
  /** What a room keeps for the database before it sends its writers away for a while. */
  queued: 16 * KIB * KIB,
  /**
   * What one member may take out of a workshop copy within `TIMES.clearing`, as a share of what
   * others wrote there; up to `least` letters (some 30 words) always. `waiting`: how many updates of
   * one person may wait for a facilitator; more are dropped.
   */
  clearing: { share: 0.25, least: 180, waiting: 5 },
  /** How long a workshop copy may be, in bytes, before its members add no more: 16 long modules. */
  copy: 8 * KIB * KIB,
  /** How many rescues of one person a document keeps open; and how long one is, in letters. */
  rescues: { open: 100, letters: 20_000 },
} as const;

/**
 * In milliseconds. `breath`: the next round comes no sooner than so many times what the last took,
 * so that the rest of the work has its turn.
 */
export const TIMES = {
  /**
   * How far apart the transactions are that take what all rooms have to write: more the more rooms
   * are open, and up to `longest` where the disk is slow.
   */
  tick: { least: 10, most: 30, roomsPerMillisecond: 10, breath: 4, longest: 100 },
  /** A turn that comes so soon is taken at once. */
  early: 5,
  /** How far apart a room's commits and broadcasts are: more the more there are to reach. */
  spread: { least: 10, most: 150, readersPerMillisecond: 7, breath: 1.5 },
  /** The same for presence that travels without words. */
  presenceSpread: { least: 20, most: 100, readersPerMillisecond: 1, breath: 2 },
  /** How long broadcasts of one room go on before others have a turn. */
  burst: 5,
  /** How long an acknowledgement waits, once or twice, for something to go along with. */
  ack: { most: 75, socketsPerMillisecond: 10 },
  /** After a failed commit: the first wait, doubled up to the last. */
  retryFirst: 200,
  retryLast: 5_000,
  /** Pings, and a frame that keeps y-websocket's own watchdog (30 s) content. */
  heartbeat: 15_000,
  /** What a peer has to answer a close before it is cut off. */
  closing: 250,
  /** How often every open socket's session and role are looked up again. */
  recheck: 60_000,
  /** How often it is looked whose turn of those two it is, and which copies nobody needs. */
  round: 1_000,
  /** How long the copy to check updates on is kept after the last one. */
  idle: 60_000,
  /** Over how long it is counted what one person takes out of a workshop copy. */
  clearing: 60_000,
  /** How long what is too much may still turn out to be the first half of a move. */
  grace: 5_000,
  /** Words of one person that are lost so soon after others belong to the same rescue. */
  rescue: 2_000,
  /** How long a room without sockets is kept for the next reader. */
  linger: 30_000,
} as const;

/** When the tail of updates behind a document's snapshot is merged into it. */
export const COMPACT = { rows: 500, bytes: 1024 * KIB } as const;

const BINARY = 0x82;

const headLength = (length: number) => (length < 126 ? 2 : length <= 0xffff ? 4 : 10);

/** Writes the head of a WebSocket frame from a server: whole, binary, not masked (RFC 6455, 5.2). */
function writeHead(frame: Buffer, length: number): void {
  frame[0] = BINARY;
  frame[1] = length < 126 ? length : length <= 0xffff ? 126 : 127;
  if (length > 0xffff) frame.writeBigUInt64BE(BigInt(length), 2);
  else if (length >= 126) frame.writeUInt16BE(length, 2);
}

/** A message as it goes over the wire. Made once, it can be sent to any number. */
export function wire(message: Uint8Array): Buffer {
  const start = headLength(message.length);
  const frame = Buffer.allocUnsafe(start + message.length);
  writeHead(frame, message.length);
  frame.set(message, start);
  return frame;
}

/** Messages are short and many: an encoder of their own for each would cost more than the message. */
const encoder = encoding.createEncoder();

function encoded(write: (encoder: encoding.Encoder) => void): Uint8Array {
  encoder.cpos = 0;
  encoder.bufs = [];
  write(encoder);
  const bytes = encoding.toUint8Array(encoder);
  if (encoder.cbuf.length > LIMITS.presence) encoder.cbuf = new Uint8Array(100);
  return bytes;
}

function syncFrame(step: number, bytes: Uint8Array): Uint8Array {
  return encoded((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });
}

/** A sync message on the wire whose content, maybe large and wanted by many, isn't copied. */
export function wireUncopied(step: number, bytes: Uint8Array): Uint8Array[] {
  const before = encoded((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint(encoder, bytes.length);
  });
  const length = before.length + bytes.length;
  const head = Buffer.allocUnsafe(headLength(length));
  writeHead(head, length);
  return [head, before, bytes];
}

/** Asks for everything the given state vector lacks. */
export const step1Frame = (stateVector: Uint8Array) => syncFrame(SYNC.step1, stateVector);
export const step2Frame = (update: Uint8Array) => syncFrame(SYNC.step2, update);
export const updateFrame = (update: Uint8Array) => syncFrame(SYNC.update, update);

export const savedFrame = (count: number) =>
  encoded((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.saved);
    encoding.writeVarUint(encoder, count);
  });

export const refusedFrame = (reason: string, count: number) =>
  encoded((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.refused);
    encoding.writeVarString(encoder, reason);
    encoding.writeVarUint(encoder, count);
  });

export const rescuedFrame = (id: string, text: string) =>
  encoded((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.rescued);
    encoding.writeVarString(encoder, id);
    encoding.writeVarString(encoder, text);
  });

export const roleFrame = (role: SocketRole) =>
  encoded((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.role);
    encoding.writeVarUint(encoder, role === "write" ? 1 : 0);
  });

/** One client's presence: its clock, and its state as JSON (`null` when it left). */
export type Presence = { client: number; clock: number; state: string };

export function presenceFrame(states: readonly Presence[]): Uint8Array {
  const body = encoded((encoder) => {
    encoding.writeVarUint(encoder, states.length);
    for (const { client, clock, state } of states) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state);
    }
  });
  return encoded((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.presence);
    encoding.writeVarUint8Array(encoder, body);
  });
}

/** What a client says of somebody's presence: the state as bytes, read only if it may be heard. */
export type Claim = { client: number; clock: number; state: Uint8Array };

/** A frame from a client, taken apart. */
export type Message =
  | { type: "step1"; stateVector: Uint8Array }
  | { type: "write"; step: typeof SYNC.step2 | typeof SYNC.update; update: Uint8Array }
  | { type: "presence"; claims: Claim[] }
  | { type: "queryPresence" };

/** Reads a frame to its end. Throws when it isn't one of ours, or longer than it should be. */
export function readMessage(bytes: Uint8Array): Message {
  const decoder = decoding.createDecoder(bytes);
  const type = decoding.readVarUint(decoder);
  if (type === MESSAGE.queryPresence) return { type: "queryPresence" };
  if (type === MESSAGE.presence) {
    return { type: "presence", claims: readClaims(decoding.readVarUint8Array(decoder)) };
  }
  if (type !== MESSAGE.sync) throw new Error("unknown message");
  const step = decoding.readVarUint(decoder);
  const content = decoding.readVarUint8Array(decoder);
  if (step === SYNC.step1) {
    Y.decodeStateVector(content);
    return { type: "step1", stateVector: content };
  }
  if (step !== SYNC.step2 && step !== SYNC.update) throw new Error("unknown step");
  return { type: "write", step, update: content };
}

function readClaims(bytes: Uint8Array): Claim[] {
  const decoder = decoding.createDecoder(bytes);
  const count = decoding.readVarUint(decoder);
  if (count > LIMITS.presenceStates) throw new Error("too many states");
  return Array.from({ length: count }, () => ({
    client: decoding.readVarUint(decoder),
    clock: decoding.readVarUint(decoder),
    state: decoding.readVarUint8Array(decoder),
  }));
}
