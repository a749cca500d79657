import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { curriculumAsTrainer, modulesOf } from "../features/curricula/curricula.server.ts";
import { isPublic } from "../features/curricula/curricula.ts";
import { actorOf, requirePerson } from "../features/people/people.server.ts";
import { closeRound, openRound, roundsOf } from "../features/rounds/rounds.server.ts";
import { roundForm, stateOf } from "../features/rounds/rounds.ts";
import { RoundsPage } from "../features/rounds/rounds-page.tsx";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";

const USUAL_DAYS = 28;

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  return answer(async () => {
    const actor = await requirePerson(ctx, args.request);
    const { curriculum } = await curriculumAsTrainer(ctx.db, actor, args.params.slug ?? "");
    const [rounds, modules] = await Promise.all([
      roundsOf(ctx.db, curriculum.id),
      modulesOf(ctx.db, curriculum.id),
    ]);
    const now = ctx.clock();
    const later = new Date(now.getTime() + USUAL_DAYS * 24 * 60 * 60 * 1000);
    const name = inLanguage(curriculum.title, language);
    const titles = modules.map(({ id, title }) => ({ id, title: inLanguage(title, language) }));
    const done = new URL(args.request.url).searchParams.get("done");
    return {
      pageTitle: `${translator(language)("rounds:title")}: ${name}`,
      slug: curriculum.slug,
      curriculum: name,
      hidden: !isPublic(curriculum.status),
      modules: titles,
      opens: now.toISOString().slice(0, 10),
      closes: later.toISOString().slice(0, 10),
      done: done === "opened" || done === "closed" ? (done as "opened" | "closed") : null,
      rounds: rounds.map((round) => ({
        id: round.id,
        title: inLanguage(round.title, language),
        question: inLanguage(round.question, language),
        opens: round.opens_at,
        closes: round.closes_at,
        state: stateOf(round, now),
        modules: titles.filter(({ id }) => round.moduleIds.includes(id)).map(({ title }) => title),
      })),
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { slug = "" } = args.params;
  const actor = await actorOf(ctx, args.request);
  const form = await formOf(args.request);
  if (form.get("intent") === "close") {
    await answer(() => closeRound(ctx, actor, slug, String(form.get("round"))));
    return redirect(`/curricula/${slug}/rounds?done=closed`);
  }
  const submission = parseWithZod(form, { schema: roundForm });
  if (submission.status !== "success") return data(submission.reply(), { status: 422 });
  try {
    await openRound(ctx, actor, slug, submission.value);
    return redirect(`/curricula/${slug}/rounds?done=opened`);
  } catch (error) {
    return refused(submission, error);
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function RoundsRoute() {
  const { pageTitle: _, ...page } = useLoaderData<typeof loader>();
  return <RoundsPage {...page} lastResult={useActionData<typeof action>()} />;
}
