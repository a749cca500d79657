import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { accountOf, choosePassword, signOutEverywhere } from "../features/people/account.server.ts";
import { AccountPage } from "../features/people/account.tsx";
import { rename } from "../features/people/people.server.ts";
import { nameForm, passwordForm } from "../features/people/people.ts";
import { rolesOf } from "../features/people/roles.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const { request } = args;
  const language = languageOf(request);
  const { searchParams } = new URL(request.url);
  const { person, account, fresh } = await answer(() => accountOf(ctx, request));
  const [passkeys, roles] = await Promise.all([
    ctx.auth.passkeys(account.id),
    rolesOf(ctx, person.personId),
  ]);
  return {
    pageTitle: translator(language)("people:account.title"),
    name: person.name,
    email: account.email,
    hasPassword: account.hasPassword,
    fresh,
    passkeys,
    roles: roles.map(({ role, title }) => ({ role, title: title && inLanguage(title, language) })),
    saved: searchParams.has("saved"),
    welcome: searchParams.has("welcome"),
  };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { request } = args;
  const { person, account } = await answer(() => accountOf(ctx, request));
  const form = await formOf(request);
  switch (form.get("intent")) {
    case "name": {
      const submission = parseWithZod(form, { schema: nameForm });
      if (submission.status !== "success") return data(submission.reply(), { status: 422 });
      await rename(ctx, person, submission.value.name);
      return redirect("/account?saved=name");
    }
    case "password": {
      const secrets = ["password", "current"];
      const submission = parseWithZod(form, { schema: passwordForm });
      if (submission.status !== "success")
        return data(submission.reply({ hideFields: secrets }), { status: 422 });
      try {
        const headers = await choosePassword(ctx, request, submission.value);
        return redirect("/account?saved=password", { headers });
      } catch (error) {
        return refused(submission, error, secrets);
      }
    }
    case "removePasskey":
      await ctx.auth.removePasskey(account.id, String(form.get("id")));
      return redirect("/account?saved=passkey");
    case "everywhere":
      return redirect("/", { headers: await signOutEverywhere(ctx, request) });
    default:
      throw data(null, { status: 400 });
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function AccountRoute() {
  const { pageTitle: _, ...props } = useLoaderData<typeof loader>();
  return <AccountPage {...props} lastResult={useActionData<typeof action>()} />;
}
