import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { type Actor, ANONYMOUS } from "#app/features/people/people.ts";
import { connect } from "#db/connect.ts";
import { createCollab } from "#server/collab/collab.ts";
import { type Name, type People, quiet } from "#tests/support/collab.ts";
import { DATABASE, ORIGIN, PEOPLE } from "./prepare.ts";

// Our collaboration server as the application runs it, guard, authorship and durable writes on,
// behind a bare HTTP server. Only who somebody is comes from a cookie instead of a session.
const dir = process.env.BENCH_DIR ?? "";
const people = JSON.parse(readFileSync(join(dir, PEOPLE), "utf8")) as People;
const db = connect(join(dir, DATABASE));
const collab = createCollab({
  db,
  clock: () => new Date(),
  log: { ...quiet, error: (what, why) => console.error(what, String(why)) },
});
const server = createServer();
const actorOf = async ({ headers }: IncomingMessage): Promise<Actor> =>
  people[headers.cookie?.replace("person=", "") as Name] ?? ANONYMOUS;
collab.attach(server, { origin: ORIGIN, actorOf, alone: true });
server.listen(Number(process.env.PORT), "127.0.0.1");

process.once("SIGTERM", async () => {
  await collab.close();
  await db.destroy();
  process.exit();
});
