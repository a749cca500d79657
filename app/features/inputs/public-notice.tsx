import { useTranslation } from "react-i18next";

/** Said before anything is sent: what others will see, and what we don't keep. */
export function WhatBecomesPublic() {
  const { t } = useTranslation("inputs");
  return (
    <aside className="becomes-public" aria-label={t("form.publicTitle")}>
      <p>
        <strong>{t("form.publicTitle")}</strong>
      </p>
      <ul>
        <li>{t("form.publicWords")}</li>
        <li>{t("form.publicNever")}</li>
        <li>{t("form.publicLaw")}</li>
      </ul>
    </aside>
  );
}
