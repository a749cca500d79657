import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Kysely, Transaction } from "kysely";
import type { Registry } from "prom-client";
import { WebSocketServer } from "ws";
import type * as Y from "yjs";
import type { Author, Collab, DocView, Log } from "#app/context.ts";
import { TooMany } from "#app/errors.ts";
import type { Actor } from "#app/features/people/people.ts";
import type { Database } from "#db/schema.ts";
import { Acks } from "./acks.ts";
import { type Admission, authorize } from "./authorize.ts";
import { Commits } from "./commits.ts";
import { Connection, type Identity } from "./connection.ts";
import { createAppend } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { CLOSE, LIMITS, TIMES } from "./protocol.ts";
import type { Room } from "./room.ts";
import { Rooms } from "./rooms.ts";
import { tryOut } from "./scratch.ts";

export type Options = {
  db: Kysely<Database>;
  clock: () => Date;
  log: Log;
  /** How long a room without sockets stays in memory, in milliseconds. */
  linger?: number;
  /** How long what was taken out in large parts may still come back, in milliseconds. */
  grace?: number;
};

export type Attach = {
  /** The only Origin a browser may come from, as configured: `https://groundwork.example.org`. */
  origin: string;
  /** Who sends this request; null when nobody is signed in. */
  actorOf: (request: IncomingMessage) => Promise<Actor | null>;
  /** Counts a try to open a socket; throws TooMany when there were too many. */
  limit?: (request: IncomingMessage) => Promise<void>;
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
  /** What `/metrics` answers. */
  metrics: Registry;
};

/** Whose socket, on which document. */
type Seat = { personId: string; docId: string };

type Upgrade = { request: IncomingMessage; stream: Duplex; head: Buffer };

const CLOSE_FOR = { 401: CLOSE.signedOut, 403: CLOSE.roleLost, 404: CLOSE.unknownRoom } as const;

const ADDRESS = /^\/collab\/([\w-]{1,64})$/;

/** The collaboration server: live rooms over sockets, and the one door for the server's own edits. */
export function createCollab({
  db,
  clock,
  log,
  linger = TIMES.linger,
  grace = TIMES.grace,
}: Options): CollabServer {
  const metrics = createMetrics(() => count());
  const append = createAppend(db);
  const commits = new Commits({
    db,
    clock,
    log,
    metrics,
    append,
    rooms: () => rooms.size,
  });
  const dirty = (room: Room) => commits.add(room);
  const rooms = new Rooms({ db, log, metrics, grace, dirty }, linger);
  /** Every open socket, with how to look up again whether it may stay. */
  const sockets = new Map<Connection, () => Promise<void>>();
  const acks = new Acks(() => sockets.size);
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.payload,
    perMessageDeflate: false,
    clientTracking: false,
  });
  /** Sockets about to open: whose role or session changes meanwhile must ask again. */
  const opening = new Set<Seat & { changed: boolean }>();
  let closed = false;

  // Each socket has its own times: thousands that came in the same second don't all have their turn
  // in the same millisecond.
  const round = setInterval(() => {
    const now = performance.now();
    for (const [socket, check] of sockets) {
      if (socket.due.heartbeat <= now) {
        socket.due.heartbeat = now + TIMES.heartbeat;
        socket.heartbeat();
      }
      if (socket.due.recheck <= now) {
        socket.due.recheck = now + TIMES.recheck;
        check().catch((error) => log.error("collab.recheck", error));
      }
    }
    rooms.rest();
  }, TIMES.round);
  round.unref();

  const count = () => ({ rooms: rooms.size, sockets: sockets.size });

  const read = (docId: string): Promise<DocView> =>
    rooms.within(docId, "read", (room) => room.view());

  function edit<T>(
    docId: string,
    author: Author,
    change: (doc: Y.Doc) => T,
    commit?: (trx: Transaction<Database>, result: T, seq: number | null) => Promise<void>,
  ): Promise<T> {
    return rooms.within(docId, "write", async (room) => {
      await room.hold();
      try {
        const { result, update, changes } = tryOut(
          room.scratch(),
          author,
          change,
          room.attribution(),
        );
        const entry = update && room.entry(update, author, changes);
        const seq = await db.transaction().execute(async (trx) => {
          const last = await append(trx, clock(), entry ? [entry] : []);
          const seq = last.get(docId) ?? null;
          await commit?.(trx, result, seq);
          return seq;
        });
        if (entry && seq !== null) room.tookEdit(entry, seq);
        return result;
      } finally {
        room.release();
      }
    });
  }

  /** Looks up again who sits on these seats; until that is known, nothing of theirs is taken. */
  function lookAgain(concerned: (seat: Seat) => boolean): void {
    for (const [socket, recheck] of sockets) {
      if (!concerned(socket)) continue;
      socket.hold();
      void recheck()
        .catch((error) => {
          log.error("collab.recheck", error);
          socket.close(CLOSE.tryLater, "unsure");
        })
        .then(() => socket.resume());
    }
    for (const ticket of opening) if (concerned(ticket)) ticket.changed = true;
  }

  /** Looks up again whether a socket may stay open, and under which name. */
  async function recheck(socket: Connection, admit: () => Promise<Admission>): Promise<void> {
    const now = await admit();
    if (!now.ok) socket.close(CLOSE_FOR[now.status], "revoked");
    else if (now.personId !== socket.personId) socket.close(CLOSE.signedOut, "revoked");
    else if (now.role !== socket.role) {
      // More than before is had by coming back; a workshop copy may be frozen for a while only.
      const back = now.role === "write" || now.kind === "workshop";
      socket.close(back ? CLOSE.tryLater : CLOSE.roleLost, "changed");
    } else {
      socket.name = now.name;
      socket.trusted = now.trusted;
      watchEnd(socket, now.until);
    }
  }

  /** A session that ends by itself is looked up when it does. */
  function watchEnd(socket: Connection, end: Date | undefined): void {
    if (!end) return;
    const at = performance.now() + end.getTime() - clock().getTime();
    socket.due.recheck = Math.min(socket.due.recheck, at);
  }

  function attach(server: Server, { origin, actorOf, limit, alone = false }: Attach): void {
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
        await limit?.(request);
        await upgrade({ request, stream, head }, docId, actorOf, new URLSearchParams(query));
      } catch (error) {
        if (error instanceof TooMany) return refuse(stream, 429);
        log.error("collab.upgrade", error);
        refuse(stream, 503);
      }
    });
  }

  async function upgrade(
    { request, stream, head }: Upgrade,
    docId: string,
    actorOf: Attach["actorOf"],
    query: URLSearchParams,
  ): Promise<void> {
    // A page may say for whom it was opened: on a shared computer somebody else may have signed in
    // since, and its unsaved words aren't theirs.
    const openedFor = query.get("person");
    const admit = async (): Promise<Admission> => {
      const actor = await actorOf(request);
      const admission = await authorize(db, actor, docId);
      const whose = admission.ok ? admission.personId : actor?.personId;
      const isOther = openedFor !== null && whose !== openedFor;
      return isOther ? { ok: false, status: 401 } : admission;
    };
    const admission = await admit();
    if (!admission.ok) {
      if (!query.has("explain")) return refuse(stream, admission.status);
      // A browser can't read the status of a failed handshake, but it can read a close code.
      return wss.handleUpgrade(request, stream, head, (ws) => {
        ws.on("error", () => {});
        ws.close(CLOSE_FOR[admission.status], "refused");
      });
    }
    const ticket = { personId: admission.personId, docId, changed: false };
    opening.add(ticket);
    let room: Room;
    try {
      room = await rooms.enter(docId, admission.role);
    } finally {
      opening.delete(ticket);
    }
    if (ticket.changed || closed || stream.destroyed) {
      rooms.leave(docId);
      return refuse(stream, 503);
    }
    let accepted = false;
    wss.handleUpgrade(request, stream, head, (ws) => {
      accepted = true;
      const socket = new Connection(ws, stream, room, admission satisfies Identity, {
        log,
        metrics,
        acks,
      });
      const now = performance.now();
      socket.due.heartbeat = now + Math.random() * TIMES.heartbeat;
      socket.due.recheck = now + (0.5 + Math.random() / 2) * TIMES.recheck;
      watchEnd(socket, admission.until);
      sockets.set(socket, () => recheck(socket, admit));
      socket.onClose(() => {
        sockets.delete(socket);
        room.leave(socket);
        rooms.leave(docId);
      });
      room.join(socket);
    });
    // A handshake that was broken off, or wasn't one, calls nobody back.
    if (!accepted) rooms.leave(docId);
  }

  async function close(): Promise<void> {
    closed = true;
    clearInterval(round);
    for (const socket of sockets.keys()) socket.close(CLOSE.goingAway, "restart");
    await rooms.close();
    wss.close();
  }

  return {
    read,
    edit,
    disconnect: (personId) => lookAgain((seat) => seat.personId === personId),
    recheck: (docId) => lookAgain((seat) => seat.docId === docId),
    carets: (docId) => rooms.peek(docId, (room) => room.carets()),
    attach,
    close,
    count,
    metrics: metrics.registry,
  };
}

const STATUS_TEXT = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  503: "Service Unavailable",
} as const;

function refuse(stream: Duplex, status: keyof typeof STATUS_TEXT): void {
  if (stream.destroyed) return;
  // Nobody reads what came along with the question: the stream wouldn't end by itself.
  stream.once("finish", () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_TEXT[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
