import * as Y from "yjs";
import type { Connection } from "./connection.ts";
import { LIMITS } from "./protocol.ts";

/** Everything a socket has written since an update that took out too much. */
export type Suspect = {
  updates: Uint8Array[];
  bytes: number;
  count: number;
  timer: NodeJS.Timeout;
};

/**
 * Writes that took out too much to be taken at once. Whoever moves a long passage cuts it first and
 * pastes it a moment later: for that moment it waits, with whatever else its socket writes, and is
 * then looked at as one update.
 */
export class Suspects {
  readonly #grace: number;
  readonly #settle: (socket: Connection, update: Uint8Array, count: number) => void;
  readonly #suspects = new Map<Connection, Suspect>();

  /** @param settle Gets the merged update once `grace` milliseconds are over. */
  constructor(
    grace: number,
    settle: (socket: Connection, update: Uint8Array, count: number) => void,
  ) {
    this.#grace = grace;
    this.#settle = settle;
  }

  /** Lets a socket's `count`th write wait. */
  add(socket: Connection, update: Uint8Array, count: number): void {
    const timer = setTimeout(() => this.settle(socket), this.#grace);
    this.#suspects.set(socket, { updates: [update.slice()], bytes: update.length, count, timer });
  }

  /** Puts a write with those of its socket that wait; false when none do. */
  joins(socket: Connection, update: Uint8Array, count: number): boolean {
    const suspect = this.#suspects.get(socket);
    if (!suspect) return false;
    suspect.updates.push(update.slice());
    suspect.bytes += update.length;
    suspect.count = count;
    if (suspect.bytes > LIMITS.payload) this.settle(socket);
    return true;
  }

  /** Doesn't let a socket's writes wait any longer. */
  settle(socket: Connection): void {
    const suspect = this.#suspects.get(socket);
    if (!suspect) return;
    clearTimeout(suspect.timer);
    this.#suspects.delete(socket);
    this.#settle(socket, Y.mergeUpdates(suspect.updates), suspect.count);
  }

  /** Forgets them all: nobody was told that they are saved. */
  clear(): void {
    for (const { timer } of this.#suspects.values()) clearTimeout(timer);
    this.#suspects.clear();
  }
}
