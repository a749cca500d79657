import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { signOutEverywhere } from "#app/features/people/account.server.ts";
import { actorOf, ensurePerson, rename } from "#app/features/people/people.server.ts";
import type { CurriculumRole, Person } from "#app/features/people/people.ts";
import { revokeRole } from "#app/features/people/roles.server.ts";
import { type CollabServer, createCollab } from "#server/collab/collab.ts";
import { CLOSE, TIMES } from "#server/collab/protocol.ts";
import { actorOfUpgrade } from "#server/upgrade.ts";
import { type Installation, openInstallation, requestWith } from "../support/accounts.ts";
import { quiet, type Seeded, seedDocument, until } from "../support/collab.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { upgradeStatus } from "../support/upgrade.ts";

const ORIGIN = "http://localhost:3000";
const UNKNOWN = "0190a000-0000-7000-8000-000000000000";

let database: TestDatabase;
let collab: CollabServer;
let ctx: Installation["ctx"];
let server: Server;
let port: number;
/** A curriculum under review, another one, and one that is still a draft. */
let here: Seeded;
let elsewhere: Seeded;
let hidden: Seeded;

beforeAll(async () => {
  database = await DATABASES[0].open();
  collab = createCollab({ db: database.db, clock: () => new Date(), log: quiet, linger: 0 });
  ({ ctx } = await openInstallation(database.db, { collab, origin: ORIGIN }));
  here = await seedDocument(database.db);
  elsewhere = await seedDocument(database.db);
  hidden = await seedDocument(database.db, undefined, "draft");
  server = createServer();
  collab.attach(server, { origin: ORIGIN, actorOf: actorOfUpgrade(ctx), alone: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
  await collab.close();
  server.close();
  await database.close();
});

type Account = { cookie: string; headers: Headers; personId: string; roleIds: string[] };

/** Somebody with an account, signed in, with these roles. */
async function account(...held: [Seeded, CurriculumRole][]): Promise<Account> {
  const email = `${uuidv7()}@example.org`;
  const accountId = await ctx.auth.createAccount("Somebody", email, "a long enough password");
  const { personId } = await ensurePerson(ctx, accountId);
  const roleIds = held.map(() => uuidv7());
  for (const [at, [{ curriculumId }, role]] of held.entries()) {
    await database.db
      .insertInto("roles")
      .values({
        id: roleIds[at] as string,
        person_id: personId,
        curriculum_id: curriculumId,
        role,
        granted_by: null,
        granted_at: "",
      })
      .execute();
  }
  const signedIn = await ctx.auth.signIn(new Headers(), email, "a long enough password");
  if (!signedIn.ok) throw new Error(signedIn.key);
  const cookie = requestWith(signedIn.headers).headers.get("Cookie") ?? "";
  return { cookie, headers: signedIn.headers, personId, roleIds };
}

const ask = (
  { cookie }: { cookie: string },
  path = `/collab/${here.docId}`,
  origin: string | null = ORIGIN,
) => upgradeStatus(port, path, { cookie, ...(origin !== null && { origin }) });

describe("A socket opens only for", () => {
  it("our own address as Origin, to the letter", async () => {
    const trainer = await account([here, "trainer"]);
    expect(await ask(trainer)).toBe(101);
    const foreign = [
      null,
      "",
      "null",
      "*",
      "https://evil.example",
      `${ORIGIN}.evil.example`,
      `${ORIGIN}@evil.example`,
      `${ORIGIN}/`,
      `${ORIGIN}, https://evil.example`,
      `${ORIGIN}1`,
      "http://localhost",
      "http://localhost:300",
      "https://localhost:3000",
      "ws://localhost:3000",
      "HTTP://LOCALHOST:3000",
      "http://evil.localhost:3000",
      "http://127.0.0.1:3000",
      "file://",
    ];
    for (const origin of foreign) {
      const status = await ask(trainer, undefined, origin);
      expect([origin, status]).toEqual([origin, 403]);
    }
  });

  it("a session that is there, is real and isn't over", async () => {
    const trainer = await account([here, "trainer"]);
    expect(await ask({ cookie: "" })).toBe(401);
    expect(await ask({ cookie: "person=ana" })).toBe(401);
    const [name = "", value = ""] = trainer.cookie.split("=", 2);
    const damaged = `${name}=${value.slice(0, 5)}${value[5] === "x" ? "y" : "x"}${value.slice(6)}`;
    expect(await ask({ cookie: damaged })).toBe(401);
    expect(await ask({ cookie: `${name}=` })).toBe(401);
    expect(await ask({ cookie: `other${trainer.cookie}` })).toBe(401);
    expect(await ask(trainer)).toBe(101);

    const over = new Date(Date.now() - 1_000).toISOString();
    const { rows } = await sql<{ id: string }>`select id from session`.execute(database.db);
    await sql`update session set "expiresAt" = ${over}`.execute(database.db);
    expect(rows.length).toBeGreaterThan(0);
    expect(await ask(trainer)).toBe(401);

    const leaving = await account([here, "trainer"]);
    expect(await ask(leaving)).toBe(101);
    await ctx.auth.signOut(requestWith(leaving.headers).headers);
    expect(await ask(leaving)).toBe(401);
  });

  it("a role that reaches this document", async () => {
    const at = ({ docId }: Seeded) => `/collab/${docId}`;
    const cases: [string, [Seeded, CurriculumRole][], [number, number, number]][] = [
      ["nobody's", [], [403, 403, 404]],
      ["a trainer's here", [[here, "trainer"]], [101, 403, 404]],
      ["a facilitator's here", [[here, "facilitator"]], [101, 403, 404]],
      ["a moderator's here", [[here, "moderator"]], [101, 403, 404]],
      ["the board's here", [[here, "board"]], [101, 403, 404]],
      ["a trainer's elsewhere", [[elsewhere, "trainer"]], [403, 101, 404]],
      ["a trainer's of the hidden one", [[hidden, "trainer"]], [403, 403, 101]],
      ["a board's of the hidden one", [[hidden, "board"]], [403, 403, 404]],
    ];
    for (const [whose, roles, expected] of cases) {
      const somebody = await account(...roles);
      const statuses = [];
      for (const seeded of [here, elsewhere, hidden]) {
        statuses.push(await ask(somebody, at(seeded)));
      }
      expect([whose, statuses]).toEqual([whose, expected]);
    }
    // Whoever isn't signed in can't tell what there is from what there isn't.
    for (const path of [at(here), at(hidden), `/collab/${UNKNOWN}`]) {
      expect(await ask({ cookie: "" }, path)).toBe(401);
    }
  });

  it("a room by its name, and nothing that only leads to one", async () => {
    const trainer = await account([here, "trainer"]);
    const { docId } = here;
    const paths = [
      "/collab",
      "/collab/",
      `/collab/${UNKNOWN}`,
      `/collab/${docId}/`,
      `/collab//${docId}`,
      `//collab/${docId}`,
      `/collab/./${docId}`,
      `/collab/x/../${docId}`,
      `/collab/../collab/${docId}`,
      `/collab/..%2Fcollab%2F${docId}`,
      `/collab/%2e%2e/${docId}`,
      `/collab/${docId}%2F`,
      `/collab/${docId}%00`,
      `/collab/${docId}%20`,
      `/collab/${docId}\\`,
      `/collab/${docId};x=1`,
      `/collab/${docId}/${docId}`,
      `/collab/${docId.replace("-", "%2D")}`,
      `/collab/${docId.toUpperCase()}`,
      `/COLLAB/${docId}`,
      `/collab/${"a".repeat(65)}`,
      "/collab/__proto__",
      "/collab/constructor",
      "/collab/..%2F..%2Fetc%2Fpasswd",
      "/collab/' or '1'='1".replaceAll(" ", "%20"),
    ];
    for (const path of paths) {
      expect([path, await ask(trainer, path)]).toEqual([path, 404]);
    }
    expect(await ask(trainer, `/collab/${docId}?room=${UNKNOWN}`)).toBe(101);
  });

  it("drafts: other kinds of documents have no room yet", async () => {
    const trainer = await account([here, "trainer"]);
    const copy = uuidv7();
    const draft = await database.db
      .selectFrom("documents")
      .selectAll()
      .where("id", "=", here.docId)
      .executeTakeFirstOrThrow();
    await database.db
      .insertInto("documents")
      .values({ ...draft, id: copy, kind: "workshop", forked_from: here.docId })
      .execute();
    expect(await ask(trainer, `/collab/${copy}`)).toBe(404);
  });
});

describe("An open socket", () => {
  const opened: WebSocket[] = [];
  afterEach(() => {
    vi.restoreAllMocks();
    for (const ws of opened.splice(0)) ws.terminate();
  });

  async function open({ cookie }: Account) {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/collab/${here.docId}`, {
      origin: ORIGIN,
      headers: { cookie },
    });
    const socket = { ws, code: 0 };
    opened.push(ws);
    ws.on("close", (code) => {
      socket.code = code;
    });
    await once(ws, "open");
    return socket;
  }

  const personOf = async ({ headers }: Account) =>
    (await actorOf(ctx, requestWith(headers))) as Person;

  it("closes within five seconds of a lost role, and of the end of a session", async () => {
    const steward = await personOf(await account());
    const trainer = await account([here, "trainer"]);
    const reader = await account([here, "board"]);
    const leaving = await account([here, "trainer"]);
    const staying = await account([here, "trainer"]);
    const [a, b, c, d] = await Promise.all([trainer, reader, leaving, staying].map(open));

    await revokeRole(ctx, steward, trainer.roleIds[0] as string);
    await revokeRole(ctx, steward, reader.roleIds[0] as string);
    await signOutEverywhere(ctx, requestWith(leaving.headers));
    await rename(ctx, await personOf(staying), "Somebody else");
    await until(() => a?.code !== 0 && b?.code !== 0 && c?.code !== 0, "the closes", 5_000);
    expect([a?.code, b?.code, c?.code]).toEqual([CLOSE.roleLost, CLOSE.roleLost, CLOSE.signedOut]);
    expect(d?.code).toBe(0);
    expect(await Promise.all([trainer, reader, leaving, staying].map((who) => ask(who)))).toEqual([
      403, 403, 401, 101,
    ]);
  });

  it("closes within five seconds of a session that ends by itself", async () => {
    const ending = await account([here, "trainer"]);
    const staying = await account([here, "trainer"]);
    const seconds = new Date(Date.now() + 1_500).toISOString();
    await sql`update session set "expiresAt" = ${seconds} where "userId" =
      (select account_id from people where id = ${ending.personId})`.execute(database.db);
    const [a, b] = await Promise.all([ending, staying].map(open));
    await until(() => a?.code !== 0, "the close", 5_000);
    expect([a?.code, b?.code]).toEqual([CLOSE.signedOut, 0]);
  });

  it("closes within a minute when nobody said so: every right is looked up again", async () => {
    const trainer = await account([here, "trainer"]);
    const ended = await account([here, "trainer"]);
    const staying = await account([here, "trainer"]);
    const [a, b, c] = await Promise.all([trainer, ended, staying].map(open));
    await database.db.deleteFrom("roles").where("person_id", "=", trainer.personId).execute();
    await ctx.auth.signOut(requestWith(ended.headers).headers);

    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + TIMES.recheck);
    await until(() => a?.code !== 0 && b?.code !== 0, "the closes");
    expect([a?.code, b?.code]).toEqual([CLOSE.roleLost, CLOSE.signedOut]);
    expect(c?.code).toBe(0);
  });
});
