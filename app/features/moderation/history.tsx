import { useTranslation } from "react-i18next";
import { dateTime } from "../../i18n/format.ts";
import type { ReasonCode } from "./moderation.ts";
import type { InputInQueue } from "./queue.server.ts";

/** What moderators did with an input so far, and why. */
export function History({ events }: { events: InputInQueue["history"] }) {
  const { t, i18n } = useTranslation(["moderation", "inputs"]);
  if (events.length === 0) return null;
  return (
    <section>
      <h3>{t("preview.history")}</h3>
      <ol className="plain-list history">
        {events.map(({ seq, action, toStatus, moderator, at, reasonCode, reason }) => (
          <li key={seq}>
            {t(action === "undo" ? "preview.undone" : "preview.historyLine", {
              status: t(`status.${toStatus}`),
              name: moderator,
              at: dateTime(at, i18n.language),
            })}
            {reasonCode && (
              <span className="as-typed muted small">
                {t(`reasonCode.${reasonCode as ReasonCode}`)}
                {reason && `: ${reason}`}
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
