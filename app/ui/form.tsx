import type { FieldMetadata, FormMetadata } from "@conform-to/react";
import { getInputProps, getSelectProps, getTextareaProps } from "@conform-to/react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

type FieldProps = {
  // biome-ignore lint/suspicious/noExplicitAny: a field of any schema has the same face
  field: FieldMetadata<any>;
  label: string;
  hint?: ReactNode;
  optional?: boolean;
};

function Frame({ field, label, hint, optional, children }: FieldProps & { children: ReactNode }) {
  const { t } = useTranslation();
  const error = useMessage(field.errors?.[0]);
  return (
    <div className="field" data-invalid={field.errors ? "" : undefined}>
      <label htmlFor={field.id}>
        {label}
        {optional && <span className="optional"> {t("optional")}</span>}
      </label>
      {hint && (
        <p className="hint" id={field.descriptionId}>
          {hint}
        </p>
      )}
      {field.errors && (
        <p className="field-error" id={field.errorId}>
          {error}
        </p>
      )}
      {children}
    </div>
  );
}

/** Forms carry catalogue keys as their errors; an error without one is shown as it is. */
export function useMessage(error: string | undefined): string {
  const { t } = useTranslation("errors");
  return error ? t(error as "required") : "";
}

/** A labelled input; the label above, the hint under it, the error next to it. */
export function TextField({
  type = "text",
  autoComplete,
  ...props
}: FieldProps & {
  type?: "text" | "email" | "password" | "number" | "date";
  autoComplete?: string;
}) {
  const { key, ...input } = getInputProps(props.field, {
    type,
    ariaDescribedBy: props.hint ? props.field.descriptionId : undefined,
  });
  return (
    <Frame {...props}>
      <input key={key} {...input} autoComplete={autoComplete} />
    </Frame>
  );
}

export function TextArea({
  rows = 5,
  className,
  lang,
  ...props
}: FieldProps & { rows?: number; className?: string; lang?: string }) {
  const { key, ...area } = getTextareaProps(props.field, {
    ariaDescribedBy: props.hint ? props.field.descriptionId : undefined,
  });
  return (
    <Frame {...props}>
      <textarea key={key} {...area} rows={rows} className={className} lang={lang} />
    </Frame>
  );
}

export function Select({
  options,
  ...props
}: FieldProps & { options: readonly { value: string; label: string }[] }) {
  const { key, ...select } = getSelectProps(props.field);
  return (
    <Frame {...props}>
      <select key={key} {...select}>
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

/** A group of radio buttons: one choice, all visible. */
export function Choice({
  options,
  ...props
}: FieldProps & { options: readonly { value: string; label: ReactNode; hint?: ReactNode }[] }) {
  const { field, label, hint } = props;
  const error = useMessage(field.errors?.[0]);
  return (
    <fieldset
      className="field choice"
      id={field.id}
      data-invalid={field.errors ? "" : undefined}
      aria-describedby={field.errors ? field.errorId : undefined}
    >
      <legend>{label}</legend>
      {hint && <p className="hint">{hint}</p>}
      {field.errors && (
        <p className="field-error" id={field.errorId}>
          {error}
        </p>
      )}
      {options.map((option) => (
        <label key={option.value} className="choice-option">
          <input
            type="radio"
            name={field.name}
            value={option.value}
            defaultChecked={field.initialValue === option.value}
            required={field.required}
          />
          <span>
            {option.label}
            {option.hint && <small className="hint">{option.hint}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** All errors of a form at its top, each a link to its field. Focused by the browser through its id. */
export function ErrorSummary({
  form,
  fields,
}: {
  // biome-ignore lint/suspicious/noExplicitAny: a form of any schema has the same face
  form: FormMetadata<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  fields: Record<string, FieldMetadata<any>>;
}) {
  const { t } = useTranslation("errors");
  // Conform makes its fields as they are asked for, so they can't be listed: the errors can.
  const wrong = Object.keys(form.allErrors).flatMap((name) => (name && fields[name]) || []);
  if (!form.errors && wrong.length === 0) return null;
  return (
    <div className="error-summary" role="alert" id="errors" tabIndex={-1}>
      <p>
        <strong>{t("summary")}</strong>
      </p>
      <ul>
        {form.errors?.map((error) => (
          <li key={error}>{t(error as "required")}</li>
        ))}
        {wrong.map((field) => (
          <li key={field.id}>
            <a href={`#${field.id}`}>{t((field.errors?.[0] ?? "") as "required")}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}
