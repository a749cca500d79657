import { type Kysely, sql } from "kysely";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import type { Channel } from "../inputs/inputs.ts";
import { isPublic } from "../inputs/inputs.ts";
import { authorNames, SUGGESTION_COLUMNS } from "../inputs/suggested.server.ts";
import { type Suggested, suggestedOf } from "../inputs/suggested.ts";
import { type Undone, undosOf } from "../inputs/undone.server.ts";
import { excerptOf, pattern } from "../moderation/queue.server.ts";
import { requireRole } from "../people/people.server.ts";
import type { Actor, Person } from "../people/people.ts";
import {
  type DecidedFilter,
  type DecidedKind,
  type Outcome,
  PAGE_SIZE,
  type ToDecideFilter,
} from "./decisions.ts";

const EXCERPT_READ = 400;

export type ToDecideItem = {
  id: string;
  seq: number;
  kind: DecidedKind;
  excerpt: string;
  /** The module's title in its languages; null for the whole curriculum. */
  module: string | null;
  language: string;
  channel: Channel;
  submittedAt: string;
  supports: number;
  replies: number;
  /** What it changes, where it isn't only words, and the workshop it comes from. */
  change: Pick<Suggested, "kind" | "details"> | null;
  workshop: string | null;
  /** The text has moved on since this was suggested. */
  conflict: boolean;
  /** False for what this trainer moderated. */
  mine: boolean;
};

/**
 * What waits for a decision, for the curriculum's trainers: approved, undecided, no replies; oldest
 * first. Cost: two queries by the index `inputs_queue`.
 */
export async function toDecide(
  ctx: AppContext,
  actor: Actor,
  curriculumId: string,
  filter: ToDecideFilter,
): Promise<{ items: ToDecideItem[]; total: number; next: number | null }> {
  const trainer = requireRole(actor, "trainer", curriculumId);
  const waiting = undecided(ctx.db, trainer, curriculumId, filter);
  const page =
    filter.after === undefined ? waiting : waiting.where("inputs.seq", ">", filter.after);
  const [rows, total] = await Promise.all([
    page
      .leftJoin("modules", "modules.id", "inputs.module_id")
      .leftJoin("suggestions", "suggestions.input_id", "inputs.id")
      .leftJoin("workshops", "workshops.document_id", "suggestions.workshop_id")
      .select([
        "inputs.id",
        "inputs.seq",
        "inputs.kind",
        "inputs.language",
        "inputs.channel",
        "inputs.submitted_at",
        "modules.title",
        "suggestions.status as suggestion_status",
        ...SUGGESTION_COLUMNS,
        sql<string>`substr(inputs.body, 1, ${sql.lit(EXCERPT_READ)})`.as("body"),
      ])
      .select(({ selectFrom }) => [
        selectFrom("supports")
          .select(({ fn }) => fn.countAll().as("n"))
          .whereRef("supports.input_id", "=", "inputs.id")
          .as("supports"),
        selectFrom("inputs as replies")
          .select(({ fn }) => fn.countAll().as("n"))
          .whereRef("replies.parent_id", "=", "inputs.id")
          .where("replies.status", "=", "approved")
          .as("replies"),
        selectFrom("moderation_events")
          .select(({ fn }) => fn.countAll().as("n"))
          .whereRef("moderation_events.input_id", "=", "inputs.id")
          .where("moderator_id", "=", trainer.personId)
          .as("moderated"),
      ])
      .orderBy("inputs.seq")
      .limit(PAGE_SIZE + 1)
      .execute(),
    waiting.select(({ fn }) => fn.countAll().as("n")).executeTakeFirstOrThrow(),
  ]);
  const shown = rows.slice(0, PAGE_SIZE);
  return {
    items: shown.map((row) => ({
      id: row.id,
      seq: Number(row.seq),
      kind: row.kind as DecidedKind,
      excerpt: excerptOf(row.body),
      module: row.title,
      language: row.language,
      channel: row.channel as Channel,
      submittedAt: row.submitted_at,
      supports: Number(row.supports),
      replies: Number(row.replies),
      change: suggestedOf(row),
      workshop: row.workshop_title,
      conflict: row.suggestion_status === "conflict",
      mine: Number(row.moderated) === 0,
    })),
    total: Number(total.n),
    next: rows.length > PAGE_SIZE ? Number(shown.at(-1)?.seq) : null,
  };
}

/** The next input this trainer may decide on: after this one, else the first. Null when none is left. */
export async function nextToDecide(
  ctx: AppContext,
  trainer: Person,
  curriculumId: string,
  filter: ToDecideFilter,
  seq: number,
): Promise<string | null> {
  const waiting = undecided(ctx.db, trainer, curriculumId, { ...filter, mine: "1" });
  for (const from of [seq, 0]) {
    const row = await waiting
      .select("inputs.id")
      .where("inputs.seq", ">", from)
      .where("inputs.seq", "<>", seq)
      .orderBy("inputs.seq")
      .limit(1)
      .executeTakeFirst();
    if (row) return row.id;
  }
  return null;
}

function undecided(
  db: Kysely<Database>,
  trainer: Person,
  curriculumId: string,
  { kind, module, mine, q }: ToDecideFilter,
) {
  let query = db
    .selectFrom("inputs")
    .where("inputs.curriculum_id", "=", curriculumId)
    .where("inputs.status", "=", "approved")
    .where("inputs.parent_id", "is", null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("decision_inputs")
            .select("decision_id")
            .whereRef("decision_inputs.input_id", "=", "inputs.id"),
        ),
      ),
    );
  if (kind) query = query.where("inputs.kind", "=", kind);
  if (module)
    query = query.where("inputs.module_id", "in", ({ selectFrom }) =>
      selectFrom("modules")
        .select("modules.id")
        .where("modules.curriculum_id", "=", curriculumId)
        .where("modules.slug", "=", module),
    );
  if (mine)
    query = query.where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("moderation_events")
            .select("seq")
            .whereRef("moderation_events.input_id", "=", "inputs.id")
            .where("moderator_id", "=", trainer.personId),
        ),
      ),
    );
  if (q) query = query.where(sql<boolean>`lower(inputs.body) like ${pattern(q)} escape '\\'`);
  return query;
}

export type DecidedItem = {
  id: string;
  outcome: Outcome;
  reason: string;
  at: string;
  decidedBy: string;
  before: string | null;
  after: string | null;
  /** The version that carries it; null until one is published. */
  version: number | null;
  /** How it was taken back; null when it wasn't. */
  undone: Undone | null;
  inputs: {
    id: string;
    kind: DecidedKind;
    /** Null when its author withdrew it since. */
    excerpt: string | null;
    name: string | null;
    language: string;
    module: string | null;
    change: Suggested | null;
  }[];
};

/**
 * What was decided, newest first, for everybody who may read the curriculum: the caller has checked
 * that. At most five queries.
 */
export async function decisionsOf(
  db: Kysely<Database>,
  curriculumId: string,
  filter: DecidedFilter = {},
): Promise<{ items: DecidedItem[]; total: number; next: string | null }> {
  const { outcome, kind, module, q, before } = filter;
  let decided = db.selectFrom("decisions").where("decisions.curriculum_id", "=", curriculumId);
  if (outcome) decided = decided.where("decisions.outcome", "=", outcome);
  if (kind || module || q)
    decided = decided.where("decisions.id", "in", ({ selectFrom }) => {
      let inputs = selectFrom("decision_inputs")
        .innerJoin("inputs", "inputs.id", "decision_inputs.input_id")
        .leftJoin("modules", "modules.id", "inputs.module_id")
        .select("decision_inputs.decision_id")
        .where("inputs.curriculum_id", "=", curriculumId);
      if (kind) inputs = inputs.where("inputs.kind", "=", kind);
      if (module) inputs = inputs.where("modules.slug", "=", module);
      if (q)
        inputs = inputs
          .where("inputs.status", "=", "approved")
          .where(sql<boolean>`lower(inputs.body) like ${pattern(q)} escape '\\'`);
      return inputs;
    });
  const [rows, total] = await Promise.all([
    (before ? decided.where("decisions.id", "<", before) : decided)
      .innerJoin("people", "people.id", "decisions.decided_by")
      .leftJoin("versions", "versions.id", "decisions.version_id")
      .select([
        "decisions.id",
        "decisions.outcome",
        "decisions.reason",
        "decisions.at",
        "decisions.before_text",
        "decisions.after_text",
        "people.name",
        "versions.n",
      ])
      .orderBy("decisions.id", "desc")
      .limit(PAGE_SIZE + 1)
      .execute(),
    decided.select(({ fn }) => fn.countAll().as("n")).executeTakeFirstOrThrow(),
  ]);
  const shown = rows.slice(0, PAGE_SIZE);
  const ids = shown.map(({ id }) => id);
  const [inputs, undos] = await Promise.all([inputsOf(db, ids), undosOf(db, ids)]);
  const authors = await authorNames(
    db,
    inputs.flatMap(({ id, workshop_id }) => (workshop_id ? [id] : [])),
  );
  return {
    items: shown.map((row) => ({
      id: row.id,
      outcome: row.outcome as Outcome,
      reason: row.reason,
      at: row.at,
      decidedBy: row.name,
      before: row.before_text,
      after: row.after_text,
      version: row.n === null ? null : Number(row.n),
      undone: undos.get(row.id) ?? null,
      inputs: inputs
        .filter(({ decision_id }) => decision_id === row.id)
        .map((input) => ({
          id: input.id,
          kind: input.kind as DecidedKind,
          excerpt: isPublic(input.status) ? excerptOf(input.body) : null,
          name: isPublic(input.status) ? input.name : null,
          language: input.language,
          module: input.title,
          change: isPublic(input.status) ? suggestedOf(input, authors.get(input.id)) : null,
        })),
    })),
    total: Number(total.n),
    next: rows.length > PAGE_SIZE ? (shown.at(-1)?.id ?? null) : null,
  };
}

async function inputsOf(db: Kysely<Database>, decisionIds: string[]) {
  if (decisionIds.length === 0) return [];
  return db
    .selectFrom("decision_inputs")
    .innerJoin("inputs", "inputs.id", "decision_inputs.input_id")
    .leftJoin("modules", "modules.id", "inputs.module_id")
    .leftJoin("suggestions", "suggestions.input_id", "inputs.id")
    .leftJoin("workshops", "workshops.document_id", "suggestions.workshop_id")
    .select([
      "decision_inputs.decision_id",
      "inputs.id",
      "inputs.kind",
      "inputs.status",
      "inputs.name",
      "inputs.language",
      "modules.title",
      ...SUGGESTION_COLUMNS,
      sql<string>`substr(inputs.body, 1, ${sql.lit(EXCERPT_READ)})`.as("body"),
    ])
    .where("decision_inputs.decision_id", "in", decisionIds)
    .orderBy("inputs.seq")
    .execute();
}

/** The outcome of an input that was decided on in this curriculum; null when it wasn't. */
export async function justDecided(
  db: Kysely<Database>,
  curriculumId: string,
  inputId: string,
): Promise<{ inputId: string; outcome: Outcome } | null> {
  const row = await db
    .selectFrom("decision_inputs")
    .innerJoin("decisions", "decisions.id", "decision_inputs.decision_id")
    .select("decisions.outcome")
    .where("decision_inputs.input_id", "=", inputId)
    .where("decisions.curriculum_id", "=", curriculumId)
    .executeTakeFirst();
  return row ? { inputId, outcome: row.outcome as Outcome } : null;
}
