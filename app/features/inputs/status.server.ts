import type { Kysely } from "kysely";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { curriculumBySlug } from "../curricula/curricula.server.ts";
import type { Actor } from "../people/people.ts";
import { openRoundOf, openRoundsOf } from "../rounds/rounds.server.ts";
import { supporterKey } from "./inputs.server.ts";
import { isPublic, type Kind, type Status } from "./inputs.ts";
import { reasonsOf, type Stub } from "./reading.server.ts";
import { authorNames, SUGGESTION_COLUMNS } from "./suggested.server.ts";
import { type Suggested, suggestedOf } from "./suggested.ts";
import { type Undone, undosOf } from "./undone.server.ts";

/** What became of an input, as far as the text is concerned. */
export type Outcome = {
  outcome: string;
  reason: string;
  at: string;
  /** How the passage read before and after; null when the decision changed no text. */
  before: string | null;
  after: string | null;
  blockId: string | null;
  language: string | null;
  version: { n: number; at: string } | null;
  /** How it was taken back; null when it wasn't. */
  undone: Undone | null;
};

export type Step = {
  status: Status;
  at: string;
  reason: { code: string | null; words: string } | null;
};

export type About = {
  curriculum: { slug: string; title: string };
  module: { slug: string; title: string } | null;
};

type Said = {
  body: string;
  name: string | null;
  language: string;
  passage: { quote: string; blockId: string; language: string } | null;
  suggestion: Suggested | null;
};

export type Reply = {
  id: string;
  body: string;
  name: string | null;
  language: string;
  submittedAt: string;
};

export type InputPage = About & {
  id: string;
  curriculumId: string;
  moduleId: string | null;
  kind: Kind;
  status: Status;
  submittedAt: string;
  parentId: string | null;
  /** Null while the input isn't public: then there is no more to see than the stub. */
  said: Said | null;
  reason: Stub["reason"];
  replies: Reply[];
  hiddenReplies: number;
  supports: number;
  supported: boolean;
  decision: Outcome | null;
};

/**
 * One input as everybody may see it. Throws NotFound for an unknown one and for one of a
 * curriculum this actor can't read. At most seven queries.
 */
export async function inputForPage(ctx: AppContext, actor: Actor, id: string): Promise<InputPage> {
  const row = await rowOf(ctx.db).where("inputs.id", "=", id).executeTakeFirst();
  if (!row || row.status === "withdrawn") throw new NotFound("inputs:errors.notFound");
  await curriculumBySlug(ctx.db, actor, row.curriculum_slug);
  const stub = {
    ...aboutOf(row),
    id: row.id,
    curriculumId: row.curriculum_id,
    moduleId: row.module_id,
    kind: row.kind as Kind,
    status: row.status as Status,
    submittedAt: row.submitted_at,
    parentId: row.parent_id,
  };
  if (!isPublic(row.status)) {
    const reasons = row.status === "rejected" ? await reasonsOf(ctx.db, [id]) : new Map();
    return {
      ...stub,
      said: null,
      reason: reasons.get(id) ?? null,
      replies: [],
      hiddenReplies: 0,
      supports: 0,
      supported: false,
      decision: null,
    };
  }
  const [replies, supporters, decision, authors] = await Promise.all([
    ctx.db
      .selectFrom("inputs")
      .select(["id", "body", "name", "language", "submitted_at", "status"])
      .where("parent_id", "=", id)
      .where("status", "<>", "withdrawn")
      .orderBy("seq")
      .execute(),
    ctx.db.selectFrom("supports").select("supporter_key").where("input_id", "=", id).execute(),
    decisionOn(ctx.db, id),
    authorsOf(ctx.db, row),
  ]);
  const key = supporterKey(ctx, actor, row.curriculum_id);
  return {
    ...stub,
    said: saidIn(row, authors),
    reason: null,
    replies: replies
      .filter(({ status }) => isPublic(status))
      .map(({ submitted_at, status: _public, ...reply }) => ({
        ...reply,
        submittedAt: submitted_at,
      })),
    hiddenReplies: replies.filter(({ status }) => !isPublic(status)).length,
    supports: supporters.length,
    supported: supporters.some(({ supporter_key }) => supporter_key === key),
    decision,
  };
}

/** True while replies are taken: what it is about is in an open round. */
export async function isOpenFor(
  ctx: AppContext,
  { curriculumId, moduleId }: Pick<InputPage, "curriculumId" | "moduleId">,
): Promise<boolean> {
  const now = ctx.clock();
  if (moduleId) return (await openRoundOf(ctx.db, moduleId, now)) !== null;
  return (await openRoundsOf(ctx.db, curriculumId, now)).length > 0;
}

export type ReceiptPage = About & {
  id: string;
  receipt: string;
  kind: Kind;
  status: Status;
  submittedAt: string;
  channel: string;
  parentId: string | null;
  /** The holder of a receipt may read the words whatever their status: they are their own. */
  said: Said;
  steps: Step[];
  decision: Outcome | null;
};

/** Everything that happened to the input with this receipt. Throws NotFound. Three queries. */
export async function inputByReceipt(ctx: AppContext, code: string): Promise<ReceiptPage> {
  const row = await rowOf(ctx.db).where("inputs.receipt", "=", code).executeTakeFirst();
  if (!row) throw new NotFound("inputs:errors.noReceipt");
  const [steps, decision, authors] = await Promise.all([
    stepsOf(ctx.db, row.id),
    decisionOn(ctx.db, row.id),
    authorsOf(ctx.db, row),
  ]);
  return {
    ...aboutOf(row),
    id: row.id,
    receipt: row.receipt,
    kind: row.kind as Kind,
    status: row.status as Status,
    submittedAt: row.submitted_at,
    channel: row.channel,
    parentId: row.parent_id,
    said: saidIn(row, authors),
    steps,
    decision,
  };
}

/** The moderation of an input as its author is told it: what a moderator took back is left out. */
async function stepsOf(db: Kysely<Database>, inputId: string): Promise<Step[]> {
  const events = await db
    .selectFrom("moderation_events")
    .select(["action", "to_status", "reason_code", "reason", "at"])
    .where("input_id", "=", inputId)
    .orderBy("seq")
    .execute();
  const steps: Step[] = [];
  for (const event of events) {
    if (event.action === "undo") steps.pop();
    else
      steps.push({
        status: event.to_status as Status,
        at: event.at,
        reason:
          event.reason_code || event.reason
            ? { code: event.reason_code, words: event.reason }
            : null,
      });
  }
  return steps;
}

async function decisionOn(db: Kysely<Database>, inputId: string): Promise<Outcome | null> {
  const row = await db
    .selectFrom("decision_inputs")
    .innerJoin("decisions", "decisions.id", "decision_inputs.decision_id")
    .leftJoin("versions", "versions.id", "decisions.version_id")
    .leftJoin("documents", "documents.id", "decisions.document_id")
    .select([
      "decisions.id",
      "decisions.outcome",
      "decisions.reason",
      "decisions.at",
      "decisions.before_text",
      "decisions.after_text",
      "decisions.block_id",
      "documents.language",
      "versions.n",
      "versions.at as published_at",
    ])
    .where("decision_inputs.input_id", "=", inputId)
    .executeTakeFirst();
  if (!row) return null;
  return {
    outcome: row.outcome,
    reason: row.reason,
    at: row.at,
    before: row.before_text,
    after: row.after_text,
    blockId: row.block_id,
    language: row.language,
    version: row.n !== null && row.published_at ? { n: row.n, at: row.published_at } : null,
    undone: (await undosOf(db, [row.id])).get(row.id) ?? null,
  };
}

function rowOf(db: Kysely<Database>) {
  return db
    .selectFrom("inputs")
    .innerJoin("curricula", "curricula.id", "inputs.curriculum_id")
    .leftJoin("modules", "modules.id", "inputs.module_id")
    .leftJoin("anchors", "anchors.input_id", "inputs.id")
    .leftJoin("documents", "documents.id", "anchors.document_id")
    .leftJoin("suggestions", "suggestions.input_id", "inputs.id")
    .leftJoin("workshops", "workshops.document_id", "suggestions.workshop_id")
    .select([
      "inputs.id",
      "inputs.receipt",
      "inputs.kind",
      "inputs.status",
      "inputs.parent_id",
      "inputs.curriculum_id",
      "inputs.module_id",
      "inputs.channel",
      "inputs.language",
      "inputs.body",
      "inputs.name",
      "inputs.submitted_at",
      "curricula.slug as curriculum_slug",
      "curricula.title as curriculum_title",
      "modules.slug as module_slug",
      "modules.title as module_title",
      "anchors.quote",
      "anchors.block_id",
      "documents.language as text_language",
      ...SUGGESTION_COLUMNS,
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof rowOf>["executeTakeFirstOrThrow"]>>;

function aboutOf(row: Row): About {
  return {
    curriculum: { slug: row.curriculum_slug, title: row.curriculum_title },
    module:
      row.module_slug !== null && row.module_title !== null
        ? { slug: row.module_slug, title: row.module_title }
        : null,
  };
}

async function authorsOf(db: Kysely<Database>, row: Row): Promise<string[]> {
  if (row.workshop_id === null) return [];
  return (await authorNames(db, [row.id])).get(row.id) ?? [];
}

function saidIn(row: Row, authors: string[]): Said {
  return {
    body: row.body,
    name: row.name,
    language: row.language,
    passage:
      row.quote !== null && row.block_id !== null && row.text_language !== null
        ? { quote: row.quote, blockId: row.block_id, language: row.text_language }
        : null,
    suggestion: suggestedOf(row, authors),
  };
}
