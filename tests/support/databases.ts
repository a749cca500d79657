import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Kysely } from "kysely";
import pg from "pg";
import { inject } from "vitest";
import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import type { Database } from "#db/schema.ts";

/** PostgreSQL's code for a database that somebody is connected to. */
const IN_USE = "55006";

export type TestDatabase = {
  db: Kysely<Database>;
  /** What `connect()` opens again: a file's path, or an address. */
  address: string;
  close(): Promise<void>;
};

/** Both databases, each opened fresh, migrated and empty: `describe.each(DATABASES)("…", ({ open }) => …)`. */
export const DATABASES = [
  { name: "SQLite", open: openSqlite },
  { name: "PostgreSQL", open: openPostgres },
] as const;

async function openSqlite(): Promise<TestDatabase> {
  const dir = mkdtempSync(join(tmpdir(), "groundwork-db-"));
  const address = join(dir, "groundwork.sqlite");
  const db = connect(address);
  await migrate(db);
  return {
    db,
    address,
    async close() {
      await db.destroy();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function openPostgres(): Promise<TestDatabase> {
  const server = inject("postgres");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = name;
  const db = connect(url.href);
  await migrate(db);
  return {
    db,
    address: url.href,
    async close() {
      await db.destroy();
      await dropWhenFree(server, name);
    },
  };
}

/** A closed pool's last connections take a moment to leave the server; forcing them out would throw in them. */
async function dropWhenFree(server: string, name: string) {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      return await onServer(server, `drop database ${name}`);
    } catch (error) {
      if ((error as { code?: string }).code !== IN_USE) throw error;
      await sleep(50);
    }
  }
  await onServer(server, `drop database ${name} with (force)`);
}

async function onServer(url: string, statement: string) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
