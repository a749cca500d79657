import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { curriculumBySlug, modulesOf } from "../features/curricula/curricula.server.ts";
import { requirePerson } from "../features/people/people.server.ts";
import { holds } from "../features/people/people.ts";
import { ListedPage } from "../features/workshops/listed-page.tsx";
import { workshopsOf } from "../features/workshops/workshops.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  return answer(async () => {
    const actor = await requirePerson(ctx, args.request);
    const curriculum = await curriculumBySlug(ctx.db, actor, args.params.slug ?? "");
    const opens =
      holds(actor, "facilitator", curriculum.id) || holds(actor, "trainer", curriculum.id);
    const [workshops, modules] = await Promise.all([
      workshopsOf(ctx, actor, { curriculumId: curriculum.id }),
      opens ? modulesOf(ctx.db, curriculum.id) : [],
    ]);
    const title = inLanguage(curriculum.title, language);
    const named = ({ slug, title }: { slug: string; title: string }) => ({
      slug,
      title: inLanguage(title, language),
    });
    return {
      pageTitle: translator(language)("workshops:listed.pageTitle", { title }),
      slug: curriculum.slug,
      curriculum: title,
      workshops: workshops.map((one) => ({ ...one, module: named(one.module) })),
      modules: modules.map(named),
    };
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function WorkshopsRoute() {
  const { pageTitle: _, ...page } = useLoaderData<typeof loader>();
  return <ListedPage {...page} />;
}
