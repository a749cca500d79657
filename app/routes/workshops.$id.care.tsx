import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { requirePerson } from "../features/people/people.server.ts";
import { carePage, takeCare } from "../features/workshops/care-page.server.ts";
import { CarePage } from "../features/workshops/care-page.tsx";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refusalOf } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  return answer(async () => {
    const actor = await requirePerson(ctx, args.request);
    const page = await carePage(ctx, actor, args.params.id ?? "", language);
    const { title } = page;
    return { ...page, pageTitle: translator(language)("workshops:care.pageTitle", { title }) };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { request, params } = args;
  const actor = await requirePerson(ctx, request);
  const form = await formOf(request);
  try {
    return await takeCare(ctx, actor, params.id ?? "", form, languageOf(request));
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return data({ refused: refusal.text }, { status: refusal.status });
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.pageTitle },
  { name: "robots", content: "noindex" },
];

export default function CareRoute() {
  const { pageTitle: _, ...page } = useLoaderData<typeof loader>();
  return <CarePage {...page} result={useActionData<typeof action>()} />;
}
