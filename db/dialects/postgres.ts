import { PostgresDialect } from "kysely";
import pg from "pg";

/** Sequence numbers and counts stay far below 2^53: read them as numbers, as SQLite does. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export function postgresDialect(address: string): PostgresDialect {
  return new PostgresDialect({ pool: new pg.Pool({ connectionString: address, max: 10 }) });
}
