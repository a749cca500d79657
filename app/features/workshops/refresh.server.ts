import * as Y from "yjs";
import type { AppContext } from "../../context.ts";
import { applyHunk } from "../../document/apply.ts";
import { carriedFrom } from "../../document/carried.ts";
import { diff } from "../../document/diff.ts";
import { Conflict } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { auditActor } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { unresolved } from "./care.server.ts";
import { keepState } from "./checkpoints.server.ts";
import { baseOf, whoseIn } from "./differences.server.ts";
import { leaderOf, leadingRole, lockWorkshop } from "./standing.server.ts";
import type { Refreshed } from "./workshops.ts";

/**
 * Brings what changed in the draft since into a workshop copy, change by change, and compares it
 * with the draft as it stands now; for whoever leads. What was adopted is no difference any more. Where both changed the
 * same words the copy keeps its own, which is then a difference from the newer draft: these are told
 * as conflicts. The state before is kept. Throws Conflict when somebody refreshed it first.
 */
export async function refresh(ctx: AppContext, actor: Actor, id: string): Promise<Refreshed> {
  const { workshop, leader } = await leaderOf(ctx.db, actor, id);
  const [base, draft] = await Promise.all([baseOf(ctx, id), ctx.collab.read(workshop.forked_from)]);
  const hunks = diff(base.json, draft.json);
  const { authorOf } = await whoseIn(ctx, workshop.forked_from);
  const { seq } = await ctx.collab.read(id);
  const done = await ctx.collab.edit(
    id,
    {
      personId: null,
      via: "refresh",
      carried: (doc, ranges) => carriedFrom(doc, ranges, draft.doc, authorOf),
    },
    (doc) => {
      const before = Y.encodeStateAsUpdate(doc);
      const result: Refreshed = { applied: 0, already: 0, conflicts: [] };
      for (const hunk of hunks) {
        const applied = applyHunk(doc, hunk);
        if (applied.status === "applied") result.applied += 1;
        else if (applied.status === "already") result.already += 1;
        else {
          const current = applied.status === "conflict" ? applied.current : null;
          result.conflicts.push({ ...unresolved(hunk, base.json, base.json), current });
        }
      }
      return { before, result };
    },
    async (trx, { before, result }) => {
      const now = await lockWorkshop(trx, id);
      if (now.base_seq !== Number(workshop.base_seq))
        throw new Conflict("workshops:errors.someoneWasFirst");
      if (draft.seq === now.base_seq) return;
      const at = ctx.clock();
      await keepState(trx, {
        documentId: id,
        reason: "before_refresh",
        by: leader.personId,
        at,
        seq,
        state: before,
      });
      await trx
        .updateTable("workshops")
        .set({ base: Buffer.from(Y.encodeStateAsUpdate(draft.doc)), base_seq: draft.seq })
        .where("document_id", "=", id)
        .execute();
      await record(trx, {
        at,
        actor: auditActor(leader, leadingRole(leader, workshop.curriculum_id)),
        verb: "workshop.refreshed",
        subject: `workshop:${id}`,
        data: {
          from: now.base_seq,
          to: draft.seq,
          applied: result.applied,
          already: result.already,
          conflicts: result.conflicts.length,
        },
      });
    },
  );
  return done.result;
}
