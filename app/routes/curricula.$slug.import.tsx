import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { curriculumAsTrainer, modulesOf } from "../features/curricula/curricula.server.ts";
import { importForm } from "../features/drafts/drafts.ts";
import { importInto } from "../features/drafts/import.server.ts";
import { ImportForm } from "../features/drafts/import-form.tsx";
import { ImportResult } from "../features/drafts/import-result.tsx";
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
    const modules = await modulesOf(ctx.db, curriculum.id);
    const name = inLanguage(curriculum.title, language);
    return {
      pageTitle: `${translator(language)("drafts:import.title")}: ${name}`,
      slug: curriculum.slug,
      name,
      language,
      module: new URL(args.request.url).searchParams.get("module") ?? "",
      modules: modules.map(({ slug, title }) => ({ slug, title: inLanguage(title, language) })),
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { slug = "" } = args.params;
  const actor = await actorOf(ctx, args.request);
  await answer(() => curriculumAsTrainer(ctx.db, actor, slug));
  const submission = parseWithZod(await formOf(args.request), { schema: importForm });
  if (submission.status !== "success") {
    return data({ lastResult: submission.reply(), done: null }, { status: 422 });
  }
  const { file, language, module, mode, title } = submission.value;
  try {
    await ctx.limits.hit("upload", ctx.clientKey);
    const result = await importInto(ctx, actor, {
      slug,
      language,
      file: { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) },
      into: module ? { module, mode } : { title },
    });
    const done = {
      address: `/curricula/${slug}/modules/${result.module.slug}`,
      title: inLanguage(result.module.title, languageOf(args.request)),
      isNew: module === "",
      notKept: result.notKept,
    };
    return { lastResult: submission.reply({ resetForm: true }), done };
  } catch (error) {
    const { data: lastResult, init } = refused(submission, error);
    return data({ lastResult, done: null }, init ?? undefined);
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function ImportRoute() {
  const { t } = useTranslation("drafts");
  const { slug, name, ...form } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[{ href: `/curricula/${slug}`, label: name }]}
        title={t("import.title")}
        lead={t("import.lead")}
      />
      {result?.done && (
        <>
          <ImportResult {...result.done} />
          <h2>{t("import.another")}</h2>
        </>
      )}
      <ImportForm {...form} lastResult={result?.lastResult} />
    </div>
  );
}
