import { useTranslation } from "react-i18next";
import { duration } from "./curricula.ts";
import type { CheckedObjective, ObjectivesCheck } from "./objectives.ts";

/** The objectives of a module's text, with what is wanting in them. */
export function ObjectivesCheckList({
  check: { objectives, noTerminal, sectionMinutes },
  minutes,
}: {
  check: ObjectivesCheck;
  minutes: number;
}) {
  const { t } = useTranslation("curricula");
  const good = !noTerminal && objectives.every(({ weak, unassessed }) => !weak && !unassessed);
  return (
    <section aria-labelledby="objectives">
      <h2 id="objectives">{t("module.checkTitle")}</h2>
      <p className="muted">{t("module.checkLead")}</p>
      {objectives.length === 0 && <p>{t("module.noObjectives")}</p>}
      {noTerminal && <p className="wanting-text">{t("module.noTerminal")}</p>}
      {objectives.length > 0 && good && <p>{t("module.allGood")}</p>}
      <ul className="plain-list check-list">
        {objectives.map((objective) => (
          <Entry key={objective.id} objective={objective} />
        ))}
      </ul>
      <p className={sectionMinutes === minutes ? undefined : "wanting-text"}>
        {sectionMinutes === null
          ? t("module.minutesNone")
          : t(sectionMinutes === minutes ? "module.minutesFit" : "module.minutesDiffer", {
              sum: duration(sectionMinutes),
              total: duration(minutes),
            })}
      </p>
    </section>
  );
}

function Entry({ objective }: { objective: CheckedObjective }) {
  const { t } = useTranslation("curricula");
  const { weak, unassessed, condition, standard, assessed } = objective;
  return (
    <li className={weak || unassessed ? "wanting" : undefined}>
      <p>
        <strong>{t(objective.level === "terminal" ? "module.terminal" : "module.enabling")}</strong>
        {": "}
        {objective.text}
      </p>
      {condition && <p className="small muted">{t("module.condition", { text: condition })}</p>}
      {standard && <p className="small muted">{t("module.standard", { text: standard })}</p>}
      {assessed && <p className="small muted">{t("module.assessedBy", { text: assessed })}</p>}
      {weak && <p className="wanting-text">{t("module.weakVerb", { verb: weak })}</p>}
      {unassessed && <p className="wanting-text">{t("module.notAssessed")}</p>}
    </li>
  );
}
