import { type SubmissionResult, useForm } from "@conform-to/react";
import { parseWithZod } from "@conform-to/zod/v4";
import { Form } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/blocks.tsx";
import { ErrorSummary, Select, TextArea, TextField } from "../../ui/form.tsx";
import { CURRICULUM_STATUSES, curriculumForm, isPublic } from "./curricula.ts";

export type CurriculumValues = {
  titleEn: string;
  titleEs: string;
  summaryEn: string;
  summaryEs: string;
  agency: string;
  jurisdiction: string;
  status: string;
  licence: string;
  owner: string;
  approver: string;
  effectiveFrom: string | null;
  effectiveTo: string | null;
  adaptedFrom: string;
  minutes: number | null;
};

type Props = {
  values?: CurriculumValues;
  /** When the values were read, so that a stale form is noticed; null on a new curriculum. */
  seen: string | null;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** All fields of a curriculum; a new one starts with the first few. */
export function CurriculumForm({ values, seen, lastResult }: Props) {
  const { t } = useTranslation("curricula");
  const [form, fields] = useForm({
    id: "curriculum",
    lastResult,
    defaultValue: values,
    shouldRevalidate: "onBlur",
    onValidate: ({ formData }) => parseWithZod(formData, { schema: curriculumForm }),
  });
  const mayHide = values !== undefined && !isPublic(values.status);
  const statuses = CURRICULUM_STATUSES.filter((status) => mayHide || isPublic(status));
  return (
    <Form method="post" className="form" id={form.id} onSubmit={form.onSubmit} noValidate>
      <ErrorSummary form={form} fields={fields} />
      {seen !== null && <input type="hidden" name="seen" value={seen} />}
      <h2>{t("form.basics")}</h2>
      <TextField field={fields.titleEn} label={t("form.titleEn")} />
      <TextField field={fields.titleEs} label={t("form.titleEs")} optional />
      <TextArea
        field={fields.summaryEn}
        label={t("form.summaryEn")}
        hint={t("form.summaryHint")}
        rows={4}
        optional
      />
      <TextArea field={fields.summaryEs} label={t("form.summaryEs")} rows={4} optional />
      {seen !== null && (
        <Select
          field={fields.status}
          label={t("form.status")}
          hint={t("form.statusHint")}
          options={statuses.map((value) => ({ value, label: t(`status.${value}`) }))}
        />
      )}
      <h2>{t("form.responsible")}</h2>
      <TextField
        field={fields.agency}
        label={t("form.agency")}
        hint={t("form.agencyHint")}
        optional
      />
      <TextField
        field={fields.jurisdiction}
        label={t("form.jurisdiction")}
        hint={t("form.jurisdictionHint")}
        optional
      />
      <TextField field={fields.owner} label={t("form.owner")} optional />
      <TextField field={fields.approver} label={t("form.approver")} optional />
      <TextField
        field={fields.licence}
        label={t("form.licence")}
        hint={t("form.licenceHint")}
        optional
      />
      <TextField
        field={fields.adaptedFrom}
        label={t("form.adaptedFrom")}
        hint={t("form.adaptedFromHint")}
        optional
      />
      <h2>{t("form.time")}</h2>
      <TextField
        field={fields.minutes}
        type="number"
        label={t("form.minutes")}
        hint={t("form.minutesHint")}
        optional
      />
      <TextField
        field={fields.effectiveFrom}
        type="date"
        label={t("form.effectiveFrom")}
        optional
      />
      <TextField field={fields.effectiveTo} type="date" label={t("form.effectiveTo")} optional />
      <Button look="primary">{t(seen === null ? "form.create" : "form.save")}</Button>
    </Form>
  );
}
