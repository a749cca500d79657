import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { curriculumAsTrainer, modulesOf } from "../features/curricula/curricula.server.ts";
import { doubtfulInputs } from "../features/inputs/doubtful.server.ts";
import { repairAnchor, repairableByTrainer } from "../features/inputs/repair.server.ts";
import { readRepair } from "../features/inputs/repair.ts";
import { RepairPage } from "../features/inputs/repair-page.tsx";
import { actorOf } from "../features/people/people.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refusalOf } from "../request.server.ts";

export const handle = { hydrate: false };

const DONE = ["confirmed", "moved", "lost"] as const;

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const language = languageOf(args.request);
    const { searchParams } = new URL(args.request.url);
    const actor = await actorOf(ctx, args.request);
    const { curriculum } = await curriculumAsTrainer(ctx.db, actor, args.params.slug ?? "");
    const [modules, all] = await Promise.all([
      modulesOf(ctx.db, curriculum.id),
      doubtfulInputs(ctx, curriculum.id),
    ]);
    const chosen = modules.find(({ slug }) => slug === searchParams.get("module"));
    const title = inLanguage(curriculum.title, language);
    return {
      slug: curriculum.slug,
      curriculum: title,
      modules: modules
        .filter(({ id }) => all.some(({ moduleId }) => moduleId === id))
        .map(({ id, slug, title }) => ({ id, slug, title: inLanguage(title, language) })),
      chosen: chosen?.slug ?? null,
      total: all.length,
      entries: chosen ? all.filter(({ moduleId }) => moduleId === chosen.id) : all,
      done: DONE.find((one) => one === searchParams.get("done")) ?? null,
      settled: searchParams.get("input"),
      pageTitle: translator(language)("repair:pageTitle", { n: all.length, curriculum: title }),
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { slug = "" } = args.params;
  return answer(async () => {
    const form = readRepair(await formOf(args.request));
    const actor = await actorOf(ctx, args.request);
    const input = await repairableByTrainer(ctx, actor, form.input ?? "");
    try {
      await repairAnchor(ctx, input, form);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal?.status !== 409) throw error;
      return data({ error: refusal.text.key }, { status: 409 });
    }
    return redirect(`/curricula/${slug}/repairs?done=${form.action}&input=${input.id}`);
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function RepairsRoute() {
  const failed = useActionData<typeof action>();
  return <RepairPage {...useLoaderData<typeof loader>()} error={failed?.error ?? null} />;
}
