import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { safeNext, signUpForm } from "../features/people/people.ts";
import { mailSignInLink } from "../features/people/sign-in.server.ts";
import { SignUp } from "../features/people/sign-up.tsx";
import { languageOf, translator } from "../i18n/language.server.ts";
import { contextOf, formOf, refused } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader({ request }: LoaderFunctionArgs) {
  const title = translator(languageOf(request))("people:signUp.title");
  return { title, next: safeNext(new URL(request.url).searchParams.get("next")) };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const submission = parseWithZod(await formOf(args.request), { schema: signUpForm });
  if (submission.status !== "success") return data(submission.reply(), { status: 422 });
  try {
    await mailSignInLink(ctx, submission.value, languageOf(args.request));
  } catch (error) {
    return refused(submission, error);
  }
  return redirect("/sign-in/sent");
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function SignUpRoute() {
  return <SignUp {...useLoaderData<typeof loader>()} lastResult={useActionData<typeof action>()} />;
}
