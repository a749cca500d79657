import type { Transaction } from "kysely";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { createParagraphAnchor } from "../../document/anchors.ts";
import { type Hunk, textsOf } from "../../document/diff.ts";
import { textblocks } from "../../document/read.ts";
import { Conflict, Forbidden } from "../../errors.ts";
import { takeInput } from "../inputs/inputs.server.ts";
import { MAX_NAME as MAX_INPUT_NAME } from "../inputs/inputs.ts";
import type { Actor } from "../people/people.ts";
import { openRoundOf } from "../rounds/rounds.server.ts";
import { type Differences, differencesIn, type State } from "./differences.server.ts";
import { mayGoAgain } from "./proposals.server.ts";
import { lockWorkshop, type Standing, standingIn } from "./standing.server.ts";
import type { Proposed, ProposeFields } from "./workshops.ts";

type Author = { personId: string; name: string };

/**
 * Sends changes of a workshop copy as suggestions, one for each, to be moderated: for any of a
 * change's authors, or in the name of the group for whoever leads. Sending the same form twice
 * counts once. Throws Conflict when a change isn't there any more or was proposed already, Forbidden
 * when it is somebody else's. All of them are sent, or none.
 */
export async function propose(
  ctx: AppContext,
  actor: Actor,
  id: string,
  form: ProposeFields,
): Promise<Proposed[]> {
  const standing = await standingIn(ctx.db, actor, id);
  const keys = form.hunks.map((key) => ({ key, submission: submissionKey(ctx, id, form, key) }));
  const earlier = await sentBefore(ctx.db, keys);
  if (earlier) return earlier;
  const now = await differencesIn(ctx, id);
  const names = await namesIn(ctx, id);
  const chosen = form.hunks.map((key) => {
    const hunk = now.hunks.find((one) => one.key === key);
    if (!hunk) throw new Conflict("workshops:errors.changed");
    const authors = (now.credit.get(key) ?? []).flatMap(({ personId }) => {
      const name = personId === null ? undefined : names.get(personId);
      return personId === null || name === undefined ? [] : [{ personId, name }];
    });
    refuseOthers(standing, authors, form.forGroup);
    return { hunk, authors, submission: submissionKey(ctx, id, form, key) };
  });
  const round =
    standing.workshop.round_id ??
    (await openRoundOf(ctx.db, standing.workshop.module_id, ctx.clock()))?.id ??
    null;

  return ctx.db.transaction().execute(async (trx) => {
    // Two who propose the same at once wait for each other here.
    await lockWorkshop(trx, id);
    const meanwhile = await sentBefore(trx, keys);
    if (meanwhile) return meanwhile;
    await refuseProposed(trx, id, form.hunks);
    const sent: Proposed[] = [];
    for (const { hunk, authors, submission } of chosen) {
      const text = textsOf(hunk, now.base.json);
      const place = placeOf(now.base, hunk, text.blockId);
      const input = await takeInput(trx, ctx, speaker(actor, standing), {
        kind: "suggestion",
        curriculum_id: standing.workshop.curriculum_id,
        module_id: standing.workshop.module_id,
        document_id: standing.workshop.forked_from,
        round_id: round,
        channel: "session",
        language: form.language,
        body: form.reason,
        name: nameFor(authors),
        submission_key: submission,
      });
      if (!input) throw new Conflict();
      await keepSuggestion(trx, input.id, { standing, hunk, text, place });
      if (authors.length > 0)
        await trx
          .insertInto("suggestion_authors")
          .values(
            authors.map(({ personId, name }) => ({
              input_id: input.id,
              person_id: personId,
              name,
            })),
          )
          .execute();
      sent.push({ key: hunk.key, inputId: input.id, receipt: input.receipt });
    }
    return sent;
  });
}

/** The identity an input is kept under: the member's, as they are known here. */
function speaker(actor: Actor, { member }: Standing): Actor {
  return actor.personId || actor.deviceKey
    ? actor
    : { ...actor, deviceKey: member?.device_key ?? null };
}

function submissionKey(
  ctx: AppContext,
  id: string,
  { key, reason, forGroup }: ProposeFields,
  hunk: string,
): string {
  return ctx.hash("submission", key, id, hunk, reason, String(forGroup));
}

/** What this very form was answered with before; null when it is new. */
async function sentBefore(
  db: AppContext["db"] | Transaction<Database>,
  keys: readonly { key: string; submission: string }[],
): Promise<Proposed[] | null> {
  const rows = await db
    .selectFrom("inputs")
    .select(["id", "receipt", "submission_key"])
    .where(
      "submission_key",
      "in",
      keys.map(({ submission }) => submission),
    )
    .execute();
  const sent = keys.flatMap(({ key, submission }) => {
    const row = rows.find((one) => one.submission_key === submission);
    return row ? [{ key, inputId: row.id, receipt: row.receipt }] : [];
  });
  return sent.length === keys.length ? sent : null;
}

/** Everybody's chosen name in a workshop copy, who was taken out included. */
async function namesIn(ctx: AppContext, id: string): Promise<Map<string, string>> {
  const members = await ctx.db
    .selectFrom("workshop_members")
    .select(["person_id", "name"])
    .where("document_id", "=", id)
    .execute();
  return new Map(members.map(({ person_id, name }) => [person_id, name]));
}

function refuseOthers(
  { member, leads }: Standing,
  authors: readonly Author[],
  forGroup: boolean,
): void {
  if (forGroup && leads) return;
  const isAuthor = authors.some(({ personId }) => personId === member?.person_id);
  if (!isAuthor) throw new Forbidden("workshops:errors.notAuthor");
}

/** A change that waits, or was answered, isn't proposed twice. */
async function refuseProposed(
  trx: Transaction<Database>,
  id: string,
  keys: readonly string[],
): Promise<void> {
  const rows = await trx
    .selectFrom("suggestions")
    .innerJoin("inputs", "inputs.id", "suggestions.input_id")
    .select("inputs.status")
    .where("suggestions.workshop_id", "=", id)
    .where("suggestions.hunk_key", "in", [...keys])
    .execute();
  if (rows.some(({ status }) => !mayGoAgain(status)))
    throw new Conflict("workshops:errors.proposed");
}

/** Their chosen names as one, as long as a name may be; null for nobody. */
function nameFor(authors: readonly Author[]): string | null {
  const names = [...new Set(authors.map(({ name }) => name))];
  for (let count = names.length; count > 1; count--) {
    const rest = names.length - count;
    const name = names.slice(0, count).join(", ") + (rest > 0 ? ` +${rest}` : "");
    if (name.length <= MAX_INPUT_NAME) return name;
  }
  return names[0] ?? null;
}

type Place = { blockId: string; anchor: NonNullable<ReturnType<typeof createParagraphAnchor>> };

/**
 * The paragraph of the draft that a change is about: the one it changes; of a new one, the one that
 * stands before it, or else the first. Anchored in the base, whose positions hold in the draft.
 */
function placeOf({ doc, json }: State, { blocks }: Hunk, blockId: string): Place | null {
  const first = textblocks(json)[0]?.id;
  for (const id of [blockId, ...blocks, first]) {
    const anchor = id ? createParagraphAnchor(doc, id) : null;
    if (id && anchor) return { blockId: id, anchor };
  }
  return null;
}

async function keepSuggestion(
  trx: Transaction<Database>,
  inputId: string,
  {
    standing: { workshop },
    hunk,
    text,
    place,
  }: {
    standing: Standing;
    hunk: Differences["hunks"][number];
    text: ReturnType<typeof textsOf>;
    place: Place | null;
  },
): Promise<void> {
  if (place)
    await trx
      .insertInto("anchors")
      .values({
        input_id: inputId,
        document_id: workshop.forked_from,
        scope: "paragraph",
        start_pos: Buffer.from(place.anchor.startPos),
        end_pos: Buffer.from(place.anchor.endPos),
        block_id: place.blockId,
        quote: place.anchor.quote,
        prefix: place.anchor.prefix,
        suffix: place.anchor.suffix,
      })
      .execute();
  await trx
    .insertInto("suggestions")
    .values({
      input_id: inputId,
      document_id: workshop.forked_from,
      block_id: place?.blockId ?? text.blockId,
      base_text: text.before,
      proposed_text: text.after,
      status: "open",
      applied_seq: null,
      workshop_id: workshop.id,
      hunk: JSON.stringify(hunk),
      hunk_key: hunk.key,
    })
    .execute();
}
