import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { outline } from "../document/read.ts";
import { DocText } from "../document/render.tsx";
import { useDocLabels } from "../features/drafts/labels.ts";
import { actorOf } from "../features/people/people.server.ts";
import {
  contentsOf,
  reasonCounts,
  textIn,
  versionOf,
} from "../features/versions/versions.server.ts";
import { passagesWithSentences } from "../features/versions/why.server.ts";
import { inLanguage, LANGUAGE_NAMES, type Language } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";
import { Notice, PageHeader } from "../ui/blocks.tsx";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const { slug = "", n = "", module = "" } = args.params;
    const language = languageOf(args.request);
    const { searchParams } = new URL(args.request.url);
    const asked = searchParams.get("text") ?? language;
    const actor = await actorOf(ctx, args.request);
    const { curriculum, version, latest } = await versionOf(ctx.db, actor, slug, n);
    const text = await textIn(ctx.db, version.id, module, asked);
    const [counts, contents, written] = await Promise.all([
      reasonCounts(ctx.db, version.id, text.moduleId, text.language),
      contentsOf(ctx.db, version.id),
      passagesWithSentences(ctx.db, version.id, text.moduleId, text.language),
    ]);
    const who = searchParams.has("who");
    const titleOf = (fields: string) =>
      inLanguage(JSON.stringify((JSON.parse(fields) as { title: object }).title), language);
    // One entry a module, in order: a module is there once a language.
    const order = contents.filter(
      (one, i) => contents.findIndex((other) => other.moduleId === one.moduleId) === i,
    );
    const here = order.findIndex((one) => one.moduleId === text.moduleId);
    const link = (at: number) => {
      const one = order[at];
      return one ? { slug: one.slug, title: titleOf(one.fields) } : null;
    };
    const t = translator(language);
    const title = titleOf(text.fields);
    const { contentWarning } = JSON.parse(text.fields) as { contentWarning: object };
    return {
      slug,
      curriculum: inLanguage(curriculum.title, language),
      n: version.n,
      latest,
      module,
      title,
      contentWarning: inLanguage(JSON.stringify(contentWarning), language),
      json: text.content,
      sections: outline(text.content).sections,
      language: text.language,
      others: text.languages.filter((one) => one !== text.language),
      counts: Object.fromEntries(counts),
      who: written.size === 0 ? null : who,
      written: who ? [...written] : [],
      previous: link(here - 1),
      next: link(here + 1),
      pageTitle: `${title} · ${t("versions:title", { n: version.n })} · ${t("name")}`,
    };
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function VersionTextPage() {
  const { t } = useTranslation("versions");
  const labels = useDocLabels();
  const page = useLoaderData<typeof loader>();
  const { slug, n, latest, module, language, counts, previous, next } = page;
  const versionHref = `/curricula/${slug}/versions/${n}`;
  const href = `${versionHref}/modules/${module}`;
  const written = new Set(page.written);
  return (
    <div className="page version-text-page">
      <PageHeader
        crumbs={[
          { href: `/curricula/${slug}`, label: page.curriculum },
          { href: versionHref, label: t("title", { n }) },
        ]}
        title={page.title}
        lead={t("text.lead")}
      />
      {latest > n && (
        <Notice>
          <p>
            {t("older")}{" "}
            <a href={`/curricula/${slug}/versions/${latest}`}>{t("seeLatest", { n: latest })}</a>
          </p>
        </Notice>
      )}
      {page.contentWarning && (
        <Notice tone="warning">
          <p>
            <strong>{t("text.warning")}.</strong> {page.contentWarning}
          </p>
        </Notice>
      )}
      <nav className="no-print version-links" aria-label={t("text.outline")}>
        <details>
          <summary>{t("text.outline")}</summary>
          <ol>
            {page.sections.map((section) => (
              <li key={section.id}>
                <a href={`#p-${section.id}`}>{section.title}</a>
              </li>
            ))}
          </ol>
        </details>
        <ul className="plain-list version-numbers small">
          {page.others.map((other) => (
            <li key={other}>
              <a href={`${href}?text=${other}`} hrefLang={other}>
                {t("text.language", { language: LANGUAGE_NAMES[other as Language] })}
              </a>
            </li>
          ))}
          {n > 1 && (
            <li>
              <a href={`${versionHref}/changes#${module}-${language}`}>
                {t("compare", { n: n - 1 })}
              </a>
            </li>
          )}
          {page.who !== null && (
            <li>
              <a href={`${href}?text=${language}${page.who ? "" : "&who"}`}>
                {t(page.who ? "text.whoHide" : "text.whoShow")}
              </a>
            </li>
          )}
          <li>
            <a href={`/curricula/${slug}/modules/${module}`}>{t("text.toDraft")}</a>
          </li>
          <li>
            <a href={`${href}.md?text=${language}`}>Markdown</a>
          </li>
          <li>
            <a href={`${href}.json?text=${language}`}>JSON</a>
          </li>
        </ul>
      </nav>
      <article className="prose version-text" lang={language}>
        <div>
          <DocText
            json={page.json}
            labels={labels}
            beside={({ id, text }) => {
              const count = counts[id];
              const why = `${href}/why/${id}?text=${language}`;
              if (!count)
                return written.has(id) ? (
                  <a
                    className="why-link quiet"
                    href={why}
                    aria-label={t("text.whoAria", { words: firstWords(text) })}
                  >
                    <span>{t("text.who")}</span>
                  </a>
                ) : null;
              const total = count.changed + count.considered;
              return (
                <a
                  className={`why-link ${count.changed ? "changed" : ""}`}
                  href={why}
                  aria-label={t("text.whyAria", { count: total })}
                >
                  <span>{t("text.why")}</span> <small>{t("text.behind", { count: total })}</small>
                </a>
              );
            }}
          />
        </div>
      </article>
      <nav className="actions no-print" aria-label={t("contents")}>
        {previous && (
          <a href={`${versionHref}/modules/${previous.slug}`}>
            {t("text.previous", { title: previous.title })}
          </a>
        )}
        {next && (
          <a href={`${versionHref}/modules/${next.slug}`}>
            {t("text.next", { title: next.title })}
          </a>
        )}
      </nav>
    </div>
  );
}

/** How a passage is named to somebody who listens to the page. */
function firstWords(text: string): string {
  const words = text.trim().split(/\s+/);
  return words.slice(0, 6).join(" ") + (words.length > 6 ? "…" : "");
}
