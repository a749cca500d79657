import { PostgresDialect } from "kysely";
import pg from "pg";

/** Sequence numbers and counts stay far below 2^53: read them as numbers, as SQLite does. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export function postgresDialect(address: string): PostgresDialect {
  const pool = new pg.Pool({ connectionString: address, max: 10 });
  // The server may close an idle connection: the pool opens another, and a query in flight fails by
  // itself. Without a listener the whole process would end.
  pool.on("error", () => {});
  return new PostgresDialect({ pool });
}
