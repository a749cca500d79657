import { useId } from "react";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../i18n/format.ts";
import { Button } from "../../ui/blocks.tsx";
import { Act, Section } from "./care-parts.tsx";
import type { Checkpoint } from "./workshops.ts";

type Writers = { personId: string; name: string }[];

/** The states a copy can go back to, each to be looked at, or gone back to in whole or in part. */
export function Checkpoints({
  id,
  checkpoints,
  writers,
  open,
}: {
  id: string;
  checkpoints: Checkpoint[];
  writers: Writers;
  open: boolean;
}) {
  const { t, i18n } = useTranslation("workshops");
  return (
    <Section id="checkpoints" title={t("care.checkpoints")}>
      {open && <Act action="checkpoint">{t("care.make")}</Act>}
      <p className="hint">{t("care.checkpointsHint")}</p>
      <ul className="plain-list care-list">
        {checkpoints.map((checkpoint) => {
          const when = dateTime(checkpoint.at, i18n.language);
          return (
            <li key={checkpoint.id}>
              <p>
                <strong>{when}</strong>
                <br />
                <span className="small muted">{nameOf(t, checkpoint)}</span>
              </p>
              <div className="actions">
                <a
                  href={`/workshops/${id}/checkpoints/${checkpoint.id}`}
                  aria-label={t("care.lookAt", { when })}
                >
                  {t("care.look")}
                </a>
              </div>
              {open && <GoBack checkpoint={checkpoint} when={when} writers={writers} />}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function nameOf(
  t: ReturnType<typeof useTranslation<"workshops">>["t"],
  { reason, by }: Checkpoint,
): string {
  return t(`care.made.${reason}`, { name: by ?? t("list.unknown") });
}

function GoBack({
  checkpoint,
  when,
  writers,
}: {
  checkpoint: Checkpoint;
  when: string;
  writers: Writers;
}) {
  const { t } = useTranslation("workshops");
  return (
    <details>
      <summary aria-label={t("care.restoreTitle", { when })}>{t("care.restore")}</summary>
      <form method="post">
        <input type="hidden" name="checkpointId" value={checkpoint.id} />
        <fieldset className="field">
          <legend>{t("care.restoreWhose")}</legend>
          <p className="hint">{t("care.restoreKeepHint")}</p>
          {writers.map(({ personId, name }) => (
            <label key={personId} className="choice-option">
              <input type="checkbox" name="people" value={personId} />
              <span>{name}</span>
            </label>
          ))}
          <Button name="intent" value="restore" look="primary">
            {t("care.restoreKeep")}
          </Button>
        </fieldset>
      </form>
      <p className="hint">{t("care.restoreAllHint")}</p>
      <Act action="restoreAll" look="danger" fields={{ checkpointId: checkpoint.id }}>
        {t("care.restoreAll")}
      </Act>
    </details>
  );
}

/** Takes back what one person changed since a saved state; everybody else's words stay. */
export function UndoOne({ checkpoints, writers }: { checkpoints: Checkpoint[]; writers: Writers }) {
  const { t, i18n } = useTranslation("workshops");
  const id = useId();
  if (writers.length === 0 || checkpoints.length === 0) return null;
  return (
    <Section id="undo" title={t("care.undo")}>
      <form method="post" className="form">
        <div className="field">
          <label htmlFor={`${id}w`}>{t("care.undoWho")}</label>
          <select id={`${id}w`} name="personId">
            {writers.map(({ personId, name }) => (
              <option key={personId} value={personId}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}s`}>{t("care.undoSince")}</label>
          <select id={`${id}s`} name="checkpointId">
            {checkpoints.map((checkpoint) => (
              <option key={checkpoint.id} value={checkpoint.id}>
                {dateTime(checkpoint.at, i18n.language)} · {nameOf(t, checkpoint)}
              </option>
            ))}
          </select>
        </div>
        <Button name="intent" value="undo">
          {t("care.undoDo")}
        </Button>
        <p className="hint">{t("care.undoHint")}</p>
      </form>
    </Section>
  );
}
