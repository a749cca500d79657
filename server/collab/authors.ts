import type { Kysely } from "kysely";
import { authorsIn } from "#app/document/logged.ts";
import { Runs } from "#app/document/runs.ts";
import type { Database } from "#db/schema.ts";
import type { Row } from "./log.ts";

/** Who wrote what in a document, by what was merged and by the log since. */
export async function readRuns(
  db: Kysely<Database>,
  docId: string,
  tail: readonly Row[],
): Promise<Runs> {
  const rows = await db
    .selectFrom("doc_runs")
    .select(["client", "from_clock", "to_clock", "author_id", "via", "writer_id"])
    .where("doc_id", "=", docId)
    .execute();
  const merged = rows.map((row) => ({
    client: Number(row.client),
    from: row.from_clock,
    to: row.to_clock,
    authorId: row.author_id,
    via: row.via,
    writerId: row.writer_id,
  }));
  return new Runs([...merged, ...authorsIn(tail).runs]);
}
