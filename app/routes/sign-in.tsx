import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { actorOf } from "../features/people/people.server.ts";
import { linkForm, safeNext, signInForm } from "../features/people/people.ts";
import { mailSignInLink, signInWithPassword } from "../features/people/sign-in.server.ts";
import { SignIn } from "../features/people/sign-in.tsx";
import { languageOf, translator } from "../i18n/language.server.ts";
import { contextOf, formOf, refused } from "../request.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const { searchParams } = new URL(args.request.url);
  const next = safeNext(searchParams.get("next"));
  const actor = await actorOf(contextOf(args), args.request);
  if (actor.personId) throw redirect(next);
  const title = translator(languageOf(args.request))("people:signIn.title");
  return { title, next, ready: searchParams.has("ready") };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { request } = args;
  const language = languageOf(request);
  const form = await formOf(request);

  if (form.get("intent") === "link") {
    const submission = parseWithZod(form, { schema: linkForm });
    if (submission.status !== "success")
      return data(submission.reply({ hideFields: ["password"] }), { status: 422 });
    try {
      await mailSignInLink(ctx, submission.value, language);
    } catch (error) {
      return refused(submission, error, ["password"]);
    }
    return redirect("/sign-in/sent");
  }

  const submission = parseWithZod(form, { schema: signInForm });
  if (submission.status !== "success")
    return data(submission.reply({ hideFields: ["password"] }), { status: 422 });
  try {
    const headers = await signInWithPassword(ctx, request, submission.value, language);
    return redirect(submission.value.next, { headers });
  } catch (error) {
    return refused(submission, error, ["password"]);
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function SignInRoute() {
  return <SignIn {...useLoaderData<typeof loader>()} lastResult={useActionData<typeof action>()} />;
}
