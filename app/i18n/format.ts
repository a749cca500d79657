/** A date in words: "3 November 2026", "3 de noviembre de 2026". */
export function longDate(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(iso),
  );
}

/** A language by its name in the reader's own: "Spanish", "español". */
export function languageName(code: string, language: string): string {
  return new Intl.DisplayNames(language, { type: "language" }).of(code) ?? code;
}

/** A moment in words with its zone: "3 November 2026 at 14:02 UTC". */
export function dateTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "UTC",
  })
    .format(new Date(iso))
    .concat(" UTC");
}
