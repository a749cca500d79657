import { type SubmissionResult, useForm } from "@conform-to/react";
import { parseWithZod } from "@conform-to/zod/v4";
import { Form } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES, LANGUAGES } from "../../i18n/i18n.ts";
import { Button } from "../../ui/blocks.tsx";
import { ErrorSummary, Select, TextArea, TextField } from "../../ui/form.tsx";
import { MODES, moduleForm } from "./curricula.ts";

export type ModuleValues = {
  titleEn: string;
  titleEs: string;
  goalEn: string;
  goalEs: string;
  audience: string;
  prerequisites: string;
  minutes: number;
  mode: string;
  maxStudents: number | null;
  facilities: string;
  equipment: string;
  safetyPlan: string;
  warningEn: string;
  warningEs: string;
  language: string;
};

type Props = {
  values: Partial<ModuleValues>;
  /** When the values were read, so that a stale form is noticed; null on a new module. */
  seen: string | null;
  /** The languages it may be written in: of a module that is there, those it has a draft in. */
  languages?: readonly string[];
  lastResult: SubmissionResult<string[]> | undefined;
};

/** All fields of a module. Its objectives and sections are part of its text. */
export function ModuleForm({ values, seen, languages = LANGUAGES, lastResult }: Props) {
  const { t } = useTranslation("curricula");
  const [form, fields] = useForm({
    id: "module",
    lastResult,
    defaultValue: values,
    shouldRevalidate: "onBlur",
    onValidate: ({ formData }) => parseWithZod(formData, { schema: moduleForm }),
  });
  return (
    <Form method="post" className="form" id={form.id} onSubmit={form.onSubmit} noValidate>
      <ErrorSummary form={form} fields={fields} />
      {seen !== null && <input type="hidden" name="seen" value={seen} />}
      <h2>{t("module.basics")}</h2>
      <TextField field={fields.titleEn} label={t("form.titleEn")} />
      <TextField field={fields.titleEs} label={t("form.titleEs")} optional />
      <TextArea
        field={fields.goalEn}
        label={t("module.goalEn")}
        hint={t("module.goalHint")}
        rows={3}
        optional
      />
      <TextArea field={fields.goalEs} label={t("module.goalEs")} rows={3} optional />
      <Select
        field={fields.language}
        label={t("module.language")}
        hint={t("module.languageHint")}
        options={LANGUAGES.filter((value) => languages.includes(value)).map((value) => ({
          value,
          label: LANGUAGE_NAMES[value],
        }))}
      />
      <h2>{t("module.delivery")}</h2>
      <TextField field={fields.minutes} type="number" label={t("module.minutes")} />
      <Select
        field={fields.mode}
        label={t("module.mode")}
        options={MODES.map((value) => ({ value, label: t(`mode.${value}`) }))}
      />
      <TextField field={fields.audience} label={t("module.audience")} optional />
      <TextArea field={fields.prerequisites} label={t("module.prerequisites")} rows={2} optional />
      <TextField
        field={fields.maxStudents}
        type="number"
        label={t("module.maxStudents")}
        optional
      />
      <TextArea field={fields.facilities} label={t("module.facilities")} rows={2} optional />
      <TextArea field={fields.equipment} label={t("module.equipment")} rows={2} optional />
      <h2>{t("module.safety")}</h2>
      <TextArea
        field={fields.safetyPlan}
        label={t("module.safetyPlan")}
        hint={t("module.safetyPlanHint")}
        rows={3}
        optional
      />
      <TextArea
        field={fields.warningEn}
        label={t("module.warningEn")}
        hint={t("module.warningHint")}
        rows={2}
        optional
      />
      <TextArea field={fields.warningEs} label={t("module.warningEs")} rows={2} optional />
      <Button look="primary">{t(seen === null ? "module.create" : "form.save")}</Button>
    </Form>
  );
}
