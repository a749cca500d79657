import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Kysely } from "kysely";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { v7 as uuidv7 } from "uuid";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import type { Log } from "#app/context.ts";
import { type DocJSON, FRAGMENT } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { type Actor, ANONYMOUS } from "#app/features/people/people.ts";
import type { Database } from "#db/schema.ts";
import { type CollabServer, createCollab, type Options } from "#server/collab/collab.ts";
import { MESSAGE, SYNC } from "#server/collab/protocol.ts";

export const ORIGIN = "http://groundwork.test";

/**
 * Ana and Ben write; Fay, who facilitates, reads; Rita has an account and no role; Dev has none, and
 * is known by his browser.
 */
export const NAMES = ["ana", "ben", "fay", "rita", "dev"] as const;
export type Name = (typeof NAMES)[number];
export type People = Record<Name, Actor>;

export const text = (words: string) => ({
  type: "paragraph",
  content: [{ type: "text", text: words }],
});

export const TEXT: DocJSON = {
  type: "doc",
  content: [
    {
      type: "heading",
      attrs: { level: 2 },
      content: [{ type: "text", text: "Time and distance" }],
    },
    text("Slow down when nobody is in danger."),
    text("Say who you are and why you came."),
  ],
};

/** A curriculum under review with one module and its draft, and the people of `NAMES`. */
export async function seedDocument(
  db: Kysely<Database>,
  json: DocJSON = TEXT,
  status = "in_review",
) {
  const at = new Date(0).toISOString();
  const [curriculumId, moduleId, docId] = [uuidv7(), uuidv7(), uuidv7()];
  const ids = NAMES.map((name) => ({ id: uuidv7(), name, account_id: null, created_at: at }));
  await db.insertInto("people").values(ids).execute();
  const empty = { agency: "", jurisdiction: "", owner: "", approver: "", adapted_from: "" };
  await db
    .insertInto("curricula")
    .values({
      ...empty,
      id: curriculumId,
      slug: curriculumId,
      title: "{}",
      summary: "{}",
      status,
      licence: "CC-BY-4.0",
      effective_from: null,
      effective_to: null,
      minutes: null,
      created_at: at,
      updated_at: at,
    })
    .execute();
  await db
    .insertInto("modules")
    .values({
      id: moduleId,
      curriculum_id: curriculumId,
      slug: "module",
      position: 1,
      title: "{}",
      goal: "{}",
      audience: "",
      prerequisites: "",
      minutes: 0,
      mode: "in_person",
      max_students: null,
      facilities: "",
      equipment: "",
      safety_plan: "",
      content_warning: "{}",
      language: "en",
      created_at: at,
      updated_at: at,
    })
    .execute();
  await db
    .insertInto("documents")
    .values({
      id: docId,
      kind: "draft",
      module_id: moduleId,
      language: "en",
      forked_from: null,
      state: Buffer.from(Y.encodeStateAsUpdate(createDoc(json))),
      state_seq: 0,
      created_at: at,
    })
    .execute();
  const roles = {
    ana: "trainer",
    ben: "trainer",
    fay: "facilitator",
    rita: null,
    dev: null,
  } as const;
  const people = Object.fromEntries(
    ids.map(({ id, name }): [string, Actor] => [
      name,
      {
        ...ANONYMOUS,
        personId: name === "dev" ? null : id,
        deviceKey: `browser of ${name}`,
        name: name[0]?.toUpperCase() + name.slice(1),
        roles: roles[name] ? [{ curriculumId, role: roles[name] }] : [],
      },
    ]),
  ) as People;
  const personIds = Object.fromEntries(ids.map(({ id, name }) => [name, id])) as Record<
    Name,
    string
  >;
  return { docId, moduleId, curriculumId, people, personIds };
}

export type Seeded = Awaited<ReturnType<typeof seedDocument>>;

export const quiet: Log = { info() {}, error() {} };

/** A server on a port of its own. Its sessions are cookies that name a person. */
export async function serveCollab(
  db: Kysely<Database>,
  people: People,
  options: Partial<Options> = {},
) {
  const collab = createCollab({ db, clock: () => new Date(), log: quiet, linger: 50, ...options });
  const server = createServer();
  const actorOf = async ({ headers }: IncomingMessage): Promise<Actor> =>
    people[headers.cookie?.replace("person=", "") as Name] ?? ANONYMOUS;
  collab.attach(server, { origin: ORIGIN, actorOf, alone: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    collab,
    url: `ws://127.0.0.1:${port}/collab`,
    /** How many connections the server holds, whatever became of them. */
    connections: () =>
      new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count))),
    async close() {
      await collab.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Server = { url: string; collab?: CollabServer };

/** `ws` with the headers of a browser that this person sits at. */
export function socketOf(person: Name | null, origin = ORIGIN) {
  return class extends WebSocket {
    constructor(url: string | URL, protocols: string[] = []) {
      super(url, protocols, { origin, headers: person ? { cookie: `person=${person}` } : {} });
    }
  } as unknown as typeof globalThis.WebSocket;
}

/** What a stock client knows nothing of. */
const OURS = [MESSAGE.saved, MESSAGE.refused, MESSAGE.rescued, MESSAGE.role];

/** A stock y-websocket client; resolves when it has the document. */
export async function join({ url }: Server, docId: string, person: Name) {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(url, docId, doc, {
    WebSocketPolyfill: socketOf(person),
    disableBc: true,
    maxBackoffTime: 200,
  });
  for (const type of OURS) provider.messageHandlers[type] = () => {};
  await until(() => provider.synced);
  return { doc, provider, fragment: doc.getXmlFragment(FRAGMENT) };
}

export type Frame = {
  type: number;
  step?: number;
  bytes?: Uint8Array;
  count?: number;
  reason?: string;
  /** Words that the server keeps, and under which id. */
  rescued?: { id: string; text: string };
  /** 1 when writes are taken. */
  role?: number;
};

/** A socket for frames written by hand, and everything that came back. */
export async function rawSocket(
  { url }: Server,
  docId: string,
  person: Name | null,
  origin?: string,
) {
  const Socket = socketOf(person, origin) as unknown as typeof WebSocket;
  const ws = new Socket(`${url}/${docId}`);
  const frames: Frame[] = [];
  const raw = {
    ws,
    frames,
    code: 0,
    status: 0,
    sync: (step: number, bytes: Uint8Array) => ws.send(syncFrame(step, bytes)),
    update: (bytes: Uint8Array) => ws.send(syncFrame(SYNC.update, bytes)),
    saved: () => frames.findLast(({ type }) => type === MESSAGE.saved)?.count ?? 0,
    refusal: () => frames.find(({ type }) => type === MESSAGE.refused),
  };
  ws.on("message", (data: Buffer) => frames.push(readFrame(data)));
  ws.on("close", (code) => {
    raw.code = code;
  });
  ws.on("unexpected-response", (_request, response) => {
    raw.status = response.statusCode ?? 0;
    ws.terminate();
  });
  ws.on("error", () => {});
  await until(() => ws.readyState === ws.OPEN || ws.readyState === ws.CLOSED);
  return raw;
}

function syncFrame(step: number, bytes: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.sync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

export function presenceOf(client: number, clock: number, state: unknown): Uint8Array {
  const body = encoding.createEncoder();
  encoding.writeVarUint(body, 1);
  encoding.writeVarUint(body, client);
  encoding.writeVarUint(body, clock);
  encoding.writeVarString(body, JSON.stringify(state));
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.presence);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body));
  return encoding.toUint8Array(encoder);
}

function readFrame(data: Buffer): Frame {
  const decoder = decoding.createDecoder(data);
  const type = decoding.readVarUint(decoder);
  if (type === MESSAGE.sync) {
    return {
      type,
      step: decoding.readVarUint(decoder),
      bytes: decoding.readVarUint8Array(decoder),
    };
  }
  if (type === MESSAGE.saved) return { type, count: decoding.readVarUint(decoder) };
  if (type === MESSAGE.refused) {
    return { type, reason: decoding.readVarString(decoder), count: decoding.readVarUint(decoder) };
  }
  if (type === MESSAGE.rescued) {
    const id = decoding.readVarString(decoder);
    return { type, rescued: { id, text: decoding.readVarString(decoder) } };
  }
  if (type === MESSAGE.role) return { type, role: decoding.readVarUint(decoder) };
  return { type, bytes: decoding.readVarUint8Array(decoder) };
}

/** Appends words to the nth textblock of a copy. */
export function append(doc: Y.Doc, words: string, block = 0): void {
  const element = doc.getXmlFragment(FRAGMENT).get(block) as Y.XmlElement;
  const inside = element.get(0) as Y.XmlText;
  inside.insert(inside.length, words);
}

/** What `write` adds to a copy of `base`, as one update. */
export function updateBy(base: Y.Doc, write: (doc: Y.Doc) => void): Uint8Array {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(base));
  const updates: Uint8Array[] = [];
  copy.on("update", (update: Uint8Array) => updates.push(update));
  copy.transact(() => write(copy));
  return Y.mergeUpdates(updates);
}

export async function until(true_: () => boolean, what = "it", ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (!true_()) {
    if (performance.now() > end) throw new Error(`Waited ${ms} ms for ${what}: ${true_}`);
    await sleep(5);
  }
}
