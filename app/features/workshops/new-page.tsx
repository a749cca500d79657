import { type SubmissionResult, useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES, type Language } from "../../i18n/i18n.ts";
import { Button, PageHeader } from "../../ui/blocks.tsx";
import { ErrorSummary, Select, TextField } from "../../ui/form.tsx";

type Props = {
  curriculum: { slug: string; title: string };
  module: { slug: string; title: string };
  languages: string[];
  text: string;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** Opens a workshop copy of a module's draft. */
export function NewWorkshopPage({ curriculum, module, languages, text, lastResult }: Props) {
  const { t } = useTranslation("workshops");
  const [form, fields] = useForm<{ title: string; text: string }>({
    id: "workshop",
    lastResult,
    defaultValue: { text },
  });
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[
          { href: `/curricula/${curriculum.slug}`, label: curriculum.title },
          { href: `/curricula/${curriculum.slug}/modules/${module.slug}`, label: module.title },
        ]}
        title={t("new.title")}
        lead={t("new.lead")}
      />
      <ErrorSummary form={form} fields={fields} />
      <form method="post" id={form.id} className="form" noValidate>
        <TextField
          field={fields.title}
          label={t("new.name")}
          hint={t("new.nameHint")}
          autoComplete="off"
        />
        {languages.length > 1 && (
          <Select
            field={fields.text}
            label={t("new.language")}
            options={languages.map((value) => ({
              value,
              label: LANGUAGE_NAMES[value as Language] ?? value,
            }))}
          />
        )}
        <Button look="primary">{t("new.submit")}</Button>
      </form>
    </div>
  );
}
