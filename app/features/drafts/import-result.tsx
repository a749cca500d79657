import { useTranslation } from "react-i18next";
import { ButtonLink, Notice } from "../../ui/blocks.tsx";
import type { Lost } from "./drafts.ts";

/** What became of a file: where its text is now, and what could not be kept. */
export function ImportResult({
  address,
  title,
  isNew,
  notKept,
}: {
  address: string;
  title: string;
  isNew: boolean;
  notKept: Lost[];
}) {
  const { t } = useTranslation("drafts");
  return (
    <Notice tone="good" live>
      <h2 className="notice-title">{t("import.doneTitle")}</h2>
      <p>{t(isNew ? "import.doneNew" : "import.doneInto", { title })}</p>
      {notKept.length === 0 ? (
        <p>{t("import.allKept")}</p>
      ) : (
        <>
          <h3>{t("import.notKeptTitle")}</h3>
          <ul>
            {notKept.map(({ what, text, count }) => (
              <li key={what}>
                {t(`notKept.${what}`, { count })}
                {text && <span className="muted small"> “{text}”</span>}
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="actions">
        <ButtonLink href={address}>{t("import.read")}</ButtonLink>
        <ButtonLink href={`${address}/edit`}>{t("import.edit")}</ButtonLink>
      </div>
    </Notice>
  );
}
