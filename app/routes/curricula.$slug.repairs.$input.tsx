import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { NotFound } from "../errors.ts";
import { curriculumAsTrainer } from "../features/curricula/curricula.server.ts";
import { PlacePage } from "../features/inputs/place-page.tsx";
import { placesFor } from "../features/inputs/places.server.ts";
import { repairAnchor, repairableByTrainer } from "../features/inputs/repair.server.ts";
import { readRepair } from "../features/inputs/repair.ts";
import { actorOf } from "../features/people/people.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refusalOf } from "../request.server.ts";

export const handle = { hydrate: false };

/** The input of the address, for a trainer of the curriculum in the address. */
async function repairable({ params, ...args }: LoaderFunctionArgs | ActionFunctionArgs) {
  const ctx = contextOf({ params, ...args });
  const actor = await actorOf(ctx, args.request);
  const { curriculum } = await curriculumAsTrainer(ctx.db, actor, params.slug ?? "");
  const input = await repairableByTrainer(ctx, actor, params.input ?? "");
  if (input.curriculumId !== curriculum.id) throw new NotFound("inputs:errors.notFound");
  return { ctx, curriculum, input, back: `/curricula/${curriculum.slug}/repairs` };
}

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const { ctx, curriculum, input, back } = await repairable(args);
    const language = languageOf(args.request);
    const t = translator(language);
    return {
      ...(await placesFor(ctx, input, new URL(args.request.url).searchParams)),
      crumbs: [
        {
          href: `/curricula/${curriculum.slug}`,
          label: inLanguage(curriculum.title, language),
        },
        { href: back, label: t("repair:titleShort") },
      ],
      back,
      title: `${t("repair:place.title")} · ${t("name")}`,
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  return answer(async () => {
    const { ctx, input, back } = await repairable(args);
    const form = readRepair(await formOf(args.request));
    try {
      await repairAnchor(ctx, input, form);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal?.status !== 409 && refusal?.status !== 422) throw error;
      return data({ error: refusal.text.key }, { status: refusal.status });
    }
    return redirect(`${back}?done=${form.action}&input=${input.id}`);
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function RepairPlaceRoute() {
  const failed = useActionData<typeof action>();
  return <PlacePage {...useLoaderData<typeof loader>()} error={failed?.error ?? null} />;
}
