import type { Connection } from "./connection.ts";
import { type Presence, presenceFrame, wire } from "./protocol.ts";

/** Who is here and where their carets are. Never stored; one state a socket. */
export class Presences {
  readonly #states = new Map<number, Presence & { socket: Connection }>();
  readonly #changed = new Map<number, Presence>();
  /** Who an id belongs to for as long as the room is open, so that an echo can't revive it. */
  readonly #owners = new Map<number, string>();

  /**
   * Takes a socket's state under its one id: the first it names that is nobody else's. Stock
   * clients echo what they hear, so any other id is no offence, but isn't heard either.
   */
  set(socket: Connection, client: number, clock: number, state: string): boolean {
    const current = this.#states.get(client);
    if (state === "null" ? !current : current && current.clock >= clock) return false;
    socket.presenceId = client;
    this.#owners.set(client, socket.personId);
    this.#put(client, clock, state, socket);
    return true;
  }

  /** True when this socket may speak for this id. */
  owns(socket: Connection, client: number): boolean {
    if (socket.presenceId !== null) return socket.presenceId === client;
    const owner = this.#owners.get(client);
    return owner === undefined || owner === socket.personId;
  }

  /** Takes away what a socket left behind; true when there was something. */
  remove(socket: Connection): boolean {
    const state = this.#states.get(socket.presenceId ?? -1);
    if (state?.socket !== socket) return false;
    this.#put(state.client, state.clock, "null", socket);
    return true;
  }

  #put(client: number, clock: number, state: string, socket: Connection): void {
    if (state === "null") this.#states.delete(client);
    else this.#states.set(client, { client, clock, state, socket });
    this.#changed.set(client, { client, clock, state });
  }

  /** True when somebody moved, came or went since `changes` was last called. */
  get moved(): boolean {
    return this.#changed.size > 0;
  }

  /** Everybody, as one frame; null when nobody is here. */
  all(): Uint8Array | null {
    return this.#states.size > 0 ? wire(presenceFrame([...this.#states.values()])) : null;
  }

  /** Who moved, came or went since the last call, the newest of each, as one frame. */
  changes(): Uint8Array | null {
    if (!this.moved) return null;
    const frame = wire(presenceFrame([...this.#changed.values()]));
    this.#changed.clear();
    return frame;
  }
}
