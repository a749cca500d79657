import type { Committed } from "./committed.ts";
import type { Connection } from "./connection.ts";
import { Lane, type Shared } from "./lane.ts";
import type { Metrics } from "./metrics.ts";
import { Presences } from "./presence.ts";
import { type Presence, TIMES } from "./protocol.ts";

type Pace = { least: number; most: number; readersPerMillisecond: number; breath: number };

/**
 * What a room tells its sockets. Committed updates and moved carets gather; one frame of all of
 * them is made once, and written once to each socket, no oftener than the number of sockets and
 * the time that writing takes allow. In a large room the sockets stand in lanes that take turns.
 * Who doesn't keep up is left out until they have read.
 */
export class Fanout {
  readonly #shared: Shared;
  readonly #presences = new Presences();
  readonly #laneOf = new Map<Connection, Lane>();
  #lanes: Lane[] = [];
  /** When words last came (performance.now). */
  #wordsAt = Number.NEGATIVE_INFINITY;

  constructor(committed: Committed, metrics: Metrics) {
    this.#shared = { committed, metrics, catchUp: (socket) => this.#catchUp(socket) };
  }

  get sockets(): Iterable<Connection> {
    return this.#laneOf.keys();
  }

  /** Takes a socket in and shows it who is here. */
  join(socket: Connection): void {
    let lane = this.#lanes.find(({ full }) => !full);
    if (!lane) {
      lane = new Lane(this.#shared);
      this.#lanes.push(lane);
    }
    lane.sockets.add(socket);
    this.#laneOf.set(socket, lane);
    this.showPresences(socket);
  }

  leave(socket: Connection): void {
    const lane = this.#laneOf.get(socket);
    lane?.sockets.delete(socket);
    this.#laneOf.delete(socket);
    if (lane?.sockets.size === 0) this.#lanes = this.#lanes.filter((other) => other !== lane);
    this.#move(this.#presences.remove(socket));
  }

  /** Takes committed updates, and whose sockets they came from: null for the server's own. */
  add(updates: readonly Uint8Array[], authors: readonly (Connection | null)[]): void {
    this.#wordsAt = performance.now();
    for (const lane of this.#lanes) lane.add(updates, authors);
  }

  /** Sends what has gathered to those whose turn it is, for some milliseconds at most. */
  flush(): void {
    const start = performance.now();
    for (const lane of this.#lanes) {
      const now = performance.now();
      if (now - start > TIMES.burst) return;
      const words = lane.hasWords && this.#wordsIn(lane, now) <= TIMES.early;
      if (words || (lane.hasCarets && this.#caretsIn(lane, now) <= TIMES.early)) lane.send(words);
    }
  }

  /** In how many milliseconds it's some lane's turn; infinite when nothing has gathered. */
  dueIn(now: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes) {
      if (lane.hasWords) least = Math.min(least, this.#wordsIn(lane, now));
      if (lane.hasCarets) least = Math.min(least, this.#caretsIn(lane, now));
    }
    return least;
  }

  /** In how many milliseconds new words are wanted: so often that each lane's turn brings some. */
  wantsWordsIn(now: number): number {
    return this.#wordsAt + this.#pace(TIMES.spread) / Math.max(1, this.#lanes.length) - now;
  }

  #wordsIn({ wordsAt }: Lane, now: number): number {
    return wordsAt + this.#pace(TIMES.spread) - now;
  }

  #caretsIn({ caretsAt }: Lane, now: number): number {
    return caretsAt + this.#pace(TIMES.presenceSpread) - now;
  }

  /** Milliseconds between two turns of a lane. */
  #pace({ least, most, readersPerMillisecond, breath }: Pace): number {
    const wide = Math.min(most, Math.max(least, this.#laneOf.size / readersPerMillisecond));
    const round = this.#lanes.reduce((sum, { took }) => sum + took, 0);
    return Math.max(wide, round * breath);
  }

  #catchUp(socket: Connection): void {
    const seq = socket.behind;
    if (seq === null || !this.#laneOf.has(socket)) return;
    socket.behind = null;
    this.#shared.metrics.caughtUp.inc();
    socket.send(...this.#shared.committed.since(seq));
    this.showPresences(socket);
  }

  // Presence

  /** Shows a socket who is here. */
  showPresences(socket: Connection): void {
    const frame = this.#presences.all();
    if (frame) socket.send(frame);
  }

  /** True when this socket may speak for this id. */
  ownsPresence(socket: Connection, client: number): boolean {
    return this.#presences.owns(socket, client);
  }

  presences(): Iterable<{ personId: string; state: string }> {
    return this.#presences.states();
  }

  setPresence(socket: Connection, presence: Presence): void {
    this.#move(this.#presences.set(socket, presence));
  }

  #move(presence: Presence | null): void {
    if (presence) for (const lane of this.#lanes) lane.move(presence);
  }
}
