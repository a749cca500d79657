import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { Link, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { NotFound } from "../errors.ts";
import { curriculumBySlug, modulesOf } from "../features/curricula/curricula.server.ts";
import { KINDS } from "../features/inputs/inputs.ts";
import { moderate, undo, undoable } from "../features/moderation/moderation.server.ts";
import { addressOf, filterOf, moderateForm } from "../features/moderation/moderation.ts";
import { askedIn, Preview } from "../features/moderation/preview.tsx";
import {
  inputInQueue,
  languagesOf,
  nextInQueue,
  queue,
} from "../features/moderation/queue.server.ts";
import { QueueKeys } from "../features/moderation/queue-keys.tsx";
import { QueueList, StatusTabs } from "../features/moderation/queue-list.tsx";
import { UndoToast } from "../features/moderation/undo-toast.tsx";
import { requirePerson, requireRole } from "../features/people/people.server.ts";
import { inLanguage, isLanguage, LANGUAGE_NAMES } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refusalOf } from "../request.server.ts";
import { Empty, PageHeader } from "../ui/blocks.tsx";
import { Filter } from "../ui/filter.tsx";

async function atTheQueue(args: LoaderFunctionArgs | ActionFunctionArgs) {
  const ctx = contextOf(args);
  const person = await requirePerson(ctx, args.request);
  const curriculum = await curriculumBySlug(ctx.db, person, args.params.slug ?? "");
  requireRole(person, "moderator", curriculum.id);
  const { searchParams } = new URL(args.request.url);
  return { ctx, person, curriculum, searchParams, filter: filterOf(searchParams) };
}

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const { ctx, person, curriculum, searchParams, filter } = await atTheQueue(args);
    const [list, modules, languages, done] = await Promise.all([
      queue(ctx, person, curriculum.id, filter),
      modulesOf(ctx.db, curriculum.id),
      languagesOf(ctx, curriculum.id),
      searchParams.has("done") ? undoable(ctx, person, searchParams.get("done") ?? "") : null,
    ]);
    const asked = searchParams.get("input");
    const chosen = asked ?? list.items[0]?.id;
    const input = chosen
      ? await inputInQueue(ctx, person, chosen).catch((error: unknown) => {
          if (error instanceof NotFound) return null;
          throw error;
        })
      : null;
    const language = languageOf(args.request);
    const t = translator(language);
    const title = inLanguage(curriculum.title, language);
    return {
      slug: curriculum.slug,
      title,
      pageTitle: t("moderation:pageTitle", {
        n: list.counts[filter.status],
        status: t(`moderation:status.${filter.status}`),
        curriculum: title,
      }),
      filter,
      list,
      modules: modules.map((module) => ({
        value: module.slug,
        label: inLanguage(module.title, language),
      })),
      languages: languages.map((code) => ({
        value: code,
        label: isLanguage(code) ? LANGUAGE_NAMES[code] : code,
      })),
      input,
      /** Somebody asked for this very input; else it is just the first of the list. */
      askedFor: asked !== null,
      missing: asked !== null && input === null,
      asking: askedIn(searchParams.get("ask")),
      done,
      undone: searchParams.get("undone"),
    };
  });
}

export async function action(args: ActionFunctionArgs) {
  return answer(async () => {
    const { ctx, person, curriculum, filter } = await atTheQueue(args);
    const form = await formOf(args.request);
    const here = `/curricula/${curriculum.slug}/queue`;
    if (form.get("action") === "undo") {
      const inputId = String(form.get("inputId"));
      try {
        await undo(ctx, person, inputId);
      } catch (error) {
        const refusal = refusalOf(error);
        if (!refusal) throw error;
        return data({ result: undefined, refused: refusal.text }, { status: refusal.status });
      }
      return redirect(here + addressOf(filter, { input: inputId, undone: inputId }));
    }
    const submission = parseWithZod(form, { schema: moderateForm });
    if (submission.status !== "success")
      return data({ result: submission.reply(), refused: null }, { status: 422 });
    try {
      const { inputId } = submission.value;
      const { seq } = await moderate(ctx, person, submission.value);
      const next = await nextInQueue(ctx, curriculum.id, filter, seq);
      return redirect(here + addressOf(filter, { input: next ?? undefined, done: inputId }));
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      return data(
        { result: submission.reply(), refused: refusal.text },
        { status: refusal.status },
      );
    }
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function QueuePage() {
  const { t } = useTranslation(["moderation", "inputs"]);
  const page = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const busy = useNavigation().state !== "idle";
  const { slug, filter, list, input } = page;
  const address = addressOf(filter, { input: input?.id });
  const at = list.items.findIndex(({ id }) => id === input?.id);
  const previous = list.items[at - 1];
  const next = at < 0 ? list.items[0] : list.items[at + 1];

  return (
    <div className="page queue" data-open={page.askedFor ? "" : undefined}>
      <PageHeader
        crumbs={[{ href: `/curricula/${slug}`, label: page.title }]}
        title={t("title")}
        lead={t("lead")}
      />
      <StatusTabs filter={filter} counts={list.counts} />
      <div className="queue-columns">
        <div className="queue-side">
          <Filter
            legend={t("filter.legend")}
            words={{ label: t("filter.search"), value: filter.q }}
            all={t("filter.all")}
            hidden={{ status: filter.status }}
            choices={[
              {
                name: "kind",
                label: t("filter.kind"),
                value: filter.kind,
                options: KINDS.map((kind) => ({ value: kind, label: t(`inputs:kind.${kind}`) })),
              },
              {
                name: "module",
                label: t("filter.module"),
                value: filter.module,
                options: page.modules,
              },
              {
                name: "language",
                label: t("filter.language"),
                value: filter.language,
                options: page.languages,
              },
            ]}
            submit={t("filter.submit")}
            clear={{ label: t("filter.clear"), href: addressOf({ status: filter.status }) }}
          />
          <QueueList filter={filter} {...list} chosen={input?.id ?? null} />
        </div>
        <div className="queue-main">
          <nav className="queue-steps no-print" aria-label={t("preview.steps")}>
            <Link to={addressOf(filter)} className="queue-back">
              {t("preview.back")}
            </Link>
            {previous && (
              <Link to={addressOf(filter, { input: previous.id })} data-key="k" preventScrollReset>
                {t("preview.previous")}
              </Link>
            )}
            {next && next.id !== input?.id && (
              <Link to={addressOf(filter, { input: next.id })} data-key="j" preventScrollReset>
                {t("preview.next")}
              </Link>
            )}
          </nav>
          {page.missing && (
            <Empty title={t("notFound")}>
              <p>{t("empty.choose")}</p>
            </Empty>
          )}
          {input && (
            <Preview
              key={input.id}
              input={input}
              address={address}
              asked={page.asking ?? askedIn(answered?.result?.initialValue?.action)}
              lastResult={answered?.result}
              refused={answered?.refused ?? null}
              focus={page.done !== null || page.undone !== null}
            />
          )}
          {list.items.length > 0 && <QueueKeys busy={busy} />}
        </div>
      </div>
      <UndoToast done={page.done} undone={page.undone} address={address} />
    </div>
  );
}
