import en from "./en/index.ts";
import es from "./es/index.ts";
import { createI18n, isLanguage, type Language } from "./i18n.ts";

const INSTANCES = { en: createI18n("en", en), es: createI18n("es", es) };

/** The catalogue of a language, ready to render with. Shared: nothing ever changes it. */
export function i18nFor(language: Language) {
  return INSTANCES[language];
}

/** The translate function of a language, for mails and resource routes. */
export function translator(language: Language) {
  return INSTANCES[language].t;
}

/**
 * The language of a request: `?lang=` in the address first, then the cookie an earlier choice
 * left, then what the browser prefers, then English.
 */
export function languageOf(request: Request): Language {
  const asked = new URL(request.url).searchParams.get("lang");
  if (isLanguage(asked)) return asked;
  const cookie = /(?:^|;\s*)lang=(\w+)/.exec(request.headers.get("Cookie") ?? "")?.[1];
  if (isLanguage(cookie)) return cookie;
  const preferred = (request.headers.get("Accept-Language") ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", q] = part.trim().split(";q=");
      return { language: tag.slice(0, 2).toLowerCase(), q: q === undefined ? 1 : Number(q) };
    })
    .sort((a, b) => b.q - a.q)
    .find(({ language, q }) => q > 0 && isLanguage(language));
  return (preferred?.language as Language | undefined) ?? "en";
}
