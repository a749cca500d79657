import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { WordDiff } from "../inputs/word-diff.tsx";

export type ThreeTexts = {
  /** As it stood, as it reads now (null: it is gone), and as somebody wants it. */
  base: string;
  now: string | null;
  proposed: string;
};

/**
 * Three texts of one passage side by side, what differs from the first marked in the other two; one
 * under the other where there is no room. `undo`: the wish is to take an adopted change back.
 */
export function ThreeWay({
  texts: { base, now, proposed },
  language,
  undo = false,
}: {
  texts: ThreeTexts;
  language: string | undefined;
  undo?: boolean;
}) {
  const { t } = useTranslation("decisions");
  return (
    <section className="three-way" aria-labelledby="three-way">
      <h3 id="three-way">{t("threeWay.title")}</h3>
      <div className="three-texts">
        <Text
          name="base"
          title={t(undo ? "threeWay.adopted" : "threeWay.base")}
          hint={t(undo ? "threeWay.adoptedHint" : "threeWay.baseHint")}
          language={language}
          text={base}
        >
          {base}
        </Text>
        <Text
          name="now"
          title={t("threeWay.now")}
          hint={t("threeWay.nowHint")}
          language={language}
          text={now}
        >
          {now === null ? <em>{t("threeWay.gone")}</em> : <WordDiff before={base} after={now} />}
        </Text>
        <Text
          name="proposed"
          title={t(undo ? "threeWay.restored" : "threeWay.proposed")}
          hint={t(undo ? "threeWay.restoredHint" : "threeWay.proposedHint")}
          language={language}
          text={proposed}
        >
          <WordDiff before={base} after={proposed} />
        </Text>
      </div>
    </section>
  );
}

function Text({
  name,
  title,
  hint,
  language,
  text,
  children,
}: {
  name: string;
  title: string;
  hint: string;
  language: string | undefined;
  text: string | null;
  children: ReactNode;
}) {
  const { t } = useTranslation("decisions");
  return (
    <figure className={`of-three ${name}`}>
      <figcaption id={`text-${name}`}>
        <strong>{title}</strong> <small className="muted">{hint}</small>
      </figcaption>
      <blockquote className="prose" lang={language}>
        {children}
      </blockquote>
      {text && (
        <button
          type="button"
          className="button no-print"
          hidden
          data-script
          data-compose={text}
          aria-describedby={`text-${name}`}
        >
          {t("threeWay.copy")}
        </button>
      )}
    </figure>
  );
}
