import { useTranslation } from "react-i18next";
import { Button, DateText, Empty, Notice, PageHeader } from "../../ui/blocks.tsx";
import type { LastResult } from "./form-parts.tsx";
import { resultFor } from "./form-parts.tsx";
import type { Role } from "./people.ts";
import { GrantForm, InviteForm } from "./people-forms.tsx";

type HeldRole = { id: string; role: Role; title: string | null };
type Props = {
  people: { id: string; name: string; roles: HeldRole[] }[];
  total: number;
  search: string;
  all: boolean;
  invitations: {
    id: string;
    name: string;
    email: string;
    role: Role;
    title: string | null;
    sentAt: string;
  }[];
  curricula: { id: string; title: string }[];
  done: "granted" | "revoked" | "invited" | "withdrawn" | null;
  lastResult: LastResult;
};

export function PeoplePage(props: Props) {
  const { t } = useTranslation("people");
  const { people, total, curricula, done, lastResult } = props;
  return (
    <div className="page">
      <PageHeader title={t("people.title")} lead={t("people.lead")} />
      {done && (
        <Notice tone="good" live>
          <p>{t(`people.${done}`)}</p>
        </Notice>
      )}
      <Filters {...props} />
      <p className="muted">{t("people.count", { count: total })}</p>
      {people.length < total && (
        <p className="muted">{t("people.more", { shown: people.length })}</p>
      )}
      {people.length === 0 ? (
        <Empty title={t("people.none")}>
          <p>{t("people.noneHint")}</p>
        </Empty>
      ) : (
        <PeopleTable people={people} />
      )}
      <div className="people-forms">
        {people.length > 0 && (
          <GrantForm
            people={people}
            curricula={curricula}
            lastResult={resultFor(lastResult, "grant")}
          />
        )}
        <InviteForm curricula={curricula} lastResult={resultFor(lastResult, "invite")} />
      </div>
      <Invitations invitations={props.invitations} />
    </div>
  );
}

function Filters({ search, all }: Pick<Props, "search" | "all">) {
  const { t } = useTranslation("people");
  return (
    <search>
      <form className="people-filters" aria-label={t("people.filters")}>
        <div className="field">
          <label htmlFor="q">{t("people.search")}</label>
          <input type="search" id="q" name="q" defaultValue={search} maxLength={80} />
        </div>
        <label className="choice-option">
          <input type="checkbox" name="all" value="1" defaultChecked={all} />
          <span>{t("people.all")}</span>
        </label>
        <Button>{t("people.filter")}</Button>
      </form>
    </search>
  );
}

function PeopleTable({ people }: Pick<Props, "people">) {
  const { t } = useTranslation("people");
  return (
    <table className="people-table">
      <thead>
        <tr>
          <th scope="col">{t("people.person")}</th>
          <th scope="col">{t("people.held")}</th>
        </tr>
      </thead>
      <tbody>
        {people.map(({ id, name, roles }) => (
          <tr key={id}>
            <th scope="row">{name}</th>
            <td>
              {roles.length === 0 && <span className="muted">{t("people.noRole")}</span>}
              <ul className="plain-list rows">
                {roles.map((held) => (
                  <HeldRoleRow key={held.id} held={held} name={name} />
                ))}
              </ul>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function HeldRoleRow({ held, name }: { held: HeldRole; name: string }) {
  const { t } = useTranslation("people");
  const label = t("people.inCurriculum", {
    role: t(`roles.${held.role}`),
    curriculum: held.title ?? t("account.rolesSite"),
  });
  return (
    <li className="row">
      <span>{label}</span>
      <a
        href={`/people/roles/${held.id}`}
        className="button quiet"
        aria-label={t("people.revokeNamed", { role: label, name })}
      >
        {t("people.revoke")}
      </a>
    </li>
  );
}

function Invitations({ invitations }: Pick<Props, "invitations">) {
  const { t } = useTranslation("people");
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations">{t("people.openTitle")}</h2>
      {invitations.length === 0 && <p>{t("people.openNone")}</p>}
      <ul className="plain-list rows">
        {invitations.map(({ id, name, email, role, title, sentAt }) => (
          <li key={id} className="row">
            <span>
              {t("people.openItem", {
                name,
                email,
                role: t("people.inCurriculum", {
                  role: t(`roles.${role}`),
                  curriculum: title ?? t("account.rolesSite"),
                }),
              })}{" "}
              <small className="muted">
                <DateText iso={sentAt} />
              </small>
            </span>
            <form method="post">
              <input type="hidden" name="intent" value="withdraw" />
              <input type="hidden" name="id" value={id} />
              <Button look="quiet" aria-label={t("people.withdrawNamed", { name })}>
                {t("people.withdraw")}
              </Button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
