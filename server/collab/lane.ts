import { type Committed, merge } from "./committed.ts";
import type { Connection } from "./connection.ts";
import type { Metrics } from "./metrics.ts";
import { LIMITS, type Presence, presenceFrame, updateFrame, wire } from "./protocol.ts";

/** What lanes of a room have in common. */
export type Shared = {
  committed: Committed;
  metrics: Metrics;
  /** Brings a socket up to date that was left out. */
  catchUp(socket: Connection): void;
};

/** A part of a room's sockets, with its own turn: writing to thousands at once holds up the others. */
export class Lane {
  readonly sockets = new Set<Connection>();
  /** When words, and carets, were last sent (performance.now), and how long writing took, in ms. */
  wordsAt = Number.NEGATIVE_INFINITY;
  caretsAt = Number.NEGATIVE_INFINITY;
  took = 0;

  readonly #shared: Shared;
  #updates: Uint8Array[] = [];
  /** Whose sockets the updates came from; null for the server's own. */
  #authors = new Set<Connection | null>();
  #moved = new Map<number, Presence>();
  /** The sequence number up to which everybody here was sent everything. */
  #sent: number;

  constructor(shared: Shared) {
    this.#shared = shared;
    this.#sent = shared.committed.seq;
  }

  get full(): boolean {
    return this.sockets.size >= LIMITS.lane;
  }

  get hasWords(): boolean {
    return this.#updates.length > 0;
  }

  get hasCarets(): boolean {
    return this.#moved.size > 0;
  }

  add(updates: readonly Uint8Array[], authors: Iterable<Connection | null>): void {
    this.#updates.push(...updates);
    for (const author of authors) this.#authors.add(author);
  }

  /** Takes where somebody is now, in place of where they were. */
  move(presence: Presence): void {
    this.#moved.set(presence.client, presence);
  }

  /** Sends the carets that moved, and the words too if they are to go, as one write to each. */
  send(words: boolean): void {
    const { committed, metrics } = this.#shared;
    const now = performance.now();
    const carets = this.hasCarets ? wire(presenceFrame([...this.#moved.values()])) : null;
    const update = words ? wire(updateFrame(merge(this.#updates))) : null;
    const frame = carets && update ? Buffer.concat([carets, update]) : (update ?? carets);
    if (!frame) return;
    // Its own words come back to a writer only when they travel with somebody else's.
    const [only = null] = words && this.#authors.size === 1 ? this.#authors : [];
    let reached = 0;
    for (const socket of this.sockets) {
      if (!this.#keepsUp(socket)) continue;
      if (socket !== only) {
        socket.deliver(frame);
        reached++;
      } else if (carets) socket.deliver(carets);
    }
    if (update) {
      metrics.delivered.inc(reached * this.#updates.length);
      this.#updates = [];
      this.#authors.clear();
      this.#sent = committed.seq;
      this.wordsAt = now;
    }
    if (carets) {
      this.#moved.clear();
      this.caretsAt = now;
    }
    this.took = performance.now() - now;
  }

  /** False for a socket that has too much to read still: it is left out, and caught up later. */
  #keepsUp(socket: Connection): boolean {
    if (socket.behind !== null) return false;
    if (socket.backlog <= LIMITS.behind) return true;
    this.#shared.metrics.skipped.inc();
    socket.skip(this.#sent, () => this.#shared.catchUp(socket));
    return false;
  }
}
