import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { ButtonLink, DateText, Empty, Notice, PageHeader } from "../../ui/blocks.tsx";
import type { CurriculumRole } from "../people/people.ts";
import { Facts, type FactsOf } from "./facts.tsx";
import { MinutesLine } from "./minutes-line.tsx";
import { type ListedModule, ModuleEntry } from "./module-entry.tsx";

type Props = {
  slug: string;
  title: string;
  summary: string;
  facts: FactsOf;
  total: number | null;
  minutes: { sum: number; left: number | null };
  comments: number;
  rounds: { id: string; title: string; question: string; closes: string; modules: string[] }[];
  modules: ListedModule[];
  versions: { n: number; at: string }[];
  roles: CurriculumRole[];
};

/** A curriculum for everyone: what it is, what is open, its modules; and the way to work on it. */
export function CurriculumPage(props: Props) {
  const { t } = useTranslation(["curricula", "common"]);
  const { slug, title, summary, modules, rounds, roles, minutes, total } = props;
  const trainer = roles.includes("trainer");
  return (
    <div className="page curriculum columns">
      <div>
        <PageHeader
          crumbs={[{ href: "/", label: t("common:name") }]}
          title={title}
          lead={summary}
          actions={
            rounds.length > 0 && (
              <ButtonLink href={`/curricula/${slug}/comment`}>{t("page.comment")}</ButtonLink>
            )
          }
        />
        {roles.length > 0 && <WorkLinks slug={slug} roles={roles} label={t("page.workTitle")} />}
        {rounds.map((round) => (
          <RoundNotice key={round.id} round={round} />
        ))}
        <section aria-labelledby="modules">
          <h2 id="modules">{t("page.modulesTitle")}</h2>
          {modules.length === 0 ? (
            <Empty title={t("page.noModulesTitle")}>
              <p>{t(trainer ? "page.noModulesTrainer" : "page.noModules")}</p>
            </Empty>
          ) : (
            <>
              <ol className="plain-list module-list">
                {modules.map((module, index) => (
                  <ModuleEntry
                    key={module.slug}
                    curriculum={slug}
                    module={module}
                    number={index + 1}
                    last={index === modules.length - 1}
                    trainer={trainer}
                  />
                ))}
              </ol>
              <MinutesLine total={total} {...minutes} />
            </>
          )}
          {trainer && (
            <div className="actions">
              <ButtonLink href={`/curricula/${slug}/modules/new`}>{t("page.addModule")}</ButtonLink>
              <ButtonLink href={`/curricula/${slug}/import`}>{t("page.import")}</ButtonLink>
            </div>
          )}
        </section>
      </div>
      <aside className="page-aside" aria-label={t("page.factsTitle")}>
        <Versions {...props} />
        <Facts {...props.facts} />
        {props.comments > 0 && (
          <p className="small">
            <a href={`/curricula/${slug}/comments`}>
              {t("page.wholeComments", { count: props.comments })}
            </a>
          </p>
        )}
        <p className="small muted no-print">
          {t("page.otherFormats")} <a href={`/curricula/${slug}.json`}>JSON</a>
          {", "}
          <a href={`/curricula/${slug}.md`}>Markdown</a>
        </p>
      </aside>
    </div>
  );
}

function RoundNotice({ round }: { round: Props["rounds"][number] }) {
  const { t, i18n } = useTranslation("curricula");
  return (
    <Notice>
      <p className="round-title">
        <strong>{t("page.roundTitle", { date: longDate(round.closes, i18n.language) })}</strong>
        {" · "}
        {round.title}
      </p>
      {round.question && <p className="question">{round.question}</p>}
      <p className="small">{t("page.roundModules", { modules: round.modules.join(" · ") })}</p>
    </Notice>
  );
}

const LINKS: readonly {
  to: string;
  label: "queue" | "decisions" | "repairs" | "publish" | "rounds" | "workshops" | "settings";
  roles: readonly CurriculumRole[];
}[] = [
  { to: "queue", label: "queue", roles: ["moderator"] },
  { to: "decisions", label: "decisions", roles: ["trainer"] },
  { to: "repairs", label: "repairs", roles: ["trainer"] },
  { to: "publish", label: "publish", roles: ["trainer"] },
  { to: "rounds", label: "rounds", roles: ["trainer"] },
  { to: "workshops", label: "workshops", roles: ["facilitator", "trainer"] },
  { to: "settings", label: "settings", roles: ["trainer"] },
];

/** What the roles a person holds here let them do. The pages themselves decide again. */
export function WorkLinks({
  slug,
  roles,
  label,
}: {
  slug: string;
  roles: readonly CurriculumRole[];
  label: string;
}) {
  const { t } = useTranslation("curricula");
  const links = LINKS.filter((link) => link.roles.some((role) => roles.includes(role)));
  if (links.length === 0) return null;
  return (
    <nav className="work-links no-print" aria-label={label}>
      <ul className="plain-list">
        {links.map(({ to, label }) => (
          <li key={to}>
            <a href={`/curricula/${slug}/${to}`}>{t(`page.${label}`)}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Versions({ slug, versions }: Props) {
  const { t } = useTranslation("curricula");
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{t("page.versionsTitle")}</h2>
      {versions.length === 0 ? (
        <p className="muted">{t("page.noVersions")}</p>
      ) : (
        <ul className="plain-list">
          {versions.map(({ n, at }) => (
            <li key={n}>
              <a href={`/curricula/${slug}/versions/${n}`}>{t("latestVersion", { n })}</a>
              {", "}
              <DateText iso={at} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
