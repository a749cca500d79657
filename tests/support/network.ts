import type { AddressInfo } from "node:net";
import { createServer, connect as dial, type Socket } from "node:net";
import type { Random } from "../document/random.ts";

/**
 * A bad network: passes bytes on to a server, late and in pieces, and breaks connections at random,
 * until it is told to be calm.
 */
export async function badNetwork(r: Random, url: string) {
  let port = Number(new URL(url).port);
  let calm = false;
  let cuts = 0;
  const open = new Set<() => void>();

  const server = createServer((near) => {
    const far = dial(port, "127.0.0.1");
    const timers: NodeJS.Timeout[] = [];
    const cut = () => {
      open.delete(cut);
      for (const timer of timers) clearTimeout(timer);
      near.destroy();
      far.destroy();
    };
    open.add(cut);
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on("error", cut).on("close", cut);
    }
    // A partition: this connection is open, and nothing goes through before it breaks.
    const dead = !calm && r.chance(0.05);
    const breakLater = () => {
      timers.push(
        setTimeout(
          () => {
            if (calm && !dead) return;
            cuts++;
            cut();
          },
          r.int(5, 250),
        ),
      );
    };
    // Not before the server has answered: on a slow machine nobody would ever get through.
    if (dead) breakLater();
    else if (!calm && r.chance(0.6)) far.once("data", breakLater);
    if (!dead) {
      carry(near, far);
      carry(far, near);
    }
  });

  /** Passes on in order: what left later never overtakes. */
  function carry(from: Socket, to: Socket) {
    const queue: { at: number; bytes: Buffer }[] = [];
    let timer: NodeJS.Timeout | null = null;
    const flush = () => {
      timer = null;
      for (let head = queue[0]; head; head = queue[0]) {
        const wait = calm ? 0 : head.at - performance.now();
        if (wait > 0) {
          timer = setTimeout(flush, wait);
          return;
        }
        queue.shift();
        to.write(head.bytes);
      }
    };
    from.on("data", (bytes: Buffer) => {
      const at = performance.now() + (r.chance(0.7) ? 0 : r.int(1, 25));
      const split = !calm && r.chance(0.1) ? r.int(0, bytes.length) : 0;
      if (split > 0) queue.push({ at, bytes: bytes.subarray(0, split) });
      queue.push({ at: split > 0 ? at + r.int(0, 10) : at, bytes: bytes.subarray(split) });
      if (!timer) flush();
    });
    from.on("close", () => timer && clearTimeout(timer));
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const here = (server.address() as AddressInfo).port;
  return {
    url: url.replace(`:${port}/`, `:${here}/`),
    /** Connections broken so far. */
    get cuts() {
      return cuts;
    },
    /** Where new connections lead from now on. */
    lead(to: string) {
      port = Number(new URL(to).port);
    },
    /** No more delays and breaks. */
    calm() {
      calm = true;
    },
    async close() {
      for (const cut of [...open]) cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
