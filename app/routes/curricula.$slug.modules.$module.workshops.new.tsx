import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { draftOf } from "../features/drafts/drafts.server.ts";
import { actorOf, requirePerson, requireRole } from "../features/people/people.server.ts";
import { NewWorkshopPage } from "../features/workshops/new-page.tsx";
import { openWorkshop } from "../features/workshops/open.server.ts";
import { openForm } from "../features/workshops/workshops.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const { slug = "", module: moduleSlug = "" } = args.params;
  const language = languageOf(args.request);
  return answer(async () => {
    const actor = await requirePerson(ctx, args.request);
    const { curriculum, module, ...draft } = await draftOf(ctx, actor, slug, moduleSlug, language);
    requireRole(actor, ["facilitator", "trainer"], curriculum.id);
    const title = inLanguage(module.title, language);
    return {
      pageTitle: `${translator(language)("workshops:new.title")}: ${title}`,
      curriculum: { slug, title: inLanguage(curriculum.title, language) },
      module: { slug: moduleSlug, title },
      languages: draft.languages,
      text: draft.language,
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { slug = "", module = "" } = args.params;
  const actor = await actorOf(ctx, args.request);
  const submission = parseWithZod(await formOf(args.request), { schema: openForm });
  if (submission.status !== "success") return data(submission.reply(), { status: 422 });
  try {
    const { text, ...fields } = submission.value;
    const source = { curriculum: slug, module, ...(text && { text }) };
    const id = await openWorkshop(ctx, actor, { ...source, ...fields });
    return redirect(`/workshops/${id}/care`);
  } catch (error) {
    return refused(submission, error);
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function NewWorkshopRoute() {
  const { pageTitle: _, ...page } = useLoaderData<typeof loader>();
  return <NewWorkshopPage {...page} lastResult={useActionData<typeof action>()} />;
}
