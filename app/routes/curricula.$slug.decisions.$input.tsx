import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { curriculumBySlug } from "../features/curricula/curricula.server.ts";
import { DecidedNotice } from "../features/decisions/decided-notice.tsx";
import { DecidedOn } from "../features/decisions/decided-on.tsx";
import { DecisionForm } from "../features/decisions/decision-form.tsx";
import { decide } from "../features/decisions/decisions.server.ts";
import { addressOf, decideForm, given, toDecideFilter } from "../features/decisions/decisions.ts";
import { inputToDecide } from "../features/decisions/task.server.ts";
import { PassageNow, Said } from "../features/decisions/task.tsx";
import { justDecided, nextToDecide } from "../features/decisions/worklist.server.ts";
import { excerptOf } from "../features/moderation/queue.server.ts";
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
  const address = given(new URL(args.request.url).searchParams);
  return { ctx, person, curriculum, address, filter: toDecideFilter.parse(address) };
}

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const { ctx, person, curriculum, address, filter } = await atTheTask(args);
    const [input, done] = await Promise.all([
      inputToDecide(ctx, person, args.params.input ?? ""),
      address.done ? justDecided(ctx.db, curriculum.id, address.done) : null,
    ]);
    const language = languageOf(args.request);
    const title = inLanguage(curriculum.title, language);
    return {
      slug: curriculum.slug,
      title,
      pageTitle: translator(language)("decisions:taskTitle", {
        words: excerptOf(input.body, 40),
        curriculum: title,
      }),
      name: person.name,
      input,
      list: `/curricula/${curriculum.slug}/decisions${addressOf(filter)}`,
      done,
      undone: address.undone === "1",
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  return answer(async () => {
    const { ctx, person, curriculum, filter } = await atTheTask(args);
    const submission = parseWithZod(await formOf(args.request), { schema: decideForm });
    if (submission.status !== "success") return data(submission.reply(), { status: 422 });
    try {
      const decided = await decide(ctx, person, submission.value);
      if (decided.status === "held")
        return data({ ...submission.reply(), held: decided.writers }, { status: 409 });
      if (decided.status === "conflict") {
        const error = decided.current === null ? "passageGone" : "movedOn";
        return data(submission.reply({ formErrors: [`decisions:${error}`] }), { status: 409 });
      }
      const next = await nextToDecide(ctx, person, curriculum.id, filter, decided.seq);
      const page = `/curricula/${curriculum.slug}/decisions${next ? `/${next}` : ""}`;
      return redirect(page + addressOf(filter, { done: submission.value.inputId }));
    } catch (error) {
      return refused(submission, error);
    }
  });
}

/** Plain HTML: everything here works with links and forms. */
export const handle = { hydrate: false };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function DecisionTaskPage() {
  const { t, i18n } = useTranslation(["decisions", "inputs"]);
  const page = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>();
  const { slug, input, done } = page;
  const held = lastResult && "held" in lastResult ? (lastResult.held as string[]) : null;
  const draft = input.module && `/curricula/${slug}/modules/${input.module.slug}`;

  return (
    <div className="page decision">
      <PageHeader
        crumbs={[
          { href: `/curricula/${slug}`, label: page.title },
          { href: page.list, label: t("title") },
        ]}
        title={
          input.suggestion && input.suggestion.kind !== "text"
            ? t("change.title")
            : t(`inputs:kind.${input.kind}`)
        }
        lead={
          input.module
            ? inLanguage(input.module.title, i18n.language)
            : t("inputs:whole.curriculum")
        }
      />
      {done && !lastResult && <DecidedNotice done={done} last={false} />}
      {page.undone && input.decision?.undone && (
        <Notice tone="good" live>
          <p data-sent="">{t("undo.done")}</p>
        </Notice>
      )}
      <div className="decision-columns">
        <div>
          <Said input={input} />
          <PassageNow input={input} draft={draft} />
        </div>
        <div>
          {input.decision && (
            <DecidedOn input={input} decision={input.decision} slug={slug} list={page.list} />
          )}
          {input.youModerated && !input.decision && (
            <Notice tone="warning">
              <p>{t("youModerated")}</p>
              <p>
                <a href={page.list}>{t("task.back")}</a>
              </p>
            </Notice>
          )}
          {((!input.decision && !input.youModerated) || lastResult) && (
            <DecisionForm
              key={input.id}
              input={input}
              name={page.name}
              lastResult={lastResult}
              held={held}
            />
          )}
        </div>
      </div>
    </div>
  );
}
