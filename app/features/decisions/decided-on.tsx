import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { Notice } from "../../ui/blocks.tsx";
import type { InputToDecide } from "./task.server.ts";

/** The decision on an input, where a trainer would decide on it; with the way to take it back. */
export function DecidedOn({
  input,
  decision,
  slug,
  list,
}: {
  input: InputToDecide;
  decision: NonNullable<InputToDecide["decision"]>;
  slug: string;
  list: string;
}) {
  const { t, i18n } = useTranslation(["decisions", "inputs"]);
  const { undone } = decision;
  return (
    <Notice>
      <p>
        <strong>{t("task.decidedTitle")}</strong>
      </p>
      <p>
        {t("task.decidedBy", {
          outcome: t(`inputs:outcome.${decision.outcome}`),
          name: decision.by,
          date: longDate(decision.at, i18n.language),
        })}
      </p>
      <p className="as-typed">{decision.reason}</p>
      {undone && (
        <>
          <p>
            <strong>
              {t("undo.takenBackBy", {
                name: undone.by,
                date: longDate(undone.at, i18n.language),
              })}
            </strong>
          </p>
          <p className="as-typed">{undone.reason}</p>
        </>
      )}
      <p>
        <a href={`/inputs/${input.id}`}>{t("task.seePublic")}</a>
        {" · "}
        <a href={list}>{t("task.back")}</a>
        {decision.changedText && !undone && !input.youModerated && (
          <>
            {" · "}
            <a href={`/curricula/${slug}/decisions/${input.id}/undo`}>{t("undo.link")}</a>
          </>
        )}
      </p>
    </Notice>
  );
}
