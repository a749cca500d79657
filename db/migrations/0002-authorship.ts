import { type Kysely, sql } from "kysely";
import { columnTypes } from "../dialects/columns.ts";

/** Whose words a range holds when somebody else moved them there, and who took out what. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { integer64, end } = columnTypes(db);
  const statements = [
    "alter table doc_updates add column carried text",
    "alter table doc_runs add column writer_id text references people",
    "update doc_runs set writer_id = author_id",
    `create table doc_deletions (
      doc_id text not null references documents,
      client ${integer64} not null,
      from_clock integer not null,
      to_clock integer not null,
      author_id text references people,
      primary key (doc_id, client, from_clock),
      check (from_clock < to_clock)
    )${end}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
