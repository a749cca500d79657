import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { moduleTotals, publishedVersions } from "../features/curricula/counts.server.ts";
import { listCurricula, maySetUp } from "../features/curricula/curricula.server.ts";
import { Home } from "../features/curricula/home.tsx";
import { actorOf } from "../features/people/people.server.ts";
import { openRoundsIn } from "../features/rounds/rounds.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  return answer(async () => {
    const actor = await actorOf(ctx, args.request);
    const curricula = await listCurricula(ctx.db, actor);
    const ids = curricula.map(({ id }) => id);
    const [totals, versions, rounds] = await Promise.all([
      moduleTotals(ctx.db, ids),
      publishedVersions(ctx.db, ids),
      openRoundsIn(ctx.db, ids, ctx.clock()),
    ]);
    const t = translator(language);
    return {
      title: `${t("common:name")}: ${t("curricula:home.title")}`,
      maySetUp: maySetUp(actor),
      curricula: curricula.map((curriculum) => ({
        slug: curriculum.slug,
        title: inLanguage(curriculum.title, language),
        summary: inLanguage(curriculum.summary, language),
        agency: curriculum.agency,
        status: curriculum.status,
        modules: totals[curriculum.id]?.modules ?? 0,
        minutes: totals[curriculum.id]?.minutes ?? 0,
        version: versions.find(({ curriculum_id }) => curriculum_id === curriculum.id)?.n ?? null,
        rounds: rounds
          .filter(({ curriculum_id }) => curriculum_id === curriculum.id)
          .map((round) => ({
            id: round.id,
            title: inLanguage(round.title, language),
            question: inLanguage(round.question, language),
            closes: round.closes_at,
          })),
      })),
    };
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function HomeRoute() {
  return <Home {...useLoaderData<typeof loader>()} />;
}
