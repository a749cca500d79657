import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { Notice } from "../../ui/blocks.tsx";
import { KindOfChange, SaidBy } from "../inputs/kind-of-change.tsx";
import { SuggestedChange } from "../inputs/suggested-change.tsx";
import { WordDiff } from "../inputs/word-diff.tsx";
import type { Around, InputToDecide } from "./task.server.ts";

/** What somebody said, and what others said to it. */
export function Said({ input }: { input: InputToDecide }) {
  const { t, i18n } = useTranslation(["decisions", "inputs"]);
  return (
    <section>
      <h2>{t(input.suggestion ? "task.why" : "task.said")}</h2>
      <p className="words as-typed" lang={input.language}>
        {input.body}
      </p>
      <p className="muted small">
        <SaidBy suggestion={input.suggestion} name={input.name} />
        {" · "}
        {longDate(input.submittedAt, i18n.language)}
        {" · "}
        {t(`inputs:channel.${input.channel}`)}
        {input.supports > 0 && ` · ${t("task.supports", { count: input.supports })}`}
      </p>
      {input.replies.length > 0 && (
        <>
          <h3>{t("task.replies")}</h3>
          <ul className="plain-list task-replies">
            {input.replies.map((reply) => (
              <li key={reply.id}>
                <p className="as-typed" lang={reply.language}>
                  {reply.body}
                </p>
                <p className="muted small">{reply.name ?? t("inputs:anonymous")}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** The passage an input is about, as the draft has it now, between its neighbours. */
export function PassageNow({ input, draft }: { input: InputToDecide; draft: string | null }) {
  const { t } = useTranslation("decisions");
  const { place, suggestion, quote, composing } = input;
  const fit = input.decision ? null : input.fit;
  if (!place && fit?.status !== "fits") {
    const words = suggestion?.base || suggestion?.proposed || quote;
    return words ? (
      <section>
        <h2>{t("task.gone")}</h2>
        <p>{t("task.goneHint")}</p>
        {suggestion ? (
          <SuggestedChange change={suggestion} />
        ) : (
          <p className="prose quoted">{words}</p>
        )}
      </section>
    ) : null;
  }
  const fits = fit?.status === "fits";
  return (
    <section>
      <h2>{t(fits ? "task.suggestion" : "task.passage")}</h2>
      {fit?.status === "already" && (
        <Notice>
          <p>{t("task.already")}</p>
        </Notice>
      )}
      {fit?.status === "conflict" && (
        <Notice tone="warning">
          <p>
            <strong>{t("task.conflictTitle")}</strong>
          </p>
          <p>{t(composing === "byHand" ? "task.conflictByHand" : "task.conflict")}</p>
        </Notice>
      )}
      {fits && <p className="muted">{t("task.fits")}</p>}
      {suggestion && <KindOfChange change={suggestion} />}
      {fits && suggestion?.kind === "move" && place?.before && (
        <p className="small">{t("change.movedFrom", { words: firstWords(place.before) })}</p>
      )}
      {fits && fit.around ? (
        <Surrounded around={fit.around} language={place?.language}>
          <WordDiff before={fit.before} after={fit.after} />
        </Surrounded>
      ) : (
        place && (
          <Surrounded around={place} language={place.language}>
            {fits ? (
              <WordDiff before={fit.before} after={fit.after} />
            ) : (
              <Pointed text={place.current} words={suggestion ? null : quote} />
            )}
          </Surrounded>
        )
      )}
      {input.decision && suggestion && (
        <figure className="about">
          <figcaption>{t("task.changedByThem")}</figcaption>
          <SuggestedChange change={suggestion} language={place?.language} />
        </figure>
      )}
      {draft && place && (
        <p className="small">
          <a href={`${draft}?text=${place.language}#p-${place.blockId}`}>{t("task.openDraft")}</a>
          {" · "}
          <a href={`${draft}/edit?text=${place.language}#p-${place.blockId}`}>
            {t("task.editDraft")}
          </a>
        </p>
      )}
    </section>
  );
}

function firstWords(text: string, most = 60): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\s\p{P}]+\S*$/u, "")}…`;
}

/** A passage between its neighbours, under the title of its section. */
function Surrounded({
  around: { section, before, after },
  language,
  children,
}: {
  around: Around;
  language: string | undefined;
  children: ReactNode;
}) {
  const { t } = useTranslation("decisions");
  return (
    <div className="surroundings prose" lang={language}>
      {section && section !== before && (
        <p className="muted small">{t("task.section", { title: section })}</p>
      )}
      {before && <p className="neighbour">{before}</p>}
      <p className="quoted change-text">{children}</p>
      {after && <p className="neighbour">{after}</p>}
    </div>
  );
}

/** A passage with the words somebody pointed at marked, where they still stand. */
function Pointed({ text, words }: { text: string; words: string | null }) {
  const at = words && words !== text ? text.indexOf(words) : -1;
  if (!words || at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{words}</mark>
      {text.slice(at + words.length)}
    </>
  );
}
