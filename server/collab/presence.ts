import type { Connection } from "./connection.ts";
import { type Presence, presenceFrame, wire } from "./protocol.ts";

const GONE = "null";

/** Who is here and where their carets are. Never stored; one state a socket. */
export class Presences {
  readonly #states = new Map<number, { presence: Presence; socket: Connection }>();
  /** Who an id belongs to for as long as the room is open, so that an echo can't revive it. */
  readonly #owners = new Map<number, string>();

  /**
   * Takes a socket's state under its one id: the first it names that is nobody else's. Stock
   * clients echo what they hear, so any other id is no offence, but isn't heard either. Answers
   * what others have to be told; null when it is nothing new.
   */
  set(socket: Connection, presence: Presence): Presence | null {
    const { client, clock, state } = presence;
    const current = this.#states.get(client)?.presence;
    if (state === GONE ? !current : current && current.clock >= clock) return null;
    socket.presenceId = client;
    this.#owners.set(client, socket.personId);
    if (state === GONE) this.#states.delete(client);
    else this.#states.set(client, { presence, socket });
    return presence;
  }

  /** True when this socket may speak for this id. */
  owns(socket: Connection, client: number): boolean {
    if (socket.presenceId !== null) return socket.presenceId === client;
    const owner = this.#owners.get(client);
    return owner === undefined || owner === socket.personId;
  }

  /** Takes away what a socket left behind, and answers what others have to be told. */
  remove(socket: Connection): Presence | null {
    const left = this.#states.get(socket.presenceId ?? -1);
    if (left?.socket !== socket) return null;
    this.#states.delete(left.presence.client);
    return { ...left.presence, state: GONE };
  }

  /** Whose states there are, as they were sent. */
  *states(): Generator<{ personId: string; state: string }> {
    for (const { presence, socket } of this.#states.values()) {
      yield { personId: socket.personId, state: presence.state };
    }
  }

  /** Everybody, as one frame; null when nobody is here. */
  all(): Uint8Array | null {
    if (this.#states.size === 0) return null;
    return wire(presenceFrame([...this.#states.values()].map(({ presence }) => presence)));
  }
}
