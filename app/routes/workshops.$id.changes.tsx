import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { formatReceipt } from "../features/inputs/receipts.ts";
import { actorOf } from "../features/people/people.server.ts";
import { changesOf } from "../features/workshops/changes-page.server.ts";
import { ChangesPage } from "../features/workshops/changes-page.tsx";
import { propose } from "../features/workshops/propose.server.ts";
import { type Proposed, proposeForm } from "../features/workshops/workshops.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  return answer(async () => {
    const actor = await actorOf(ctx, args.request);
    const page = await changesOf(ctx, actor, args.params.id ?? "", language);
    const { title } = page;
    return { ...page, pageTitle: translator(language)("workshops:changes.pageTitle", { title }) };
  });
}

/** Sends what was chosen, from this page or from the live copy. */
export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const submission = parseWithZod(await formOf(args.request), { schema: proposeForm });
  if (submission.status !== "success")
    return data({ result: submission.reply(), sent: null }, { status: 422 });
  try {
    await ctx.limits.hit("input", ctx.clientKey);
    const actor = await actorOf(ctx, args.request);
    const sent = await propose(ctx, actor, args.params.id ?? "", submission.value);
    return { sent: sent.map(shown), result: null };
  } catch (error) {
    const { data: result, init } = refused(submission, error);
    return data({ result, sent: null }, init ?? undefined);
  }
}

const shown = ({ key, receipt }: Proposed) => ({ key, receipt: formatReceipt(receipt) });

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.pageTitle },
  { name: "robots", content: "noindex" },
];

export default function ChangesRoute() {
  const { pageTitle: _, ...page } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  return (
    <ChangesPage
      {...page}
      sent={answered?.sent ?? null}
      lastResult={answered?.result ?? undefined}
    />
  );
}
