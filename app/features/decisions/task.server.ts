import * as Y from "yjs";
import type { AppContext, DocView } from "../../context.ts";
import { applyHunk, applyText } from "../../document/apply.ts";
import { diff } from "../../document/diff.ts";
import type { Hunk } from "../../document/hunk.ts";
import { readDoc, textblocks } from "../../document/read.ts";
import { type DocJSON, FRAGMENT } from "../../document/schema.ts";
import { NotFound } from "../../errors.ts";
import type { Channel, Status } from "../inputs/inputs.ts";
import { undosOf } from "../inputs/undone.server.ts";
import { type Actor, isPerson } from "../people/people.ts";
import { type DecidedKind, mayDecide, type Outcome } from "./decisions.ts";
import { writersIn } from "./draft-change.server.ts";
import { composingOf, surroundings, type Target, targetOf } from "./target.server.ts";
import { startingPoint } from "./three-way.ts";

/**
 * What adopting a suggestion would do to the draft as it stands. `around` is the passage's new
 * neighbours, where the change has a place of its own.
 */
export type Fit =
  | { status: "fits"; before: string; after: string; around: Around | null }
  | { status: "already" }
  | { status: "conflict" }
  | { status: "gone" };

export type Around = { section: string | null; before: string | null; after: string | null };

export type InputToDecide = Awaited<ReturnType<typeof inputToDecide>>;

/**
 * Everything a trainer needs to decide on an input. Throws NotFound for what isn't approved, isn't
 * decided on by itself, or belongs to a curriculum the actor is no trainer of. Some seven queries and
 * one read of the draft; for a change from a workshop copy, a trial of it on a copy of the draft.
 */
export async function inputToDecide(ctx: AppContext, actor: Actor, inputId: string) {
  const { view, ...target } = await targetOf(ctx, inputId);
  if (!isPerson(actor) || !mayDecide(actor, target.curriculumId))
    throw new NotFound("decisions:notFound");
  const [row, replies, supports, moderated] = await Promise.all([
    ctx.db
      .selectFrom("inputs")
      .leftJoin("modules", "modules.id", "inputs.module_id")
      .leftJoin("decision_inputs", "decision_inputs.input_id", "inputs.id")
      .leftJoin("decisions", "decisions.id", "decision_inputs.decision_id")
      .leftJoin("people", "people.id", "decisions.decided_by")
      .select([
        "inputs.kind",
        "inputs.status",
        "inputs.channel",
        "inputs.language",
        "inputs.body",
        "inputs.name",
        "inputs.submitted_at",
        "modules.slug",
        "modules.title",
        "decisions.id as decision_id",
        "decisions.outcome",
        "decisions.reason",
        "decisions.inverse",
        "decisions.at",
        "people.name as decided_by",
      ])
      .where("inputs.id", "=", inputId)
      .executeTakeFirstOrThrow(),
    ctx.db
      .selectFrom("inputs")
      .select(["id", "body", "name", "language", "submitted_at"])
      .where("parent_id", "=", inputId)
      .where("status", "=", "approved")
      .orderBy("seq")
      .execute(),
    ctx.db
      .selectFrom("supports")
      .select(({ fn }) => fn.countAll().as("n"))
      .where("input_id", "=", inputId)
      .executeTakeFirstOrThrow(),
    ctx.db
      .selectFrom("moderation_events")
      .select("seq")
      .where("input_id", "=", inputId)
      .where("moderator_id", "=", actor.personId)
      .limit(1)
      .executeTakeFirst(),
  ]);
  if ((row.status as Status) !== "approved") throw new NotFound("decisions:notFound");
  const { suggestion } = target;
  const composing = composingOf(target);
  const fit = row.outcome ? null : fitOf(target, view);
  return {
    ...target,
    // What it does to the document is the server's business.
    suggestion: suggestion && { ...suggestion, hunk: null },
    id: inputId,
    kind: row.kind as DecidedKind,
    channel: row.channel as Channel,
    language: row.language,
    body: row.body,
    name: row.name,
    submittedAt: row.submitted_at,
    module: row.slug && row.title ? { slug: row.slug, title: row.title } : null,
    replies: replies.map(({ submitted_at, ...reply }) => ({
      ...reply,
      submittedAt: submitted_at,
    })),
    supports: Number(supports.n),
    /** Whoever moderated an input doesn't decide on it too. */
    youModerated: moderated !== undefined,
    fit,
    composing,
    /** What a wording of the trainer's own starts from. */
    start: startOf(target, fit, composing),
    /** Colleagues whose carets stand in what adopting it would replace. */
    writers:
      fit?.status === "fits" && suggestion?.hunk && target.documentId
        ? await writersIn(ctx, actor, target.documentId, suggestion.hunk)
        : [],
    decision: row.outcome
      ? {
          outcome: row.outcome as Outcome,
          reason: row.reason ?? "",
          at: row.at ?? "",
          by: row.decided_by ?? "",
          changedText: row.inverse !== null,
          undone:
            (await undosOf(ctx.db, [row.decision_id ?? ""])).get(row.decision_id ?? "") ?? null,
        }
      : null,
  };
}

function startOf(
  { suggestion, place }: Pick<Target, "suggestion" | "place">,
  fit: Fit | null,
  composing: ReturnType<typeof composingOf>,
): string {
  if (suggestion && composing === "newPassage") return suggestion.proposed;
  if (fit?.status === "fits") return fit.after;
  if (suggestion && place && fit?.status === "conflict")
    return startingPoint(suggestion.base, place.current, suggestion.proposed);
  return place?.current ?? "";
}

function fitOf(
  { suggestion, place }: Pick<Target, "suggestion" | "place">,
  view: DocView | null,
): Fit | null {
  if (!suggestion) return null;
  const { hunk, base, proposed, kind } = suggestion;
  if (hunk && kind !== "text") return view ? tryOut(view, hunk) : { status: "gone" };
  if (!place) return { status: proposed === "" ? "already" : "gone" };
  const change = { blockId: "passage", base, proposed };
  const result = applyText(paragraphOf(place.current), change);
  return result.status === "applied"
    ? { status: "fits", before: result.before, after: result.after, around: null }
    : { status: result.status };
}

/** Makes a change in a copy of the draft. Cost: copying the draft, and reading it twice. */
function tryOut(view: DocView, hunk: Hunk): Fit {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(view.doc));
  try {
    const result = applyHunk(doc, hunk);
    if (result.status !== "applied") return { status: result.status };
    const json = readDoc(doc);
    const touched = new Set(diff(json, view.json).flatMap(({ blocks }) => blocks));
    return {
      status: "fits",
      before: result.before,
      after: result.after,
      around: aroundAll(json, touched),
    };
  } finally {
    doc.destroy();
  }
}

/** What stands before and after the first run of these blocks. */
function aroundAll(json: DocJSON, ids: ReadonlySet<string>): Around | null {
  const blocks = textblocks(json);
  const first = blocks.findIndex(({ id }) => ids.has(id));
  const [start] = blocks.slice(first, first + 1);
  if (!start || first < 0) return null;
  const { section, before } = surroundings(json, start.id) ?? { section: null, before: null };
  const after = blocks.slice(first).find(({ id }) => !ids.has(id));
  return { section, before, after: after?.text ?? null };
}

/** A document of one paragraph, to try a wording on. */
function paragraphOf(text: string): Y.Doc {
  const doc = new Y.Doc();
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.setAttribute("id", "passage");
  paragraph.insert(0, [new Y.XmlText(text)]);
  doc.getXmlFragment(FRAGMENT).insert(0, [paragraph]);
  return doc;
}
