import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { curriculumAsTrainer, updateCurriculum } from "../features/curricula/curricula.server.ts";
import { curriculumForm, curriculumValues } from "../features/curricula/curricula.ts";
import { CurriculumForm } from "../features/curricula/curriculum-form.tsx";
import { actorOf, requirePerson } from "../features/people/people.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";
import { Notice, PageHeader } from "../ui/blocks.tsx";

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  return answer(async () => {
    const actor = await requirePerson(ctx, args.request);
    const { curriculum } = await curriculumAsTrainer(ctx.db, actor, args.params.slug ?? "");
    const name = inLanguage(curriculum.title, language);
    return {
      pageTitle: `${translator(language)("curricula:form.editTitle")}: ${name}`,
      slug: curriculum.slug,
      name,
      seen: curriculum.updated_at,
      values: curriculumValues(curriculum),
      saved: new URL(args.request.url).searchParams.has("saved"),
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { slug = "" } = args.params;
  const actor = await actorOf(ctx, args.request);
  const form = await formOf(args.request);
  const submission = parseWithZod(form, { schema: curriculumForm });
  if (submission.status !== "success") return data(submission.reply(), { status: 422 });
  try {
    await updateCurriculum(ctx, actor, slug, submission.value, String(form.get("seen")));
    return redirect(`/curricula/${slug}/settings?saved`);
  } catch (error) {
    return refused(submission, error);
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function CurriculumSettingsRoute() {
  const { t } = useTranslation("curricula");
  const { slug, name, seen, values, saved } = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>();
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[{ href: `/curricula/${slug}`, label: name }]}
        title={t("form.editTitle")}
      />
      {saved && !lastResult && (
        <Notice tone="good" live>
          <p>{t("form.saved")}</p>
        </Notice>
      )}
      <CurriculumForm key={seen} values={values} seen={seen} lastResult={lastResult} />
    </div>
  );
}
