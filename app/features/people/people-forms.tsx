import { useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/blocks.tsx";
import { ErrorSummary, Select, TextField } from "../../ui/form.tsx";
import { type LastResult, PostForm } from "./form-parts.tsx";
import { CURRICULUM_ROLES } from "./people.ts";

type Curricula = { id: string; title: string }[];
const required = { required: true };

function useChoices(curricula: Curricula) {
  const { t } = useTranslation("people");
  return {
    roles: [
      { value: "", label: t("role.choose") },
      ...[...CURRICULUM_ROLES, "steward" as const].map((role) => ({
        value: role,
        label: t(`roles.${role}`),
      })),
    ],
    curricula: [
      ...curricula.map(({ id, title }) => ({ value: id, label: title })),
      { value: "", label: t("role.installation") },
    ],
  };
}

export function GrantForm({
  people,
  curricula,
  lastResult,
}: {
  people: { id: string; name: string }[];
  curricula: Curricula;
  lastResult: LastResult;
}) {
  const { t } = useTranslation("people");
  const choices = useChoices(curricula);
  const [form, fields] = useForm<{ personId: string; role: string; curriculumId: string }>({
    lastResult,
    constraint: { personId: required, role: required },
  });
  return (
    <section className="card" aria-labelledby="grant">
      <h2 id="grant">{t("people.grantTitle")}</h2>
      <PostForm id={form.id} intent="grant" action="/people#grant">
        <ErrorSummary form={form} fields={fields} />
        <Select
          field={fields.personId}
          label={t("people.grantPerson")}
          options={[
            { value: "", label: t("people.grantChoose") },
            ...people.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <Select field={fields.role} label={t("role.label")} options={choices.roles} />
        <Select
          field={fields.curriculumId}
          label={t("role.curriculumLabel")}
          options={choices.curricula}
        />
        <Button>{t("people.grantSubmit")}</Button>
      </PostForm>
    </section>
  );
}

export function InviteForm({
  curricula,
  lastResult,
}: {
  curricula: Curricula;
  lastResult: LastResult;
}) {
  const { t } = useTranslation("people");
  const choices = useChoices(curricula);
  const [form, fields] = useForm<{
    name: string;
    email: string;
    role: string;
    curriculumId: string;
  }>({
    lastResult,
    constraint: { name: required, email: required, role: required },
  });
  return (
    <section className="card" aria-labelledby="invite">
      <h2 id="invite">{t("people.inviteTitle")}</h2>
      <p>{t("people.inviteLead")}</p>
      <PostForm id={form.id} intent="invite" action="/people#invite">
        <ErrorSummary form={form} fields={fields} />
        <TextField
          field={fields.name}
          label={t("people.inviteName")}
          hint={t("people.inviteNameHint")}
          autoComplete="off"
        />
        <TextField
          field={fields.email}
          type="email"
          label={t("people.inviteEmail")}
          hint={t("people.inviteEmailHint")}
          autoComplete="off"
        />
        <Select field={fields.role} label={t("role.label")} options={choices.roles} />
        <Select
          field={fields.curriculumId}
          label={t("role.curriculumLabel")}
          options={choices.curricula}
        />
        <Button>{t("people.inviteSubmit")}</Button>
      </PostForm>
    </section>
  );
}
