import { type Kysely, SqliteAdapter } from "kysely";

/** The few column types that SQLite and PostgreSQL spell differently. */
export function columnTypes(db: Kysely<unknown>) {
  const sqlite = db.getExecutor().adapter instanceof SqliteAdapter;
  return sqlite
    ? {
        bytes: "blob",
        integer64: "integer",
        sequence: "integer primary key autoincrement",
        end: " strict",
      }
    : {
        bytes: "bytea",
        integer64: "bigint",
        sequence: "bigint generated always as identity primary key",
        end: "",
      };
}
