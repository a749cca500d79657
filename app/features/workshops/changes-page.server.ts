import { randomUUID } from "node:crypto";
import type { RequestContext } from "../../context.ts";
import { textsOf } from "../../document/diff.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import type { Actor } from "../people/people.ts";
import { authorsOf } from "./authors.server.ts";
import { differencesIn } from "./differences.server.ts";
import { workshopOf } from "./workshops.server.ts";

/** What the page of all changes shows, for whoever may look into the copy. Throws NotFound. */
export async function changesOf(ctx: RequestContext, actor: Actor, id: string, language: string) {
  const page = await workshopOf(ctx, actor, id);
  const [{ people }, { base, copy, hunks, credit }] = await Promise.all([
    authorsOf(ctx, actor, id),
    differencesIn(ctx, id),
  ]);
  const { curriculum, module, me, members, status, proposals } = page;
  const mine = me.member?.personId;
  return {
    id,
    title: page.title,
    status,
    language: page.language,
    openedAt: page.openedAt,
    closedAt: page.closedAt,
    curriculum: { slug: curriculum.slug, title: inLanguage(curriculum.title, language) },
    module: { slug: module.slug, title: inLanguage(module.title, language) },
    members: members.map(({ id, name }) => ({ id, name })),
    leads: me.leads,
    json: copy.json,
    formKey: randomUUID(),
    changes: hunks.map((hunk) => {
      const { before, after } = textsOf(hunk, base.json);
      const authors = credit.get(hunk.key) ?? [];
      const ids = [...new Set(authors.flatMap(({ personId }) => personId ?? []))];
      const proposal = proposals[hunk.key] ?? null;
      const mayPropose =
        status !== "closed" &&
        (me.leads || (mine !== undefined && ids.includes(mine))) &&
        (proposal === null || proposal.again);
      return {
        key: hunk.key,
        kind: hunk.kind,
        names: ids.flatMap((one) => people[one]?.name ?? []),
        before,
        after,
        proposal,
        mayPropose,
      };
    }),
  };
}
