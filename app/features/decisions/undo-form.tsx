import { type SubmissionResult, useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { Button, Notice } from "../../ui/blocks.tsx";
import { ErrorSummary, TextArea } from "../../ui/form.tsx";
import { WordDiff } from "../inputs/word-diff.tsx";
import { Held } from "./held.tsx";
import { ThreeWay } from "./three-way.tsx";
import type { UndoTask } from "./undo-task.server.ts";

/** What was adopted and why; what taking it back would do to the draft now. */
export function WhatWasAdopted({ task }: { task: UndoTask }) {
  const { t, i18n } = useTranslation("decisions");
  const { fit, place, before, adopted, language } = task;
  return (
    <section>
      <p>
        <strong>
          {t("undo.adopted", { name: task.by, date: longDate(task.at, i18n.language) })}
        </strong>
      </p>
      <blockquote className="words as-typed">{task.reason}</blockquote>
      {fit?.status === "fits" && (
        <>
          <h2>{t("undo.what")}</h2>
          <p className="prose quoted change-text" lang={language}>
            {place && fit.after !== null && fit.after !== place.current ? (
              <WordDiff before={place.current} after={fit.after} />
            ) : (
              <WordDiff before={adopted} after={before} />
            )}
          </p>
        </>
      )}
      {fit?.status === "already" && (
        <Notice>
          <p>{t("undo.already")}</p>
        </Notice>
      )}
    </section>
  );
}

/** The reason; and where the passage has changed since, the field in which a person composes it. */
export function UndoForm({
  task,
  lastResult,
  held,
  stuck,
}: {
  task: UndoTask;
  lastResult: SubmissionResult<string[]> | undefined;
  held: string[] | null;
  /** The last try found the passage changed. */
  stuck: boolean;
}) {
  const { t } = useTranslation("decisions");
  const [form, fields] = useForm<{ reason: string; wording: string; byHand: string }>({
    id: "undo",
    lastResult,
    defaultValue: { wording: task.start ?? "" },
  });
  const { fit, place, language } = task;
  const conflict = stuck || fit?.status === "conflict";
  const composes = conflict && place !== null;
  return (
    <form method="post" id={form.id} className="form" noValidate data-keep="undo">
      <ErrorSummary form={form} fields={fields} />
      {held && <Held writers={held} tried />}
      <input type="hidden" name="decisionId" value={task.decisionId} />
      {conflict && (
        <Notice tone="warning">
          <p>
            <strong>{t("undo.conflictTitle")}</strong>
          </p>
          <p>{t(composes ? "undo.conflict" : "undo.gone")}</p>
        </Notice>
      )}
      {composes && (
        <>
          <input type="hidden" name="base" value={place.current} />
          <input type="hidden" name="composed" value="1" />
          <ThreeWay
            undo
            texts={{ base: task.adopted, now: place.current, proposed: task.before }}
            language={language}
          />
          <TextArea
            field={fields.wording}
            label={t("threeWay.compose")}
            hint={t("threeWay.composeHint")}
            rows={8}
            lang={language}
          />
        </>
      )}
      {conflict && !composes && (
        <div className="field" data-invalid={fields.byHand.errors ? "" : undefined}>
          {fields.byHand.errors && (
            <p className="field-error" id={fields.byHand.errorId}>
              {t("undo.byHandMissing")}
            </p>
          )}
          <label className="pick">
            <input
              type="checkbox"
              id={fields.byHand.id}
              name="byHand"
              value="1"
              aria-describedby={fields.byHand.errors ? fields.byHand.errorId : undefined}
            />
            {t("undo.byHand")}
          </label>
        </div>
      )}
      <TextArea
        field={fields.reason}
        label={t("undo.reason")}
        hint={t("undo.reasonHint")}
        rows={4}
      />
      <p className="muted">{t("undo.final")}</p>
      <Button look="primary">{t("undo.submit")}</Button>
    </form>
  );
}
