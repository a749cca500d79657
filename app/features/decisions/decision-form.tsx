import { type SubmissionResult, useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/blocks.tsx";
import { Choice, ErrorSummary, TextArea } from "../../ui/form.tsx";
import { OUTCOMES, type Outcome, wordingFor } from "./decisions.ts";
import type { InputToDecide } from "./task.server.ts";

type Fields = { outcome: string; wording: string; reason: string };

/**
 * Outcome, wording and reason. The wording shows only with an outcome that has use for it; style
 * sheets see to that, so that it needs no script.
 */
export function DecisionForm({
  input,
  name,
  lastResult,
}: {
  input: InputToDecide;
  /** The name everybody will see. */
  name: string;
  lastResult: SubmissionResult<string[]> | undefined;
}) {
  const { t } = useTranslation(["decisions", "inputs"]);
  const { place, fit, suggestion } = input;
  const [form, fields] = useForm<Fields>({
    id: "decision",
    lastResult,
    defaultValue: { wording: (fit?.status === "fits" && fit.after) || place?.current || "" },
  });
  const about = { suggestion: suggestion !== null, anchored: place !== null };
  const hint = (outcome: Outcome) => {
    if (outcome === "adopted" && !about.suggestion)
      return t(about.anchored ? "form.hint.adoptedComment" : "form.hint.adoptedWhole");
    return t(`form.hint.${outcome}`);
  };
  const wording = wordingFor("partly_adopted", about);
  // What can't go in as it was written isn't offered; the page says why, above.
  const stuck = about.suggestion && (fit?.status === "conflict" || fit?.status === "gone");
  const outcomes = OUTCOMES.filter((outcome) => outcome !== "adopted" || !stuck);

  return (
    <form method="post" id={form.id} className="form decide" noValidate data-keep="decision">
      <h2>{t("form.title")}</h2>
      <ErrorSummary form={form} fields={fields} />
      <input type="hidden" name="inputId" value={input.id} />
      <Choice
        field={fields.outcome}
        label={t("form.outcome")}
        options={outcomes.map((outcome) => ({
          value: outcome,
          label: t(`inputs:outcome.${outcome}`),
          hint: hint(outcome),
        }))}
      />
      {place && wording !== "none" && (
        <div className={about.suggestion ? "for-part" : "for-change"}>
          <input type="hidden" name="base" value={place.current} />
          <TextArea
            field={fields.wording}
            label={t("form.wording")}
            hint={`${t("form.wordingHint")} ${t(about.suggestion ? "form.wordingFor" : "form.wordingOptional")}`}
            rows={6}
          />
        </div>
      )}
      <TextArea
        field={fields.reason}
        label={t("form.reason")}
        hint={t("form.reasonHint")}
        rows={4}
      />
      <p className="muted">{t("form.publicNote", { name })}</p>
      <Button look="primary">{t("form.submit")}</Button>
    </form>
  );
}
