import type { Kysely } from "kysely";
import type { Log } from "#app/context.ts";
import type { Database } from "#db/schema.ts";
import { type Aside, keepAside } from "./aside.ts";
import type { Append, Entry } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { TIMES } from "./protocol.ts";
import type { Room } from "./room.ts";

/** What commits are made with. */
export type Desk = {
  db: Kysely<Database>;
  clock: () => Date;
  log: Log;
  metrics: Metrics;
  append: Append;
  /** How many rooms are open. */
  rooms: () => number;
};

type Batch = { room: Room } & ReturnType<Room["waiting"]>;

/**
 * The tick. What all rooms have to write gathers for some milliseconds and commits in one
 * transaction; then each room broadcasts and acknowledges. The more readers a room has, the fewer
 * ticks it takes part in; a tick that took long is followed by a longer one. One bad room can't hold
 * up the others: when the common transaction fails, each room is tried alone, and what failed is
 * tried again.
 */
export class Commits {
  readonly #desk: Desk;
  readonly #dirty = new Set<Room>();
  /** Rooms whose turn comes after the next tick (performance.now). */
  readonly #later = new Map<Room, { timer: NodeJS.Timeout; at: number }>();
  /** Rooms whose last commit failed, and when each may try again. */
  readonly #resting = new Map<Room, { wait: number; until: number }>();
  #timer: NodeJS.Timeout | null = null;
  #running = false;
  /** When the last tick began (performance.now), and in how many ms the next may. */
  #at = Number.NEGATIVE_INFINITY;
  #pace: number = TIMES.tick.least;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Takes a room into the next tick, or into the one when it's the room's turn. */
  add(room: Room): void {
    const wait = room.dueIn() - TIMES.early;
    const later = this.#later.get(room);
    if (wait <= 0) {
      clearTimeout(later?.timer);
      this.#later.delete(room);
      this.#dirty.add(room);
      this.#schedule();
    } else if (Number.isFinite(wait) && (!later || performance.now() + wait < later.at)) {
      clearTimeout(later?.timer);
      const timer = setTimeout(() => {
        this.#later.delete(room);
        this.#dirty.add(room);
        this.#schedule();
      }, wait);
      this.#later.set(room, { timer, at: performance.now() + wait });
    }
  }

  #schedule(): void {
    if (this.#timer || this.#running || this.#dirty.size === 0) return;
    const wait = Math.max(1, this.#at + this.#pace - performance.now());
    this.#timer = setTimeout(async () => {
      this.#timer = null;
      this.#running = true;
      this.#at = performance.now();
      try {
        await this.#tick();
      } finally {
        this.#running = false;
        this.#schedule();
      }
    }, wait);
  }

  async #tick(): Promise<void> {
    const rooms = [...this.#dirty];
    this.#dirty.clear();
    const batches: Batch[] = [];
    for (const room of rooms) {
      // A room that is held comes back by itself when it is let go.
      if (room.due && !this.#rests(room) && room.tryHold()) {
        batches.push({ room, ...room.waiting() });
      }
    }
    if (batches.length > 0 && !(await this.#write(batches))) {
      for (const batch of batches) {
        if (batches.length === 1 || !(await this.#write([batch]))) this.#rest(batch.room);
      }
    }
    this.#setPace(performance.now() - this.#at);
    for (const { room } of batches) {
      room.release();
      if (room.long) void room.compact();
    }
    for (const room of rooms) this.#broadcast(room);
  }

  /** Sets when the next tick may come, by how many rooms are open and what this one took, in ms. */
  #setPace(took: number): void {
    const { least, most, roomsPerMillisecond, breath, longest } = TIMES.tick;
    const wide = Math.min(most, least + this.#desk.rooms() / roomsPerMillisecond);
    this.#pace = Math.max(wide, Math.min(longest, took * breath));
    this.#desk.metrics.tickSeconds.set(this.#pace / 1000);
  }

  #broadcast(room: Room): void {
    try {
      room.flush();
      if (!this.#rests(room)) this.add(room);
    } catch (error) {
      this.#desk.log.error("collab.broadcast", error);
    }
  }

  /** Writes all of them in one transaction; false, and nothing written, when that fails. */
  async #write(batches: readonly Batch[]): Promise<boolean> {
    const entries: Entry[] = [];
    const aside: Aside[] = [];
    for (const batch of batches) {
      entries.push(...batch.entries);
      aside.push(...batch.aside);
    }
    let last = new Map<string, number>();
    if (entries.length + aside.length > 0) {
      const timed = this.#desk.metrics.commitSeconds.startTimer();
      try {
        const { db, clock, append } = this.#desk;
        last = await db.transaction().execute(async (trx) => {
          const at = clock();
          const last = await append(trx, at, entries);
          await keepAside(trx, at, aside);
          return last;
        });
      } catch (error) {
        this.#desk.metrics.commitFailures.inc();
        this.#desk.log.error("collab.commit", error);
        return false;
      }
      timed();
      this.#desk.metrics.committed.inc(entries.length);
    }
    for (const { room, count } of batches) {
      this.#resting.delete(room);
      try {
        room.wrote(count, last.get(room.id));
      } catch (error) {
        this.#desk.log.error("collab.wrote", error);
      }
    }
    return true;
  }

  #rests(room: Room): boolean {
    return (this.#resting.get(room)?.until ?? 0) > performance.now();
  }

  #rest(room: Room): void {
    const last = this.#resting.get(room)?.wait ?? TIMES.retryFirst / 2;
    const wait = Math.min(TIMES.retryLast, last * 2);
    this.#resting.set(room, { wait, until: performance.now() + wait });
    room.failed();
    setTimeout(() => this.add(room), wait + 1);
  }
}
