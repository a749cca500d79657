import type { Committed } from "./committed.ts";
import { merge } from "./committed.ts";
import type { Connection } from "./connection.ts";
import type { Metrics } from "./metrics.ts";
import { Presences } from "./presence.ts";
import { LIMITS, TIMES, updateFrame, wire } from "./protocol.ts";

type Pace = { least: number; most: number; readersPerMillisecond: number; breath: number };

/**
 * What a room tells its sockets. Committed updates and moved carets gather; one frame of all of
 * them is made once, and written once to each socket, no oftener than the number of sockets and
 * the time that writing takes allow. Who doesn't keep up is left out until they have read.
 */
export class Fanout {
  readonly sockets = new Set<Connection>();
  readonly presences = new Presences();

  readonly #committed: Committed;
  readonly #metrics: Metrics;
  #updates: Uint8Array[] = [];
  #authors = new Set<Connection | null>();
  /** The sequence number up to which everybody was sent everything. */
  #sent: number;
  #updatesAt = Number.NEGATIVE_INFINITY;
  #presenceAt = Number.NEGATIVE_INFINITY;
  /** What the last round took, in milliseconds. */
  #took = 0;

  constructor(committed: Committed, metrics: Metrics) {
    this.#committed = committed;
    this.#sent = committed.seq;
    this.#metrics = metrics;
  }

  /** Takes committed updates; `author` is whose socket they came from, null for the server. */
  add(updates: readonly Uint8Array[], authors: Iterable<Connection | null>): void {
    if (this.sockets.size === 0) return;
    this.#updates.push(...updates);
    for (const author of authors) this.#authors.add(author);
  }

  /** Sends what has gathered, as far as it's time. False when something still waits. */
  flush(): boolean {
    if (this.sockets.size === 0) {
      this.#updates = [];
      this.#authors.clear();
      this.presences.changes();
      this.#sent = this.#committed.seq;
    }
    const now = performance.now();
    const words = this.#updates.length > 0 && this.wordsIn(now) <= TIMES.early;
    const carets = this.presences.moved && (words || this.#caretsIn(now) <= TIMES.early);
    if (words || carets) this.#send(words, carets ? this.presences.changes() : null, now);
    return this.#updates.length === 0 && !this.presences.moved;
  }

  /** In how many milliseconds it's time for what has gathered; infinite when nothing has. */
  dueIn(now: number): number {
    const words = this.#updates.length > 0 ? this.wordsIn(now) : Number.POSITIVE_INFINITY;
    return this.presences.moved ? Math.min(words, this.#caretsIn(now)) : words;
  }

  /** In how many milliseconds it's time for new words. */
  wordsIn(now: number): number {
    return this.#updatesAt + this.#pace(TIMES.spread) - now;
  }

  #caretsIn(now: number): number {
    return this.#presenceAt + this.#pace(TIMES.presenceSpread) - now;
  }

  /** Milliseconds between two rounds. */
  #pace({ least, most, readersPerMillisecond, breath }: Pace): number {
    const wide = Math.min(most, Math.max(least, this.sockets.size / readersPerMillisecond));
    return Math.max(wide, this.#took * breath);
  }

  #send(words: boolean, presence: Uint8Array | null, now: number): void {
    let frame = presence;
    let count = 0;
    let only: Connection | null = null;
    const before = this.#sent;
    if (presence) this.#presenceAt = now;
    if (words) {
      count = this.#updates.length;
      const update = wire(updateFrame(merge(this.#updates)));
      frame = presence ? Buffer.concat([presence, update]) : update;
      // Its own words come back to a writer only when they travel with somebody else's.
      [only = null] = this.#authors.size === 1 ? this.#authors : [];
      this.#updates = [];
      this.#authors.clear();
      this.#updatesAt = now;
      this.#sent = this.#committed.seq;
    }
    if (!frame) return;
    let reached = 0;
    for (const socket of this.sockets) {
      if (socket.behind !== null) continue;
      if (socket.backlog > LIMITS.behind) {
        this.#metrics.skipped.inc();
        socket.skip(before, () => this.#catchUp(socket));
      } else if (socket !== only) {
        socket.deliver(frame);
        reached++;
      } else if (presence) socket.deliver(presence);
    }
    this.#metrics.delivered.inc(reached * count);
    this.#took = performance.now() - now;
  }

  /** Sends a socket that was left out what it missed, as one update. */
  #catchUp(socket: Connection): void {
    const seq = socket.behind;
    if (seq === null || !this.sockets.has(socket)) return;
    socket.behind = null;
    this.#metrics.caughtUp.inc();
    socket.send(...this.#committed.since(seq));
    const presence = this.presences.all();
    if (presence) socket.send(presence);
  }
}
