import { useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { Button, Notice, PageHeader } from "../../ui/blocks.tsx";
import { ErrorSummary, TextField } from "../../ui/form.tsx";
import { type LastResult, PostForm } from "./form-parts.tsx";
import { PasskeySignIn } from "./passkey-buttons.tsx";

export function SignIn({
  next,
  ready,
  lastResult,
}: {
  next: string;
  /** True right after set-up. */
  ready: boolean;
  lastResult: LastResult;
}) {
  const { t } = useTranslation("people");
  const [form, fields] = useForm<{ email: string; password: string }>({
    lastResult,
    constraint: { email: { required: true } },
  });
  return (
    <div className="page narrow sign-in">
      <PageHeader title={t("signIn.title")} lead={t("signIn.lead")} />
      {ready && (
        <Notice tone="good" live>
          <p>{t("setup.done")}</p>
        </Notice>
      )}
      <ErrorSummary form={form} fields={fields} />
      <PostForm id={form.id}>
        <input type="hidden" name="next" value={next} />
        <TextField
          field={fields.email}
          type="email"
          label={t("email.label")}
          autoComplete="username webauthn"
        />
        <TextField
          field={fields.password}
          type="password"
          label={t("password.label")}
          hint={t("signIn.linkHint")}
          autoComplete="current-password"
        />
        <div className="actions">
          <Button look="primary" name="intent" value="password">
            {t("signIn.submit")}
          </Button>
          <Button name="intent" value="link">
            {t("signIn.sendLink")}
          </Button>
        </div>
      </PostForm>
      <PasskeySignIn next={next} />
      <p>
        {t("signIn.noAccount")}{" "}
        <a href={`/sign-up?next=${encodeURIComponent(next)}`}>{t("signIn.signUp")}</a>
      </p>
    </div>
  );
}
