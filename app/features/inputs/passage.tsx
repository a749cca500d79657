import { useTranslation } from "react-i18next";
import type { About } from "./status.server.ts";

/** The address of a block on a page that shows a module's text. */
export function addressOf(
  page: string,
  { language, blockId }: { language: string; blockId: string },
): string {
  return `${page}?text=${language}#p-${blockId}`;
}

/** The address of a passage in the draft as it stands now. */
export function draftAddress(
  { curriculum, module }: About,
  passage: { blockId: string; language: string },
): string {
  const page = `/curricula/${curriculum.slug}`;
  return module ? addressOf(`${page}/modules/${module.slug}`, passage) : page;
}

/** The words an input is about, with the way to them in the draft. */
export function Passage({
  label,
  about,
  passage,
}: {
  label: string;
  about: About;
  passage: { quote: string; blockId: string; language: string };
}) {
  const { t } = useTranslation("inputs");
  return (
    <figure className="about">
      <figcaption>{label}</figcaption>
      <blockquote lang={passage.language}>{passage.quote}</blockquote>
      <a href={draftAddress(about, passage)}>{t("one.readThere")}</a>
    </figure>
  );
}
