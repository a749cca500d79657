import type { AppContext } from "../../context.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import type { Actor } from "../people/people.ts";
import { nextVersion } from "./publish.server.ts";
import { formatSeen, keyOf } from "./versions.ts";

/** What the publishing page shows: each text and whether it changed, and what goes with it. */
export async function nextVersionPage(
  ctx: AppContext,
  actor: Actor,
  slug: string,
  language: string,
) {
  const { curriculum, n, drafts, changed, previousId } = await nextVersion(ctx, actor, slug);
  const count = (rows: { n: string | number | bigint }) => Number(rows.n);
  const decisions = await ctx.db
    .selectFrom("decisions")
    .select((eb) => eb.fn.countAll().as("n"))
    .where("curriculum_id", "=", curriculum.id)
    .where("version_id", "is", null)
    .executeTakeFirstOrThrow();
  const open = await ctx.db
    .selectFrom("inputs")
    .leftJoin("decision_inputs", "decision_inputs.input_id", "inputs.id")
    .select((eb) => eb.fn.countAll().as("n"))
    .where("inputs.curriculum_id", "=", curriculum.id)
    .where("inputs.status", "=", "approved")
    .where("inputs.kind", "<>", "reply")
    .where("decision_inputs.input_id", "is", null)
    .executeTakeFirstOrThrow();
  return {
    slug,
    title: inLanguage(curriculum.title, language),
    n,
    decisions: count(decisions),
    openInputs: count(open),
    seen: formatSeen(drafts.map(({ documentId, view }) => ({ documentId, seq: view.seq }))),
    texts: drafts.map((draft) => {
      const key = keyOf(draft.module.id, draft.language);
      const state = previousId === null ? "first" : changed.has(key) ? "changed" : "same";
      return {
        key,
        state: state as "first" | "changed" | "same",
        language: draft.language,
        title: inLanguage(draft.module.title, language),
        href: `/curricula/${slug}/modules/${draft.module.slug}?text=${draft.language}`,
      };
    }),
  };
}
