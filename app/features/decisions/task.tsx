import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { Notice } from "../../ui/blocks.tsx";
import { WordDiff } from "../inputs/word-diff.tsx";
import type { InputToDecide } from "./task.server.ts";

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
        {input.name ? t("task.from", { name: input.name }) : t("inputs:anonymous")}
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
  const { place, suggestion, quote } = input;
  const fit = input.decision ? null : input.fit;
  if (!place) {
    const words = suggestion?.base ?? quote;
    return words ? (
      <section>
        <h2>{t("task.gone")}</h2>
        <p>{t("task.goneHint")}</p>
        <p className="prose quoted">{words}</p>
        {suggestion && <Suggested input={input} />}
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
          <p>{t("task.conflict")}</p>
        </Notice>
      )}
      {fits && <p className="muted">{t("task.fits")}</p>}
      <div className="surroundings prose" lang={place.language}>
        {place.section && place.section !== place.before && (
          <p className="muted small">{t("task.section", { title: place.section })}</p>
        )}
        {place.before && <p className="neighbour">{place.before}</p>}
        <p className="quoted">
          {fits ? (
            <WordDiff before={place.current} after={fit.after} />
          ) : (
            <Pointed text={place.current} words={suggestion ? null : quote} />
          )}
        </p>
        {place.after && <p className="neighbour">{place.after}</p>}
      </div>
      {(fit?.status === "conflict" || input.decision) && <Suggested input={input} />}
      {draft && (
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

/** Both changes since a suggestion was written, side by side: theirs, and the draft's own. */
function Suggested({ input: { suggestion, place } }: { input: InputToDecide }) {
  const { t } = useTranslation("decisions");
  if (!suggestion) return null;
  return (
    <div className="both-texts">
      <figure>
        <figcaption>{t("task.changedByThem")}</figcaption>
        <p className="prose quoted">
          <WordDiff before={suggestion.base} after={suggestion.proposed} />
        </p>
      </figure>
      {place && (
        <figure>
          <figcaption>{t("task.changedSince")}</figcaption>
          <p className="prose quoted">
            <WordDiff before={suggestion.base} after={place.current} />
          </p>
        </figure>
      )}
    </div>
  );
}
