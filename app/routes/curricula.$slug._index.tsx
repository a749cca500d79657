import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { publicInputCounts, publishedVersions } from "../features/curricula/counts.server.ts";
import { curriculumBySlug, modulesOf, moveModule } from "../features/curricula/curricula.server.ts";
import { minutesLeft } from "../features/curricula/curricula.ts";
import { CurriculumPage } from "../features/curricula/curriculum-page.tsx";
import { draftLanguages } from "../features/drafts/drafts.server.ts";
import { actorOf } from "../features/people/people.server.ts";
import { CURRICULUM_ROLES, holds } from "../features/people/people.ts";
import { roundsOf } from "../features/rounds/rounds.server.ts";
import { isOpen } from "../features/rounds/rounds.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf } from "../i18n/language.server.ts";
import { answer, contextOf, formOf } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  return answer(async () => {
    const actor = await actorOf(ctx, args.request);
    const curriculum = await curriculumBySlug(ctx.db, actor, args.params.slug ?? "");
    const [modules, rounds, drafts, inputs, versions] = await Promise.all([
      modulesOf(ctx.db, curriculum.id),
      roundsOf(ctx.db, curriculum.id),
      draftLanguages(ctx.db, curriculum.id),
      publicInputCounts(ctx.db, curriculum.id),
      publishedVersions(ctx.db, [curriculum.id]),
    ]);
    const open = rounds.filter((round) => isOpen(round, ctx.clock())).reverse();
    return {
      slug: curriculum.slug,
      title: inLanguage(curriculum.title, language),
      summary: inLanguage(curriculum.summary, language),
      facts: {
        agency: curriculum.agency,
        jurisdiction: curriculum.jurisdiction,
        status: curriculum.status,
        licence: curriculum.licence,
        owner: curriculum.owner,
        approver: curriculum.approver,
        from: curriculum.effective_from,
        to: curriculum.effective_to,
        adaptedFrom: curriculum.adapted_from,
      },
      total: curriculum.minutes,
      minutes: minutesLeft(curriculum.minutes, modules),
      comments: inputs[""] ?? 0,
      rounds: open.map((round) => ({
        id: round.id,
        title: inLanguage(round.title, language),
        question: inLanguage(round.question, language),
        closes: round.closes_at,
        modules: modules
          .filter(({ id }) => round.moduleIds.includes(id))
          .map(({ title }) => inLanguage(title, language)),
      })),
      modules: modules.map((module) => ({
        slug: module.slug,
        title: inLanguage(module.title, language),
        goal: inLanguage(module.goal, language),
        minutes: module.minutes,
        mode: module.mode,
        languages: drafts[module.id] ?? [],
        open: open.some(({ moduleIds }) => moduleIds.includes(module.id)),
        comments: inputs[module.id] ?? 0,
      })),
      versions: versions.map(({ n, at }) => ({ n, at })),
      roles: CURRICULUM_ROLES.filter((role) => holds(actor, role, curriculum.id)),
    };
  });
}

/** Moves a module up or down. */
export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  return answer(async () => {
    const actor = await actorOf(ctx, args.request);
    const slug = args.params.slug ?? "";
    const form = await formOf(args.request);
    const module = String(form.get("module"));
    await moveModule(ctx, actor, slug, module, form.get("move") === "up" ? "up" : "down");
    return redirect(`/curricula/${slug}#modules`);
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.title },
  { name: "description", content: data?.summary },
];

export default function CurriculumRoute() {
  return <CurriculumPage {...useLoaderData<typeof loader>()} />;
}
