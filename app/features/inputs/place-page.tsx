import { useTranslation } from "react-i18next";
import { Button, Empty, Notice, PageHeader } from "../../ui/blocks.tsx";
import type { Section } from "./places.server.ts";
import { Lose } from "./repair-parts.tsx";

export type PlaceProps = {
  crumbs: { href: string; label: string }[];
  /** The words the input was about; "" for none. */
  quote: string;
  body: string;
  bodyLanguage: string;
  language: string;
  rev: number;
  hasPlace: boolean;
  /** What was looked for. */
  q: string;
  sections: Section[];
  /** The section in which it most likely stood. */
  near: string | null;
  back: string;
  error: string | null;
};

/**
 * Chooses the paragraph that an input belongs to, from the draft as it stands. Works without
 * script; with it, some words of the paragraph can be selected.
 */
export function PlacePage(page: PlaceProps) {
  const { t } = useTranslation(["repair", "inputs", "errors"]);
  const { quote, body, language, rev, q, sections, near, back, error } = page;
  return (
    <div className="page narrow">
      <PageHeader crumbs={page.crumbs} title={t("place.title")} lead={t("place.lead")} />
      {error && (
        <Notice tone="problem" live>
          <p>{t(error as "errors:required")}</p>
        </Notice>
      )}
      <figure className="about">
        {quote !== "" && (
          <>
            <figcaption>{t("was")}</figcaption>
            <blockquote lang={language}>{quote}</blockquote>
          </>
        )}
        <div className="words" lang={page.bodyLanguage}>
          {body}
        </div>
      </figure>
      <search>
        <form method="get" className="field place-search">
          <label htmlFor="q">{t("place.search")}</label>
          <p className="hint" id="q-hint">
            {t("place.searchHint")}
          </p>
          <div>
            <input id="q" name="q" type="search" defaultValue={q} aria-describedby="q-hint" />
            <Button>{t("place.find")}</Button>
          </div>
          {q !== "" && <a href="?">{t("place.clear")}</a>}
        </form>
      </search>
      {sections.length === 0 ? (
        <Empty title={t("place.none")} />
      ) : (
        <form
          method="post"
          className="place-choice"
          data-choose
          data-words={t("place.words")}
          data-whole={t("place.whole")}
        >
          <input type="hidden" name="rev" value={rev} />
          <input type="hidden" name="action" value="moved" />
          <input type="hidden" name="text" value={language} />
          <fieldset>
            <legend>{t("place.paragraphs")}</legend>
            <p className="hint" data-script hidden>
              {t("place.leadWords")}
            </p>
            {sections.map((section) => (
              <details
                key={section.id}
                open={q !== "" || sections.length < 4 || section.id === near}
              >
                <summary>{section.title || t("place.start")}</summary>
                {section.paragraphs.map(({ id, text }) => (
                  <label key={id} className="choice-option">
                    <input type="radio" name="block" value={id} required />
                    <span lang={language} data-choice={id}>
                      {text}
                    </span>
                  </label>
                ))}
              </details>
            ))}
          </fieldset>
          <div className="place-submit">
            <p data-chosen role="status" />
            <Button look="primary">{t("place.submit")}</Button>
          </div>
        </form>
      )}
      <div className="actions">
        {page.hasPlace && <Lose rev={rev} />}
        <a href={back}>{t("place.back")}</a>
      </div>
    </div>
  );
}
