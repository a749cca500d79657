import { useTranslation } from "react-i18next";
import type { Said, Whose } from "./change-drawing.ts";

/** Names in a row, in the reader's language: "Ana, Luis and Mo". */
export function namesOf(whose: readonly Whose[], language: string, unknown: string): string {
  const names = whose.length > 0 ? whose.map(({ name }) => name) : [unknown];
  return new Intl.ListFormat(language, { type: "conjunction" }).format(names);
}

const BLOCKS = {
  inserted: "blockInserted",
  moved: "moved",
  changed: "changed",
  gone: "gone",
} as const;

/** What is said of changes and of whose they are, in the reader's language. */
export function useChangeWords() {
  const { t, i18n } = useTranslation("workshops");
  const names = (whose: readonly Whose[]) => namesOf(whose, i18n.language, t("list.unknown"));
  return {
    names,
    say: (what: Said, whose: readonly Whose[]) =>
      t(`mark.${what as "inserted"}`, { names: names(whose) }),
    label: (what: keyof typeof BLOCKS, whose: readonly Whose[]) =>
      `${t(`label.${what}`)} · ${names(whose)}`,
  };
}
