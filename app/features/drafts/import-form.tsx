import { type SubmissionResult, useForm } from "@conform-to/react";
import { Form, useNavigation } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES, LANGUAGES, type Language } from "../../i18n/i18n.ts";
import { Button } from "../../ui/blocks.tsx";
import { Choice, ErrorSummary, Select, TextField, useMessage } from "../../ui/form.tsx";
import type { ImportFields } from "./drafts.ts";

type Props = {
  modules: { slug: string; title: string }[];
  /** Where the file goes unless another place is chosen: a module's address, or "" for a new one. */
  module: string;
  language: Language;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** Takes a file into a new module or into a draft that is there. */
export function ImportForm({ modules, module, language, lastResult }: Props) {
  const { t } = useTranslation("drafts");
  const busy = useNavigation().state !== "idle";
  const [form, fields] = useForm<ImportFields>({
    id: "import",
    lastResult,
    defaultValue: { module, language, mode: "append" },
  });
  const wrongFile = useMessage(fields.file.errors?.[0]);
  const wrongConfirm = useMessage(fields.confirm.errors?.[0]);
  return (
    <Form
      method="post"
      encType="multipart/form-data"
      className="form import-form"
      id={form.id}
      onSubmit={form.onSubmit}
      noValidate
    >
      <ErrorSummary form={form} fields={fields} />
      <div className="field" data-invalid={wrongFile ? "" : undefined}>
        <label htmlFor={fields.file.id}>{t("import.file")}</label>
        <p className="hint" id={fields.file.descriptionId}>
          {t("import.fileHint")}
        </p>
        {wrongFile && (
          <p className="field-error" id={fields.file.errorId}>
            {wrongFile}
          </p>
        )}
        <input
          type="file"
          id={fields.file.id}
          name={fields.file.name}
          accept=".docx,.md,.markdown,.html,.htm,.txt"
          aria-describedby={fields.file.descriptionId}
          aria-invalid={wrongFile ? true : undefined}
        />
      </div>
      <Select
        field={fields.language}
        label={t("import.language")}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
      />
      <Select
        field={fields.module}
        label={t("import.where")}
        options={[
          { value: "", label: t("import.newModule") },
          ...modules.map(({ slug, title }) => ({ value: slug, label: title })),
        ]}
      />
      <div className="for-new">
        <TextField
          field={fields.title}
          label={t("import.moduleTitle")}
          hint={t("import.titleHint")}
          optional
        />
      </div>
      {modules.length > 0 && (
        <div className="for-existing">
          <Choice
            field={fields.mode}
            label={t("import.mode")}
            options={[
              { value: "append", label: t("import.append") },
              { value: "replace", label: t("import.replace"), hint: t("import.replaceHint") },
            ]}
          />
          <div className="field for-replacing" data-invalid={wrongConfirm ? "" : undefined}>
            {wrongConfirm && (
              <p className="field-error" id={fields.confirm.errorId}>
                {wrongConfirm}
              </p>
            )}
            <label className="choice-option">
              <input
                type="checkbox"
                id={fields.confirm.id}
                name={fields.confirm.name}
                aria-describedby={wrongConfirm ? fields.confirm.errorId : undefined}
              />
              <span>{t("import.confirm")}</span>
            </label>
          </div>
        </div>
      )}
      <Button look="primary" disabled={busy}>
        {t(busy ? "import.sending" : "import.send")}
      </Button>
    </Form>
  );
}
