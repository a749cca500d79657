import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { Forbidden } from "../errors.ts";
import { createCurriculum, maySetUp } from "../features/curricula/curricula.server.ts";
import { curriculumForm } from "../features/curricula/curricula.ts";
import { CurriculumForm } from "../features/curricula/curriculum-form.tsx";
import { actorOf, requirePerson } from "../features/people/people.server.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";
import { PageHeader } from "../ui/blocks.tsx";

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  return answer(async () => {
    if (!maySetUp(await requirePerson(ctx, args.request))) throw new Forbidden();
    return { title: translator(languageOf(args.request))("curricula:form.newTitle") };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const actor = await actorOf(ctx, args.request);
  const submission = parseWithZod(await formOf(args.request), { schema: curriculumForm });
  if (submission.status !== "success") return data(submission.reply(), { status: 422 });
  try {
    const { slug } = await createCurriculum(ctx, actor, submission.value);
    return redirect(`/curricula/${slug}`);
  } catch (error) {
    return refused(submission, error);
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function NewCurriculumRoute() {
  const { t } = useTranslation("curricula");
  const { title } = useLoaderData<typeof loader>();
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[{ href: "/work", label: t("work.title") }]}
        title={title}
        lead={t("form.newLead")}
      />
      <CurriculumForm seen={null} lastResult={useActionData<typeof action>()} />
    </div>
  );
}
