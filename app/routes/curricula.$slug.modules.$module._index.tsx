import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { objectives, outline } from "../document/read.ts";
import { publishedVersions } from "../features/curricula/counts.server.ts";
import { draftOf } from "../features/drafts/drafts.server.ts";
import { DraftPage } from "../features/inputs/draft-page.tsx";
import { publicInputsOn } from "../features/inputs/reading.server.ts";
import { actorOf } from "../features/people/people.server.ts";
import { holds } from "../features/people/people.ts";
import { openRoundOf } from "../features/rounds/rounds.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const { slug = "", module: moduleSlug = "" } = args.params;
    const language = languageOf(args.request);
    const asked = new URL(args.request.url).searchParams.get("text") ?? language;
    const actor = await actorOf(ctx, args.request);
    const draft = await draftOf(ctx, actor, slug, moduleSlug, asked);
    const { curriculum, module, view } = draft;
    const [round, said, versions] = await Promise.all([
      openRoundOf(ctx.db, module.id, ctx.clock()),
      publicInputsOn(ctx, actor, draft),
      publishedVersions(ctx.db, [curriculum.id]),
    ]);
    const title = inLanguage(module.title, language);
    const [version] = versions;
    return {
      pageTitle: `${title} · ${translator(language)("name")}`,
      curriculum: { slug: curriculum.slug, title: inLanguage(curriculum.title, language) },
      module: {
        slug: module.slug,
        title,
        goal: inLanguage(module.goal, language),
        minutes: module.minutes,
        mode: module.mode,
        audience: module.audience,
        contentWarning: inLanguage(module.content_warning, language),
      },
      language: draft.language,
      languages: draft.languages,
      json: view.json,
      outline: outline(view.json),
      objectives: objectives(view.json).length,
      round: round && {
        title: inLanguage(round.title, language),
        question: inLanguage(round.question, language),
        closes: round.closes_at,
      },
      version: version ? { n: version.n, at: version.at } : null,
      trains: holds(actor, "trainer", curriculum.id),
      leads: holds(actor, "facilitator", curriculum.id) || holds(actor, "trainer", curriculum.id),
      ...said,
    };
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.pageTitle },
  { name: "description", content: data?.module.goal },
];

export default function DraftRoute() {
  return <DraftPage {...useLoaderData<typeof loader>()} />;
}
