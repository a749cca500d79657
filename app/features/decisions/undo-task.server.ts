import * as Y from "yjs";
import type { AppContext } from "../../context.ts";
import { applyHunk } from "../../document/apply.ts";
import { readDoc } from "../../document/read.ts";
import { NotFound } from "../../errors.ts";
import { undosOf } from "../inputs/undone.server.ts";
import { requireRole } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { surroundings } from "./target.server.ts";
import { startingPoint } from "./three-way.ts";
import { adopted } from "./undo.server.ts";

/** Everything a trainer needs to take an adopted change back. */
export type UndoTask = Awaited<ReturnType<typeof undoTask>>;

/**
 * What taking the change adopted for an input back would do to the draft as it stands. Throws
 * NotFound for an input that has no decision, Forbidden for anybody but trainers, Conflict for a
 * decision that changed no text. Five queries, and a trial on a copy of the draft.
 */
export async function undoTask(ctx: AppContext, actor: Actor, inputId: string) {
  const row = await ctx.db
    .selectFrom("decision_inputs")
    .innerJoin("decisions", "decisions.id", "decision_inputs.decision_id")
    .innerJoin("people", "people.id", "decisions.decided_by")
    .leftJoin("documents", "documents.id", "decisions.document_id")
    .leftJoin("modules", "modules.id", "decisions.module_id")
    .select([
      "decisions.id",
      "decisions.curriculum_id",
      "decisions.reason",
      "decisions.at",
      "people.name",
      "documents.language",
      "modules.slug as module",
    ])
    .where("decision_inputs.input_id", "=", inputId)
    .executeTakeFirst();
  if (!row) throw new NotFound("decisions:notFound");
  requireRole(actor, "trainer", row.curriculum_id);
  const decision = await adopted(ctx, row.id);
  const view = await ctx.collab.read(decision.documentId);
  const place = decision.blockId ? surroundings(view.json, decision.blockId) : null;
  const undone = (await undosOf(ctx.db, [row.id])).get(row.id) ?? null;
  const current = place?.current ?? null;
  return {
    inputId,
    decisionId: row.id,
    by: row.name,
    at: row.at,
    reason: row.reason,
    language: row.language ?? "en",
    module: row.module,
    undone,
    place,
    /** The passage as it was adopted, and as it was before. */
    adopted: decision.after,
    before: decision.before,
    fit: undone ? null : fitOf(view.doc, decision),
    /** What composing starts from; null where there is no one passage to compose. */
    start: current === null ? null : startingPoint(decision.after, current, decision.before),
  };
}

/** `fits` with the passage as it would read; `already`; or `conflict`. */
function fitOf(
  draft: Y.Doc,
  { inverse, blockId }: Awaited<ReturnType<typeof adopted>>,
): { status: "fits"; after: string | null } | { status: "already" | "conflict" } {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(draft));
  try {
    let changed = false;
    for (const hunk of inverse) {
      const { status } = applyHunk(doc, hunk);
      if (status === "conflict" || status === "gone") return { status: "conflict" };
      changed ||= status === "applied";
    }
    if (!changed) return { status: "already" };
    const there = blockId ? surroundings(readDoc(doc), blockId) : null;
    return { status: "fits", after: there?.current ?? null };
  } finally {
    doc.destroy();
  }
}
