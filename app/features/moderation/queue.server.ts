import { type Kysely, sql } from "kysely";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { diffWords } from "../../document/words.ts";
import { NotFound } from "../../errors.ts";
import type { Channel, Kind, Status } from "../inputs/inputs.ts";
import { authorNames, SUGGESTION_COLUMNS } from "../inputs/suggested.server.ts";
import { suggestedOf } from "../inputs/suggested.ts";
import { requireRole } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import {
  type Action,
  mayModerate,
  oldestFirst,
  PAGE_SIZE,
  QUEUE_STATUSES,
  type QueueFilter,
  type QueueStatus,
} from "./moderation.ts";

const EXCERPT = 160;

export type QueueItem = {
  id: string;
  seq: number;
  kind: Kind;
  /** The first words, on one line. */
  excerpt: string;
  /** The module's title in its languages; null for the whole curriculum. */
  module: string | null;
  language: string;
  channel: Channel;
  submittedAt: string;
};

/**
 * One page of the queue, for its moderators. `counts` are of each status over the whole curriculum,
 * `total` of everything the filter lets through, `next` where the next page starts. Cost: three
 * queries, each by the index `inputs_queue`.
 */
export async function queue(
  ctx: AppContext,
  actor: Actor,
  curriculumId: string,
  filter: QueueFilter,
): Promise<{
  items: QueueItem[];
  total: number;
  next: number | null;
  counts: Record<QueueStatus, number>;
}> {
  requireRole(actor, "moderator", curriculumId);
  const matching = filtered(ctx.db, curriculumId, filter);
  const [rows, total, counted] = await Promise.all([
    inOrder(matching, filter, filter.after)
      .leftJoin("modules", "modules.id", "inputs.module_id")
      .leftJoin("suggestions", "suggestions.input_id", "inputs.id")
      .select([
        "inputs.id",
        "inputs.seq",
        "inputs.kind",
        "inputs.language",
        "inputs.channel",
        "inputs.submitted_at",
        "modules.title",
        sql<string>`substr(inputs.body, 1, ${sql.lit(EXCERPT * 2)})`.as("body"),
        sql<string | null>`substr(suggestions.proposed_text, 1, ${sql.lit(EXCERPT * 2)})`.as(
          "proposed",
        ),
      ])
      .limit(PAGE_SIZE + 1)
      .execute(),
    matching.select(({ fn }) => fn.countAll().as("n")).executeTakeFirstOrThrow(),
    ctx.db
      .selectFrom("inputs")
      .select(["status", ({ fn }) => fn.countAll().as("n")])
      .where("curriculum_id", "=", curriculumId)
      .groupBy("status")
      .execute(),
  ]);
  const shown = rows.slice(0, PAGE_SIZE);
  return {
    items: shown.map((row) => ({
      id: row.id,
      seq: Number(row.seq),
      kind: row.kind as Kind,
      excerpt: excerptOf(row.body || row.proposed || ""),
      module: row.title,
      language: row.language,
      channel: row.channel as Channel,
      submittedAt: row.submitted_at,
    })),
    total: Number(total.n),
    next: rows.length > PAGE_SIZE ? Number(shown.at(-1)?.seq) : null,
    counts: Object.fromEntries(
      QUEUE_STATUSES.map((status) => [
        status,
        Number(counted.find((row) => row.status === status)?.n ?? 0),
      ]),
    ) as Record<QueueStatus, number>,
  };
}

/**
 * Whom to look at once the input at `seq` is dealt with: the one after it in the list, else the
 * first that is left. Null when nothing is.
 */
export async function nextInQueue(
  ctx: AppContext,
  curriculumId: string,
  filter: QueueFilter,
  seq: number,
): Promise<string | null> {
  const matching = filtered(ctx.db, curriculumId, filter);
  for (const from of [seq, undefined]) {
    const row = await inOrder(matching, filter, from)
      .select("inputs.id")
      .where("inputs.seq", "<>", seq)
      .limit(1)
      .executeTakeFirst();
    if (row) return row.id;
  }
  return null;
}

/** The languages that input to this curriculum came in, for the filter. */
export async function languagesOf(ctx: AppContext, curriculumId: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom("inputs")
    .select("language")
    .distinct()
    .where("curriculum_id", "=", curriculumId)
    .orderBy("language")
    .execute();
  return rows.map(({ language }) => language);
}

function filtered(db: Kysely<Database>, curriculumId: string, filter: QueueFilter) {
  let query = db
    .selectFrom("inputs")
    .where("inputs.curriculum_id", "=", curriculumId)
    .where("inputs.status", "=", filter.status);
  if (filter.kind) query = query.where("inputs.kind", "=", filter.kind);
  if (filter.language) query = query.where("inputs.language", "=", filter.language);
  if (filter.module)
    query = query.where("inputs.module_id", "=", ({ selectFrom }) =>
      selectFrom("modules")
        .select("modules.id")
        .where("modules.curriculum_id", "=", curriculumId)
        .where("modules.slug", "=", filter.module as string),
    );
  if (filter.q)
    query = query.where(sql<boolean>`lower(inputs.body) like ${pattern(filter.q)} escape '\\'`);
  return query;
}

function inOrder(
  query: ReturnType<typeof filtered>,
  { status }: QueueFilter,
  from: number | undefined,
) {
  const ascending = oldestFirst(status);
  const ordered = query.orderBy("inputs.seq", ascending ? "asc" : "desc");
  return from === undefined ? ordered : ordered.where("inputs.seq", ascending ? ">" : "<", from);
}

/** A search for these very words, whatever their case. */
export function pattern(words: string): string {
  return `%${words.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
}

/** The first words of a text on one line, cut at a word. */
export function excerptOf(text: string, max = EXCERPT): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= max) return line;
  return `${line.slice(0, max).replace(/\s\S*$/, "")}…`;
}

export type InputInQueue = Awaited<ReturnType<typeof inputInQueue>>;

/**
 * Everything a moderator needs to judge an input, and nothing that says who wrote it but the name
 * they chose. Throws NotFound for an input of a curriculum the actor doesn't moderate.
 */
export async function inputInQueue(ctx: AppContext, actor: Actor, inputId: string) {
  const row = await ctx.db
    .selectFrom("inputs")
    .leftJoin("modules", "modules.id", "inputs.module_id")
    .leftJoin("anchors", "anchors.input_id", "inputs.id")
    .leftJoin("suggestions", "suggestions.input_id", "inputs.id")
    .leftJoin("workshops", "workshops.document_id", "suggestions.workshop_id")
    .leftJoin("inputs as parents", "parents.id", "inputs.parent_id")
    .leftJoin("decision_inputs", "decision_inputs.input_id", "inputs.id")
    .select([
      "inputs.id",
      "inputs.seq",
      "inputs.kind",
      "inputs.status",
      "inputs.curriculum_id",
      "inputs.channel",
      "inputs.language",
      "inputs.body",
      "inputs.name",
      "inputs.submitted_at",
      "modules.title as module_title",
      "modules.slug as module_slug",
      "anchors.scope",
      "anchors.quote",
      "anchors.prefix",
      "anchors.suffix",
      ...SUGGESTION_COLUMNS,
      "parents.body as parent_body",
      "parents.name as parent_name",
      "parents.status as parent_status",
      "decision_inputs.decision_id",
    ])
    .where("inputs.id", "=", inputId)
    .executeTakeFirst();
  if (!row || !mayModerate(actor, row.curriculum_id) || row.status === "withdrawn")
    throw new NotFound("moderation:notFound");
  const history = await ctx.db
    .selectFrom("moderation_events")
    .innerJoin("people", "people.id", "moderation_events.moderator_id")
    .select(["seq", "action", "to_status", "reason_code", "reason", "people.name", "at"])
    .where("input_id", "=", inputId)
    .orderBy("seq")
    .execute();
  const authors = row.workshop_id ? await authorNames(ctx.db, [inputId]) : new Map();
  const suggestion = suggestedOf(row, authors.get(inputId));
  return {
    id: row.id,
    seq: Number(row.seq),
    kind: row.kind as Kind,
    status: row.status as Status,
    channel: row.channel as Channel,
    language: row.language,
    body: row.body,
    name: row.name,
    submittedAt: row.submitted_at,
    module:
      row.module_slug && row.module_title
        ? { slug: row.module_slug, title: row.module_title }
        : null,
    passage:
      row.quote === null
        ? null
        : {
            scope: row.scope,
            quote: row.quote,
            prefix: row.prefix ?? "",
            suffix: row.suffix ?? "",
          },
    suggestion: suggestion && {
      ...suggestion,
      changes: diffWords(suggestion.base, suggestion.proposed),
    },
    parent:
      row.parent_body === null
        ? null
        : { body: row.parent_body, name: row.parent_name, status: row.parent_status as Status },
    decided: row.decision_id !== null,
    history: history.map((event) => ({
      seq: Number(event.seq),
      action: event.action as Action | "undo",
      toStatus: event.to_status as Status,
      reasonCode: event.reason_code,
      reason: event.reason,
      moderator: event.name,
      at: event.at,
    })),
  };
}
