import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { actorOf } from "../features/people/people.server.ts";
import { joinFrom } from "../features/workshops/join.server.ts";
import { JoinPage } from "../features/workshops/join-page.tsx";
import { languageOf, translator } from "../i18n/language.server.ts";
import { contextOf } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const { name } = await actorOf(contextOf(args), args.request);
  return { title: translator(languageOf(args.request))("workshops:join.title"), name };
}

export async function action(args: ActionFunctionArgs) {
  return joinFrom(contextOf(args), args.request);
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function JoinRoute() {
  const { name } = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>();
  return (
    <JoinPage invitation={null} token={null} name={name} inside={null} lastResult={lastResult} />
  );
}
