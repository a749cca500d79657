import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Outline } from "../../document/read.ts";
import { DocText } from "../../document/render.tsx";
import type { DocJSON } from "../../document/schema.ts";
import { longDate } from "../../i18n/format.ts";
import { LANGUAGE_NAMES, type Language } from "../../i18n/i18n.ts";
import { ButtonLink, Empty, Notice, PageHeader } from "../../ui/blocks.tsx";
import { useDocLabels } from "../drafts/labels.ts";
import { Beside } from "./beside.tsx";
import { byBlock, highlightsOf, sorted } from "./placed.ts";
import type { PublicInput, Stub } from "./reading.server.ts";
import { Changed, Notes, Stubs } from "./said.tsx";

export type DraftData = {
  curriculum: { slug: string; title: string };
  module: {
    slug: string;
    title: string;
    goal: string;
    minutes: number;
    mode: string;
    audience: string;
    contentWarning: string;
  };
  language: string;
  languages: string[];
  json: DocJSON;
  outline: Outline;
  objectives: number;
  round: { title: string; question: string; closes: string } | null;
  version: { n: number; at: string } | null;
  trains: boolean;
  /** Opens workshop copies: a facilitator, or a trainer. */
  leads: boolean;
  inputs: PublicInput[];
  stubs: Stub[];
};

/** A draft to read and to comment on. Plain HTML: everything on it works without script. */
export function DraftPage(draft: DraftData) {
  const { t } = useTranslation("inputs");
  const labels = useDocLabels();
  const { curriculum, module, json, language, inputs, round } = draft;
  const base = `/curricula/${curriculum.slug}/modules/${module.slug}`;
  const here = `${base}?text=${language}`;
  const form = round ? `${base}/comment?text=${language}` : null;
  const { placed, lost, whole } = sorted(inputs);
  const blocks = byBlock(placed);
  return (
    <div className="page reading" data-reading={form ?? ""} data-texts={useScriptTexts()}>
      <div className="reading-top">
        <div>
          <Top draft={draft} base={base} here={here} />
        </div>
        <Round draft={draft} form={form} />
      </div>
      <article className="prose draft-text" lang={language}>
        <DocText
          json={json}
          labels={labels}
          highlights={highlightsOf(placed, (count) => t("read.highlight", { count }))}
          beside={(block) => (
            <Beside
              block={block}
              inputs={blocks.get(block.id) ?? []}
              form={form && `${form}&block=${block.id}`}
              back={here}
            />
          )}
        />
      </article>
      <section className="said no-print" aria-labelledby="said">
        <h2 id="said">{t("read.all")}</h2>
        {inputs.length === 0 ? (
          <Empty title={t("read.noneYet")}>{round && <p>{t("read.noneYetHow")}</p>}</Empty>
        ) : (
          <p>{t("read.allCount", { count: inputs.length })}</p>
        )}
        {whole.length > 0 && (
          <>
            <h3>{t("read.onWhole")}</h3>
            <Notes inputs={whole} back={here} />
          </>
        )}
        <Changed
          lost={lost}
          back={here}
          language={language}
          repairs={
            draft.trains ? `/curricula/${curriculum.slug}/repairs?module=${module.slug}` : null
          }
        />
        <Stubs heading="h3" stubs={draft.stubs} />
      </section>
    </div>
  );
}

/** The words the script says, in the reader's language. */
function useScriptTexts(): string {
  const { t } = useTranslation("inputs");
  return JSON.stringify({
    toolbar: t("enhance.toolbar"),
    comment: t("enhance.comment"),
    suggest: t("enhance.suggest"),
    loading: t("enhance.loading"),
    sending: t("enhance.sending"),
    failed: t("enhance.failed"),
    close: t("enhance.close"),
    kept: t("form.kept"),
    dialog: t("form.ways"),
  });
}

function Top({ draft, base, here }: { draft: DraftData; base: string; here: string }) {
  const { t, i18n } = useTranslation(["inputs", "curricula", "workshops"]);
  const { curriculum, module, outline, version, languages, language } = draft;
  // A module's own facts are written in the language of its leading draft.
  const [leading] = languages;
  return (
    <>
      <PageHeader
        crumbs={[{ href: `/curricula/${curriculum.slug}`, label: curriculum.title }]}
        title={module.title}
        lead={module.goal}
        actions={
          (draft.trains || draft.leads) && (
            <>
              {draft.trains && (
                <ButtonLink look="primary" href={`${base}/edit?text=${language}`}>
                  {t("read.edit")}
                </ButtonLink>
              )}
              {draft.leads && (
                <ButtonLink href={`${base}/workshops/new`}>{t("workshops:new.link")}</ButtonLink>
              )}
            </>
          )
        }
      />
      <p className="muted small">{t("read.draftNote")}</p>
      {module.contentWarning && (
        <Notice tone="warning">
          <p>
            <strong>{t("read.warning")}.</strong> {module.contentWarning}
          </p>
        </Notice>
      )}
      <dl className="module-facts">
        <Fact name={t("read.minutes")}>
          {module.minutes > 0 && t("read.minutesValue", { count: module.minutes })}
        </Fact>
        <Fact name={t("read.mode")}>{t(`curricula:mode.${module.mode as "virtual"}`)}</Fact>
        {draft.objectives > 0 && (
          <Fact name={t("read.objectives")}>
            {t("read.objectivesCount", { count: draft.objectives })}
          </Fact>
        )}
        <Fact name={t("read.audience")}>
          {module.audience && <span lang={leading}>{module.audience}</span>}
        </Fact>
      </dl>
      <div className="module-links no-print">
        {outline.sections.length > 1 && (
          <details>
            <summary>{t("read.contents")}</summary>
            <ol>
              {outline.sections.map((section) => (
                <li key={section.id}>
                  <a href={`#p-${section.id}`}>{section.title}</a>
                </li>
              ))}
            </ol>
          </details>
        )}
        <ul className="plain-list link-row">
          {languages
            .filter((other) => other !== language)
            .map((other) => (
              <li key={other}>
                {t("read.textIn")}{" "}
                <a href={`${base}?text=${other}`} lang={other} hrefLang={other}>
                  {LANGUAGE_NAMES[other as Language] ?? other}
                </a>
              </li>
            ))}
          <li>
            {version ? (
              <a
                href={`/curricula/${curriculum.slug}/versions/${version.n}/modules/${module.slug}`}
              >
                {t("read.lastVersion", {
                  n: version.n,
                  date: longDate(version.at, i18n.language),
                })}
              </a>
            ) : (
              <span className="muted">{t("read.noVersion")}</span>
            )}
          </li>
          <li>
            <a href={here.replace("?", ".md?")}>{t("read.asMarkdown")}</a>
          </li>
          <li>
            <a href={here.replace("?", ".json?")}>{t("read.asJson")}</a>
          </li>
        </ul>
      </div>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Round({ draft: { round }, form }: { draft: DraftData; form: string | null }) {
  const { t, i18n } = useTranslation("inputs");
  if (!round || !form)
    return (
      <Notice tone="quiet">
        <p>
          <strong>{t("read.roundClosed")}.</strong> {t("read.roundClosedHow")}
        </p>
      </Notice>
    );
  return (
    <Notice>
      <p>
        <strong>{t("read.roundOpen", { date: longDate(round.closes, i18n.language) })}.</strong>{" "}
        <span className="no-print">{t("read.roundHow")}</span>{" "}
        <span data-script hidden>
          {t("read.roundHowWords")}
        </span>
      </p>
      {round.question && <p className="round-question">{round.question}</p>}
      <p className="no-print">
        <a className="button" href={form} data-comment>
          {t("read.onModule")}
        </a>
      </p>
    </Notice>
  );
}
