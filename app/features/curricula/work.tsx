import { useTranslation } from "react-i18next";
import { Badge, ButtonLink, Empty, PageHeader } from "../../ui/blocks.tsx";
import type { CurriculumRole } from "../people/people.ts";
import type { CurriculumStatus } from "./curricula.ts";
import { WorkLinks } from "./curriculum-page.tsx";

type Entry = {
  slug: string;
  title: string;
  status: string;
  roles: CurriculumRole[];
  queue: number;
  decisions: number;
  /** Open comments whose passage changed. */
  repairs: number;
  rounds: number;
};

/** What waits for a person, in each curriculum they work on. */
export function Work({ curricula, maySetUp }: { curricula: Entry[]; maySetUp: boolean }) {
  const { t } = useTranslation("curricula");
  return (
    <div className="page narrow">
      <PageHeader
        title={t("work.title")}
        lead={curricula.length > 0 && t("work.lead")}
        actions={maySetUp && <ButtonLink href="/curricula/new">{t("work.start")}</ButtonLink>}
      />
      {curricula.length === 0 ? (
        <Empty title={t("work.emptyTitle")}>
          <p>{t(maySetUp ? "home.emptySetUp" : "work.empty")}</p>
          {!maySetUp && <ButtonLink href="/">{t("home.allTitle")}</ButtonLink>}
        </Empty>
      ) : (
        <ul className="plain-list work-list">
          {curricula.map((curriculum) => (
            <WorkEntry key={curriculum.slug} {...curriculum} />
          ))}
        </ul>
      )}
    </div>
  );
}

function WorkEntry({ slug, title, status, roles, queue, decisions, repairs, rounds }: Entry) {
  const { t } = useTranslation("curricula");
  const moderates = roles.includes("moderator");
  const decides = roles.includes("trainer");
  const waits = [
    moderates && queue > 0 && { to: "queue", words: t("work.waiting", { count: queue }) },
    decides &&
      decisions > 0 && { to: "decisions", words: t("work.toDecide", { count: decisions }) },
    decides && repairs > 0 && { to: "repairs", words: t("work.repairs", { count: repairs }) },
    decides && rounds > 0 && { to: "rounds", words: t("work.openRounds", { count: rounds }) },
  ].filter((wait) => wait !== false);
  return (
    <li>
      <h2>
        <a href={`/curricula/${slug}`}>{title}</a>
      </h2>
      <p className="kicker">
        <Badge>{t(`status.${status as CurriculumStatus}`)}</Badge>{" "}
        {t("work.yourRoles", { roles: roles.map((role) => t(`role.${role}`)).join(", ") })}
      </p>
      {waits.length === 0 ? (
        <p>{t("work.nothing")}</p>
      ) : (
        <ul className="plain-list work-counts">
          {waits.map(({ to, words }) => (
            <li key={to}>
              <ButtonLink href={`/curricula/${slug}/${to}`}>{words}</ButtonLink>
            </li>
          ))}
        </ul>
      )}
      <WorkLinks slug={slug} roles={roles} label={title} />
    </li>
  );
}
