import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { OpenLink } from "../features/people/link.tsx";
import { safeNext } from "../features/people/people.ts";
import { openMailedLink } from "../features/people/sign-in.server.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  return {
    title: translator(languageOf(request))("people:signIn.title"),
    token: searchParams.get("token") ?? "",
    next: safeNext(searchParams.get("next")),
  };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { request } = args;
  const form = await formOf(request);
  const next = safeNext(String(form.get("next") ?? ""));
  return answer(async () => {
    const token = String(form.get("token") ?? "");
    const opened = await openMailedLink(ctx, request, token, languageOf(request));
    if (!opened) return data({ used: true }, { status: 410 });
    const { joined, headers } = opened;
    const to = joined && next === "/" ? "/account?welcome=1" : next;
    return redirect(to, { headers });
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function LinkRoute() {
  const used = useActionData<typeof action>() !== undefined;
  return <OpenLink {...useLoaderData<typeof loader>()} used={used} />;
}
