import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

/** The messages all servers here share: y-websocket's own, and what ours adds. */
export const MESSAGE = { sync: 0, presence: 1, auth: 2, saved: 4 } as const;
export const SYNC = { step1: 0, step2: 1, update: 2 } as const;

/** How a server wants to be spoken to. */
export type Dialect = {
  /** What stands before every message in a room, in both directions. */
  prefix(room: string): Uint8Array;
  /** What a client says when its socket opens. */
  hello(room: string): Uint8Array[];
  /** A message without effect that tells the server that the client is alive. */
  alive(room: string): Uint8Array | null;
  /** Whether message type 4 acknowledges writes. */
  acknowledges: boolean;
};

export function bytes(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

const nothing = new Uint8Array();
const EMPTY_STATE_VECTOR = new Uint8Array([0]);
const EMPTY_UPDATE = new Uint8Array([0, 0]);

export const syncMessage = (step: number, content: Uint8Array) =>
  bytes((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, content);
  });

/** Asks for the whole document. */
const STEP_1 = syncMessage(SYNC.step1, EMPTY_STATE_VECTOR);

/** y-websocket's protocol, which ours speaks too. */
export const plain = (acknowledges: boolean): Dialect => ({
  prefix: () => nothing,
  hello: () => [STEP_1],
  alive: () => null,
  acknowledges,
});

/** Whatever comes is for all others: nothing may be said for the sake of a protocol. */
export const silent: Dialect = { ...plain(false), hello: () => [] };

/** Every message starts with the name of the document, and the first one is a token. */
export const hocuspocus: Dialect = {
  prefix: named,
  hello: (room) => [
    joined(
      named(room),
      bytes((encoder) => {
        encoding.writeVarUint(encoder, MESSAGE.auth);
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarString(encoder, "");
        encoding.writeVarString(encoder, "4.7.0");
      }),
    ),
    joined(named(room), STEP_1),
  ],
  // Silent for a minute, a client is dropped.
  alive: (room) => joined(named(room), syncMessage(SYNC.step2, EMPTY_UPDATE)),
  acknowledges: false,
};

function named(room: string): Uint8Array {
  return bytes((encoder) => encoding.writeVarString(encoder, room));
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** One client's presence, as y-protocols writes it. */
export const presenceMessage = (client: number, clock: number, state: string) =>
  bytes((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.presence);
    encoding.writeVarUint8Array(
      encoder,
      bytes((body) => {
        encoding.writeVarUint(body, 1);
        encoding.writeVarUint(body, client);
        encoding.writeVarUint(body, clock);
        encoding.writeVarString(body, state);
      }),
    );
  });

/** Calls back for each state in a presence message; the state itself is skipped. */
export function readPresence(
  message: Uint8Array,
  each: (client: number, clock: number) => void,
): void {
  const decoder = decoding.createDecoder(message);
  if (decoding.readVarUint(decoder) !== MESSAGE.presence) return;
  decoding.readVarUint(decoder);
  for (let left = decoding.readVarUint(decoder); left > 0; left--) {
    const client = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    const length = decoding.readVarUint(decoder);
    decoder.pos += length;
    each(client, clock);
  }
}

/** The update in a sync message, or the number of writes in an acknowledgement; else null. */
export function readMessage(
  message: Uint8Array,
  { acknowledges }: Dialect,
): { update: Uint8Array } | { saved: number } | null {
  const decoder = decoding.createDecoder(message);
  const type = decoding.readVarUint(decoder);
  if (acknowledges && type === MESSAGE.saved) return { saved: decoding.readVarUint(decoder) };
  // Hocuspocus answers a sync with a type of its own, 4.
  if (type !== MESSAGE.sync && type !== 4) return null;
  if (decoding.readVarUint(decoder) === SYNC.step1) return null;
  return { update: decoding.readVarUint8Array(decoder) };
}

/** Where a word is put: behind this item. */
export type Place = { client: number; clock: number };

/**
 * The Yjs update that puts a text behind an item, byte for byte what Yjs itself would send when
 * the text is typed at the end of its paragraph. Written by hand, since a document for each of
 * thousands of writers would make the clients the bottleneck.
 */
export const typed = (client: number, clock: number, behind: Place, text: string) =>
  bytes((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeUint8(encoder, CONTENT_STRING | HAS_ORIGIN);
    encoding.writeVarUint(encoder, behind.client);
    encoding.writeVarUint(encoder, behind.clock);
    encoding.writeVarString(encoder, text);
    encoding.writeVarUint(encoder, 0);
  });
const CONTENT_STRING = 4;
const HAS_ORIGIN = 0b1000_0000;

const TILDE = 126;
const ZERO = 48;
const DIGITS = 7;

/** A word of ten characters that carries its number: `~0000042~ `. */
export const marker = (n: number) => `~${String(n).padStart(DIGITS, "0")}~ `;

/** Calls back with the number of each marker between two positions. Cost: about 1 ns a byte. */
export function scanMarkers(
  data: Uint8Array,
  from: number,
  to: number,
  each: (n: number) => void,
): void {
  const last = to - DIGITS - 1;
  for (let at = from; at < last; at++) {
    if (data[at] !== TILDE || data[at + DIGITS + 1] !== TILDE) continue;
    let n = 0;
    for (let k = 1; k <= DIGITS && n >= 0; k++) {
      const digit = (data[at + k] ?? 0) - ZERO;
      n = digit < 0 || digit > 9 ? -1 : n * 10 + digit;
    }
    if (n < 0) continue;
    each(n);
    at += DIGITS + 1;
  }
}

/** The numbers of the markers in a text, in its order. */
export const markersIn = (text: string): number[] =>
  Array.from(text.matchAll(/~(\d{7})~/g), ([, digits]) => Number(digits));
