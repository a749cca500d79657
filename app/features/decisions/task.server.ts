import * as Y from "yjs";
import type { AppContext } from "../../context.ts";
import { applyText } from "../../document/apply.ts";
import { FRAGMENT } from "../../document/schema.ts";
import { NotFound } from "../../errors.ts";
import type { Channel, Status } from "../inputs/inputs.ts";
import type { Actor } from "../people/people.ts";
import { type DecidedKind, mayDecide, type Outcome } from "./decisions.ts";
import { targetOf } from "./target.server.ts";

/** What adopting a suggestion would do to the draft as it stands. */
export type Fit =
  | { status: "fits"; after: string }
  | { status: "already" }
  | { status: "conflict" }
  | { status: "gone" };

export type InputToDecide = Awaited<ReturnType<typeof inputToDecide>>;

/**
 * Everything a trainer needs to decide on an input. Throws NotFound for what isn't approved, isn't
 * decided on by itself, or belongs to a curriculum the actor is no trainer of. Four queries and
 * one read of the draft.
 */
export async function inputToDecide(ctx: AppContext, actor: Actor, inputId: string) {
  const target = await targetOf(ctx, inputId);
  if (!mayDecide(actor, target.curriculumId)) throw new NotFound("decisions:notFound");
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
        "decisions.outcome",
        "decisions.reason",
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
  return {
    ...target,
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
    fit: fitOf(target.suggestion, target.place?.current),
    decision: row.outcome
      ? {
          outcome: row.outcome as Outcome,
          reason: row.reason ?? "",
          at: row.at ?? "",
          by: row.decided_by ?? "",
        }
      : null,
  };
}

function fitOf(
  suggestion: { base: string; proposed: string } | null,
  current: string | undefined,
): Fit | null {
  if (!suggestion) return null;
  if (current === undefined) return { status: suggestion.proposed === "" ? "already" : "gone" };
  const result = applyText(paragraphOf(current), { blockId: "passage", ...suggestion });
  return result.status === "applied"
    ? { status: "fits", after: result.after }
    : { status: result.status };
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
