import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { ORIGIN, seedDocument } from "#tests/support/collab.ts";

export { ORIGIN };
export const DATABASE = "groundwork.sqlite";
export const PEOPLE = "people.json";

/** A database with a curriculum, its people, and a draft with this content for each room. */
export async function prepare(
  dir: string,
  rooms: readonly string[],
  state: Uint8Array,
): Promise<void> {
  if (existsSync(join(dir, DATABASE))) throw new Error("There is a database already");
  const db = connect(join(dir, DATABASE));
  await migrate(db);
  const { docId, people } = await seedDocument(db);
  writeFileSync(join(dir, PEOPLE), JSON.stringify(people));
  await db.transaction().execute(async (trx) => {
    const document = await trx
      .selectFrom("documents")
      .selectAll()
      .where("id", "=", docId)
      .executeTakeFirstOrThrow();
    const module = await trx
      .selectFrom("modules")
      .selectAll()
      .where("id", "=", document.module_id)
      .executeTakeFirstOrThrow();
    for (const [n, room] of rooms.entries()) {
      await trx
        .insertInto("modules")
        .values({ ...module, id: `module-${room}`, slug: `module-${room}`, position: n + 2 })
        .execute();
      await trx
        .insertInto("documents")
        .values({ ...document, id: room, module_id: `module-${room}`, state: Buffer.from(state) })
        .execute();
    }
  });
  await db.destroy();
}

/**
 * Makes all other rooms what the first one has become, in every table that knows documents. For
 * rooms of many edits, which would take minutes to type one by one.
 */
export function copyRoom(dir: string, [first, ...others]: readonly string[]): void {
  const database = new SQLite(join(dir, DATABASE));
  const tables = database
    .prepare(
      "select name from sqlite_master where type = 'table' and name like 'doc\\_%' escape '\\'",
    )
    .pluck()
    .all() as string[];
  database.transaction(() => {
    const source = database.prepare("select state, state_seq from documents where id = ?");
    const { state, state_seq } = source.get(first) as { state: Buffer; state_seq: number };
    const update = database.prepare("update documents set state = ?, state_seq = ? where id = ?");
    for (const room of others) update.run(state, state_seq, room);
    for (const table of tables) {
      const columns = (database.pragma(`table_info(${table})`) as { name: string }[])
        .map(({ name }) => name)
        .filter((name) => name !== "seq" && name !== "doc_id");
      if (!database.prepare(`select 1 from ${table} where doc_id = ?`).get(first)) continue;
      const copy = database.prepare(
        `insert into ${table} (doc_id, ${columns}) select ?, ${columns} from ${table} where doc_id = ?`,
      );
      for (const room of others) copy.run(room, first);
    }
  })();
  database.close();
}
