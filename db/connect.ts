import { Kysely } from "kysely";
import { postgresDialect } from "./dialects/postgres.ts";
import { sqliteDialect } from "./dialects/sqlite.ts";
import type { Database } from "./schema.ts";

/**
 * Opens a database by its address: `postgres://…` is PostgreSQL, anything else the path of a
 * SQLite file (`:memory:` for a private one). The caller destroys it.
 */
export function connect(address: string): Kysely<Database> {
  const dialect = /^postgres(ql)?:/.test(address)
    ? postgresDialect(address)
    : sqliteDialect(address);
  return new Kysely<Database>({ dialect });
}
