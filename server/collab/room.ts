import type { Kysely } from "kysely";
import { v7 as uuidv7 } from "uuid";
import * as Y from "yjs";
import type { Author, DocView, Log } from "#app/context.ts";
import { RecentDeletions } from "#app/document/authorship.ts";
import { type Admitted, type Attribution, admit, follow, Shadow } from "#app/document/guard.ts";
import { authorsIn } from "#app/document/logged.ts";
import { lostBy, wordsIn } from "#app/document/lost.ts";
import { readDoc } from "#app/document/read.ts";
import type { Runs } from "#app/document/runs.ts";
import type { Database } from "#db/schema.ts";
import type { Aside, Rescue } from "./aside.ts";
import { readRuns } from "./authors.ts";
import { type Caret, caretsIn } from "./carets.ts";
import { Clearing } from "./clearing.ts";
import { Committed, docOf } from "./committed.ts";
import type { Connection } from "./connection.ts";
import { Fanout } from "./fanout.ts";
import { compact, type Entry, type Logged } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import {
  CLOSE,
  COMPACT,
  LIMITS,
  type Presence,
  rescuedFrame,
  roleFrame,
  step1Frame,
  TIMES,
  wire,
} from "./protocol.ts";
import { Rescues } from "./rescues.ts";
import { Suspects } from "./suspects.ts";

/**
 * A write that waits for the database: `entry` is null when it held nothing new. With it goes what
 * is kept beside the document. `socket` is null for what isn't a socket's.
 */
type Pending = {
  entry: Entry | null;
  aside: readonly Aside[];
  socket: Connection | null;
  count: number;
};

/**
 * How a write came: which of its socket, whole as a sync answer, before the first such answer; or
 * as the last word of a socket that took out too much.
 */
type Write = { count: number; whole: boolean; first: boolean; last?: boolean };

const NOTHING_ASIDE: readonly Aside[] = [];
const isHeld = (one: Aside) => "held" in one;

/** Which clocks an update added, and which of them hold somebody else's words. */
type Written = Pick<Admitted, "ranges" | "carried">;

/** What a room needs from the house around it. */
export type House = {
  db: Kysely<Database>;
  log: Log;
  metrics: Metrics;
  /** How long what is too much may turn out to be a move, in milliseconds. */
  grace: number;
  /** Asks for the next tick to include this room. */
  dirty(room: Room): void;
};

/**
 * One open document. What the database has is kept as bytes, and that is what everybody sees. While
 * somebody writes there is a `shadow`, which also holds what was admitted and waits for its commit:
 * an update is checked against it, logged, and only then broadcast and acknowledged.
 */
export class Room {
  readonly id: string;

  readonly #kind: Logged["kind"];
  readonly #house: House;
  readonly #committed: Committed;
  readonly #fanout: Fanout;
  #shadow: Shadow | null = null;
  #shadowUsed = 0;
  #queue: Pending[] = [];
  #queuedBytes = 0;
  /** Who wrote what; null until somebody may write. */
  #runs: Runs | null = null;
  readonly #recent = new RecentDeletions();
  readonly #clearing = new Clearing();
  readonly #suspects: Suspects;
  readonly #rescues: Rescues;
  #view: DocView | null = null;
  #failing = false;
  /** After a failed compaction: when the next may be tried (performance.now). */
  #compactAfter = 0;

  #held = false;
  #holders: (() => void)[] = [];
  #drained: (() => void)[] = [];

  constructor(id: string, { kind, snapshot, from, tail }: Logged, house: House) {
    this.id = id;
    this.#kind = kind;
    this.#committed = new Committed(snapshot, from, tail);
    this.#fanout = new Fanout(this.#committed, house.metrics);
    this.#house = house;
    this.#rescues = new Rescues(id);
    this.#suspects = new Suspects(house.grace, (socket, update, count) => {
      this.#take(socket, update, { count, whole: true, first: false, last: true });
    });
  }

  /** The document as last committed, as a copy of its own that later edits leave alone. */
  view(): DocView {
    if (this.#view?.seq !== this.#committed.seq) {
      const updates = this.#committed.updates();
      const clean = this.#clean();
      const read = clean ?? docOf(updates);
      let copy = clean ? null : read;
      this.#view = {
        seq: this.#committed.seq,
        json: readDoc(read),
        get doc() {
          copy ??= docOf(updates);
          return copy;
        },
      };
    }
    return this.#view;
  }

  // Sockets

  join(socket: Connection): void {
    if (socket.role === "write") {
      socket.send(wire(step1Frame(this.#committed.stateVector(this.#clean()))));
    }
    if (this.#kind === "workshop") socket.send(wire(roleFrame(socket.role)));
    this.#fanout.join(socket);
    if (this.#failing) socket.notSaved();
  }

  leave(socket: Connection): void {
    this.#suspects.settle(socket);
    this.#fanout.leave(socket);
    this.#house.dirty(this);
  }

  sendState(socket: Connection, stateVector: Uint8Array): void {
    socket.send(...this.#committed.answer(stateVector, this.#clean()));
  }

  sendPresence(socket: Connection): void {
    this.#fanout.showPresences(socket);
  }

  /** Broadcasts what is committed, as far as it's time. */
  flush(): void {
    this.#fanout.flush();
  }

  // Writes

  /** Looks up who wrote what. Await it before the first `receive`, `entry` or edit. */
  async readyToWrite(): Promise<void> {
    if (this.#runs) return;
    await this.hold();
    try {
      this.#runs ??= await readRuns(this.#house.db, this.id, this.#committed.tail);
    } finally {
      this.release();
    }
  }

  /**
   * Takes the `count`th write of a socket. Refusing closes the socket: its copy has words that ours
   * doesn't, and everything it writes from then on would build on them.
   */
  receive(socket: Connection, update: Uint8Array, write: Write): void {
    if (this.#suspects.joins(socket, update, write.count)) return;
    this.#take(socket, update, write);
  }

  #take(socket: Connection, update: Uint8Array, { count, whole, first, last }: Write): void {
    const author = { personId: socket.personId, via: "socket" };
    const attribution = this.attribution();
    const shadow = this.#upToDate();
    const verdict = admit(shadow, update, {
      author: author.personId,
      via: author.via,
      ownerOf: this.#authors.ownerOf,
      limits: LIMITS.update[this.#kind],
      maxBytes: whole ? LIMITS.payload : undefined,
      attribution,
    });
    if (!verdict.ok) {
      if (verdict.spoiled) this.#dropShadow();
      // Typed before the first exchange was over: the answer to our question holds it too.
      if (verdict.reason === "missing" && first && !whole) return;
      socket.refuse(verdict.reason, count);
      return;
    }
    if (!socket.trusted && this.#isFull(verdict, shadow)) {
      this.#dropShadow();
      socket.refuse("full", count);
      return;
    }
    if (!socket.trusted && this.#isTooMuch(socket, verdict, shadow, attribution)) {
      this.#dropShadow();
      if (last) this.#keepBack(socket, verdict, count);
      else this.#suspects.add(socket, update, count);
      return;
    }
    if (!verdict.update && this.#queue.length === 0) {
      socket.saved(count);
      return;
    }
    const aside = this.#rescued(verdict, author.personId);
    const entry = verdict.update && this.entry(verdict.update, author, verdict);
    if (entry) {
      this.#house.metrics.received.inc();
      this.#queuedBytes += entry.bytes.length;
    }
    this.#wait({ entry, aside, socket, count });
    if (this.#queuedBytes > LIMITS.queued) this.#sendWritersAway();
  }

  #wait(pending: Pending): void {
    this.#queue.push(pending);
    this.#house.dirty(this);
  }

  /**
   * Whether an update adds to a document that is as long as one may be. Cost: nothing up to
   * `LIMITS.copy` bytes; then, once for each quarter of that at the most, all of the document's.
   */
  #isFull({ update, ranges }: Admitted, shadow: Shadow): boolean {
    if (!update || ranges.length === 0) return false;
    if (this.#committed.bytes + this.#queuedBytes + update.length <= LIMITS.copy) return false;
    if (Y.encodeStateAsUpdate(shadow.doc).length > LIMITS.copy * 0.75) return true;
    // Much was taken out since the log was merged.
    void this.compact();
    return false;
  }

  /** Most writes take nothing out and put nothing back. */
  #isTooMuch(
    { personId }: Connection,
    verdict: Admitted,
    shadow: Shadow,
    { authorOf, now }: Attribution,
  ): boolean {
    if (verdict.removed.length === 0 && verdict.carried.length === 0) return false;
    return this.#clearing.isTooMuch(personId, verdict, { doc: shadow.doc, authorOf, now });
  }

  /** Has an update kept for a facilitator instead of in the document; its socket must start anew. */
  #keepBack(socket: Connection, { update, removed }: Admitted, count: number): void {
    socket.hold();
    const held = {
      docId: this.id,
      personId: socket.personId,
      id: uuidv7(),
      bytes: update ?? new Uint8Array(),
      words: Math.max(1, wordsIn(removed)),
    };
    this.#wait({ entry: null, aside: [{ held }], socket, count });
  }

  /** Which words nobody will see now: the author's own, and others' that the author hadn't seen. */
  #rescued(
    { lost, fell, update }: Pick<Admitted, "lost" | "fell" | "update">,
    personId: string | null,
  ): readonly Aside[] {
    if (!lost && fell.length === 0) return NOTHING_ASIDE;
    const whose = lost && personId !== null ? [{ personId, lost }] : [];
    for (const one of lostBy(fell, this.#authors.ownerOf)) {
      if (one.personId !== personId) whose.push(one);
    }
    const history = () => docOf([...this.#updates(), ...(update ? [update] : [])], { gc: false });
    const now = performance.now();
    return whose.flatMap(({ personId, lost }) => {
      const rescue = this.#rescues.of(personId, lost, history, now);
      return rescue ? [{ rescue }] : [];
    });
  }

  get #authors(): Runs {
    if (!this.#runs) throw new Error("readyToWrite wasn't awaited");
    return this.#runs;
  }

  /** What it takes to tell whose words an update brings. */
  attribution(): Attribution {
    const { authorOf } = this.#authors;
    return { recent: this.#recent, authorOf, now: performance.now() };
  }

  /** What an author wrote, as the log takes it; from now on the words count as theirs. */
  entry(bytes: Uint8Array, author: Author, { ranges, carried }: Written): Entry {
    const { personId, via } = author;
    this.#authors.add(ranges, carried, { authorId: personId, via });
    return { docId: this.id, authorId: personId, origin: via, bytes, carried };
  }

  #upToDate(): Shadow {
    this.#shadowUsed = performance.now();
    this.#shadow ??= new Shadow(docOf(this.#updates()));
    return this.#shadow;
  }

  /** What is committed, and what waits for that. */
  #updates(): Uint8Array[] {
    const waiting = this.#queue.flatMap(({ entry }) => entry?.bytes ?? []);
    return [...this.#committed.updates(), ...waiting];
  }

  /** The shadow while it holds exactly what is committed. */
  #clean(): Y.Doc | null {
    return this.#queue.length === 0 && this.#shadow ? this.#shadow.doc : null;
  }

  #dropShadow(): void {
    this.#shadow?.destroy();
    this.#shadow = null;
  }

  /** Lets go of the shadow when nobody has written for a while. */
  rest(): void {
    const idle = performance.now() - this.#shadowUsed > TIMES.idle;
    if (idle && this.#queue.length === 0) this.#dropShadow();
  }

  #sendWritersAway(): void {
    for (const socket of this.#fanout.sockets) {
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

  /** Whether the next commit should take what waits here. */
  get due(): boolean {
    return this.#commitIn(performance.now()) <= TIMES.early;
  }

  /** In how many milliseconds it's this room's turn to commit or to broadcast; infinite for never. */
  dueIn(): number {
    const now = performance.now();
    return Math.min(this.#commitIn(now), this.#fanout.dueIn(now));
  }

  /** Words are committed at the pace at which they are sent, or when they are many. */
  #commitIn(now: number): number {
    if (this.#queue.length === 0) return Number.POSITIVE_INFINITY;
    return this.#queue.length >= LIMITS.batch ? 0 : this.#fanout.wantsWordsIn(now);
  }

  /** What waits for the database, in order. Call while holding; then `wrote` or `failed`. */
  waiting(): { entries: Entry[]; aside: Aside[]; count: number } {
    const aside: Aside[] = [];
    for (const pending of this.#queue) aside.push(...pending.aside);
    return { entries: entriesOf(this.#queue), aside, count: this.#queue.length };
  }

  /** The first `count` waiting writes are committed: everybody may see them now. */
  wrote(count: number, seq: number | undefined): void {
    const done = this.#queue.splice(0, count);
    const entries = entriesOf(done);
    if (seq !== undefined) {
      this.#took(
        entries,
        seq,
        done.map(({ socket }) => socket),
      );
    }
    for (const { bytes } of entries) this.#queuedBytes -= bytes.length;
    for (const { socket, count, aside } of done) {
      const held = aside.some(isHeld);
      if (held) socket?.refuse("held", count);
      else socket?.saved(count);
      for (const one of aside) if ("rescue" in one) this.#tell(one.rescue);
    }
    if (this.#failing) {
      this.#failing = false;
      for (const socket of this.#fanout.sockets) socket.saved();
    }
    this.#tellDrained();
  }

  #tell({ personId, id, text }: Rescue): void {
    for (const socket of this.#fanout.sockets) {
      if (socket.personId === personId) socket.send(wire(rescuedFrame(id, text)));
    }
  }

  /** The database refused. Everything is kept and tried again; nobody is told that it is saved. */
  failed(): void {
    if (this.#failing) return;
    this.#failing = true;
    for (const socket of this.#fanout.sockets) socket.notSaved();
  }

  #took(entries: readonly Entry[], seq: number, authors: readonly (Connection | null)[]): void {
    this.#committed.took(
      entries.map(({ authorId, origin, bytes, carried }) => ({
        seq,
        authorId,
        origin,
        bytes,
        carried,
      })),
      seq,
    );
    this.#view = null;
    this.#fanout.add(
      entries.map(({ bytes }) => bytes),
      authors,
    );
  }

  /** An edit of the server's own is committed. Call while holding. */
  tookEdit(entry: Entry, seq: number): void {
    // What waits for its commit wasn't in the document that the edit was tried on.
    const shadow = this.#queue.length > 0 ? this.#upToDate().doc : this.#shadow?.doc;
    const fell = shadow ? follow(shadow, entry.bytes) : [];
    this.#took([entry], seq, [null]);
    const aside = this.#rescued({ lost: null, fell, update: null }, null);
    if (aside.length > 0) this.#wait({ entry: null, aside, socket: null, count: 0 });
    else this.#house.dirty(this);
  }

  /** A copy of the committed document, to try an edit on. */
  scratch(): Y.Doc {
    return this.#committed.toDoc();
  }

  /** True when the log behind the snapshot is worth merging. */
  get long(): boolean {
    if (performance.now() < this.#compactAfter) return false;
    const { tail, tailBytes } = this.#committed;
    return tail.length > COMPACT.rows || tailBytes > COMPACT.bytes;
  }

  /** Merges the log into the snapshot. A failure costs nothing but the next try. */
  async compact(): Promise<void> {
    await this.hold();
    try {
      const { tail, seq } = this.#committed;
      if (tail.length === 0) return;
      const clean = this.#clean();
      const doc = clean ?? this.#committed.toDoc();
      const state = Y.encodeStateAsUpdate(doc);
      if (!clean) doc.destroy();
      await compact(this.#house.db, this.id, { state, seq, authors: authorsIn(tail) });
      this.#committed.compacted(state, seq);
    } catch (error) {
      this.#compactAfter = performance.now() + TIMES.retryLast;
      this.#house.log.error("collab.compact", error);
    } finally {
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
    this.#suspects.clear();
    this.#dropShadow();
  }

  // Presence

  /** Which blocks writers' carets stand in. */
  carets(): Caret[] {
    const presences = [...this.#fanout.presences()];
    if (presences.length === 0) return [];
    return caretsIn(this.#shadow?.doc ?? this.view().doc, presences);
  }

  ownsPresence(socket: Connection, client: number): boolean {
    return this.#fanout.ownsPresence(socket, client);
  }

  setPresence(socket: Connection, presence: Presence): void {
    this.#fanout.setPresence(socket, presence);
    this.#house.dirty(this);
  }
}

function entriesOf(pending: readonly Pending[]): Entry[] {
  const entries: Entry[] = [];
  for (const { entry } of pending) if (entry) entries.push(entry);
  return entries;
}
