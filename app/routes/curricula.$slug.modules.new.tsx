import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { curriculumAsTrainer } from "../features/curricula/curricula.server.ts";
import { moduleForm } from "../features/curricula/curricula.ts";
import { ModuleForm } from "../features/curricula/module-form.tsx";
import { startModule } from "../features/drafts/drafts.server.ts";
import { actorOf, requirePerson } from "../features/people/people.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";
import { PageHeader } from "../ui/blocks.tsx";

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  return answer(async () => {
    const actor = await requirePerson(ctx, args.request);
    const { curriculum } = await curriculumAsTrainer(ctx.db, actor, args.params.slug ?? "");
    return {
      title: translator(language)("curricula:module.newTitle"),
      slug: curriculum.slug,
      name: inLanguage(curriculum.title, language),
      language,
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { slug = "" } = args.params;
  const actor = await actorOf(ctx, args.request);
  const submission = parseWithZod(await formOf(args.request), { schema: moduleForm });
  if (submission.status !== "success") return data(submission.reply(), { status: 422 });
  try {
    const module = await startModule(ctx, actor, slug, submission.value);
    return redirect(`/curricula/${slug}/modules/${module.slug}/edit`);
  } catch (error) {
    return refused(submission, error);
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function NewModuleRoute() {
  const { t } = useTranslation("curricula");
  const { title, slug, name, language } = useLoaderData<typeof loader>();
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[{ href: `/curricula/${slug}`, label: name }]}
        title={title}
        lead={t("module.newLead")}
      />
      <ModuleForm
        values={{ language, minutes: 60, mode: "in_person" }}
        seen={null}
        lastResult={useActionData<typeof action>()}
      />
    </div>
  );
}
