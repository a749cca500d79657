import { randomUUID } from "node:crypto";
import type { Insertable, Transaction } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { Conflict, Invalid, NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { curriculumBySlug } from "../curricula/curricula.server.ts";
import { draftOf } from "../drafts/drafts.server.ts";
import type { Actor } from "../people/people.ts";
import { openRoundOf, openRoundsOf } from "../rounds/rounds.server.ts";
import {
  type Channel,
  hourOf,
  isPublic,
  type ReplyForm,
  type SayForm,
  type SuggestForm,
} from "./inputs.ts";
import { anchorAt, type Passage, passageOf } from "./passages.server.ts";
import { newReceipt } from "./receipts.ts";

/** Where an input goes: a module's draft in one language, or the curriculum as a whole. */
export type Where = { curriculum: string; module: string | null; text?: string | undefined };

export type Submission = (SayForm | SuggestForm) & Where & { channel?: Channel };

export type Receipt = { id: string; receipt: string };

export type InputRow = Omit<
  Insertable<Database["inputs"]>,
  "id" | "receipt" | "status" | "submitted_at"
>;
type Also = (trx: Transaction<Database>, id: string) => Promise<void>;

/**
 * Takes what somebody said or suggested, to be moderated. The same form sent twice counts once and
 * answers with the same receipt. Throws NotFound for what this actor can't read, Conflict when
 * nothing is open for comments, Stale when the passage isn't what the form showed.
 */
export async function submitInput(
  ctx: AppContext,
  actor: Actor,
  form: Submission,
): Promise<Receipt> {
  const submissionKey = keyOf(ctx, form);
  const earlier = await receiptOf(ctx, submissionKey);
  if (earlier) return earlier;
  const target = await targetOf(ctx, actor, form);
  const passage = target.draft && form.block ? passageOf(target.draft.view.json, form) : null;
  if (form.kind === "suggestion" && form.proposed === passage?.text)
    throw new Invalid("inputs:errors.sameText", undefined, "proposed");
  const anchor =
    target.draft && passage
      ? anchorAt(target.draft.view.doc, target.draft.documentId, passage)
      : null;
  return keep(
    ctx,
    actor,
    {
      kind: form.kind,
      curriculum_id: target.curriculumId,
      module_id: target.draft?.module.id ?? null,
      document_id: passage ? (target.draft?.documentId ?? null) : null,
      round_id: target.roundId,
      channel: form.channel ?? "web",
      language: form.language,
      body: form.body,
      name: form.name,
      submission_key: submissionKey,
    },
    async (trx, id) => {
      if (anchor)
        await trx
          .insertInto("anchors")
          .values({ input_id: id, ...anchor })
          .execute();
      if (form.kind === "suggestion" && target.draft && passage)
        await trx
          .insertInto("suggestions")
          .values({ input_id: id, ...suggestionRow(target.draft.documentId, passage, form) })
          .execute();
    },
  );
}

/**
 * Answers an input that is public, to be moderated like any other. One level deep: a reply to a
 * reply goes to what that one answered.
 */
export async function replyTo(
  ctx: AppContext,
  actor: Actor,
  inputId: string,
  form: ReplyForm,
): Promise<Receipt> {
  const submissionKey = keyOf(ctx, { ...form, inputId });
  const earlier = await receiptOf(ctx, submissionKey);
  if (earlier) return earlier;
  const input = await publicInput(ctx, inputId);
  const round = await openRound(ctx, input.curriculum_id, input.module_id);
  return keep(ctx, actor, {
    kind: "reply",
    parent_id: input.parent_id ?? input.id,
    curriculum_id: input.curriculum_id,
    module_id: input.module_id,
    document_id: input.document_id,
    round_id: round,
    channel: "web",
    language: form.language,
    body: form.body,
    name: form.name,
    submission_key: submissionKey,
  });
}

/**
 * Adds this person's (or browser's) support to a public input, or takes it back. Once each,
 * however often it is sent.
 */
export async function supportInput(
  ctx: AppContext,
  actor: Actor,
  inputId: string,
): Promise<{ supported: boolean; supports: number }> {
  const input = await publicInput(ctx, inputId);
  const key = supporterKey(ctx, actor, input.curriculum_id);
  if (!key) throw new Invalid("inputs:errors.noDevice");
  const at = hourOf(ctx.clock());
  return ctx.db.transaction().execute(async (trx) => {
    const taken = await trx
      .deleteFrom("supports")
      .where("input_id", "=", input.id)
      .where("supporter_key", "=", key)
      .executeTakeFirst();
    const supported = Number(taken.numDeletedRows) === 0;
    if (supported)
      await trx
        .insertInto("supports")
        .values({ input_id: input.id, supporter_key: key, at: at.toISOString() })
        .onConflict((conflict) => conflict.columns(["input_id", "supporter_key"]).doNothing())
        .execute();
    await record(trx, {
      at,
      actor: { role: "resident", name: null },
      verb: supported ? "input.supported" : "input.support_withdrawn",
      subject: `input:${input.id}`,
    });
    const { count } = await trx
      .selectFrom("supports")
      .select((eb) => eb.fn.countAll().as("count"))
      .where("input_id", "=", input.id)
      .executeTakeFirstOrThrow();
    return { supported, supports: Number(count) };
  });
}

/** The key a supporter is counted by: another one in each curriculum, and no way back from it. */
export function supporterKey(ctx: AppContext, actor: Actor, curriculumId: string): string | null {
  const who = actor.personId ?? actor.deviceKey;
  return who ? ctx.hash("support", curriculumId, who) : null;
}

async function targetOf(ctx: AppContext, actor: Actor, where: Where) {
  if (where.module === null) {
    const curriculum = await curriculumBySlug(ctx.db, actor, where.curriculum);
    const roundId = await openRound(ctx, curriculum.id, null);
    return { curriculumId: curriculum.id, draft: null, roundId };
  }
  const draft = await draftOf(ctx, actor, where.curriculum, where.module, where.text);
  const roundId = await openRound(ctx, draft.curriculum.id, draft.module.id);
  return { curriculumId: draft.curriculum.id, draft, roundId };
}

/** The round that takes input here now. Throws Conflict when none does. */
async function openRound(ctx: AppContext, curriculumId: string, moduleId: string | null) {
  const now = ctx.clock();
  const round = moduleId
    ? await openRoundOf(ctx.db, moduleId, now)
    : (await openRoundsOf(ctx.db, curriculumId, now))[0];
  if (!round) throw new Conflict("inputs:errors.closed");
  return round.id;
}

async function publicInput(ctx: AppContext, inputId: string) {
  const input = await ctx.db
    .selectFrom("inputs")
    .select(["id", "parent_id", "status", "curriculum_id", "module_id", "document_id"])
    .where("id", "=", inputId)
    .executeTakeFirst();
  if (!input || !isPublic(input.status)) throw new NotFound("inputs:errors.notFound");
  return input;
}

/**
 * What makes two submissions the same: the form's own key and everything typed in it. A form that
 * was sent, taken back with the browser's button, changed and sent again is a second input.
 */
function keyOf(ctx: AppContext, form: Record<string, unknown> & { key: string }): string {
  const { key, base: _seen, ...said } = form;
  return ctx.hash("submission", key, JSON.stringify(said, Object.keys(said).sort()));
}

async function receiptOf(ctx: AppContext, submissionKey: string): Promise<Receipt | undefined> {
  return ctx.db
    .selectFrom("inputs")
    .select(["id", "receipt"])
    .where("submission_key", "=", submissionKey)
    .executeTakeFirst();
}

async function keep(ctx: AppContext, actor: Actor, row: InputRow, also?: Also): Promise<Receipt> {
  const kept = await ctx.db.transaction().execute(async (trx) => {
    const taken = await takeInput(trx, ctx, actor, row);
    if (taken) await also?.(trx, taken.id);
    return taken;
  });
  const receipt = kept ?? (await receiptOf(ctx, row.submission_key));
  if (!receipt) throw new Conflict();
  return receipt;
}

/**
 * Writes an input that waits to be moderated, its author apart from it, and its audit entry. Null
 * when one with the same submission key is there already.
 */
export async function takeInput(
  trx: Transaction<Database>,
  ctx: AppContext,
  actor: Actor,
  row: InputRow,
): Promise<Receipt | null> {
  const at = hourOf(ctx.clock());
  const input = {
    ...row,
    // The id's own clock is cut to the hour too.
    id: uuidv7({ msecs: at.getTime() }),
    receipt: newReceipt(),
    status: "waiting",
    submitted_at: at.toISOString(),
  };
  const added = await trx
    .insertInto("inputs")
    .values(input)
    .onConflict((conflict) => conflict.column("submission_key").doNothing())
    .returning(["id", "receipt"])
    .executeTakeFirst();
  if (!added) return null;
  await trx
    .insertInto("input_authors")
    .values({
      input_id: added.id,
      author_key: ctx.hash(
        "author",
        row.curriculum_id,
        actor.personId ?? actor.deviceKey ?? randomUUID(),
      ),
      person_id: actor.personId,
    })
    .execute();
  await record(trx, {
    at,
    // No name: words and name become public at moderation, if at all.
    actor: { role: "resident", name: null },
    verb: "input.submitted",
    subject: `input:${added.id}`,
    data: { kind: row.kind, channel: row.channel },
  });
  return added;
}

function suggestionRow(documentId: string, passage: Passage, form: SuggestForm) {
  return {
    document_id: documentId,
    block_id: passage.blockId,
    base_text: passage.text,
    proposed_text: form.proposed,
    status: "open",
    applied_seq: null,
  };
}
