import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { actorOf } from "../features/people/people.server.ts";
import { ChangeItem } from "../features/versions/change-list.tsx";
import { changesIn, contentsOf, versionOf } from "../features/versions/versions.server.ts";
import { longDate } from "../i18n/format.ts";
import { inLanguage, LANGUAGE_NAMES, type Language } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";
import { ButtonLink, Notice, PageHeader } from "../ui/blocks.tsx";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const { slug = "", n = "" } = args.params;
    const language = languageOf(args.request);
    const actor = await actorOf(ctx, args.request);
    const { version, latest } = await versionOf(ctx.db, actor, slug, n);
    const [contents, changes] = await Promise.all([
      contentsOf(ctx.db, version.id),
      changesIn(ctx.db, version.id),
    ]);
    const modules = new Map<string, Module>();
    for (const { moduleId, slug: moduleSlug, language: text, fields } of contents) {
      const { title, minutes } = JSON.parse(fields) as { title: object; minutes: number };
      const known = modules.get(moduleId);
      if (known) known.languages.push(text);
      else
        modules.set(moduleId, {
          id: moduleId,
          slug: moduleSlug,
          title: inLanguage(JSON.stringify(title), language),
          minutes,
          languages: [text],
        });
    }
    const title = inLanguage(
      JSON.stringify((JSON.parse(version.fields) as { title: object }).title),
      language,
    );
    const t = translator(language);
    return {
      slug,
      title,
      pageTitle: `${t("versions:titleOf", { n: version.n, curriculum: title })} · ${t("name")}`,
      version: {
        n: version.n,
        at: version.at,
        note: version.note,
        sha256: version.sha256,
        by: version.by,
      },
      latest,
      modules: [...modules.values()],
      changes,
    };
  });
}

type Module = {
  id: string;
  slug: string;
  title: string;
  minutes: number;
  languages: string[];
};

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function VersionPage() {
  const { t, i18n } = useTranslation(["versions", "common"]);
  const { slug, title, version, latest, modules, changes } = useLoaderData<typeof loader>();
  const base = `/curricula/${slug}/versions/${version.n}`;
  const adopted = changes.filter(({ after, undone }) => after !== null && !undone).length;
  const groups = [
    ...modules.map((module) => ({
      id: module.id,
      title: module.title,
      slug: module.slug,
      changes: changes.filter(({ moduleId }) => moduleId === module.id),
    })),
    {
      id: "whole",
      title: t("wholeCurriculum"),
      slug: null,
      changes: changes.filter(({ moduleId }) => !moduleId),
    },
  ].filter((group) => group.changes.length > 0);

  return (
    <div className="page version-page columns">
      <div>
        <PageHeader
          crumbs={[
            { href: "/", label: t("common:name") },
            { href: `/curricula/${slug}`, label: title },
          ]}
          title={t("title", { n: version.n })}
          lead={`${t("publishedOn", { date: longDate(version.at, i18n.language) })} ${t("by", { name: version.by })}.`}
        />
        {latest > version.n ? (
          <Notice>
            <p>
              {t("older")}{" "}
              <a href={`/curricula/${slug}/versions/${latest}`}>{t("seeLatest", { n: latest })}</a>
            </p>
          </Notice>
        ) : (
          <p className="muted">{t("latest")}</p>
        )}

        <section aria-labelledby="note">
          <h2 id="note">{t("note")}</h2>
          <p className="prose version-note">{version.note}</p>
        </section>

        <section aria-labelledby="contents">
          <h2 id="contents">{t("contents")}</h2>
          <ol className="version-contents">
            {modules.map((module) => (
              <li key={module.id}>
                <a href={`${base}/modules/${module.slug}`}>{module.title}</a>{" "}
                <span className="muted small">
                  {t("minutes", { count: module.minutes })}
                  {module.languages.length > 1 &&
                    module.languages.slice(1).map((text) => (
                      <span key={text}>
                        {" · "}
                        <a href={`${base}/modules/${module.slug}?text=${text}`} hrefLang={text}>
                          {t("readIn", { language: LANGUAGE_NAMES[text as Language] })}
                        </a>
                      </span>
                    ))}
                </span>
              </li>
            ))}
          </ol>
          {version.n > 1 ? (
            <ButtonLink href={`${base}/changes`}>{t("compare", { n: version.n - 1 })}</ButtonLink>
          ) : (
            <p className="muted">{t("compareFirst")}</p>
          )}
        </section>

        <section aria-labelledby="changes">
          <h2 id="changes">{t("changes")}</h2>
          {changes.length === 0 ? (
            <p className="muted">{t("noChanges")}</p>
          ) : (
            <p className="lead">{t("changesLead", { adopted, total: changes.length })}</p>
          )}
          {groups.map((group) => (
            <section key={group.id} aria-labelledby={`changes-${group.id}`}>
              <h3 id={`changes-${group.id}`}>{group.title}</h3>
              {group.changes.map((change) => (
                <ChangeItem
                  key={change.inputId}
                  change={change}
                  href={
                    group.slug && change.blockId && change.after !== null
                      ? `${base}/modules/${group.slug}/why/${change.blockId}`
                      : null
                  }
                />
              ))}
            </section>
          ))}
        </section>
      </div>
      <aside className="page-aside" aria-label={t("about")}>
        <nav className="no-print" aria-labelledby="other">
          <h2 id="other">{t("other")}</h2>
          <ul className="plain-list">
            {Array.from({ length: latest }, (_, i) => i + 1).map((n) => (
              <li key={n}>
                <a
                  href={`/curricula/${slug}/versions/${n}`}
                  aria-current={n === version.n ? "page" : undefined}
                >
                  {t("title", { n })}
                </a>
              </li>
            ))}
            <li>
              <a href={`/curricula/${slug}`}>{t("draftNow")}</a>
            </li>
          </ul>
        </nav>
        <section aria-labelledby="seal">
          <h2 id="seal">{t("checksum")}</h2>
          <p className="no-print">
            {t("download")}: <a href={`${base}.json`}>JSON</a> · <a href={`${base}.md`}>Markdown</a>
          </p>
          <p className="version-seal">
            <code>{version.sha256}</code>
          </p>
          <p className="hint">{t("checksumHint")}</p>
        </section>
      </aside>
    </div>
  );
}
