import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { DATABASES, type TestDatabase } from "./databases.ts";

/** A database on a disk that can be filled up and emptied again. */
export type Disk = TestDatabase & { kind: string; fill(): Promise<void>; free(): Promise<void> };

/** What SQLite says of its file: `ok`, or what is wrong with it. */
export async function integrityOf(db: TestDatabase["db"]): Promise<string> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
  return rows[0]?.integrity_check ?? "";
}

/** A file system of 12 MiB in memory; null where nobody may mount one. */
export async function smallDisk(): Promise<Disk | null> {
  if (process.getuid?.() !== 0) return null;
  const dir = mkdtempSync(join(tmpdir(), "groundwork-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=12m", "tmpfs", dir]).status === 0;
  if (!mounted) {
    rmSync(dir, { recursive: true, force: true });
    return null;
  }
  const address = join(dir, "groundwork.sqlite");
  const filler = join(dir, "filler");
  const db = connect(address);
  await migrate(db);
  return {
    kind: "a tmpfs of 12 MiB",
    db,
    address,
    async fill() {
      const file = openSync(filler, "w");
      try {
        for (const size of [65_536, 512]) {
          const bytes = Buffer.alloc(size);
          try {
            while (writeSync(file, bytes) === size);
          } catch {}
        }
      } finally {
        closeSync(file);
      }
    },
    async free() {
      rmSync(filler, { force: true });
    },
    async close() {
      await db.destroy();
      spawnSync("umount", [dir]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A database that may not grow: SQLite answers as it does when its disk is full. */
export async function limitedDatabase(): Promise<Disk> {
  const database = await DATABASES[0].open();
  const limit = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`).execute(database.db);
  return {
    ...database,
    kind: "a database that may not grow",
    async fill() {
      // Below what it has already, SQLite takes what it has.
      await limit(1);
    },
    async free() {
      await limit(1_000_000);
    },
  };
}
