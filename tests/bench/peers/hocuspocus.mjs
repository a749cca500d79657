// Hocuspocus as its documentation starts it: all settings its own, the SQLite extension with a file.
import { join } from "node:path";
import { SQLite } from "@hocuspocus/extension-sqlite";
import { Server } from "@hocuspocus/server";

const database = join(process.env.BENCH_DIR, "hocuspocus.sqlite");
const server = new Server({
  port: Number(process.env.PORT),
  address: "127.0.0.1",
  quiet: true,
  extensions: [new SQLite({ database })],
});
await server.listen();
