import * as Y from "yjs";
import type { AppContext } from "../../context.ts";
import { carriedFrom } from "../../document/carried.ts";
import type { Hunk } from "../../document/diff.ts";
import { textsOf } from "../../document/diff.ts";
import { readDoc, textblocks } from "../../document/read.ts";
import type { DocJSON } from "../../document/schema.ts";
import { takeBack } from "../../document/takeback.ts";
import { Conflict, NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { auditActor } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { checkpointAt, keepState } from "./checkpoints.server.ts";
import { whoseIn } from "./differences.server.ts";
import { leaderOf, leadingRole, lockWorkshop } from "./standing.server.ts";
import type { HeldUpdate, Restored, Unresolved } from "./workshops.ts";

/**
 * Brings a workshop copy back to a kept state, for whoever leads: with `people`, only what these did
 * since is taken back, and everybody else's words stay; without, it reads as it did then. A forward
 * edit, made of changes: whoever is writing goes on. The state before it is kept, and words that come
 * back stay their authors'. `left` says what couldn't be told apart.
 */
export async function restore(
  ctx: AppContext,
  actor: Actor,
  id: string,
  { checkpointId, people }: { checkpointId: string; people: readonly string[] },
): Promise<Restored> {
  const { workshop, leader } = await leaderOf(ctx.db, actor, id);
  const then = await checkpointAt(ctx, actor, id, checkpointId);
  const { authorOf, deletedBy } = await whoseIn(ctx, id);
  const chosen = people.length > 0 ? new Set(people) : null;
  const { seq } = await ctx.collab.read(id);
  const done = await ctx.collab.edit(
    id,
    {
      personId: leader.personId,
      via: "restore",
      carried: (doc, ranges) => carriedFrom(doc, ranges, then.doc, authorOf),
    },
    (doc) => {
      const before = Y.encodeStateAsUpdate(doc);
      const { changed, left } = takeBack(doc, then.doc, { people: chosen, authorOf, deletedBy });
      return {
        before,
        changed,
        left: left.map((hunk) => unresolved(hunk, then.json, readDoc(doc))),
      };
    },
    async (trx, { before, changed }) => {
      await lockWorkshop(trx, id);
      if (changed === 0) return;
      const at = ctx.clock();
      await keepState(trx, {
        documentId: id,
        reason: "before_restore",
        by: leader.personId,
        at,
        seq,
        state: before,
      });
      await record(trx, {
        at,
        actor: auditActor(leader, leadingRole(leader, workshop.curriculum_id)),
        verb: chosen ? "workshop.undone" : "workshop.restored",
        subject: `workshop:${id}`,
        data: { checkpoint: checkpointId, changed, people: chosen?.size ?? null },
      });
    },
  );
  return { changed: done.changed, left: done.left };
}

/** Takes back what one person did since a kept state; everybody else's words stay. See `restore`. */
export const undoAuthor = (
  ctx: AppContext,
  actor: Actor,
  id: string,
  { checkpointId, personId }: { checkpointId: string; personId: string },
): Promise<Restored> => restore(ctx, actor, id, { checkpointId, people: [personId] });

/** A change that wasn't made, in words. */
export function unresolved(hunk: Hunk, base: DocJSON, now: DocJSON): Unresolved {
  const { blockId, before, after } = textsOf(hunk, base);
  const current = textblocks(now).find(({ id }) => id === blockId)?.text ?? null;
  return { key: hunk.key, kind: hunk.kind, before, after, current };
}

/** So many held updates are looked into at once, and so many of their passages. */
const MOST_HELD = 20;
const MOST_PASSAGES = 5;

/** Deletions too large to go through by themselves, oldest first, for whoever leads. */
export async function held(ctx: AppContext, actor: Actor, id: string): Promise<HeldUpdate[]> {
  await leaderOf(ctx.db, actor, id);
  const rows = await ctx.db
    .selectFrom("held_updates")
    .innerJoin("people", "people.id", "held_updates.person_id")
    .leftJoin("workshop_members as member", (join) =>
      join
        .onRef("member.document_id", "=", "held_updates.document_id")
        .onRef("member.person_id", "=", "held_updates.person_id"),
    )
    .select([
      "held_updates.id",
      "held_updates.bytes",
      "held_updates.words",
      "held_updates.at",
      "people.name",
      "member.name as chosen",
    ])
    .where("held_updates.document_id", "=", id)
    .where("held_updates.status", "=", "held")
    .orderBy("held_updates.at")
    .orderBy("held_updates.id")
    .limit(MOST_HELD)
    .execute();
  if (rows.length === 0) return [];
  const { doc, json } = await ctx.collab.read(id);
  const state = Y.encodeStateAsUpdate(doc);
  const now = textblocks(json);
  return rows.map(({ id, bytes, words, at, name, chosen }) => ({
    id,
    by: chosen ?? name,
    words,
    at,
    passages: passagesIn(now, state, bytes),
  }));
}

function passagesIn(
  now: ReturnType<typeof textblocks>,
  state: Uint8Array,
  bytes: Uint8Array,
): HeldUpdate["passages"] {
  const would = new Y.Doc();
  Y.applyUpdate(would, state);
  Y.applyUpdate(would, bytes);
  const after = new Map(textblocks(readDoc(would)).map(({ id, text }) => [id, text]));
  would.destroy();
  return now
    .map(({ id, text }) => ({ before: text, after: after.get(id) ?? "" }))
    .filter(({ before, after }) => before !== after)
    .slice(0, MOST_PASSAGES);
}

/**
 * Lets a held deletion through, under its author's name, for whoever leads. The state before it is
 * kept. Throws Conflict when somebody settled it first, or when it doesn't fit the text any more.
 */
export async function release(
  ctx: AppContext,
  actor: Actor,
  id: string,
  heldId: string,
): Promise<void> {
  const { workshop, leader } = await leaderOf(ctx.db, actor, id);
  const row = await ctx.db
    .selectFrom("held_updates")
    .select(["bytes", "person_id", "words"])
    .where("id", "=", heldId)
    .where("document_id", "=", id)
    .executeTakeFirst();
  if (!row) throw new NotFound("workshops:errors.settled");
  const { seq } = await ctx.collab.read(id);
  await ctx.collab.edit(
    id,
    { personId: row.person_id, via: "socket" },
    (doc) => {
      const before = Y.encodeStateAsUpdate(doc);
      Y.applyUpdate(doc, row.bytes);
      // It builds on something that never came.
      if (doc.store.pendingStructs || doc.store.pendingDs)
        throw new Conflict("workshops:errors.heldStale");
      return before;
    },
    async (trx, before) => {
      await lockWorkshop(trx, id);
      const at = ctx.clock();
      const { numUpdatedRows } = await trx
        .updateTable("held_updates")
        .set({ status: "released", settled_by: leader.personId, settled_at: at.toISOString() })
        .where("id", "=", heldId)
        .where("status", "=", "held")
        .executeTakeFirst();
      if (Number(numUpdatedRows) === 0) throw new Conflict("workshops:errors.settled");
      await keepState(trx, {
        documentId: id,
        reason: "before_release",
        by: leader.personId,
        at,
        seq,
        state: before,
      });
      await record(trx, {
        at,
        actor: auditActor(leader, leadingRole(leader, workshop.curriculum_id)),
        verb: "workshop.deletion_released",
        subject: `workshop:${id}`,
        data: { held: heldId, words: row.words },
      });
    },
  );
}

/** Drops a held deletion, for whoever leads; the text stays. Throws Conflict as `release` does. */
export async function discard(
  ctx: AppContext,
  actor: Actor,
  id: string,
  heldId: string,
): Promise<void> {
  const { workshop, leader } = await leaderOf(ctx.db, actor, id);
  const at = ctx.clock();
  await ctx.db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable("held_updates")
      .set({ status: "discarded", settled_by: leader.personId, settled_at: at.toISOString() })
      .where("id", "=", heldId)
      .where("document_id", "=", id)
      .where("status", "=", "held")
      .executeTakeFirst();
    if (Number(numUpdatedRows) === 0) throw new Conflict("workshops:errors.settled");
    await record(trx, {
      at,
      actor: auditActor(leader, leadingRole(leader, workshop.curriculum_id)),
      verb: "workshop.deletion_discarded",
      subject: `workshop:${id}`,
      data: { held: heldId },
    });
  });
}
