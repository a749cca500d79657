import { type SubmissionResult, useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/blocks.tsx";
import { Choice, ErrorSummary, TextArea } from "../../ui/form.tsx";
import { OUTCOMES, type Outcome, wordingFor } from "./decisions.ts";
import { Held } from "./held.tsx";
import type { InputToDecide } from "./task.server.ts";
import { ThreeWay } from "./three-way.tsx";

type Fields = { outcome: string; wording: string; reason: string };

/**
 * Outcome, wording and reason. The wording shows only with an outcome that has use for it; style
 * sheets see to that, so that it needs no script.
 */
export function DecisionForm({
  input,
  name,
  lastResult,
  held,
}: {
  input: InputToDecide;
  /** The name everybody will see. */
  name: string;
  lastResult: SubmissionResult<string[]> | undefined;
  /** Who kept the last try from going in; null when nothing was tried. */
  held: string[] | null;
}) {
  const { t } = useTranslation(["decisions", "inputs"]);
  const { place, fit, suggestion, composing } = input;
  const writers = held ?? input.writers;
  const [form, fields] = useForm<Fields>({
    id: "decision",
    lastResult,
    defaultValue: { wording: input.start },
  });
  const stuck = suggestion !== null && (fit?.status === "conflict" || fit?.status === "gone");
  const composes = stuck && place !== null && composing === "passage";
  const about = {
    suggestion: suggestion !== null,
    anchored: place !== null,
    byHand: composing === "byHand",
    composed: composes,
  };
  const hint = (outcome: Outcome) => {
    if (outcome === "adopted" && !about.suggestion)
      return t(about.anchored ? "form.hint.adoptedComment" : "form.hint.adoptedWhole");
    if (outcome === "adopted" && composes) return t("form.hint.adoptedComposed");
    if (outcome === "partly_adopted" && about.byHand) return t("form.hint.partlyByHand");
    return t(`form.hint.${outcome}`);
  };
  const wording = wordingFor("partly_adopted", about);
  // What can't go in, neither as it was written nor as composed, isn't offered: the page says why.
  const outcomes = OUTCOMES.filter((outcome) => outcome !== "adopted" || !stuck || composes);

  return (
    <form method="post" id={form.id} className="form decide" noValidate data-keep="decision">
      <h2>{t("form.title")}</h2>
      <ErrorSummary form={form} fields={fields} />
      {writers.length > 0 && <Held writers={writers} tried={held !== null} />}
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
      {composes && suggestion && place && (
        <div className="for-composed">
          <input type="hidden" name="base" value={place.current} />
          <input type="hidden" name="composed" value="1" />
          <ThreeWay
            texts={{ base: suggestion.base, now: place.current, proposed: suggestion.proposed }}
            language={place.language}
          />
          <TextArea
            field={fields.wording}
            label={t("threeWay.compose")}
            hint={t("threeWay.composeHint")}
            rows={8}
            lang={place.language}
          />
        </div>
      )}
      {!composes && place && wording !== "none" && (
        <div className={about.suggestion ? "for-part" : "for-change"}>
          <input type="hidden" name="base" value={place.current} />
          <TextArea
            field={fields.wording}
            label={t(composing === "newPassage" ? "form.newPassage" : "form.wording")}
            hint={`${t("form.wordingHint")} ${t(about.suggestion ? "form.wordingFor" : "form.wordingOptional")}`}
            rows={6}
            lang={place.language}
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
