import { useTranslation } from "react-i18next";
import type { DocLabels } from "../../document/render.tsx";

/** The words a text needs besides its own, in the reader's language. */
export function useDocLabels(): DocLabels {
  const { t } = useTranslation("common");
  return {
    table: t("doc.table"),
    callout: {
      note: t("doc.callout.note"),
      caution: t("doc.callout.caution"),
      instructor: t("doc.callout.instructor"),
    },
    part: {
      intro: t("doc.part.intro"),
      presentation: t("doc.part.presentation"),
      activity: t("doc.part.activity"),
      scenario: t("doc.part.scenario"),
      break: t("doc.part.break"),
      summary: t("doc.part.summary"),
      debrief: t("doc.part.debrief"),
    },
    minutes: (count) => t("doc.minutes", { count }),
    objective: {
      terminal: t("doc.objective.terminal"),
      enabling: t("doc.objective.enabling"),
      condition: t("doc.objective.condition"),
      standard: t("doc.objective.standard"),
      assessed: t("doc.objective.assessed"),
    },
  };
}
