import { randomUUID } from "node:crypto";
import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { InputPage } from "../features/inputs/input-page.tsx";
import { replyTo } from "../features/inputs/inputs.server.ts";
import { replyForm } from "../features/inputs/inputs.ts";
import { formatReceipt } from "../features/inputs/receipts.ts";
import { speakerOf } from "../features/inputs/speaker.server.ts";
import { inputForPage, isOpenFor } from "../features/inputs/status.server.ts";
import { actorOf } from "../features/people/people.server.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const actor = await actorOf(ctx, args.request);
    const input = await inputForPage(ctx, actor, args.params.id ?? "");
    const t = translator(languageOf(args.request));
    return {
      input,
      open: await isOpenFor(ctx, input),
      formKey: randomUUID(),
      title: `${t(`inputs:one.title.${input.kind}`)} · ${t("name")}`,
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const submission = parseWithZod(await formOf(args.request), { schema: replyForm });
  if (submission.status !== "success") return data(submission.reply(), { status: 422 });
  try {
    await ctx.limits.hit("reply", ctx.clientKey);
    const { actor, headers } = await speakerOf(ctx, args.request);
    const { receipt } = await replyTo(ctx, actor, args.params.id ?? "", submission.value);
    return redirect(`/receipts/${formatReceipt(receipt)}?sent`, { headers });
  } catch (error) {
    return refused(submission, error);
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function InputRoute() {
  return (
    <InputPage {...useLoaderData<typeof loader>()} lastResult={useActionData<typeof action>()} />
  );
}
