import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { objectives, outline } from "../document/read.ts";
import { curriculumAsTrainer, updateModule } from "../features/curricula/curricula.server.ts";
import { moduleForm, moduleValues } from "../features/curricula/curricula.ts";
import { ModuleForm } from "../features/curricula/module-form.tsx";
import { checkObjectives } from "../features/curricula/objectives.ts";
import { ObjectivesCheckList } from "../features/curricula/objectives-check.tsx";
import { draftOf } from "../features/drafts/drafts.server.ts";
import { actorOf, requirePerson } from "../features/people/people.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";
import { Notice, PageHeader } from "../ui/blocks.tsx";

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  const { slug = "", module: moduleSlug = "" } = args.params;
  return answer(async () => {
    const actor = await requirePerson(ctx, args.request);
    await curriculumAsTrainer(ctx.db, actor, slug);
    const { curriculum, module, languages, view } = await draftOf(ctx, actor, slug, moduleSlug);
    const name = inLanguage(module.title, language);
    return {
      pageTitle: `${translator(language)("curricula:module.editTitle")}: ${name}`,
      slug,
      moduleSlug,
      curriculum: inLanguage(curriculum.title, language),
      name,
      seen: module.updated_at,
      values: moduleValues(module),
      languages,
      check: checkObjectives(objectives(view.json), outline(view.json)),
      saved: new URL(args.request.url).searchParams.has("saved"),
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { slug = "", module = "" } = args.params;
  const actor = await actorOf(ctx, args.request);
  const form = await formOf(args.request);
  const submission = parseWithZod(form, { schema: moduleForm });
  if (submission.status !== "success") return data(submission.reply(), { status: 422 });
  try {
    await updateModule(ctx, actor, slug, module, submission.value, String(form.get("seen")));
    return redirect(`/curricula/${slug}/modules/${module}/settings?saved`);
  } catch (error) {
    return refused(submission, error);
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function ModuleSettingsRoute() {
  const { t } = useTranslation("curricula");
  const page = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>();
  const address = `/curricula/${page.slug}/modules/${page.moduleSlug}`;
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[
          { href: `/curricula/${page.slug}`, label: page.curriculum },
          { href: address, label: page.name },
        ]}
        title={t("module.editTitle")}
      />
      {page.saved && !lastResult && (
        <Notice tone="good" live>
          <p>{t("form.saved")}</p>
        </Notice>
      )}
      <ObjectivesCheckList check={page.check} minutes={page.values.minutes} />
      <ModuleForm
        key={page.seen}
        values={page.values}
        seen={page.seen}
        languages={page.languages}
        lastResult={lastResult}
      />
    </div>
  );
}
