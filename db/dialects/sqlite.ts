import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import SQLite from "better-sqlite3";
import { SqliteDialect } from "kysely";

/** One file, one connection. WAL with FULL: a commit that returned is on the disk. */
export function sqliteDialect(file: string): SqliteDialect {
  if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
  const database = new SQLite(file);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.pragma("foreign_keys = ON");
  // What SQLite keeps to undo a statement of many rows stays out of temporary files.
  database.pragma("temp_store = MEMORY");
  database.pragma("busy_timeout = 5000");
  keepStatements(database);
  return new Dialect(database);
}

const KEPT = 500;

/** Prepares each statement once: Kysely asks anew for every query. */
function keepStatements(database: SQLite.Database): void {
  const statements = new Map<string, SQLite.Statement>();
  const prepare = database.prepare.bind(database) as (sql: string) => SQLite.Statement;
  database.prepare = ((sql: string) => {
    let statement = statements.get(sql);
    if (!statement) {
      // What was prepared before the schema changed would answer with the old columns.
      if (statements.size >= KEPT || /^\s*(create|alter|drop)\b/i.test(sql)) statements.clear();
      statement = prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  }) as typeof database.prepare;
}

class Dialect extends SqliteDialect {
  readonly #database: SQLite.Database;

  constructor(database: SQLite.Database) {
    super({ database });
    this.#database = database;
  }

  /**
   * SQLite ends a transaction by itself when its disk is full: a rollback after that would fail, and
   * its error would hide the one that says why.
   */
  override createDriver() {
    const driver = super.createDriver();
    const rollback = driver.rollbackTransaction.bind(driver);
    driver.rollbackTransaction = async (connection) => {
      if (this.#database.inTransaction) await rollback(connection);
    };
    return driver;
  }
}
