import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { waitingIn } from "../features/curricula/counts.server.ts";
import { listCurricula, maySetUp } from "../features/curricula/curricula.server.ts";
import { Work } from "../features/curricula/work.tsx";
import { doubtfulIn } from "../features/inputs/doubtful.server.ts";
import { requirePerson } from "../features/people/people.server.ts";
import { CURRICULUM_ROLES, holds } from "../features/people/people.ts";
import { openRoundsIn } from "../features/rounds/rounds.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  return answer(async () => {
    const actor = await requirePerson(ctx, args.request);
    const curricula = (await listCurricula(ctx.db, actor))
      .map((curriculum) => ({
        curriculum,
        roles: CURRICULUM_ROLES.filter((role) => holds(actor, role, curriculum.id)),
      }))
      .filter(({ roles }) => roles.length > 0);
    const ids = curricula.map(({ curriculum }) => curriculum.id);
    const trained = curricula
      .filter(({ roles }) => roles.includes("trainer"))
      .map(({ curriculum }) => curriculum.id);
    const [waiting, rounds, doubtful] = await Promise.all([
      waitingIn(ctx.db, ids),
      openRoundsIn(ctx.db, ids, ctx.clock()),
      doubtfulIn(ctx, trained),
    ]);
    return {
      title: translator(language)("curricula:work.title"),
      maySetUp: maySetUp(actor),
      curricula: curricula.map(({ curriculum, roles }) => ({
        slug: curriculum.slug,
        title: inLanguage(curriculum.title, language),
        status: curriculum.status,
        roles,
        queue: waiting[curriculum.id]?.queue ?? 0,
        decisions: waiting[curriculum.id]?.decisions ?? 0,
        repairs: doubtful[curriculum.id] ?? 0,
        rounds: rounds.filter(({ curriculum_id }) => curriculum_id === curriculum.id).length,
      })),
    };
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function WorkRoute() {
  return <Work {...useLoaderData<typeof loader>()} />;
}
