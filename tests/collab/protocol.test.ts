import type { Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { LIMITS } from "#server/collab/protocol.ts";
import {
  append,
  join,
  presenceOf,
  rawSocket,
  type Seeded,
  seedDocument,
  serveCollab,
  until,
} from "../support/collab.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { Peer } from "../support/peer.ts";

const MIB = 1024 * 1024;
const FINAL = 0x80;
const [CONTINUATION, TEXT, BINARY, CLOSE, PING] = [0, 1, 2, 8, 9] as const;
/** The protocol's own close codes: broken protocol, text that is none, a message too big. */
const [BROKEN, NOT_TEXT, TOO_BIG] = [1002, 1007, 1009] as const;

/** A frame as RFC 6455 has it; masked with zeros, so that the content stays readable. */
function frame(first: number, content: Uint8Array = new Uint8Array(), masked = true): Buffer {
  const { length } = content;
  const mask = masked ? 0x80 : 0;
  const head =
    length < 126
      ? [first, mask | length]
      : length < 65_536
        ? [first, mask | 126, length >> 8, length & 255]
        : [first, mask | 127, 0, 0, 0, 0, ...bytesOf(length)];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(masked ? 4 : 0), content]);
}

const bytesOf = (n: number) => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

/** The head of a frame that promises so many bytes. */
const promise = (length: number) =>
  Buffer.from([FINAL | BINARY, 0x80 | 127, 0, 0, 0, 0, ...bytesOf(length), 0, 0, 0, 0]);

const VIOLATIONS: [string, Buffer, number][] = [
  ["text", frame(FINAL | TEXT, Buffer.from("hello")), 4400],
  ["an empty text", frame(FINAL | TEXT), 4400],
  ["text that is no UTF-8", frame(FINAL | TEXT, Buffer.from([0xc3, 0x28])), NOT_TEXT],
  ["a frame without a mask", frame(FINAL | BINARY, Buffer.from([0, 0, 1, 0]), false), BROKEN],
  ["a reserved kind of message", frame(FINAL | 3, Buffer.from([0])), BROKEN],
  ["a reserved kind of control", frame(FINAL | 11), BROKEN],
  ["a reserved bit", frame(FINAL | 0x40 | BINARY, Buffer.from([0])), BROKEN],
  ["a continuation of nothing", frame(FINAL | CONTINUATION, Buffer.from([0])), BROKEN],
  [
    "a message within a message",
    Buffer.concat([frame(BINARY, Buffer.from([0])), frame(BINARY, Buffer.from([0]))]),
    BROKEN,
  ],
  ["a ping in pieces", frame(PING), BROKEN],
  ["a ping that is too long", frame(FINAL | PING, Buffer.alloc(126)), BROKEN],
  ["a close with half a code", frame(FINAL | CLOSE, Buffer.from([3])), BROKEN],
  ["a close with a code nobody may send", frame(FINAL | CLOSE, Buffer.from([3, 0xed])), BROKEN],
  [
    "a close whose reason is no UTF-8",
    frame(FINAL | CLOSE, Buffer.from([3, 0xe8, 0xc3, 0x28])),
    NOT_TEXT,
  ],
  ["another protocol", Buffer.from("GET / HTTP/1.1\r\nHost: groundwork.test\r\n\r\n"), BROKEN],
  ["a byte more than a frame may have", promise(LIMITS.payload + 1), TOO_BIG],
  ["101 MiB", Buffer.concat([promise(101 * MIB), Buffer.alloc(MIB)]), TOO_BIG],
  ["more bytes than there are", Buffer.from([130, 255, ...Buffer.alloc(12, 255)]), TOO_BIG],
  [
    "too much in small pieces",
    Buffer.concat([
      frame(BINARY, Buffer.alloc(60_000)),
      ...Array.from({ length: 20 }, () => frame(CONTINUATION, Buffer.alloc(60_000))),
    ]),
    TOO_BIG,
  ],
];

let database: TestDatabase;
let server: Awaited<ReturnType<typeof serveCollab>>;
let seeded: Seeded;
let witness: Peer;
let before: string;

beforeAll(async () => {
  database = await DATABASES[0].open();
  seeded = await seedDocument(database.db);
  server = await serveCollab(database.db, seeded.people);
  witness = new Peer(server.url, seeded.docId, "ben");
  await until(() => witness.synced);
  before = witness.fragment.toString();
});
afterAll(async () => {
  witness.end();
  await server.close();
  await database.close();
});

const streamOf = ({ ws }: Awaited<ReturnType<typeof rawSocket>>) =>
  (ws as unknown as { _socket: Socket })._socket;

/** Everybody else's connection stands, and their words are saved. */
async function othersGoOn() {
  append(witness.doc, "!");
  await until(() => witness.settled, "the witness");
  expect(witness.breaks).toBe(0);
  expect(witness.fragment.toString().replace(/!+/, "")).toBe(before);
}

it.each(VIOLATIONS)("closes the socket that sends %s, and no other", async (_what, bytes, code) => {
  const ana = await rawSocket(server, seeded.docId, "ana");
  streamOf(ana).write(bytes);
  await until(() => ana.code !== 0, "the close");
  expect(ana.code).toBe(code);
  await othersGoOn();
});

it("lives on when sockets are cut in the middle of a frame, or of the handshake", async () => {
  for (const sent of [promise(1_000), frame(FINAL | BINARY, Buffer.alloc(500)).subarray(0, 99)]) {
    const ana = await rawSocket(server, seeded.docId, "ana");
    streamOf(ana).write(sent);
    streamOf(ana).resetAndDestroy();
    await until(() => server.collab.count().sockets === 1, "the cut");
  }
  await othersGoOn();
});

it("takes one presence of a socket that claims 10,000, and none of a list that is too long", async () => {
  const eye = await join(server, seeded.docId, "ben");
  const ana = await rawSocket(server, seeded.docId, "ana");
  for (let ghost = 1; ghost <= 10_000; ghost++) ana.ws.send(presenceOf(ghost, 1, { ghost }));
  const others = () =>
    [...eye.provider.awareness.getStates()].filter(([id]) => id !== eye.doc.clientID);
  await until(() => others().length > 0, "somebody");
  ana.ws.ping();
  await new Promise((resolve) => ana.ws.once("pong", resolve));
  await othersGoOn();
  expect(others()).toHaveLength(1);
  expect(others()[0]?.[1]).toMatchObject({ ghost: 1, user: { name: "Ana" } });
  ana.ws.terminate();

  const ben = await rawSocket(server, seeded.docId, "ana");
  ben.ws.send(presenceOf(7, 1, { cursor: "x".repeat(5 * MIB) }));
  await until(() => ben.code !== 0, "the close");
  expect(ben.code).toBe(TOO_BIG);
  await until(() => others().length === 0, "the ghost to be gone");
  await othersGoOn();
  eye.provider.destroy();
});
