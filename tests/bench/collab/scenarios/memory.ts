import * as Y from "yjs";
import { Client, fill } from "../clients.ts";
import { history } from "../content.ts";
import type { Outcome } from "../measure.ts";
import { copyRoom } from "../servers/prepare.ts";
import { directory, type Kind, make, start } from "../servers.ts";
import { feed } from "./open.ts";

/**
 * What an open room costs: many rooms of many edits, each opened by one reader after a restart, and
 * how much the server's memory has grown, divided by their number. Garbage is collected before both
 * readings; one more room is open from before the first, so that code and pools aren't counted.
 * Ours was given the edits one by one, into one room that was then copied in the database; the
 * others each room's merged state in one update, which is what they keep.
 */
export async function memory(
  kind: Kind,
  { rooms, edits, seed }: { rooms: number; edits: number; seed: number },
): Promise<Outcome> {
  const names = Array.from({ length: rooms + 1 }, (_, n) => `bench-${n}`);
  const past = history(seed, edits);
  const storage = { dir: directory(), persistent: true };
  await make(kind, storage, names, past.base);
  const giving = await start(kind, storage);
  try {
    if (kind === "ours") await feed(giving, names[0] ?? "", past);
    else await fill(giving, names, { state: past.state, ends: [] });
    await giving.idle();
  } finally {
    await giving.stop();
  }
  if (kind === "ours") copyRoom(storage.dir, names);

  const server = await start(kind, storage);
  const clients: Client[] = [];
  const enter = async (room: string) => {
    const doc = new Y.Doc();
    const client = await Client.join(server, room, { role: "read", doc });
    clients.push(client);
    for (const end = performance.now() + 30_000; performance.now() < end; ) {
      const known = Y.decodeStateVector(Y.encodeStateVector(doc));
      if ([...past.stateVector].every(([id, clock]) => (known.get(id) ?? 0) >= clock)) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`${kind} gave less than ${room} holds`);
  };
  try {
    const [warm = "", ...others] = names;
    await enter(warm);
    await server.idle();
    const before = await server.memory();
    for (const room of others) await enter(room);
    await server.idle();
    const after = await server.memory();
    return { figures: { mb: (after - before) / rooms / 1e6, before: before / 1e6, rooms, edits } };
  } finally {
    await server.kill();
    for (const client of clients) client.leave();
  }
}
