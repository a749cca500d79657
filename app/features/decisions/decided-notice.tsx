import { useTranslation } from "react-i18next";
import { Notice } from "../../ui/blocks.tsx";
import type { Outcome } from "./decisions.ts";

/** Says what was just decided, and where everybody sees it. */
export function DecidedNotice({
  done,
  last,
}: {
  done: { inputId: string; outcome: Outcome };
  /** True when nothing is left to decide on. */
  last: boolean;
}) {
  const { t } = useTranslation(["decisions", "inputs"]);
  return (
    <Notice tone="good" live>
      <p data-sent="">
        {t("task.saved", { outcome: t(`inputs:outcome.${done.outcome}`) })}{" "}
        {last && t("task.noneLeft")} <a href={`/inputs/${done.inputId}`}>{t("task.seePublic")}</a>
      </p>
    </Notice>
  );
}
