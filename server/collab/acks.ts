import type { Connection } from "./connection.ts";
import { TIMES } from "./protocol.ts";

/**
 * Acknowledgements go along with what is sent to a socket anyway: a write of their own would cost as
 * much as another delivery. Those that find nothing to go with leave by themselves, in two rounds:
 * each has waited at least one, so that most have gone by then. The fewer sockets there are, the
 * shorter the rounds.
 */
export class Acks {
  #lately: Connection[] = [];
  #before: Connection[] = [];
  #timer: NodeJS.Timeout | null = null;
  readonly #sockets: () => number;

  /** @param sockets How many are open. */
  constructor(sockets: () => number) {
    this.#sockets = sockets;
  }

  /** Sees to it that the socket is acknowledged within two rounds. */
  owe(socket: Connection): void {
    this.#lately.push(socket);
    if (!this.#timer) this.#schedule();
  }

  #schedule(): void {
    const { most, socketsPerMillisecond } = TIMES.ack;
    const wait = Math.min(most, this.#sockets() / socketsPerMillisecond);
    this.#timer = setTimeout(() => this.#round(), wait);
  }

  #round(): void {
    for (const socket of this.#before) socket.acknowledge();
    this.#before = this.#lately;
    this.#lately = [];
    this.#timer = null;
    if (this.#before.length > 0) this.#schedule();
  }
}
