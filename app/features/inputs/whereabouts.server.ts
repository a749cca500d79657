import type { Kysely } from "kysely";
import type { Database } from "#db/schema.ts";
import type { AppContext, RequestContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { type Doubt, doubtOf, searched } from "./doubtful.server.ts";
import { ANCHOR_COLUMNS, anchorOf } from "./passages.server.ts";
import { parseReceipt } from "./receipts.ts";
import { repairableByAuthor } from "./repair.server.ts";

/** What became of an input's place. */
export type PlaceEvent = {
  seq: number;
  action: "confirmed" | "moved" | "placed" | "lost";
  at: string;
  from: string;
  to: string;
  blockId: string | null;
  /** The trainer who settled it, by chosen name; null for its author and for a version. */
  trainer: string | null;
  version: number | null;
};

/** Where an input stands, as its author is told. */
export type Whereabouts = {
  events: PlaceEvent[];
  /** The language of the draft it points at, or pointed at. */
  language: string;
  rev: number;
  /** What its author may settle now. */
  open: { type: "doubtful"; doubt: Doubt } | { type: "nowhere" } | null;
};

const SETTLED = ["rejected", "withdrawn"];

/**
 * What became of the place of an input, and whether it is doubtful in the draft as it stands. For
 * whoever may read its receipt: the caller has looked that up. Two queries and a cached read.
 */
export async function whereaboutsOf(ctx: AppContext, inputId: string): Promise<Whereabouts> {
  const row = await ctx.db
    .selectFrom("inputs")
    .innerJoin("modules", "modules.id", "inputs.module_id")
    .leftJoin("anchors", "anchors.input_id", "inputs.id")
    .leftJoin("documents", "documents.id", "anchors.document_id")
    .leftJoin("decision_inputs", "decision_inputs.input_id", "inputs.id")
    .select([
      "inputs.status",
      "modules.language as leading",
      "documents.id as document_id",
      "documents.language",
      "decision_inputs.decision_id",
      ...ANCHOR_COLUMNS,
    ])
    .where("inputs.id", "=", inputId)
    .where("inputs.kind", "<>", "reply")
    .executeTakeFirst();
  const events = row ? await eventsOf(ctx.db, inputId) : [];
  return {
    events,
    language: row?.language ?? row?.leading ?? "en",
    rev: events.at(-1)?.seq ?? 0,
    open:
      row && row.decision_id === null && !SETTLED.includes(row.status)
        ? await openQuestion(ctx, row, events)
        : null,
  };
}

type Row = Parameters<typeof anchorOf>[0] & { document_id: string | null };

async function openQuestion(
  ctx: AppContext,
  row: Row,
  events: readonly PlaceEvent[],
): Promise<Whereabouts["open"]> {
  const anchor = anchorOf(row);
  if (anchor && row.document_id) {
    const doubt = doubtOf(searched(await ctx.collab.read(row.document_id)), anchor);
    return doubt && { type: "doubtful", doubt };
  }
  return events.length > 0 ? { type: "nowhere" } : null;
}

async function eventsOf(db: Kysely<Database>, inputId: string): Promise<PlaceEvent[]> {
  const rows = await db
    .selectFrom("anchor_events")
    .leftJoin("people", "people.id", "anchor_events.person_id")
    .leftJoin("versions", "versions.id", "anchor_events.version_id")
    .select([
      "anchor_events.seq",
      "anchor_events.action",
      "anchor_events.at",
      "anchor_events.from_quote",
      "anchor_events.to_quote",
      "anchor_events.block_id",
      "people.name",
      "versions.n",
    ])
    .where("anchor_events.input_id", "=", inputId)
    .orderBy("anchor_events.seq")
    .execute();
  return rows.map((row) => ({
    seq: Number(row.seq),
    action: row.action as PlaceEvent["action"],
    at: row.at,
    from: row.from_quote,
    to: row.to_quote,
    blockId: row.block_id,
    trainer: row.name,
    version: row.n === null ? null : Number(row.n),
  }));
}

/** The input whose receipt is in an address: whoever has the code may settle its place. Throws NotFound. */
export async function withReceipt(ctx: RequestContext, typed = "") {
  const code = parseReceipt(typed);
  if (!code) throw new NotFound("inputs:errors.noReceipt");
  const input = await repairableByAuthor(ctx, code).catch(async (error) => {
    // Only misses count, as on the receipt's own page.
    await ctx.limits.hit("receipt", ctx.clientKey);
    throw error;
  });
  return { input, code };
}
