import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { Note } from "./note.tsx";
import type { Lost } from "./placed.ts";
import type { PublicInput, Stub } from "./reading.server.ts";
import { ModerationReason } from "./receipt-page.tsx";

/** Public input one after another, apart from any text. */
export function Notes({ inputs, back }: { inputs: PublicInput[]; back: string }) {
  return (
    <div className="note-list">
      {inputs.map((input) => (
        <Note key={input.id} input={input} back={back} />
      ))}
    </div>
  );
}

/** Input whose passage can't be shown in its place: said plainly, with the words it was about. */
export function Changed({
  lost,
  back,
  language,
  repairs,
}: {
  lost: Lost[];
  back: string;
  language: string;
  /** Where whoever may says where they belong now; null for everybody else. */
  repairs: string | null;
}) {
  const { t } = useTranslation(["inputs", "repair"]);
  if (lost.length === 0) return null;
  return (
    <>
      <h3>{t("read.changedTitle")}</h3>
      <p className="muted">{t("read.changedNote")}</p>
      {repairs && (
        <p>
          <a href={repairs}>{t("repair:fromDraft")}</a>
        </p>
      )}
      <div className="note-list">
        {lost.map(({ input, place, blockId }) => (
          <div key={input.id}>
            <figure className="about">
              <figcaption>{t(`read.place.${place.status as "gone"}`)}</figcaption>
              <blockquote lang={language}>{place.quote}</blockquote>
              {blockId && <a href={`#p-${blockId}`}>{t("read.toPlace")}</a>}
            </figure>
            <Note input={input} back={back} />
          </div>
        ))}
      </div>
    </>
  );
}

/** What isn't shown: how much waits, and each that was rejected with the reason. */
export function Stubs({ stubs, heading: Heading }: { stubs: Stub[]; heading: "h2" | "h3" }) {
  const { t, i18n } = useTranslation("inputs");
  const rejected = stubs.filter(({ status }) => status === "rejected");
  const waiting = stubs.length - rejected.length;
  if (stubs.length === 0) return null;
  return (
    <>
      <Heading>{t("read.stubs")}</Heading>
      {waiting > 0 && <p>{t("read.waiting", { count: waiting })}</p>}
      <ul className="plain-list stubs">
        {rejected.map((stub) => (
          <li key={stub.id}>
            <a href={`/inputs/${stub.id}`}>
              {t("read.rejectedOn", {
                kind: t(`kind.${stub.kind}`),
                date: longDate(stub.submittedAt, i18n.language),
              })}
            </a>
            {stub.reason && <ModerationReason reason={stub.reason} />}
          </li>
        ))}
      </ul>
    </>
  );
}
