import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { Empty, Notice, PageHeader } from "../../ui/blocks.tsx";
import type { Doubtful as Entry } from "./doubtful.server.ts";
import { Doubtful, Settle } from "./repair-parts.tsx";

type Props = {
  slug: string;
  curriculum: string;
  modules: { id: string; slug: string; title: string }[];
  /** The module it is narrowed to, by slug. */
  chosen: string | null;
  total: number;
  entries: Entry[];
  done: "confirmed" | "moved" | "lost" | null;
  /** The input that was settled just now. */
  settled: string | null;
  error: string | null;
};

/** The repair list: open comments whose passage changed, one after another. */
export function RepairPage(page: Props) {
  const { t } = useTranslation(["repair", "errors"]);
  const { slug, modules, chosen, total, entries, done, error } = page;
  return (
    <div className="page">
      <PageHeader
        crumbs={[{ href: `/curricula/${slug}`, label: page.curriculum }]}
        title={t("title")}
        lead={t("lead")}
      />
      {error && (
        <Notice tone="problem" live>
          <p>{t(error as "errors:required")}</p>
        </Notice>
      )}
      {done && !error && (
        <Notice tone="good" live>
          <p>
            {t(`done.${done}`)}{" "}
            {done === "lost" && page.settled && (
              <a href={`/curricula/${slug}/repairs/${page.settled}`}>{t("giveBack")}</a>
            )}
          </p>
        </Notice>
      )}
      {total > 0 && (
        <nav className="repair-modules" aria-label={t("inModule")}>
          <strong>{t("count", { count: total })}</strong>
          <ul className="plain-list">
            <li>
              <a href="?" aria-current={chosen === null ? "page" : undefined}>
                {t("all")}
              </a>
            </li>
            {modules.map((module) => (
              <li key={module.id}>
                <a
                  href={`?module=${module.slug}`}
                  aria-current={chosen === module.slug ? "page" : undefined}
                >
                  {module.title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {entries.length === 0 && (
        <Empty title={t(total === 0 ? "empty" : "emptyFilter")}>
          {total === 0 ? <p>{t("emptyHint")}</p> : <a href="?">{t("showAll")}</a>}
        </Empty>
      )}
      <ol className="plain-list repair-list">
        {entries.map((entry) => (
          <RepairEntry
            key={entry.id}
            entry={entry}
            slug={slug}
            module={modules.find(({ id }) => id === entry.moduleId)?.title ?? ""}
          />
        ))}
      </ol>
    </div>
  );
}

function RepairEntry({ entry, slug, module }: { entry: Entry; slug: string; module: string }) {
  const { t, i18n } = useTranslation(["repair", "inputs"]);
  const { id, kind, name, body, language, doubt, text, rev } = entry;
  return (
    <li id={`r-${id}`}>
      <article aria-labelledby={`h-${id}`}>
        <p className="kicker">{module}</p>
        <h2 id={`h-${id}`}>
          {t(`inputs:kind.${kind as "comment"}`)} ·{" "}
          {t("by", {
            name: name ?? t("inputs:anonymous"),
            date: longDate(entry.submittedAt, i18n.language),
          })}
        </h2>
        <div className="words" lang={language}>
          {body}
        </div>
        <p className="small">
          <a href={`/inputs/${id}`}>{t("open")}</a>
        </p>
        <Doubtful doubt={doubt} language={text} />
        <Settle
          doubt={doubt}
          rev={rev}
          input={id}
          language={text}
          move={`/curricula/${slug}/repairs/${id}`}
        />
      </article>
    </li>
  );
}
