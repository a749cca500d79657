import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { curriculumBySlug } from "../features/curricula/curricula.server.ts";
import { undoForm } from "../features/decisions/decisions.ts";
import { undoDecision } from "../features/decisions/undo.server.ts";
import { UndoForm, WhatWasAdopted } from "../features/decisions/undo-form.tsx";
import { undoTask } from "../features/decisions/undo-task.server.ts";
import { TakenBack } from "../features/inputs/taken-back.tsx";
import { requirePerson, requireRole } from "../features/people/people.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";
import { Notice, PageHeader } from "../ui/blocks.tsx";

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
    const language = languageOf(args.request);
    const title = inLanguage(curriculum.title, language);
    return {
      slug: curriculum.slug,
      title,
      pageTitle: translator(language)("decisions:undo.pageTitle", { curriculum: title }),
      task: await undoTask(ctx, person, args.params.input ?? ""),
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  return answer(async () => {
    const { ctx, person, curriculum } = await atTheTask(args);
    const submission = parseWithZod(await formOf(args.request), { schema: undoForm });
    if (submission.status !== "success") return data(submission.reply(), { status: 422 });
    try {
      const result = await undoDecision(ctx, person, submission.value);
      if (result.status === "held")
        return data({ ...submission.reply(), held: result.writers }, { status: 409 });
      if (result.status === "conflict")
        return data(
          {
            ...submission.reply({
              formErrors: [
                result.current === null ? "decisions:undo.gone" : "decisions:undo.conflictTitle",
              ],
            }),
            stuck: true,
          },
          { status: 409 },
        );
      return redirect(`/curricula/${curriculum.slug}/decisions/${args.params.input}?undone=1`);
    } catch (error) {
      return refused(submission, error);
    }
  });
}

/** Plain HTML: everything here works with links and forms. */
export const handle = { hydrate: false };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function UndoDecisionPage() {
  const { t } = useTranslation("decisions");
  const { slug, title, task } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const held = answered && "held" in answered ? (answered.held as string[]) : null;
  const decisions = `/curricula/${slug}/decisions`;
  const stuck = answered !== undefined && "stuck" in answered;
  const wide = !task.undone && (stuck || task.fit?.status === "conflict");
  return (
    <div className={`page decision ${wide ? "" : "narrow"}`}>
      <PageHeader
        crumbs={[
          { href: `/curricula/${slug}`, label: title },
          { href: decisions, label: t("title") },
        ]}
        title={t("undo.title")}
        lead={task.undone ? undefined : t("undo.lead")}
      />
      <WhatWasAdopted task={task} />
      {task.undone && (
        <Notice>
          <TakenBack undone={task.undone} language={task.language} />
        </Notice>
      )}
      {(!task.undone || answered) && (
        <UndoForm task={task} lastResult={answered} held={held} stuck={stuck} />
      )}
      <p>
        <a href={`${decisions}/${task.inputId}`}>{t("several.back")}</a>
      </p>
    </div>
  );
}
