import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import {
  invite,
  listInvitations,
  withdrawInvitation,
} from "../features/people/invitations.server.ts";
import { requirePerson, requireSteward } from "../features/people/people.server.ts";
import { grantForm, inviteForm } from "../features/people/people.ts";
import { PeoplePage } from "../features/people/people-page.tsx";
import { curriculaForRoles, grantRole, listPeople } from "../features/people/roles.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";

const DONE = ["granted", "revoked", "invited", "withdrawn"] as const;

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  return answer(async () => {
    requireSteward(await requirePerson(ctx, args.request));
    const { searchParams } = new URL(args.request.url);
    const search = (searchParams.get("q") ?? "").slice(0, 80);
    const all = searchParams.has("all");
    const { people, total } = await listPeople(ctx, { search, all });
    const named = <T extends { title: string | null }>(row: T) => ({
      ...row,
      title: row.title && inLanguage(row.title, language),
    });
    return {
      pageTitle: translator(language)("people:people.title"),
      people: people.map((person) => ({ ...person, roles: person.roles.map(named) })),
      total,
      search,
      all,
      invitations: (await listInvitations(ctx)).map(named),
      curricula: (await curriculaForRoles(ctx)).map(({ id, title }) => ({
        id,
        title: inLanguage(title, language),
      })),
      done: DONE.find((one) => searchParams.get("done") === one) ?? null,
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  return answer(async () => {
    const steward = requireSteward(await requirePerson(ctx, args.request));
    const form = await formOf(args.request);
    if (form.get("intent") === "withdraw") {
      await withdrawInvitation(ctx, steward, String(form.get("id")));
      return redirect("/people?done=withdrawn");
    }
    if (form.get("intent") === "grant") {
      const submission = parseWithZod(form, { schema: grantForm });
      if (submission.status !== "success") return data(submission.reply(), { status: 422 });
      await grantRole(ctx, steward, submission.value);
      return redirect("/people?done=granted");
    }
    const submission = parseWithZod(form, { schema: inviteForm });
    if (submission.status !== "success") return data(submission.reply(), { status: 422 });
    try {
      await invite(ctx, steward, submission.value, languageOf(args.request));
    } catch (error) {
      return refused(submission, error);
    }
    return redirect("/people?done=invited");
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function PeopleRoute() {
  const { pageTitle: _, ...props } = useLoaderData<typeof loader>();
  return <PeoplePage {...props} lastResult={useActionData<typeof action>()} />;
}
