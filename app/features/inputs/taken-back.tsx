import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import type { Undone } from "./undone.server.ts";
import { WordDiff } from "./word-diff.tsx";

/** That an adopted change was taken back: by whom, why, and what it did to the text. */
export function TakenBack({ undone, language }: { undone: Undone; language?: string | undefined }) {
  const { t, i18n } = useTranslation("decisions");
  return (
    <div className="taken-back">
      <p>
        <strong>
          {t("undo.takenBackBy", { name: undone.by, date: longDate(undone.at, i18n.language) })}
        </strong>
      </p>
      <p className="as-typed">
        <strong>{t("undo.reasonLabel")}:</strong> {undone.reason}
      </p>
      {undone.before !== undone.after && (
        <p className="prose quoted change-text" lang={language}>
          <WordDiff before={undone.before} after={undone.after} />
        </p>
      )}
      {undone.version && <p className="muted small">{t("undo.inVersion", undone.version)}</p>}
    </div>
  );
}
