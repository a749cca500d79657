import { once } from "node:events";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { random, SEED } from "../document/random.ts";
import {
  append,
  join,
  type Name,
  type Server,
  seedDocument,
  serveCollab,
  socketOf,
  until,
} from "../support/collab.ts";
import { seedWorkshop, setStatus } from "../support/copies.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { answered, anyFrame, knock, targetOf } from "../support/frames.ts";

const RUNS = Number(process.env.RUNS ?? 2_000);

/** How many of the frames go to the draft's address from people who get no socket there. */
const KNOCKS = 0.15;
const OUTSIDE: readonly (Name | null)[] = ["dev", "rita", null];
const WITH = ["", "?explain=1", "?person="] as const;

/** A socket that is opened again whenever it was closed. */
class Seat {
  readonly who: Name;
  readonly at: string;
  opened = 0;
  readonly #url: string;
  #ws: WebSocket | null = null;

  constructor({ url }: Server, who: Name, at: string) {
    this.who = who;
    this.at = at;
    this.#url = `${url}/${at}`;
  }

  /** Sends a frame; resolves when the server has read it, or has closed. */
  async send(frame: Uint8Array | string): Promise<void> {
    if (this.#ws?.readyState !== WebSocket.OPEN) this.#ws = await this.#open();
    this.#ws.send(frame);
    await answered(this.#ws);
  }

  async #open(): Promise<WebSocket> {
    const Socket = socketOf(this.who) as unknown as typeof WebSocket;
    const ws = new Socket(this.#url);
    ws.on("error", () => {});
    await once(ws, "open");
    this.opened++;
    return ws;
  }

  end(): void {
    this.#ws?.terminate();
  }
}

/** Everything the database has of a document, as text. */
async function stored({ db }: TestDatabase, id: string): Promise<string> {
  const document = await db
    .selectFrom("documents")
    .select(["state", "state_seq"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const log = await db.selectFrom("doc_updates").selectAll().where("doc_id", "=", id).execute();
  return JSON.stringify([document.state?.toString("base64"), document.state_seq, log]);
}

/**
 * Property 8 of the change engine. Each run is one frame of any type, by a member with an account, a
 * member known by browser, a facilitator who reads the draft, or somebody who gets no socket on it.
 */
it(`No frame of a resident's or a reader's changes the draft (seed ${SEED}, ${RUNS} runs)`, {
  timeout: 600_000,
}, async () => {
  const database = await DATABASES[0].open();
  const seeded = await seedDocument(database.db);
  const { docId: draft, people, personIds } = seeded;
  const server = await serveCollab(database.db, people, { grace: 20 });
  const members = { dev: "write", rita: "write", fay: "write" } as const;
  const copy = await seedWorkshop(database.db, seeded, members);
  const frozen = await seedWorkshop(database.db, seeded, members);
  await setStatus(database.db, frozen, "frozen");

  const ana = await join(server, draft, "ana");
  const target = targetOf((await server.collab.read(draft)).doc);
  const before = { draft: await stored(database, draft), frozen: await stored(database, frozen) };
  let arrived = 0;
  ana.doc.on("update", () => arrived++);
  const seats = [
    new Seat(server, "fay", draft),
    new Seat(server, "dev", copy),
    new Seat(server, "rita", copy),
    new Seat(server, "fay", copy),
    new Seat(server, "dev", frozen),
  ];
  for (let run = 0; run < RUNS; run++) {
    const r = random(SEED + run);
    const { what, frame } = anyFrame(r, target);
    let at = `seed ${SEED}, by run ${run}: ${what}`;
    if (r.chance(KNOCKS)) {
      const [who, how] = [r.pick(OUTSIDE), r.pick(WITH)];
      const address = how === "?person=" ? `${draft}${how}${personIds.ana}` : draft + how;
      const status = await knock(server, address, who, frame);
      at += ` by ${who}, who isn't let in${how}`;
      // A page is told why by a close code, for which there must be a socket first.
      const no = how === "?explain=1" ? 101 : who === "rita" && !how ? 403 : 401;
      expect([no, 0], at).toContain(status);
    } else {
      const seat = r.pick(seats);
      at += ` by ${seat.who} on ${seat.at === draft ? "the draft" : "a copy"}`;
      await seat.send(frame);
    }
    expect(await stored(database, draft), at).toBe(before.draft);
    expect(arrived, at).toBe(0);
  }

  const at = `seed ${SEED}`;
  expect(await stored(database, frozen), at).toBe(before.frozen);
  expect(await server.collab.carets(draft), at).toEqual([]);
  expect([...ana.provider.awareness.getStates().keys()], at).toEqual([ana.doc.clientID]);
  // Much of it was heard: in the open copy it was written down.
  const { seq } = await server.collab.read(copy);
  expect(seq).toBeGreaterThan(RUNS / 50);
  expect(Math.min(...seats.map(({ opened }) => opened))).toBeGreaterThan(0);
  // Whatever waited is committed before what the trainer writes now, and that is all there is.
  const ben = await join(server, draft, "ben");
  append(ana.doc, " by Ana alone");
  await until(() => ben.fragment.toString().includes(" by Ana alone"), "Ana's words");
  const log = await database.db
    .selectFrom("doc_updates")
    .select("author_id")
    .where("doc_id", "=", draft)
    .execute();
  expect(log, at).toEqual([{ author_id: personIds.ana }]);
  for (const seat of seats) seat.end();
  for (const { provider } of [ana, ben]) provider.destroy();
  await server.close();
  await database.close();
});
