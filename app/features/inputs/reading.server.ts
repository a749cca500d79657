import type { Kysely } from "kysely";
import type { Database } from "#db/schema.ts";
import type { AppContext, DocView } from "../../context.ts";
import { resolve, type TextIndex, textIndex } from "../../document/anchors.ts";
import type { Actor } from "../people/people.ts";
import { supporterKey } from "./inputs.server.ts";
import { isPublic, type Kind, PUBLIC, type Status } from "./inputs.ts";
import { ANCHOR_COLUMNS, anchorOf } from "./passages.server.ts";
import { authorNames, SUGGESTION_COLUMNS } from "./suggested.server.ts";
import { type Suggested, suggestedOf } from "./suggested.ts";

/** Where an input's passage is now. Offsets count in the text of `blockId`. */
export type Place = { scope: "passage" | "paragraph"; quote: string } & (
  | { status: "exact" | "moved" | "changed"; blockId: string; start: number; end: number }
  | { status: "ambiguous" | "gone" }
);

export type PublicInput = {
  id: string;
  kind: Kind;
  body: string;
  name: string | null;
  language: string;
  submittedAt: string;
  /** Null for the module as a whole. */
  place: Place | null;
  suggestion: Suggested | null;
  supports: number;
  supported: boolean;
  replies: number;
  outcome: string | null;
  /** What was adopted was taken back. */
  undone: boolean;
};

/** All that may be known of an input that isn't public. */
export type Stub = {
  id: string;
  kind: Kind;
  status: Status;
  submittedAt: string;
  reason: { code: string | null; words: string } | null;
};

export type Said = { inputs: PublicInput[]; stubs: Stub[] };

/**
 * What the reading page shows of the input on a draft: public ones with their passage found again
 * in the text as it stands, stubs of the others, in order of arrival. Input on the module as a
 * whole belongs to each of its drafts. Two queries; a quick look per anchor, some 10 ms for each
 * whose passage has to be searched for.
 */
export async function publicInputsOn(
  ctx: AppContext,
  actor: Actor,
  draft: { documentId: string; view: DocView; module: { id: string }; curriculum: { id: string } },
): Promise<Said> {
  const rows = await saidIn(ctx, actor, draft.curriculum.id)
    .where("inputs.module_id", "=", draft.module.id)
    .where((eb) =>
      eb.or([
        eb("inputs.document_id", "=", draft.documentId),
        eb("inputs.document_id", "is", null),
      ]),
    )
    .execute();
  const index = textIndex(draft.view.doc);
  return apart(ctx.db, rows, (row) => placeOf(draft.view, index, row));
}

/** The same of what is about the curriculum as a whole. Two queries. */
export async function publicInputsOnWhole(
  ctx: AppContext,
  actor: Actor,
  curriculumId: string,
): Promise<Said> {
  const rows = await saidIn(ctx, actor, curriculumId)
    .where("inputs.module_id", "is", null)
    .execute();
  return apart(ctx.db, rows, () => null);
}

/** The words nobody may see are read here and go no further than `apart`. */
function saidIn(ctx: AppContext, actor: Actor, curriculumId: string) {
  return ctx.db
    .selectFrom("inputs")
    .leftJoin("anchors", "anchors.input_id", "inputs.id")
    .leftJoin("suggestions", "suggestions.input_id", "inputs.id")
    .leftJoin("decision_inputs", "decision_inputs.input_id", "inputs.id")
    .leftJoin("decisions", "decisions.id", "decision_inputs.decision_id")
    .leftJoin("decision_undos", "decision_undos.decision_id", "decisions.id")
    .leftJoin("workshops", "workshops.document_id", "suggestions.workshop_id")
    .select([
      "inputs.id",
      "inputs.kind",
      "inputs.status",
      "inputs.body",
      "inputs.name",
      "inputs.language",
      "inputs.submitted_at",
      ...ANCHOR_COLUMNS,
      ...SUGGESTION_COLUMNS,
      "decisions.outcome",
      "decision_undos.decision_id as undone",
    ])
    .select((eb) => [
      eb
        .selectFrom("supports")
        .select(({ fn }) => fn.countAll().as("n"))
        .whereRef("supports.input_id", "=", "inputs.id")
        .as("supports"),
      eb
        .selectFrom("supports")
        .select(({ fn }) => fn.countAll().as("n"))
        .whereRef("supports.input_id", "=", "inputs.id")
        .where("supports.supporter_key", "=", supporterKey(ctx, actor, curriculumId) ?? "")
        .as("supported"),
      eb
        .selectFrom("inputs as replies")
        .select(({ fn }) => fn.countAll().as("n"))
        .whereRef("replies.parent_id", "=", "inputs.id")
        .where("replies.status", "=", PUBLIC)
        .as("replies"),
    ])
    .where("inputs.curriculum_id", "=", curriculumId)
    .where("inputs.kind", "<>", "reply")
    .where("inputs.status", "<>", "withdrawn")
    .orderBy("inputs.seq");
}

type Row = Awaited<ReturnType<ReturnType<typeof saidIn>["execute"]>>[number];

/** What is public from what is only a stub. */
async function apart(
  db: Kysely<Database>,
  rows: Row[],
  place: (row: Row) => Place | null,
): Promise<Said> {
  const shown = rows.filter(({ status }) => isPublic(status));
  const hidden = rows.filter(({ status }) => !isPublic(status));
  const [reasons, authors] = await Promise.all([
    reasonsOf(
      db,
      hidden.filter(({ status }) => status === "rejected").map(({ id }) => id),
    ),
    authorNames(
      db,
      shown.flatMap(({ id, workshop_id }) => (workshop_id ? [id] : [])),
    ),
  ]);
  return {
    inputs: shown.map((row) => ({
      id: row.id,
      kind: row.kind as Kind,
      body: row.body,
      name: row.name,
      language: row.language,
      submittedAt: row.submitted_at,
      place: place(row),
      suggestion: suggestedOf(row, authors.get(row.id)),
      supports: Number(row.supports),
      supported: Number(row.supported) > 0,
      replies: Number(row.replies),
      outcome: row.outcome,
      undone: row.undone !== null,
    })),
    stubs: hidden.map((row) => ({
      id: row.id,
      kind: row.kind as Kind,
      status: row.status as Status,
      submittedAt: row.submitted_at,
      reason: reasons.get(row.id) ?? null,
    })),
  };
}

function placeOf(view: DocView, index: TextIndex, row: Row): Place | null {
  const { scope, quote } = row;
  const anchor = anchorOf(row);
  if (!anchor || !scope || quote === null) return null;
  const found = resolve(view.doc, index, anchor);
  if (!("start" in found)) return { scope, quote, status: found.status };
  const { start, end } = found;
  // Words that run over the end of their paragraph are shown where they begin.
  const last =
    end.blockId === start.blockId
      ? end.offset
      : (index.byId.get(start.blockId)?.text.length ?? start.offset);
  return {
    scope,
    quote,
    status: found.status,
    blockId: start.blockId,
    start: start.offset,
    end: last,
  };
}

/** Why inputs were rejected, by their ids: the newest such event of each. */
export async function reasonsOf(
  db: Kysely<Database>,
  rejected: string[],
): Promise<Map<string, { code: string | null; words: string }>> {
  if (rejected.length === 0) return new Map();
  const events = await db
    .selectFrom("moderation_events")
    .select(["input_id", "reason_code", "reason"])
    .where("input_id", "in", rejected)
    .where("to_status", "=", "rejected")
    .orderBy("seq")
    .execute();
  return new Map(
    events.map((event) => [event.input_id, { code: event.reason_code, words: event.reason }]),
  );
}
