import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import type { CurriculumStatus } from "./curricula.ts";

export type FactsOf = {
  agency: string;
  jurisdiction: string;
  status: string;
  licence: string;
  owner: string;
  approver: string;
  from: string | null;
  to: string | null;
  adaptedFrom: string;
};

/** Who answers for a curriculum, where it applies and under which licence. */
export function Facts({ from, to, ...facts }: FactsOf) {
  const { t, i18n } = useTranslation("curricula");
  const date = (day: string) => longDate(day, i18n.language);
  const effective =
    from && to
      ? t("page.effectiveFromTo", { from: date(from), to: date(to) })
      : from
        ? t("page.effectiveFrom", { from: date(from) })
        : to && t("page.effectiveTo", { to: date(to) });
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{t("page.factsTitle")}</h2>
      <dl className="facts">
        <Fact name={t("page.state")}>{t(`status.${facts.status as CurriculumStatus}`)}</Fact>
        <Fact name={t("page.agency")}>{facts.agency}</Fact>
        <Fact name={t("page.jurisdiction")}>{facts.jurisdiction}</Fact>
        <Fact name={t("page.owner")}>{facts.owner}</Fact>
        <Fact name={t("page.approver")}>{facts.approver}</Fact>
        <Fact name={t("page.effective")}>{effective}</Fact>
        <Fact name={t("page.licence")}>{facts.licence}</Fact>
        <Fact name={t("page.adaptedFrom")}>{facts.adaptedFrom}</Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
