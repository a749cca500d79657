import type { Kysely } from "kysely";
import * as Y from "yjs";
import type { Author, DocView, Log } from "#app/context.ts";
import { admit, type Range } from "#app/document/guard.ts";
import { readDoc } from "#app/document/read.ts";
import type { Database } from "#db/schema.ts";
import type { Connection } from "./connection.ts";
import { compact, type Entry, type Logged, type Run } from "./log.ts";
import { Presences } from "./presence.ts";
import { CLOSE, COMPACT, LIMITS, step1Frame, step2Frame, updateFrame } from "./protocol.ts";

/** A write that waits for the database: `entry` is null when it held nothing new. */
type Pending = { entry: Entry | null; socket: Connection; count: number };

/** How a write came: which of its socket, whole as a sync answer, before the first such answer. */
type Write = { count: number; whole: boolean; first: boolean };

/** What a room needs from the house around it. */
export type House = {
  db: Kysely<Database>;
  log: Log;
  /** Asks for the next tick's commit to include this room. */
  dirty(room: Room): void;
};

/**
 * One open document. Two copies: `committed` is what the database has and what everybody sees;
 * `shadow` also holds what was admitted and waits for its commit. An update is checked against the
 * shadow, logged, and only then applied to the committed copy, broadcast and acknowledged.
 */
export class Room {
  readonly id: string;
  seq: number;
  readonly sockets = new Set<Connection>();

  readonly #house: House;
  readonly #committed = new Y.Doc();
  /** Committed updates that the committed copy hasn't taken yet: it does when somebody looks. */
  #behind: Uint8Array[];
  #shadow: Y.Doc | null = null;
  #queue: Pending[] = [];
  #queuedBytes = 0;
  #runs: Map<number, Run>;
  #tail: { rows: number; bytes: number };
  #view: DocView | null = null;
  #failing = false;

  #held = false;
  #holders: (() => void)[] = [];
  #drained: (() => void)[] = [];

  readonly #presences = new Presences();

  constructor(id: string, logged: Logged, house: House) {
    this.id = id;
    this.seq = logged.seq;
    this.#behind = logged.updates;
    this.#runs = logged.runs;
    this.#tail = logged.tail;
    this.#house = house;
  }

  /** The committed document. Cost: applying what was committed since somebody last looked. */
  get doc(): Y.Doc {
    if (this.#behind.length > 0) {
      const updates = this.#behind;
      this.#behind = [];
      this.#committed.transact(() => {
        for (const update of updates) Y.applyUpdate(this.#committed, update);
      });
    }
    return this.#committed;
  }

  /** The document as last committed, as a copy of its own that later edits leave alone. */
  view(): DocView {
    if (this.#view?.seq !== this.seq) {
      const state = Y.encodeStateAsUpdate(this.doc);
      let copy: Y.Doc | null = null;
      this.#view = {
        seq: this.seq,
        json: readDoc(this.doc),
        get doc() {
          if (!copy) {
            copy = new Y.Doc();
            Y.applyUpdate(copy, state);
          }
          return copy;
        },
      };
    }
    return this.#view;
  }

  // Sockets

  join(socket: Connection): void {
    this.sockets.add(socket);
    if (socket.role === "write") socket.send(step1Frame(Y.encodeStateVector(this.doc)));
    this.sendPresence(socket);
    if (this.#failing) socket.notSaved();
  }

  leave(socket: Connection): void {
    this.sockets.delete(socket);
    this.#presences.remove(socket);
    this.#house.dirty(this);
  }

  sendState(socket: Connection, stateVector: Uint8Array): void {
    socket.send(step2Frame(Y.encodeStateAsUpdate(this.doc, stateVector)));
  }

  sendPresence(socket: Connection): void {
    const frame = this.#presences.all();
    if (frame) socket.send(frame);
  }

  #broadcast(frame: Uint8Array, except: Connection | null = null): void {
    for (const socket of this.sockets) if (socket !== except) socket.send(frame);
  }

  // Writes

  /**
   * Takes the `count`th write of a socket. Refusing closes the socket: its copy has words that ours
   * doesn't, and everything it writes from then on would build on them.
   */
  receive(socket: Connection, update: Uint8Array, { count, whole, first }: Write): void {
    const verdict = admit(this.#shadowDoc(), update, {
      author: socket.personId,
      ownerOf: (client) => this.#runs.get(client)?.authorId,
      ...(whole && { maxBytes: LIMITS.payload }),
    });
    if (!verdict.ok) {
      if (verdict.spoiled) this.#dropShadow();
      // Typed before the first exchange was over: the answer to our question holds it too.
      if (verdict.reason === "missing" && first && !whole) return;
      socket.refuse(verdict.reason, count);
      return;
    }
    const { update: bytes, ranges } = verdict;
    const author = { personId: socket.personId, via: "socket" };
    const entry = bytes && this.#entry(bytes, author, ranges);
    if (!entry && this.#queue.length === 0) {
      socket.saved(count);
      return;
    }
    this.#queue.push({ entry, socket, count });
    this.#queuedBytes += bytes?.length ?? 0;
    if (this.#queuedBytes > LIMITS.queued) this.#sendWritersAway();
    this.#house.dirty(this);
  }

  /** A log entry for `bytes`; extends the author's runs, or starts new ones. */
  #entry(bytes: Uint8Array, author: Author, ranges: readonly Range[]): Entry {
    const runs = ranges.map(({ client, from, to }) => {
      const last = this.#runs.get(client);
      const goesOn =
        last?.to === from && last.authorId === author.personId && last.via === author.via;
      const run = {
        client,
        from: goesOn ? last.from : from,
        to,
        authorId: author.personId,
        via: author.via,
      };
      this.#runs.set(client, run);
      return run;
    });
    return { docId: this.id, authorId: author.personId, origin: author.via, bytes, runs };
  }

  #shadowDoc(): Y.Doc {
    if (!this.#shadow) {
      this.#shadow = copyOf(this.doc);
      for (const { entry } of this.#queue) if (entry) Y.applyUpdate(this.#shadow, entry.bytes);
    }
    return this.#shadow;
  }

  #dropShadow(): void {
    this.#shadow?.destroy();
    this.#shadow = null;
  }

  #sendWritersAway(): void {
    for (const socket of this.sockets) {
      if (socket.role === "write") socket.close(CLOSE.tryLater, "busy");
    }
  }

  // Commits. One holder at a time: the tick's transaction, an edit, or a compaction.

  tryHold(): boolean {
    if (this.#held) return false;
    this.#held = true;
    return true;
  }

  async hold(): Promise<void> {
    if (!this.tryHold()) await new Promise<void>((resolve) => this.#holders.push(resolve));
  }

  release(): void {
    const next = this.#holders.shift();
    if (next) next();
    else {
      this.#held = false;
      if (this.#queue.length > 0) this.#house.dirty(this);
    }
  }

  get hasWaiting(): boolean {
    return this.#queue.length > 0;
  }

  /** What waits for the database, in order. Call while holding; then `wrote` or `failed`. */
  waiting(): { entries: Entry[]; count: number } {
    return {
      entries: this.#queue.flatMap(({ entry }) => entry ?? []),
      count: this.#queue.length,
    };
  }

  /** The first `count` waiting writes are committed: everybody may see them now. */
  wrote(count: number, seq: number | undefined): void {
    const done = this.#queue.splice(0, count);
    const updates = done.flatMap(({ entry }) => entry?.bytes ?? []);
    const writers = new Map(done.map(({ socket, count }) => [socket, count]));
    this.#queuedBytes -= bytesOf(updates);
    if (seq !== undefined) {
      // Its own words come back to a writer only when they travel with somebody else's.
      const [only] = writers.size === 1 ? writers.keys() : [];
      this.#took(updates, seq, only);
    }
    for (const [socket, count] of writers) socket.saved(count);
    if (this.#failing) {
      this.#failing = false;
      for (const socket of this.sockets) socket.saved();
    }
    this.#tellDrained();
  }

  /** The database refused. Everything is kept and tried again; nobody is told that it is saved. */
  failed(): void {
    if (this.#failing) return;
    this.#failing = true;
    for (const socket of this.sockets) socket.notSaved();
  }

  #took(updates: Uint8Array[], seq: number, except: Connection | null = null): void {
    this.#behind.push(...updates);
    this.seq = seq;
    this.#tail.rows += updates.length;
    this.#tail.bytes += bytesOf(updates);
    const [first] = updates;
    if (first && this.sockets.size > 0) {
      this.#broadcast(updateFrame(updates.length === 1 ? first : Y.mergeUpdates(updates)), except);
    }
  }

  /** Log entry for an edit of the server's own. Call while holding. */
  edited(update: Uint8Array, author: Author, ranges: readonly Range[]): Entry {
    return this.#entry(update, author, ranges);
  }

  /** An edit of the server's own is committed. Call while holding. */
  tookEdit(update: Uint8Array, seq: number): void {
    if (this.#shadow) Y.applyUpdate(this.#shadow, update);
    this.#took([update], seq);
  }

  /** A copy of the committed document, to try an edit on. */
  scratch(): Y.Doc {
    return copyOf(this.doc);
  }

  /** True when the log behind the snapshot is worth merging. */
  get long(): boolean {
    return this.#tail.rows > COMPACT.rows || this.#tail.bytes > COMPACT.bytes;
  }

  /** Merges the log into the snapshot. A failure costs nothing but the next try. */
  async compact(): Promise<void> {
    await this.hold();
    const { rows, bytes } = this.#tail;
    try {
      if (rows === 0) return;
      await compact(this.#house.db, this.id, Y.encodeStateAsUpdate(this.doc), this.seq);
    } catch (error) {
      this.#house.log.error("collab.compact", error);
    } finally {
      this.#tail = { rows: this.#tail.rows - rows, bytes: this.#tail.bytes - bytes };
      this.release();
    }
  }

  /** Resolves when nothing waits for the database any more. */
  async drained(): Promise<void> {
    if (this.#queue.length > 0) await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #tellDrained(): void {
    if (this.#queue.length > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** Lets go of the memory. The room must not be used afterwards. */
  destroy(): void {
    this.#dropShadow();
    this.#committed.destroy();
  }

  // Presence

  ownsPresence(socket: Connection, client: number): boolean {
    return this.#presences.owns(socket, client);
  }

  setPresence(socket: Connection, client: number, clock: number, state: string): void {
    if (this.#presences.set(socket, client, clock, state)) this.#house.dirty(this);
  }

  broadcastPresence(): void {
    const frame = this.#presences.changes();
    if (frame) this.#broadcast(frame);
  }
}

const bytesOf = (updates: readonly Uint8Array[]) =>
  updates.reduce((sum, { length }) => sum + length, 0);

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}
