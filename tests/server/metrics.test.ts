import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AppContext } from "#app/context.ts";
import { createHttp } from "#server/http.ts";
import {
  append,
  quiet,
  rawSocket,
  seedDocument,
  serveCollab,
  until,
  updateBy,
} from "../support/collab.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";

const TOKEN = "a-token-of-some-length";

let database: TestDatabase;
beforeAll(async () => {
  database = await DATABASES[0].open();
});
afterAll(() => database.close());

async function serve(metrics: { token: string; registry: Registry } | null) {
  const http = createHttp({
    ctx: { origin: "http://groundwork.test", log: quiet } as unknown as AppContext,
    trustProxy: false,
    clientKey: () => "",
    metrics,
    clientDir: "public",
    build: async () => {
      throw new Error("no page");
    },
    vite: null,
  });
  const server = createServer(http).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const ask = (headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}/metrics`, { headers });
  return { ask, close: () => server.close() };
}

it("isn't there unless it was asked for", async () => {
  const { ask, close } = await serve(null);
  expect((await ask({ authorization: `Bearer ${TOKEN}` })).status).not.toBe(200);
  close();
});

it.each([
  ["no token", {}],
  ["another token", { authorization: "Bearer something else" }],
  ["the token in another scheme", { authorization: `Basic ${TOKEN}` }],
])("answers nothing for %s", async (_what, headers) => {
  const { ask, close } = await serve({ token: TOKEN, registry: new Registry() });
  const answer = await ask(headers as Record<string, string>);
  expect(answer.status).toBe(401);
  expect(await answer.text()).toBe("");
  close();
});

it("counts rooms, sockets, updates, commits and refusals, and names nobody", async () => {
  const seeded = await seedDocument(database.db);
  const collab = await serveCollab(database.db, seeded.people);
  const { ask, close } = await serve({ token: TOKEN, registry: collab.collab.metrics });
  const value = async (name: string) => {
    const text = await (await ask({ authorization: `Bearer ${TOKEN}` })).text();
    for (const secret of [seeded.docId, ...Object.values(seeded.people).map((p) => p.personId)]) {
      expect(text).not.toContain(secret);
    }
    const line = text.split("\n").find((one) => one.startsWith(`groundwork_${name} `));
    return Number(line?.split(" ")[1]);
  };

  const { doc } = await collab.collab.read(seeded.docId);
  const ana = await rawSocket(collab, seeded.docId, "ana");
  const ben = await rawSocket(collab, seeded.docId, "ben");
  const fay = await rawSocket(collab, seeded.docId, "fay");
  ana.update(updateBy(doc, (copy) => append(copy, " counted")));
  await until(() => ana.saved() === 1);
  await until(() => fay.frames.length > 0);
  expect(await value("rooms")).toBe(1);
  expect(await value("sockets")).toBe(3);
  expect(await value("updates_received_total")).toBe(1);
  expect(await value("updates_committed_total")).toBe(1);
  expect(await value("updates_delivered_total")).toBe(2);
  expect(await value("commit_seconds_count")).toBe(1);
  expect(await value("tick_seconds")).toBeGreaterThan(0);

  ben.update(new Uint8Array([1, 2, 3]));
  fay.update(updateBy(doc, (copy) => append(copy, " refused")));
  await until(() => ben.code !== 0 && fay.refusal() !== undefined);
  expect(await value('updates_refused_total{reason="malformed"}')).toBe(1);
  expect(await value('updates_refused_total{reason="readOnly"}')).toBe(1);
  close();
  for (const { ws } of [ana, ben, fay]) ws.terminate();
  await collab.close();
});
