import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { actorOf } from "../features/people/people.server.ts";
import { comparisonOf } from "../features/versions/comparison.server.ts";
import { Comparison } from "../features/versions/comparison.tsx";
import { versionOf } from "../features/versions/versions.server.ts";
import { inLanguage, LANGUAGE_NAMES, type Language } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";
import { Empty, PageHeader } from "../ui/blocks.tsx";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const { slug = "", n = "" } = args.params;
    const language = languageOf(args.request);
    const actor = await actorOf(ctx, args.request);
    const version = await versionOf(ctx.db, actor, slug, n);
    const t = translator(language);
    return {
      slug,
      curriculum: inLanguage(version.curriculum.title, language),
      n: version.version.n,
      modules: await comparisonOf(ctx.db, version, language),
      pageTitle: `${t("versions:compare", { n: version.version.n - 1 })} · ${t("name")}`,
    };
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function ChangesPage() {
  const { t } = useTranslation("versions");
  const { slug, n, curriculum, modules } = useLoaderData<typeof loader>();
  const changed = modules.filter(({ counts }) => counts === null || counts.total > 0);
  return (
    <div className="page narrow changes-page">
      <PageHeader
        crumbs={[
          { href: `/curricula/${slug}`, label: curriculum },
          { href: `/curricula/${slug}/versions/${n}`, label: t("title", { n }) },
        ]}
        title={t("compare", { n: n - 1 })}
        lead={n > 1 ? t("diff.legend") : t("compareFirst")}
      />
      {n > 1 && changed.length === 0 && <Empty title={t("diff.noneAtAll")} />}
      {n > 1 && modules.length > 1 && (
        <nav aria-label={t("contents")}>
          <ul className="plain-list">
            {modules.map((module) => (
              <li key={module.key}>
                <a href={`#${module.anchor}`}>{module.title}</a>{" "}
                <span className="muted small">
                  {LANGUAGE_NAMES[module.language as Language]} ·{" "}
                  {module.counts ? <Counts {...module.counts} /> : t("diff.newModule", { n })}
                </span>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {modules.map((module) => (
        <section key={module.key} aria-labelledby={module.anchor}>
          <h2 id={module.anchor}>
            {module.title}{" "}
            <span className="muted small">{LANGUAGE_NAMES[module.language as Language]}</span>
          </h2>
          {module.counts === null && <p className="muted">{t("diff.newModule", { n })}</p>}
          {module.counts?.total === 0 && <p className="muted">{t("diff.none")}</p>}
          {module.counts && module.counts.total > 0 && (
            <Comparison
              hunks={module.hunks}
              language={module.language}
              why={(blockId) =>
                module.why.includes(blockId)
                  ? `/curricula/${slug}/versions/${n}/modules/${module.slug}/why/${blockId}?text=${module.language}`
                  : null
              }
            />
          )}
        </section>
      ))}
    </div>
  );
}

/** How many passages of a module changed, came or went; nothing is said about none. */
function Counts(counts: { changed: number; inserted: number; deleted: number }) {
  const { t } = useTranslation("versions");
  const said = (["changed", "inserted", "deleted"] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => t(`diff.${kind}Count`, { count: counts[kind] }));
  return said.length > 0 ? said.join(", ") : t("diff.none");
}
