import type { AppContext } from "../../context.ts";
import { AppError, type Message } from "../../errors.ts";
import type { Actor } from "../people/people.ts";
import { decide } from "./decisions.server.ts";
import type { SeveralForm } from "./decisions.ts";

/** What became of one of several suggestions. All but `adopted` are left open, as they were. */
export type SeveralResult = { inputId: string } & (
  | { status: "adopted" }
  | { status: "conflict" }
  | { status: "held"; writers: string[] }
  | { status: "refused"; why: Message }
);

/**
 * Adopts several suggestions for one reason, each by a decision and an audit event of its own, one
 * after the other. What conflicts, is held or may not be decided is told and left open; whatever
 * doesn't conflict comes out the same in any order. Broken off in between, it can be sent again: what
 * is decided already is refused.
 */
export async function adoptSeveral(
  ctx: AppContext,
  actor: Actor,
  { input, reason }: SeveralForm,
): Promise<SeveralResult[]> {
  const results: SeveralResult[] = [];
  for (const inputId of new Set(input)) {
    try {
      const decided = await decide(ctx, actor, { inputId, outcome: "adopted", reason });
      if (decided.status === "decided") results.push({ inputId, status: "adopted" });
      else if (decided.status === "held") results.push({ inputId, ...decided });
      else results.push({ inputId, status: "conflict" });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      results.push({ inputId, status: "refused", why: error.text });
    }
  }
  return results;
}
