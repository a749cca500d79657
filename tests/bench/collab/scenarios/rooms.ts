import * as Y from "yjs";
import { Client, countAt, fill, joinMany, Typist } from "../clients.ts";
import { content } from "../content.ts";
import { Deliveries } from "../deliveries.ts";
import { measure, type Outcome, type Timing, verify } from "../measure.ts";
import { directory, type Kind, make, start } from "../servers.ts";

const WRITERS = 4;
const PER_SECOND = 3;
/** In these rooms the first writer holds a whole document, and somebody new looks afterwards. */
const CHECKED = 5;

/** Many rooms; in each of them four people type three words a second, and receive the others'. */
export async function rooms(
  kind: Kind,
  { count, timing, seed }: { count: number; timing: Timing; seed: number },
): Promise<Outcome> {
  const text = content(seed);
  const names = Array.from({ length: count }, (_, n) => `bench-${n}`);
  const storage = { dir: directory(), persistent: false };
  await make(kind, storage, names, text.state);
  const server = await start(kind, storage);
  const clients: Client[] = [];
  try {
    await fill(server, names, text);
    const joining = (n: number) => {
      const checked = n % WRITERS === 0 && n / WRITERS < CHECKED && kind !== "relay";
      const room = names[Math.floor(n / WRITERS)] ?? "";
      return Client.join(server, room, { role: "write", ...(checked && { doc: new Y.Doc() }) });
    };
    clients.push(...(await joinMany(count * WRITERS, joining)));

    const deliveries = new Deliveries();
    const roomOf = (by: number) => Math.floor(by / WRITERS);
    const typists = clients.map(
      (client, by) => new Typist(client, { by, behind: text.ends[(by % WRITERS) * 5] }),
    );
    const got = new Uint32Array(clients.length);
    for (const [by, client] of clients.entries()) {
      const arrived = () => {
        got[by] = (got[by] ?? 0) + 1;
      };
      countAt(client, deliveries, { timed: true, except: by, arrived });
    }
    const outcome = await measure({
      server,
      typists,
      perSecond: PER_SECOND,
      deliveries,
      timing,
      missing: () => deliveries.inWindow * (WRITERS - 1) - got.reduce((sum, n) => sum + n, 0),
    });
    const closed = clients.filter(({ socket }) => socket.code > 0).length;
    if (closed > 0) outcome.failed = `${closed} writers were cut off`;
    for (let room = 0; room < Math.min(CHECKED, count) && !outcome.failed; room++) {
      const typed = Array.from({ length: deliveries.sent }, (_, n) => n).filter(
        (n) => roomOf(deliveries.sentBy(n)) === room,
      );
      outcome.failed = await verify(server, names[room] ?? "", typed, [
        clients[room * WRITERS]?.doc,
      ]);
    }
    return outcome;
  } finally {
    await server.kill();
    for (const client of clients) client.leave();
  }
}
