import { useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { Button, PageHeader } from "../../ui/blocks.tsx";
import { ErrorSummary, TextField } from "../../ui/form.tsx";
import { type LastResult, PostForm } from "./form-parts.tsx";

export function SetUp({ lastResult }: { lastResult: LastResult }) {
  const { t } = useTranslation("people");
  const required = { required: true };
  const [form, fields] = useForm<{ name: string; email: string; password: string }>({
    lastResult,
    constraint: { name: required, email: required, password: required },
  });
  return (
    <div className="page narrow">
      <PageHeader title={t("setup.title")} lead={t("setup.lead")} />
      <ErrorSummary form={form} fields={fields} />
      <PostForm id={form.id}>
        <TextField
          field={fields.name}
          label={t("name.label")}
          hint={t("name.hint")}
          autoComplete="nickname"
        />
        <TextField
          field={fields.email}
          type="email"
          label={t("email.label")}
          hint={t("email.hint")}
          autoComplete="username"
        />
        <TextField
          field={fields.password}
          type="password"
          label={t("password.label")}
          hint={t("password.hint")}
          autoComplete="new-password"
        />
        <Button look="primary">{t("setup.submit")}</Button>
      </PostForm>
    </div>
  );
}
