import type { Kysely } from "kysely";
import type { Log } from "#app/context.ts";
import type { Database } from "#db/schema.ts";
import { append } from "./log.ts";
import { TIMES } from "./protocol.ts";
import type { Room } from "./room.ts";

type Batch = { room: Room } & ReturnType<Room["waiting"]>;

/**
 * The tick. What all rooms have to write gathers for some milliseconds and commits in one
 * transaction; then each room broadcasts and acknowledges. One bad room can't hold up the others:
 * when the common transaction fails, each room is tried alone, and what failed is tried again.
 */
export class Commits {
  readonly #db: Kysely<Database>;
  readonly #clock: () => Date;
  readonly #log: Log;
  readonly #dirty = new Set<Room>();
  /** Rooms whose last commit failed, and when each may try again. */
  readonly #resting = new Map<Room, { wait: number; until: number }>();
  #timer: NodeJS.Timeout | null = null;
  #running = false;

  constructor(db: Kysely<Database>, clock: () => Date, log: Log) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
  }

  add(room: Room): void {
    this.#dirty.add(room);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer || this.#running || this.#dirty.size === 0) return;
    this.#timer = setTimeout(async () => {
      this.#timer = null;
      this.#running = true;
      try {
        await this.#tick();
      } finally {
        this.#running = false;
        this.#schedule();
      }
    }, TIMES.tick);
  }

  async #tick(): Promise<void> {
    const batches: Batch[] = [];
    for (const room of this.#dirty) {
      this.#dirty.delete(room);
      room.broadcastPresence();
      // A room that is held comes back by itself when it is let go.
      if (room.hasWaiting && !this.#rests(room) && room.tryHold()) {
        batches.push({ room, ...room.waiting() });
      }
    }
    if (batches.length === 0) return;
    if (!(await this.#write(batches))) {
      for (const batch of batches) {
        if (batches.length === 1 || !(await this.#write([batch]))) this.#rest(batch.room);
      }
    }
    for (const { room } of batches) {
      room.release();
      if (room.long) void room.compact();
    }
  }

  /** Writes all of them in one transaction; false, and nothing written, when that fails. */
  async #write(batches: readonly Batch[]): Promise<boolean> {
    const entries = batches.flatMap((batch) => batch.entries);
    let last = new Map<string, number>();
    try {
      if (entries.length > 0) {
        last = await this.#db.transaction().execute((trx) => append(trx, this.#clock(), entries));
      }
    } catch (error) {
      this.#log.error("collab.commit", error);
      return false;
    }
    for (const { room, count } of batches) {
      this.#resting.delete(room);
      try {
        room.wrote(count, last.get(room.id));
      } catch (error) {
        this.#log.error("collab.broadcast", error);
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
