import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { Badge, ButtonLink, Empty, PageHeader } from "../../ui/blocks.tsx";
import type { ListedWorkshop } from "./workshops.ts";

type Props = {
  slug: string;
  curriculum: string;
  workshops: ListedWorkshop[];
  /** Where a new one can be opened; empty for whoever may not. */
  modules: { slug: string; title: string }[];
};

/** The workshop copies of a curriculum, for those who work on it. */
export function ListedPage({ slug, curriculum, workshops, modules }: Props) {
  const { t } = useTranslation("workshops");
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[{ href: `/curricula/${slug}`, label: curriculum }]}
        title={t("listed.title")}
        lead={t("listed.lead")}
      />
      {workshops.length === 0 ? (
        <Empty title={t("listed.emptyTitle")}>
          <p>{t("listed.empty")}</p>
        </Empty>
      ) : (
        <ul className="plain-list round-list">
          {workshops.map((workshop) => (
            <Entry key={workshop.id} workshop={workshop} leads={modules.length > 0} />
          ))}
        </ul>
      )}
      {modules.length > 0 && (
        <section aria-labelledby="new">
          <h2 id="new">{t("listed.newTitle")}</h2>
          <ul className="plain-list workshop-modules">
            {modules.map((module) => (
              <li key={module.slug}>
                <a href={`/curricula/${slug}/modules/${module.slug}/workshops/new`}>
                  {module.title}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Entry({ workshop, leads }: { workshop: ListedWorkshop; leads: boolean }) {
  const { t, i18n } = useTranslation("workshops");
  const { id, title, status, module, people, held, openedAt } = workshop;
  const facts = [
    t("listed.of", { module: module.title }),
    t("listed.people", { count: people }),
    t("listed.opened", { date: longDate(openedAt, i18n.language) }),
  ];
  return (
    <li>
      <h2>
        <a href={`/workshops/${id}`}>{title}</a>{" "}
        <Badge tone={status === "open" ? "good" : undefined}>{t(`status.${status}`)}</Badge>
      </h2>
      <p className="kicker">{facts.join(" · ")}</p>
      {leads && (
        <div className="actions">
          {held > 0 && (
            <ButtonLink href={`/workshops/${id}/care#held`}>
              {t("listed.held", { count: held })}
            </ButtonLink>
          )}
          <ButtonLink look="quiet" href={`/workshops/${id}/care`}>
            {t("listed.care")}
          </ButtonLink>
        </div>
      )}
    </li>
  );
}
