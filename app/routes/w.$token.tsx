import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { NotFound } from "../errors.ts";
import { actorOf } from "../features/people/people.server.ts";
import { isJoinToken } from "../features/workshops/codes.ts";
import { joinFrom } from "../features/workshops/join.server.ts";
import { JoinPage } from "../features/workshops/join-page.tsx";
import { invitedTo } from "../features/workshops/members.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const { token = "" } = args.params;
  const language = languageOf(args.request);
  return answer(async () => {
    if (!isJoinToken(token)) throw new NotFound("workshops:errors.noSuchCode");
    const actor = await actorOf(ctx, args.request);
    const { id, title, moduleTitle, name } = await invitedTo(ctx, actor, { code: null, token });
    return {
      title: `${translator(language)("workshops:join.title")}: ${title}`,
      token,
      invitation: { title, module: inLanguage(moduleTitle, language) },
      name: name ?? actor.name,
      inside: name === null ? null : `/workshops/${id}`,
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  return joinFrom(contextOf(args), args.request);
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.title },
  { name: "robots", content: "noindex" },
];

export default function InvitationRoute() {
  const { title: _, ...page } = useLoaderData<typeof loader>();
  return <JoinPage {...page} lastResult={useActionData<typeof action>()} />;
}
