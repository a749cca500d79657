import { createInstance, type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Catalogue } from "./en/index.ts";

export const LANGUAGES = ["en", "es"] as const;
export type Language = (typeof LANGUAGES)[number];

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.includes(value as Language);
}

/** Each language's own name for itself, as switches show it. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", es: "Español" };

/** A catalogue made ready for one language. React escapes what it shows, so i18next doesn't. */
export function createI18n(language: Language, catalogue: Catalogue): i18n {
  const instance = createInstance();
  instance.use(initReactI18next).init({
    lng: language,
    resources: { [language]: catalogue },
    ns: Object.keys(catalogue),
    defaultNS: "common",
    initAsync: false,
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
    returnNull: false,
  });
  return instance;
}

/** A text kept in several languages as JSON: the asked one, else English, else any. */
export function inLanguage(multilingual: string, language: string): string {
  const texts = JSON.parse(multilingual) as Record<string, string>;
  return texts[language] || texts.en || Object.values(texts).find(Boolean) || "";
}
