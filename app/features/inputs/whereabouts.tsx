import { useTranslation } from "react-i18next";
import { ButtonLink, DateText, Notice } from "../../ui/blocks.tsx";
import { addressOf, draftAddress } from "./passage.tsx";
import { Doubtful, Settle } from "./repair-parts.tsx";
import type { About } from "./status.server.ts";
import type { Whereabouts as Data, PlaceEvent } from "./whereabouts.server.ts";

/** Where an input went while the text changed, and what its author can say about it. */
export function Whereabouts({
  where,
  about,
  place,
}: {
  where: Data;
  about: About;
  /** The page on which its author chooses a paragraph. */
  place: string;
}) {
  const { t } = useTranslation("repair");
  const { events, open, language, rev } = where;
  if (events.length === 0 && !open) return null;
  return (
    <section aria-labelledby="where" className="whereabouts">
      <h2 id="where">{t("receipt.title")}</h2>
      {open?.type === "doubtful" && (
        <>
          <Notice tone="warning">
            <p>{t("receipt.doubt")}</p>
          </Notice>
          <Doubtful doubt={open.doubt} language={language} />
          <Settle doubt={open.doubt} rev={rev} language={language} move={place} to={place} />
        </>
      )}
      {open?.type === "nowhere" && (
        <Notice tone="quiet">
          <p>{t("receipt.noPlace")}</p>
          <ButtonLink href={place}>{t("receipt.giveOne")}</ButtonLink>
        </Notice>
      )}
      {events.length > 0 && (
        <ol className="timeline">
          {events.map((event) => (
            <li key={event.seq}>
              <Told event={event} about={about} language={language} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Told({ event, about, language }: { event: PlaceEvent; about: About; language: string }) {
  const { t } = useTranslation("repair");
  const { version, blockId, from, to } = event;
  return (
    <>
      <strong>{useHeadline(event)}</strong>
      <DateText iso={event.at} />
      {event.action === "lost" && version !== null && <p>{t("receipt.events.lostHint")}</p>}
      {from !== to && (
        <div className="two-texts" lang={language}>
          {from !== "" && <Text label={t("receipt.before")} words={from} />}
          {to !== "" && <Text label={t("receipt.after")} words={to} />}
        </div>
      )}
      {blockId && (
        <p>
          <ThereLink event={event} blockId={blockId} about={about} language={language} />
        </p>
      )}
    </>
  );
}

function Text({ label, words }: { label: string; words: string }) {
  return (
    <figure className="about">
      <figcaption>{label}</figcaption>
      <blockquote>{words}</blockquote>
    </figure>
  );
}

function useHeadline({ action, version, trainer }: PlaceEvent): string {
  const { t } = useTranslation("repair");
  if (version !== null) {
    const what = action === "confirmed" ? "placed" : action;
    return t(`receipt.events.${what}Version`, { n: version });
  }
  const what = action === "placed" ? "moved" : action;
  return trainer === null
    ? t(`receipt.events.${what}You`)
    : t(`receipt.events.${what}`, { who: trainer });
}

/** The passage in the version that told of it; in the draft, when a person did. */
function ThereLink({
  event: { version },
  blockId,
  about,
  language,
}: {
  event: PlaceEvent;
  blockId: string;
  about: About;
  language: string;
}) {
  const { t } = useTranslation("repair");
  if (version === null || !about.module)
    return <a href={draftAddress(about, { blockId, language })}>{t("receipt.readDraft")}</a>;
  const page = `/curricula/${about.curriculum.slug}/versions/${version}/modules/${about.module.slug}`;
  return (
    <a href={addressOf(page, { blockId, language })}>{t("receipt.readThere", { n: version })}</a>
  );
}
