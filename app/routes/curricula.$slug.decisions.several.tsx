import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { curriculumBySlug } from "../features/curricula/curricula.server.ts";
import { PAGE_SIZE, severalForm } from "../features/decisions/decisions.ts";
import { adoptSeveral, excerptsOf, severalToAdopt } from "../features/decisions/several.server.ts";
import { SeveralForm, SeveralResults, type ShownResult } from "../features/decisions/several.tsx";
import { requirePerson, requireRole } from "../features/people/people.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";
import { Empty, PageHeader } from "../ui/blocks.tsx";

async function atTheTask(args: LoaderFunctionArgs | ActionFunctionArgs) {
  const ctx = contextOf(args);
  const person = await requirePerson(ctx, args.request);
  const curriculum = await curriculumBySlug(ctx.db, person, args.params.slug ?? "");
  requireRole(person, "trainer", curriculum.id);
  return { ctx, person, curriculum };
}

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const { ctx, person, curriculum } = await atTheTask(args);
    const picked = new URL(args.request.url).searchParams.getAll("input").slice(0, PAGE_SIZE);
    const language = languageOf(args.request);
    const title = inLanguage(curriculum.title, language);
    return {
      slug: curriculum.slug,
      title,
      pageTitle: translator(language)("decisions:several.pageTitle", { curriculum: title }),
      name: person.name,
      items: await severalToAdopt(ctx, person, curriculum.id, picked),
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  return answer(async () => {
    const { ctx, person, curriculum } = await atTheTask(args);
    const submission = parseWithZod(await formOf(args.request), { schema: severalForm });
    if (submission.status !== "success")
      return data({ form: submission.reply(), results: null }, { status: 422 });
    try {
      const { input } = submission.value;
      const results = await adoptSeveral(ctx, person, submission.value);
      const excerpts = await excerptsOf(ctx, person, curriculum.id, input);
      const list = `/curricula/${curriculum.slug}/decisions`;
      const shown: ShownResult[] = results.map((result) => ({
        ...result,
        excerpt: excerpts.get(result.inputId)?.excerpt ?? "",
        language: excerpts.get(result.inputId)?.language ?? "",
        href:
          result.status === "adopted" ? `/inputs/${result.inputId}` : `${list}/${result.inputId}`,
      }));
      return data({ form: null, results: shown });
    } catch (error) {
      const { data: form, init } = refused(submission, error);
      return data({ form, results: null }, init ?? {});
    }
  });
}

/** Plain HTML: everything here works with links and forms. */
export const handle = { hydrate: false };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function AdoptSeveralPage() {
  const { t } = useTranslation("decisions");
  const { slug, title, name, items } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const list = `/curricula/${slug}/decisions`;
  return (
    <div className="page narrow decision">
      <PageHeader
        crumbs={[
          { href: `/curricula/${slug}`, label: title },
          { href: list, label: t("title") },
        ]}
        title={t("several.title")}
        lead={answered?.results ? undefined : t("several.lead")}
      />
      {answered?.results ? (
        <SeveralResults results={answered.results} />
      ) : items.length === 0 ? (
        <Empty title={t("several.notThese")} />
      ) : (
        <SeveralForm items={items} name={name} lastResult={answered?.form ?? undefined} />
      )}
      <p>
        <a href={list}>{t("several.back")}</a>
      </p>
    </div>
  );
}
