import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Kysely, Transaction } from "kysely";
import { WebSocketServer } from "ws";
import * as Y from "yjs";
import type { Author, Collab, DocView, Log } from "#app/context.ts";
import { rangesOf } from "#app/document/guard.ts";
import { readDoc } from "#app/document/read.ts";
import { check } from "#app/document/validate.ts";
import { NotFound } from "#app/errors.ts";
import type { Actor } from "#app/features/people/people.ts";
import type { Database } from "#db/schema.ts";
import { type Admission, authorize } from "./authorize.ts";
import { Commits } from "./commits.ts";
import { Connection, type Identity } from "./connection.ts";
import { append, load } from "./log.ts";
import { CLOSE, LIMITS, TIMES } from "./protocol.ts";
import { Room } from "./room.ts";

export type Options = {
  db: Kysely<Database>;
  clock: () => Date;
  log: Log;
  /** How long a room without sockets stays in memory, in milliseconds. */
  linger?: number;
};

export type Attach = {
  /** The only Origin a browser may come from, as configured: `https://groundwork.example.org`. */
  origin: string;
  /** Who sends this request; null when nobody is signed in. */
  actorOf: (request: IncomingMessage) => Promise<Actor | null>;
  /** True to end upgrades to other addresses too; in development Vite takes those. */
  alone?: boolean;
};

export type CollabServer = Collab & {
  /** Takes the upgrades to `/collab/<documentId>` from an HTTP server. */
  attach(server: Server, how: Attach): void;
  /** Closes every socket and writes everything down. Sockets opened later are refused. */
  close(): Promise<void>;
  /** How much is open at the moment. */
  count(): { rooms: number; sockets: number };
};

/** A room, who uses it, and when it goes. */
type Slot = { room: Promise<Room>; users: number; timer: NodeJS.Timeout | null };

type Upgrade = { request: IncomingMessage; stream: Duplex; head: Buffer };

const CLOSE_FOR = { 401: CLOSE.signedOut, 403: CLOSE.roleLost, 404: CLOSE.unknownRoom } as const;

const ADDRESS = /^\/collab\/([\w-]{1,64})$/;

/** The collaboration server: live rooms over sockets, and the one door for the server's own edits. */
export function createCollab({ db, clock, log, linger = TIMES.linger }: Options): CollabServer {
  const slots = new Map<string, Slot>();
  const sockets = new Map<Connection, () => Promise<void>>();
  const commits = new Commits(db, clock, log);
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.payload,
    perMessageDeflate: false,
    clientTracking: false,
  });
  /** Sockets about to open: whose role or session changes meanwhile must ask again. */
  const opening = new Set<{ personId: string; changed: boolean }>();
  let closed = false;

  const heartbeat = setInterval(() => {
    for (const socket of sockets.keys()) socket.heartbeat();
  }, TIMES.heartbeat);
  const rechecks = setInterval(() => {
    for (const check of sockets.values()) void check();
  }, TIMES.recheck);
  heartbeat.unref();
  rechecks.unref();

  async function open(docId: string): Promise<Room> {
    const logged = await load(db, docId);
    if (!logged) throw new NotFound();
    return new Room(docId, logged, { db, log, dirty: (room) => commits.add(room) });
  }

  /** Opens a room or finds it open, and keeps it until `leave`. */
  async function enter(docId: string): Promise<Room> {
    let slot = slots.get(docId);
    if (!slot) {
      slot = { room: open(docId), users: 0, timer: null };
      slots.set(docId, slot);
    }
    slot.users++;
    if (slot.timer) clearTimeout(slot.timer);
    slot.timer = null;
    try {
      return await slot.room;
    } catch (error) {
      if (slots.get(docId) === slot) slots.delete(docId);
      throw error;
    }
  }

  function leave(docId: string): void {
    const slot = slots.get(docId);
    if (!slot || --slot.users > 0 || closed) return;
    slot.timer = setTimeout(() => void unload(docId, slot), linger);
    slot.timer.unref();
  }

  /** Lets go of a room nobody uses, once everything in it is written. */
  async function unload(docId: string, slot: Slot): Promise<void> {
    const room = await slot.room;
    await room.drained();
    await room.compact();
    if (slot.users > 0 || slots.get(docId) !== slot) return;
    slots.delete(docId);
    room.destroy();
  }

  async function read(docId: string): Promise<DocView> {
    const room = await enter(docId);
    try {
      return room.view();
    } finally {
      leave(docId);
    }
  }

  async function edit<T>(
    docId: string,
    author: Author,
    change: (doc: Y.Doc) => T,
    commit?: (trx: Transaction<Database>, result: T, seq: number | null) => Promise<void>,
  ): Promise<T> {
    const room = await enter(docId);
    try {
      await room.hold();
      try {
        const { result, update, ranges } = tryOut(room.scratch(), change);
        const entries = update ? [room.edited(update, author, ranges)] : [];
        const seq = await db.transaction().execute(async (trx) => {
          const last = await append(trx, clock(), entries);
          const seq = last.get(docId) ?? null;
          await commit?.(trx, result, seq);
          return seq;
        });
        if (update && seq !== null) room.tookEdit(update, seq);
        return result;
      } finally {
        room.release();
      }
    } finally {
      leave(docId);
    }
  }

  function disconnect(personId: string): void {
    for (const [socket, recheck] of sockets) {
      if (socket.personId !== personId) continue;
      socket.hold();
      void recheck().then(() => socket.resume());
    }
    for (const ticket of opening) if (ticket.personId === personId) ticket.changed = true;
  }

  /** Looks up again whether a socket may stay open, and under which name. */
  async function recheck(socket: Connection, admit: () => Promise<Admission>): Promise<void> {
    try {
      const now = await admit();
      if (!now.ok) socket.close(CLOSE_FOR[now.status], "revoked");
      else if (now.personId !== socket.personId) socket.close(CLOSE.signedOut, "revoked");
      else if (now.role !== socket.role) {
        // More than before is had by coming back.
        socket.close(now.role === "write" ? CLOSE.tryLater : CLOSE.roleLost, "changed");
      } else socket.name = now.name;
    } catch (error) {
      log.error("collab.recheck", error);
      socket.close(CLOSE.tryLater, "unsure");
    }
  }

  function attach(server: Server, { origin, actorOf, alone = false }: Attach): void {
    server.on("upgrade", async (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      const [pathname = "", query] = (request.url ?? "").split("?", 2);
      const collab = pathname === "/collab" || pathname.startsWith("/collab/");
      if (!collab && !alone) return;
      stream.on("error", () => stream.destroy());
      const docId = ADDRESS.exec(pathname)?.[1];
      if (closed) return refuse(stream, 503);
      if (!docId) return refuse(stream, 404);
      if (request.headers.origin !== origin) return refuse(stream, 403);
      try {
        await upgrade(
          { request, stream, head },
          docId,
          actorOf,
          new URLSearchParams(query).has("explain"),
        );
      } catch (error) {
        log.error("collab.upgrade", error);
        refuse(stream, 503);
      }
    });
  }

  async function upgrade(
    { request, stream, head }: Upgrade,
    docId: string,
    actorOf: Attach["actorOf"],
    explain: boolean,
  ): Promise<void> {
    const admit = async () => authorize(db, await actorOf(request), docId);
    const admission = await admit();
    if (!admission.ok) {
      if (!explain) return refuse(stream, admission.status);
      // A browser can't read the status of a failed handshake, but it can read a close code.
      return wss.handleUpgrade(request, stream, head, (ws) => {
        ws.on("error", () => {});
        ws.close(CLOSE_FOR[admission.status], "refused");
      });
    }
    const ticket = { personId: admission.personId, changed: false };
    opening.add(ticket);
    let room: Room;
    try {
      room = await enter(docId);
    } finally {
      opening.delete(ticket);
    }
    if (ticket.changed || closed || stream.destroyed) {
      leave(docId);
      return refuse(stream, 503);
    }
    let accepted = false;
    wss.handleUpgrade(request, stream, head, (ws) => {
      accepted = true;
      const socket = new Connection(ws, stream, room, admission satisfies Identity, log);
      sockets.set(socket, () => recheck(socket, admit));
      socket.onClose(() => {
        sockets.delete(socket);
        room.leave(socket);
        leave(docId);
      });
      room.join(socket);
    });
    // A handshake that was broken off, or wasn't one, calls nobody back.
    if (!accepted) leave(docId);
  }

  async function close(): Promise<void> {
    closed = true;
    clearInterval(heartbeat);
    clearInterval(rechecks);
    for (const socket of sockets.keys()) socket.close(CLOSE.goingAway, "restart");
    for (const slot of slots.values()) {
      if (slot.timer) clearTimeout(slot.timer);
      const room = await slot.room.catch(() => null);
      await room?.drained();
      await room?.compact();
      room?.destroy();
    }
    slots.clear();
    wss.close();
  }

  return {
    read,
    edit,
    disconnect,
    attach,
    close,
    count: () => ({ rooms: slots.size, sockets: sockets.size }),
  };
}

/** Runs a change on a scratch copy, and answers what it wrote. Throws when the result isn't valid. */
function tryOut<T>(scratch: Y.Doc, change: (doc: Y.Doc) => T) {
  const updates: Uint8Array[] = [];
  const before = Y.decodeStateVector(Y.encodeStateVector(scratch));
  scratch.on("update", (update: Uint8Array) => updates.push(update));
  try {
    const result = change(scratch);
    if (updates.length === 0) return { result, update: null, ranges: [] };
    const wrong = check(readDoc(scratch));
    if (wrong) throw new Error(`The edit would leave an invalid document: ${wrong}`);
    const after = Y.decodeStateVector(Y.encodeStateVector(scratch));
    const ranges = rangesOf({ beforeState: before, afterState: after });
    return { result, update: Y.mergeUpdates(updates), ranges };
  } finally {
    scratch.destroy();
  }
}

const STATUS_TEXT = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  503: "Service Unavailable",
} as const;

function refuse(stream: Duplex, status: keyof typeof STATUS_TEXT): void {
  if (stream.destroyed) return;
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_TEXT[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
