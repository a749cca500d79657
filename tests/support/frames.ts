import { connect } from "node:net";
import * as encoding from "lib0/encoding";
import type { WebSocket } from "ws";
import * as Y from "yjs";
import {
  MESSAGE,
  presenceFrame,
  refusedFrame,
  rescuedFrame,
  roleFrame,
  SYNC,
  savedFrame,
  step1Frame,
  step2Frame,
  updateFrame,
} from "#server/collab/protocol.ts";
import { caseOf, take } from "../document/cases.ts";
import { type Random, sentence } from "../document/random.ts";
import { append, type Name, ORIGIN, presenceOf, updateBy } from "./collab.ts";
import { body, HOSTILE, MALFORMED } from "./hostile.ts";

export const bytes = (r: Random, most: number) =>
  Uint8Array.from({ length: r.int(0, most) }, () => r.int(0, 255));

export const cut = (r: Random, frame: Uint8Array) => frame.subarray(0, r.int(0, frame.length - 1));

export function flipped(r: Random, frame: Uint8Array): Uint8Array {
  const copy = frame.slice();
  for (let flips = r.int(1, 4); flips > 0; flips--) {
    copy[r.int(2, copy.length - 1)] = r.int(0, 255);
  }
  return copy;
}

/** A document to write to, and updates for it that no editor writes. */
export type Target = { doc: Y.Doc; hostile: Uint8Array[] };

export const targetOf = (doc: Y.Doc): Target => ({
  doc,
  hostile: HOSTILE.map(([, write]) => updateBy(doc, write)).filter(({ length }) => length < 10_000),
});

type Make<T> = (r: Random, target: Target) => T;

const typed: Make<Uint8Array> = (r, { doc }) =>
  updateBy(doc, (copy) => append(copy, ` ${sentence(r, 3)}`, r.int(0, 2)));

const UPDATES: Record<string, Make<Uint8Array>> = {
  "typed words": typed,
  "an editor's steps": (r, { doc }) => {
    const { copy: steps } = caseOf(r.int(0, 2 ** 31), { draft: false });
    return updateBy(doc, (copy) => take(copy, steps, "x"));
  },
  "the end of all": (_, { doc }) =>
    updateBy(doc, (copy) => body(copy).delete(0, body(copy).length)),
  "what fits no schema": (r, { hostile }) => r.pick(hostile),
  "somebody else's client id": (r, { doc }) =>
    updateBy(doc, (copy) => {
      copy.clientID = r.pick([...doc.store.clients.keys()]);
      append(copy, " forged");
    }),
  "the second half of a change": (_, { doc }) => {
    const ahead = new Y.Doc();
    Y.applyUpdate(ahead, Y.encodeStateAsUpdate(doc));
    append(ahead, " first");
    const half = Y.encodeStateVector(ahead);
    append(ahead, " second");
    return Y.encodeStateAsUpdate(ahead, half);
  },
  "what everybody has": (_, { doc }) => Y.encodeStateAsUpdate(doc),
  "bytes that are no update": (r) => r.pick(MALFORMED)[1],
  "a torn update": (r, target) => cut(r, typed(r, target)),
  "a scratched update": (r, target) => flipped(r, typed(r, target)),
};

const framed = (type: number, rest: Uint8Array, step?: number): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  if (step !== undefined) {
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, rest);
  } else encoding.writeUint8Array(encoder, rest);
  return encoding.toUint8Array(encoder);
};

/** Every type of message, ours and others', around an update. */
const FRAMES: Record<string, (r: Random, update: Uint8Array, doc: Y.Doc) => Uint8Array | string> = {
  "step 1": (r, update, doc) =>
    step1Frame(r.pick([Y.encodeStateVector(doc), new Uint8Array([0]), update, bytes(r, 40)])),
  "step 2": (_, update) => step2Frame(update),
  "an update": (_, update) => updateFrame(update),
  "an unknown step": (r, update) => framed(MESSAGE.sync, update, r.int(SYNC.update + 1, 300)),
  presence: (r, _update, doc) =>
    presenceOf(r.pick([...doc.store.clients.keys(), r.int(0, 2 ** 31)]), r.int(0, 9), {
      user: { name: "Ana" },
      cursor: { anchor: r.int(0, 9), head: sentence(r, 2) },
    }),
  "presence of many": (r, update) =>
    presenceFrame(
      Array.from({ length: r.int(0, 20) }, (_, client) => ({
        client,
        clock: r.int(0, 2 ** 31),
        state: Buffer.from(update).toString("latin1"),
      })),
    ),
  "a question for presence": (_, update) => framed(MESSAGE.queryPresence, update),
  "what only the server says": (r, update) =>
    r.pick([
      savedFrame(r.int(0, 99)),
      refusedFrame("held", 1),
      rescuedFrame("id", sentence(r, 3)),
      roleFrame("write"),
      framed(MESSAGE.role, update),
    ]),
  "an unknown type": (r, update) =>
    framed(r.pick([2, r.int(MESSAGE.role + 1, 2 ** 31)]), update, r.int(0, 2)),
  "two in one": (_, update) =>
    Buffer.concat([step1Frame(new Uint8Array([0])), updateFrame(update), step2Frame(update)]),
  "the bare update": (_, update) => update,
  text: (_, update) => Buffer.from(update).toString("base64"),
  garbage: (r) => bytes(r, 300),
};

const WRITES = ["step 2", "an update"];

/** Any frame that somebody might make by hand, and what it is. Half of them are writes. */
export function anyFrame(r: Random, target: Target): { what: string; frame: Uint8Array | string } {
  const content = r.pick(Object.keys(UPDATES));
  const type = r.pick(r.chance(0.5) ? WRITES : Object.keys(FRAMES));
  const update = UPDATES[content]?.(r, target) ?? new Uint8Array();
  const frame = FRAMES[type]?.(r, update, target.doc) ?? "";
  const damage = typeof frame === "string" || frame.length < 3 ? 1 : r.next();
  const what = `${type} with ${content}`;
  if (damage < 0.05) return { what: `${what}, torn`, frame: cut(r, frame as Uint8Array) };
  if (damage < 0.1) return { what: `${what}, scratched`, frame: flipped(r, frame as Uint8Array) };
  return { what, frame };
}

/** Resolves when the server has read everything sent so far, or has closed. */
export function answered(ws: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    // Bytes that look like the beginning of a long frame swallow what follows.
    const timer = setTimeout(() => ws.terminate(), 200);
    const done = () => {
      clearTimeout(timer);
      ws.off("pong", done).off("close", done);
      resolve();
    };
    ws.on("pong", done).on("close", done);
    if (ws.readyState === ws.OPEN) ws.ping();
    else if (ws.readyState === ws.CLOSED) done();
  });
}

/** A client's frame on the wire, masked with nothing (RFC 6455, 5.2). */
function masked(frame: Uint8Array | string): Buffer {
  const payload = Buffer.from(frame as Uint8Array);
  const head = Buffer.alloc(14);
  head[0] = typeof frame === "string" ? 0x81 : 0x82;
  head[1] = 0xff;
  head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

/**
 * Asks for a socket and sends a frame along with the question, before any answer. Answers the status
 * that came back; 0 when the connection just ended.
 */
export function knock(
  { url }: { url: string },
  address: string,
  person: Name | null,
  frame: Uint8Array | string,
): Promise<number> {
  const { hostname, port, pathname } = new URL(url);
  const request = [
    `GET ${pathname}/${address} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${Buffer.alloc(16, 7).toString("base64")}`,
    `Origin: ${ORIGIN}`,
    ...(person ? [`Cookie: person=${person}`] : []),
  ];
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(0));
    socket.once("data", (data) => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString("latin1"))?.[1]));
      socket.destroy();
    });
    socket.write(Buffer.concat([Buffer.from(`${request.join("\r\n")}\r\n\r\n`), masked(frame)]));
  });
}
