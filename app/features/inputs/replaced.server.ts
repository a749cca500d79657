import type { Transaction } from "kysely";
import type * as Y from "yjs";
import type { Database } from "#db/schema.ts";
import { createAnchor, resolve, type TextIndex } from "../../document/anchors.ts";
import { ANCHOR_COLUMNS, anchorOf } from "./passages.server.ts";

/** A draft as a version publishes it, ready to be searched. */
export type PublishedDraft = { documentId: string; doc: Y.Doc; index: TextIndex };

/** Not yet decided, and not rejected or withdrawn: whoever waits for an answer. */
const OPEN = ["waiting", "held", "returned", "approved"];

/**
 * Places every open input again on the text that a version publishes, inside its transaction. Words
 * found exactly are anchored anew, silently where they stay in their block; of any other the author
 * is told: `moved` to another block, `placed` on words that were rewritten, `lost`. The same isn't
 * told twice. Cost: two queries, and for each input microseconds, or a search of some milliseconds.
 */
export async function placeAgain(
  trx: Transaction<Database>,
  drafts: readonly PublishedDraft[],
  { versionId, at }: { versionId: string; at: Date },
): Promise<void> {
  const byDocument = new Map(drafts.map((draft) => [draft.documentId, draft]));
  const rows = await trx
    .selectFrom("inputs")
    .innerJoin("anchors", "anchors.input_id", "inputs.id")
    .leftJoin("decision_inputs", "decision_inputs.input_id", "inputs.id")
    .select(["inputs.id", "anchors.document_id", ...ANCHOR_COLUMNS])
    .where("anchors.document_id", "in", [...byDocument.keys()])
    .where("inputs.status", "in", OPEN)
    .where("decision_inputs.input_id", "is", null)
    .orderBy("inputs.seq")
    .execute();
  const told = await lastTold(trx, [...byDocument.keys()]);
  for (const row of rows) {
    const anchor = anchorOf(row);
    const draft = byDocument.get(row.document_id);
    if (!anchor || !draft) continue;
    const { doc, index } = draft;
    const found = resolve(doc, index, anchor);
    const exact = "text" in found && found.text === anchor.quote && anchor.quote !== "";
    const again = exact ? createAnchor(doc, found, anchor.scope, index) : null;
    if (again && !sameAnchor(again, anchor))
      await trx
        .updateTable("anchors")
        .set({
          start_pos: Buffer.from(again.startPos),
          end_pos: Buffer.from(again.endPos),
          block_id: again.blockId,
          prefix: again.prefix,
          suffix: again.suffix,
        })
        .where("input_id", "=", row.id)
        .execute();
    const blockId = "text" in found ? found.start.blockId : null;
    if (found.status === "exact" || (exact && blockId === anchor.blockId)) continue;
    const action = !("text" in found) ? "lost" : exact ? "moved" : "placed";
    const event = {
      input_id: row.id,
      action,
      from_quote: anchor.quote,
      to_quote: "text" in found ? found.text : "",
      block_id: blockId,
    };
    const last = told.get(row.id);
    if (last?.action === action && last.to_quote === event.to_quote && last.block_id === blockId)
      continue;
    await trx
      .insertInto("anchor_events")
      .values({ ...event, person_id: null, version_id: versionId, at: at.toISOString() })
      .execute();
  }
}

type Words = NonNullable<ReturnType<typeof anchorOf>>;

function sameAnchor(a: Words, b: Words): boolean {
  return (
    a.blockId === b.blockId &&
    a.prefix === b.prefix &&
    a.suffix === b.suffix &&
    Buffer.compare(a.startPos, b.startPos) === 0 &&
    Buffer.compare(a.endPos, b.endPos) === 0
  );
}

/** What was said last of each anchor in these drafts. */
async function lastTold(trx: Transaction<Database>, documentIds: string[]) {
  const events = await trx
    .selectFrom("anchor_events")
    .innerJoin("anchors", "anchors.input_id", "anchor_events.input_id")
    .select([
      "anchor_events.input_id",
      "anchor_events.action",
      "anchor_events.to_quote",
      "anchor_events.block_id",
    ])
    .where("anchors.document_id", "in", documentIds)
    .orderBy("anchor_events.seq")
    .execute();
  return new Map(events.map((event) => [event.input_id, event]));
}
