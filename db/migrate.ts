import { type Kysely, type Migration, Migrator } from "kysely";
import * as groundwork from "./migrations/0001-groundwork.ts";
import * as authorship from "./migrations/0002-authorship.ts";
import * as workshops from "./migrations/0003-workshops.ts";
import type { Database } from "./schema.ts";

const migrations: Record<string, Migration> = {
  "0001-groundwork": groundwork,
  "0002-authorship": authorship,
  "0003-workshops": workshops,
};

/** Brings the database to the newest schema; a second process waits, a killed run resumes. */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
