import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { NotFound } from "../errors.ts";
import { setupForm } from "../features/people/people.ts";
import { checkSetupLink, redeemSetupLink } from "../features/people/setup.server.ts";
import { SetUp } from "../features/people/setup.tsx";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  await answer(() => checkSetupLink(ctx, args.params.token ?? ""));
  return { title: translator(languageOf(args.request))("people:setup.title") };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const submission = parseWithZod(await formOf(args.request), { schema: setupForm });
  if (submission.status !== "success")
    return data(submission.reply({ hideFields: ["password"] }), { status: 422 });
  return answer(async () => {
    try {
      await ctx.limits.hit("signIn", ctx.clientKey);
      await redeemSetupLink(ctx, args.params.token ?? "", submission.value);
    } catch (error) {
      if (error instanceof NotFound) throw error;
      return refused(submission, error, ["password"]);
    }
    return redirect("/sign-in?ready=1");
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function SetUpRoute() {
  return <SetUp lastResult={useActionData<typeof action>()} />;
}
