import { sql } from "kysely";
import { afterEach, beforeEach, expect, it } from "vitest";
import { refusalOf } from "#app/request.server.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";

let at: TestDatabase;

beforeEach(async () => {
  at = await DATABASES[0].open();
  await sql`create table notes (text text not null)`.execute(at.db);
});
afterEach(() => at.close());

const write = (text: string) =>
  at.db.transaction().execute(async (trx) => {
    await sql`insert into notes values ('first')`.execute(trx);
    await sql`insert into notes values (${text})`.execute(trx);
  });

it("says that the disk is full, keeps nothing of the transaction, and goes on afterwards", async () => {
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(at.db);
  await sql.raw(`pragma max_page_count = ${(rows[0]?.page_count ?? 0) + 2}`).execute(at.db);
  const error = await write("x".repeat(1_000_000)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "SQLITE_FULL" });
  expect(refusalOf(error)).toMatchObject({ status: 507 });

  await sql.raw("pragma max_page_count = 100000").execute(at.db);
  await write("second");
  const kept = await sql<{ text: string }>`select text from notes`.execute(at.db);
  expect(kept.rows).toEqual([{ text: "first" }, { text: "second" }]);
});

it("rolls back what fails for another reason", async () => {
  await expect(write(null as unknown as string)).rejects.toMatchObject({
    code: "SQLITE_CONSTRAINT_NOTNULL",
  });
  const kept = await sql`select text from notes`.execute(at.db);
  expect(kept.rows).toEqual([]);
});
