import { useTranslation } from "react-i18next";
import { Button, ButtonLink } from "../../ui/blocks.tsx";
import type { Doubt, Spot } from "./doubtful.server.ts";

/** What an anchor was about, and what stands there now. */
export function Doubtful({ doubt, language }: { doubt: Doubt; language: string }) {
  const { t } = useTranslation("repair");
  const { quote, prefix, suffix, status, now, scope } = doubt;
  return (
    <div className="repair-texts">
      <figure>
        <figcaption>{t("was")}</figcaption>
        <blockquote className="prose" lang={language}>
          {scope === "passage" && prefix !== "" && `…${prefix}`}
          {scope === "passage" ? <mark>{quote}</mark> : quote}
          {scope === "passage" && suffix !== "" && `${suffix}…`}
        </blockquote>
      </figure>
      <figure>
        <figcaption>{t("now")}</figcaption>
        <p className="repair-status">{t(`status.${status}`)}</p>
        {now && (
          <blockquote className="prose" lang={language}>
            <Words spot={now} />
          </blockquote>
        )}
      </figure>
    </div>
  );
}

/** A paragraph with the words in question marked; of a long one, what stands round them. */
function Words({ spot: { paragraph, start, end } }: { spot: Spot }) {
  if (start === 0 && end === paragraph.length) return <>{paragraph}</>;
  const from = Math.max(0, start - AROUND);
  const to = Math.min(paragraph.length, end + AROUND);
  return (
    <>
      {from > 0 && "…"}
      {paragraph.slice(from, start)}
      <mark>{paragraph.slice(start, end)}</mark>
      {paragraph.slice(end, to)}
      {to < paragraph.length && "…"}
    </>
  );
}

const AROUND = 160;

type Settling = {
  doubt: Doubt;
  rev: number;
  /** Sent with the form; not set where the address says whose anchor it is. */
  input?: string;
  language: string;
  /** Where another paragraph can be chosen. */
  move: string;
  /** Where the forms go; the page itself when not set. */
  to?: string;
};

/** The ways to settle a doubtful anchor: here, there, elsewhere, nowhere. Plain forms. */
export function Settle({ doubt, rev, input, language, move, to }: Settling) {
  const { t } = useTranslation("repair");
  const { now, candidates, status } = doubt;
  return (
    <>
      {candidates.length > 0 && (
        <section className="repair-candidates">
          <h3>{t(status === "ambiguous" ? "candidatesAmbiguous" : "candidates")}</h3>
          <ul className="plain-list">
            {candidates.map((spot) => (
              <li key={`${spot.blockId} ${spot.start}`}>
                <div>
                  {spot.section !== "" && (
                    <p className="muted small">{t("inSection", { section: spot.section })}</p>
                  )}
                  <p className="prose" lang={language}>
                    <Words spot={spot} />
                  </p>
                </div>
                <form method="post" action={to}>
                  <Hidden rev={rev} input={input} action="moved" spot={spot} scope={doubt.scope} />
                  <Button aria-label={t("hereIn", { words: spot.paragraph.slice(0, 60) })}>
                    {t("here")}
                  </Button>
                </form>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="actions">
        {now && (
          <form method="post" action={to}>
            <Hidden rev={rev} input={input} action="confirmed" spot={now} scope={doubt.scope} />
            <Button look="primary">{t("confirm")}</Button>
          </form>
        )}
        <ButtonLink href={move}>{t("move")}</ButtonLink>
        <Lose rev={rev} input={input} to={to} />
      </div>
    </>
  );
}

/** Takes an input off the text. */
export function Lose({
  rev,
  input,
  to,
}: {
  rev: number;
  input?: string | undefined;
  to?: string | undefined;
}) {
  const { t } = useTranslation("repair");
  return (
    <form method="post" action={to}>
      <Hidden rev={rev} input={input} action="lost" />
      <Button look="quiet" title={t("loseHint")}>
        {t("lose")}
      </Button>
    </form>
  );
}

function Hidden({
  rev,
  input,
  action,
  spot,
  scope,
}: {
  rev: number;
  input?: string | undefined;
  action: "confirmed" | "moved" | "lost";
  spot?: Spot;
  scope?: Doubt["scope"];
}) {
  return (
    <>
      {input && <input type="hidden" name="input" value={input} />}
      <input type="hidden" name="rev" value={rev} />
      <input type="hidden" name="action" value={action} />
      {spot && <input type="hidden" name="block" value={spot.blockId} />}
      {spot && scope === "paragraph" && <input type="hidden" name="base" value={spot.paragraph} />}
      {spot && scope === "passage" && (
        <>
          <input type="hidden" name="start" value={spot.start} />
          <input type="hidden" name="end" value={spot.end} />
          <input type="hidden" name="quote" value={spot.text} />
        </>
      )}
    </>
  );
}
