import { useTranslation } from "react-i18next";
import { languageName } from "../../i18n/format.ts";
import { isLanguage, LANGUAGE_NAMES } from "../../i18n/i18n.ts";
import { Badge, Button } from "../../ui/blocks.tsx";
import { duration, type Mode } from "./curricula.ts";

export type ListedModule = {
  slug: string;
  title: string;
  goal: string;
  minutes: number;
  mode: string;
  languages: string[];
  open: boolean;
  comments: number;
};

/** One module in its curriculum's list, with its tools for trainers. */
export function ModuleEntry({
  curriculum,
  module,
  number,
  last,
  trainer,
}: {
  curriculum: string;
  module: ListedModule;
  number: number;
  last: boolean;
  trainer: boolean;
}) {
  const { t } = useTranslation("curricula");
  const address = `/curricula/${curriculum}/modules/${module.slug}`;
  return (
    <li className="module-entry">
      <span className="module-number" aria-hidden="true">
        {number}
      </span>
      <div>
        <h3>
          <a href={address}>{module.title}</a>
        </h3>
        {module.goal && <p>{module.goal}</p>}
        <p className="shelf-facts">
          {module.open ? <Badge tone="active">{t("open")}</Badge> : <Badge>{t("notOpen")}</Badge>}
          {module.minutes > 0 && <span>{duration(module.minutes)}</span>}
          <span>{t(`mode.${module.mode as Mode}`)}</span>
          <Languages address={address} languages={module.languages} />
          {module.comments > 0 && <span>{t("comments", { count: module.comments })}</span>}
        </p>
        {trainer && (
          <div className="module-tools no-print">
            <a href={`${address}/edit`}>{t("page.edit")}</a>
            <a href={`${address}/settings`}>{t("page.moduleSettings")}</a>
            <form method="post" action={`/curricula/${curriculum}?index`}>
              <input type="hidden" name="module" value={module.slug} />
              {number > 1 && (
                <Move direction="up" label={t("page.moveUp", { title: module.title })} />
              )}
              {!last && (
                <Move direction="down" label={t("page.moveDown", { title: module.title })} />
              )}
            </form>
          </div>
        )}
      </div>
    </li>
  );
}

function Move({ direction, label }: { direction: "up" | "down"; label: string }) {
  return (
    <Button look="quiet" name="move" value={direction} aria-label={label} title={label}>
      <span aria-hidden="true">{direction === "up" ? "↑" : "↓"}</span>
    </Button>
  );
}

function Languages({ address, languages }: { address: string; languages: string[] }) {
  const { t, i18n } = useTranslation("curricula");
  const [only] = languages;
  if (languages.length === 1 && isLanguage(only) && only !== i18n.language) {
    return <span>{t("textIn", { language: languageName(only, i18n.language) })}</span>;
  }
  if (languages.length < 2) return null;
  return (
    <span className="draft-languages">
      {languages.filter(isLanguage).map((language) => (
        <a key={language} href={`${address}?text=${language}`} lang={language} hrefLang={language}>
          {LANGUAGE_NAMES[language]}
        </a>
      ))}
    </span>
  );
}
