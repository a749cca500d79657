import { type SubmissionResult, useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { Button, ButtonLink, Notice, PageHeader } from "../../ui/blocks.tsx";
import { ErrorSummary, TextField } from "../../ui/form.tsx";

type Props = {
  /** What the link leads to; null when a code is asked for. */
  invitation: { title: string; module: string } | null;
  /** The part of the link. */
  token: string | null;
  /** The name to begin with: of whoever is signed in. */
  name: string | null;
  /** Where this person already is in it. */
  inside: string | null;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** Joins a workshop copy by a code or a link: a name, no account, and who will see what. */
export function JoinPage({ invitation, token, name, inside, lastResult }: Props) {
  const { t } = useTranslation("workshops");
  const [form, fields] = useForm<{ code: string; name: string }>({
    id: "join",
    lastResult,
    defaultValue: { name: name ?? "" },
  });
  return (
    <div className="page narrow">
      <PageHeader title={t("join.title")} lead={invitation ? undefined : t("join.lead")} />
      {invitation && (
        <p className="lead">
          {t("join.inviting", { title: invitation.title, module: invitation.module })}
        </p>
      )}
      {inside && (
        <Notice tone="good">
          <p>{t("join.inside")}</p>
          <ButtonLink look="primary" href={inside}>
            {t("join.again")}
          </ButtonLink>
        </Notice>
      )}
      <ErrorSummary form={form} fields={fields} />
      <form method="post" id={form.id} className="form" noValidate>
        {token ? (
          <input type="hidden" name="token" value={token} />
        ) : (
          <TextField
            field={fields.code}
            label={t("join.code")}
            hint={t("join.codeHint")}
            autoComplete="off"
          />
        )}
        <TextField
          field={fields.name}
          label={t("join.name")}
          hint={t("join.nameHint")}
          autoComplete="nickname"
        />
        <section className="notice" aria-labelledby="before">
          <h2 id="before" className="join-before">
            {t("join.wholeTitle")}
          </h2>
          <ul>
            <li>{t("join.noAccount")}</li>
            <li>{t("join.seenBy")}</li>
            <li>{t("join.publicWhen")}</li>
            <li>{t("join.record")}</li>
          </ul>
        </section>
        <Button look="primary">{t("join.submit")}</Button>
      </form>
    </div>
  );
}
