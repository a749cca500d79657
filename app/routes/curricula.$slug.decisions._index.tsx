import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { curriculumBySlug, modulesOf } from "../features/curricula/curricula.server.ts";
import { DecidedList } from "../features/decisions/decided-list.tsx";
import { DecidedNotice } from "../features/decisions/decided-notice.tsx";
import {
  DECIDED_KINDS,
  decidedFilter,
  given,
  mayDecide,
  OUTCOMES,
  toDecideFilter,
} from "../features/decisions/decisions.ts";
import { decisionsOf, justDecided, toDecide } from "../features/decisions/worklist.server.ts";
import { Worklist } from "../features/decisions/worklist.tsx";
import { mayModerate } from "../features/moderation/moderation.ts";
import { actorOf } from "../features/people/people.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";
import { ButtonLink, Empty, PageHeader } from "../ui/blocks.tsx";
import { Filter } from "../ui/filter.tsx";

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const actor = await actorOf(ctx, args.request);
    const curriculum = await curriculumBySlug(ctx.db, actor, args.params.slug ?? "");
    const { searchParams } = new URL(args.request.url);
    const address = given(searchParams);
    const trainer = mayDecide(actor, curriculum.id);
    const [modules, list, done] = await Promise.all([
      modulesOf(ctx.db, curriculum.id),
      trainer && address.show !== "decided"
        ? { open: await toDecide(ctx, actor, curriculum.id, toDecideFilter.parse(address)) }
        : { decided: await decisionsOf(ctx.db, curriculum.id, decidedFilter.parse(address)) },
      address.done ? justDecided(ctx.db, curriculum.id, address.done) : null,
    ]);
    const language = languageOf(args.request);
    const t = translator(language);
    const title = inLanguage(curriculum.title, language);
    return {
      slug: curriculum.slug,
      title,
      pageTitle: t("decisions:pageTitle", {
        n: (list.open ?? list.decided).total,
        curriculum: title,
      }),
      trainer,
      moderator: mayModerate(actor, curriculum.id),
      openFilter: toDecideFilter.parse(address),
      decidedFilter: decidedFilter.parse(address),
      modules: modules.map((module) => ({
        value: module.slug,
        label: inLanguage(module.title, language),
      })),
      open: list.open,
      decided: list.decided,
      done,
    };
  });
}

/** Plain HTML: everything here works with links and forms. */
export const handle = { hydrate: false };

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function DecisionsPage() {
  const { t } = useTranslation(["decisions", "inputs"]);
  const page = useLoaderData<typeof loader>();
  const { slug, open, decided } = page;
  const filter = open ? page.openFilter : page.decidedFilter;
  const clear = open ? "?" : "?show=decided";
  const narrowed = Object.values(filter).some((value) => value !== undefined);
  const kinds = DECIDED_KINDS.map((kind) => ({ value: kind, label: t(`inputs:kind.${kind}`) }));

  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[{ href: `/curricula/${slug}`, label: page.title }]}
        title={t("title")}
        lead={t(page.trainer ? "leadTrainer" : "leadReader")}
        actions={
          page.moderator && (
            <ButtonLink href={`/curricula/${slug}/queue`}>{t("queueLink")}</ButtonLink>
          )
        }
      />
      {page.done && <DecidedNotice done={page.done} last={open?.total === 0} />}
      {page.trainer && (
        <nav className="tabs" aria-label={t("tabs.label")}>
          <ul>
            <li>
              <a href="?" aria-current={open ? "page" : undefined}>
                {t("tabs.open")}
              </a>
            </li>
            <li>
              <a href="?show=decided" aria-current={decided ? "page" : undefined}>
                {t("tabs.decided")}
              </a>
            </li>
          </ul>
        </nav>
      )}
      <Filter
        legend={t("filter.legend")}
        words={{ label: t("filter.search"), value: filter.q }}
        all={t("filter.all")}
        hidden={decided ? { show: "decided" } : {}}
        choices={[
          { name: "kind", label: t("filter.kind"), value: filter.kind, options: kinds },
          {
            name: "module",
            label: t("filter.module"),
            value: filter.module,
            options: page.modules,
          },
          open
            ? {
                name: "mine",
                label: t("filter.whose"),
                value: page.openFilter.mine,
                options: [{ value: "1", label: t("filter.mine") }],
              }
            : {
                name: "outcome",
                label: t("filter.outcome"),
                value: page.decidedFilter.outcome,
                options: OUTCOMES.map((outcome) => ({
                  value: outcome,
                  label: t(`inputs:outcome.${outcome}`),
                })),
              },
        ]}
        submit={t("filter.submit")}
        clear={{ label: t("filter.clear"), href: clear }}
      />
      {(open ?? decided)?.total === 0 ? (
        narrowed ? (
          <Empty title={t("empty.none")}>
            <p>
              <a href={clear}>{t("empty.clear")}</a>
            </p>
          </Empty>
        ) : (
          <Empty title={t(open ? "empty.open" : "empty.decided")}>
            <p>{t(open ? "empty.openHint" : "empty.decidedHint")}</p>
          </Empty>
        )
      ) : open ? (
        <Worklist slug={slug} filter={page.openFilter} {...open} />
      ) : (
        decided && <DecidedList filter={page.decidedFilter} {...decided} />
      )}
    </div>
  );
}
