import { useForm } from "@conform-to/react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Passkey } from "../../context.ts";
import { longDate } from "../../i18n/format.ts";
import { Button, Notice, PageHeader } from "../../ui/blocks.tsx";
import { ErrorSummary, TextField } from "../../ui/form.tsx";
import { type LastResult, PostForm, resultFor } from "./form-parts.tsx";
import { PasskeyAdd } from "./passkey-buttons.tsx";
import type { Role } from "./people.ts";

type Props = {
  name: string;
  email: string;
  hasPassword: boolean;
  fresh: boolean;
  passkeys: Passkey[];
  roles: { role: Role; title: string | null }[];
  saved: boolean;
  welcome: boolean;
  lastResult: LastResult;
};

export function AccountPage(props: Props) {
  const { t } = useTranslation("people");
  const { email, roles, saved, welcome, lastResult } = props;
  return (
    <div className="page narrow account">
      <PageHeader title={t("account.title")} />
      {(saved || welcome) && (
        <Notice tone="good" live>
          <p>{t(saved ? "account.saved" : "account.welcome")}</p>
        </Notice>
      )}
      <Section id="name" title={t("account.nameTitle")}>
        <NameForm name={props.name} lastResult={resultFor(lastResult, "name")} />
      </Section>
      <Section id="email" title={t("account.emailTitle")}>
        <p>{t("account.emailText", { email })}</p>
      </Section>
      <Section id="roles" title={t("account.rolesTitle")}>
        {roles.length === 0 && <p>{t("account.rolesNone")}</p>}
        <ul>
          {roles.map(({ role, title }) => (
            <li key={`${role} ${title}`}>
              {t("people.inCurriculum", {
                role: t(`roles.${role}`),
                curriculum: title ?? t("account.rolesSite"),
              })}
            </li>
          ))}
        </ul>
      </Section>
      <Section id="password" title={t("account.passwordTitle")}>
        <PasswordForm {...props} lastResult={resultFor(lastResult, "password")} />
      </Section>
      <Section id="passkeys" title={t("account.passkeyTitle")}>
        <p>{t("account.passkeyLead")}</p>
        <Passkeys passkeys={props.passkeys} />
        <PasskeyAdd />
      </Section>
      <Section id="sessions" title={t("account.sessionsTitle")}>
        <PostForm action="/sign-out">
          <Button>{t("signOut.submit")}</Button>
        </PostForm>
        <PostForm intent="everywhere">
          <p className="hint">{t("account.everywhereHint")}</p>
          <Button look="danger">{t("account.everywhere")}</Button>
        </PostForm>
      </Section>
    </div>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function NameForm({ name, lastResult }: { name: string; lastResult: LastResult }) {
  const { t } = useTranslation("people");
  const [form, fields] = useForm<{ name: string }>({
    lastResult,
    defaultValue: { name },
    constraint: { name: { required: true } },
  });
  return (
    <PostForm id={form.id} intent="name" action="/account#name">
      <ErrorSummary form={form} fields={fields} />
      <TextField
        field={fields.name}
        label={t("name.label")}
        hint={t("name.hint")}
        autoComplete="nickname"
      />
      <Button>{t("account.nameSubmit")}</Button>
    </PostForm>
  );
}

function PasswordForm({
  email,
  hasPassword,
  fresh,
  lastResult,
}: Pick<Props, "email" | "hasPassword" | "fresh" | "lastResult">) {
  const { t } = useTranslation("people");
  const [form, fields] = useForm<{ current: string; password: string }>({
    lastResult,
    constraint: { password: { required: true } },
  });
  if (!fresh && !hasPassword) return <p>{t("account.passwordStale")}</p>;
  return (
    <PostForm id={form.id} intent="password" action="/account#password">
      <p>{t(hasPassword ? "account.passwordSome" : "account.passwordNone")}</p>
      <ErrorSummary form={form} fields={fields} />
      {/* Password managers want to know whose password this is. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      {!fresh && (
        <TextField
          field={fields.current}
          type="password"
          label={t("account.passwordCurrent")}
          autoComplete="current-password"
        />
      )}
      <TextField
        field={fields.password}
        type="password"
        label={t("account.passwordNew")}
        hint={t("password.hint")}
        autoComplete="new-password"
      />
      <Button>{t("account.passwordSubmit")}</Button>
    </PostForm>
  );
}

function Passkeys({ passkeys }: { passkeys: Passkey[] }) {
  const { t, i18n } = useTranslation("people");
  if (passkeys.length === 0) return <p>{t("account.passkeyNone")}</p>;
  return (
    <ul className="plain-list rows">
      {passkeys.map(({ id, name, createdAt }) => {
        const shown = name || t("account.passkeyUnnamed");
        return (
          <li key={id} className="row">
            <span>
              {shown}{" "}
              {createdAt && (
                <small className="muted">
                  {t("account.passkeyAdded", { date: longDate(createdAt, i18n.language) })}
                </small>
              )}
            </span>
            <form method="post">
              <input type="hidden" name="intent" value="removePasskey" />
              <input type="hidden" name="id" value={id} />
              <Button look="quiet" aria-label={t("account.passkeyRemoveNamed", { name: shown })}>
                {t("account.passkeyRemove")}
              </Button>
            </form>
          </li>
        );
      })}
    </ul>
  );
}
