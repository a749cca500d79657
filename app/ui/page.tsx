import { useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES, LANGUAGES } from "../i18n/i18n.ts";

type Props = {
  person: { name: string; steward: boolean; works: boolean } | null;
  /** Where this installation is, for what is printed. */
  origin: string;
  children: ReactNode;
};

/** The frame of every page: skip link, header, main, footer. */
export function Page({ person, origin, children }: Props) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <>
      <a className="skip-link" href="#main">
        {t("skip")}
      </a>
      <header className="site-header">
        <a className="site-name" href="/">
          {t("name")}
        </a>
        <nav aria-label={t("nav.label")}>
          <a href="/receipts">{t("nav.receipt")}</a>
          {person?.works && <a href="/work">{t("nav.work")}</a>}
          {person?.steward && <a href="/people">{t("nav.people")}</a>}
          {person ? <a href="/account">{person.name}</a> : <a href="/sign-in">{t("nav.signIn")}</a>}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="site-footer">
        <LanguageSwitch />
        <p className="footer-promise">{t("footer.promise")}</p>
        <p className="print-only">{t("footer.printed", { address: origin + pathname })}</p>
      </footer>
    </>
  );
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const { pathname, search } = useLocation();
  return (
    <nav className="languages" aria-label={t("nav.languages")}>
      {LANGUAGES.map((language) => {
        const params = new URLSearchParams(search);
        params.set("lang", language);
        return (
          <a
            key={language}
            href={`${pathname}?${params}`}
            lang={language}
            aria-current={i18n.language === language ? "true" : undefined}
          >
            {LANGUAGE_NAMES[language]}
          </a>
        );
      })}
    </nav>
  );
}
