import { useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { Button, PageHeader } from "../../ui/blocks.tsx";
import { ErrorSummary, TextField } from "../../ui/form.tsx";
import { type LastResult, PostForm } from "./form-parts.tsx";

export function SignUp({ next, lastResult }: { next: string; lastResult: LastResult }) {
  const { t } = useTranslation("people");
  const [form, fields] = useForm<{ name: string; email: string }>({
    lastResult,
    constraint: { name: { required: true }, email: { required: true } },
  });
  return (
    <div className="page narrow">
      <PageHeader title={t("signUp.title")} lead={t("signUp.lead")} />
      <ErrorSummary form={form} fields={fields} />
      <PostForm id={form.id}>
        <input type="hidden" name="next" value={next} />
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
          autoComplete="email"
        />
        <div className="actions">
          <Button look="primary">{t("signUp.submit")}</Button>
        </div>
      </PostForm>
      <p>
        {t("signUp.haveAccount")}{" "}
        <a href={`/sign-in?next=${encodeURIComponent(next)}`}>{t("signUp.signIn")}</a>
      </p>
    </div>
  );
}
