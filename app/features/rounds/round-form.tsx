import { type SubmissionResult, useForm } from "@conform-to/react";
import { parseWithZod } from "@conform-to/zod/v4";
import { Form } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/blocks.tsx";
import { ErrorSummary, TextArea, TextField, useMessage } from "../../ui/form.tsx";
import { roundForm } from "./rounds.ts";

type Props = {
  modules: { id: string; title: string }[];
  opens: string;
  closes: string;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** Opens a round: what it is about, on which modules, from when until when. */
export function RoundForm({ modules, opens, closes, lastResult }: Props) {
  const { t } = useTranslation("rounds");
  const [form, fields] = useForm({
    id: "round",
    lastResult,
    defaultValue: { opens, closes, modules: modules.map(({ id }) => id) },
    onValidate: ({ formData }) => parseWithZod(formData, { schema: roundForm }),
  });
  const chosen = new Set([fields.modules.initialValue ?? []].flat());
  const wrong = useMessage(fields.modules.errors?.[0]);
  return (
    <Form method="post" className="form" id={form.id} onSubmit={form.onSubmit} noValidate>
      <ErrorSummary form={form} fields={fields} />
      <TextField field={fields.titleEn} label={t("titleEn")} hint={t("titleHint")} />
      <TextField field={fields.titleEs} label={t("titleEs")} optional />
      <TextArea
        field={fields.questionEn}
        label={t("questionEn")}
        hint={t("questionHint")}
        rows={3}
        optional
      />
      <TextArea field={fields.questionEs} label={t("questionEs")} rows={3} optional />
      <fieldset
        className="field"
        id={fields.modules.id}
        data-invalid={fields.modules.errors ? "" : undefined}
      >
        <legend>{t("modules")}</legend>
        {wrong && <p className="field-error">{wrong}</p>}
        {modules.map(({ id, title }) => (
          <label key={id} className="choice-option">
            <input
              type="checkbox"
              name={fields.modules.name}
              value={id}
              defaultChecked={chosen.has(id)}
            />
            <span>{title}</span>
          </label>
        ))}
      </fieldset>
      <TextField field={fields.opens} type="date" label={t("opens")} />
      <TextField field={fields.closes} type="date" label={t("closes")} hint={t("datesHint")} />
      <Button look="primary" name="intent" value="open">
        {t("open")}
      </Button>
    </Form>
  );
}
