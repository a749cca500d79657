import { type SubmissionResult, useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { DocText } from "../../document/render.tsx";
import type { DocJSON } from "../../document/schema.ts";
import { longDate } from "../../i18n/format.ts";
import { Badge, Button, ButtonLink, Empty, Notice, PageHeader } from "../../ui/blocks.tsx";
import { ErrorSummary, TextArea, useMessage } from "../../ui/form.tsx";
import { useDocLabels } from "../drafts/labels.ts";
import { formatReceipt } from "../inputs/receipts.ts";
import { WordDiff } from "../inputs/word-diff.tsx";
import { STATE_TONES } from "./states.ts";
import type { Member, Proposal, Proposed, Status } from "./workshops.ts";

export type ListedChange = {
  key: string;
  kind: string;
  names: string[];
  before: string;
  after: string;
  proposal: Proposal | null;
  mayPropose: boolean;
};

type Props = {
  id: string;
  title: string;
  status: Status;
  language: string;
  openedAt: string;
  closedAt: string | null;
  curriculum: { slug: string; title: string };
  module: { slug: string; title: string };
  members: Pick<Member, "id" | "name">[];
  changes: ListedChange[];
  json: DocJSON;
  leads: boolean;
  /** Drawn when the form was opened: sending it twice counts once. */
  formKey: string;
  sent: readonly Pick<Proposed, "key" | "receipt">[] | null;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** Every difference of a copy on one page, to read, to print and to propose from; without script. */
export function ChangesPage(props: Props) {
  const { t, i18n } = useTranslation("workshops");
  const { id, title, status, curriculum, module, members, changes, language } = props;
  const labels = useDocLabels();
  const date = (iso: string) => longDate(iso, i18n.language);
  return (
    <div className="page narrow workshop-changes">
      <PageHeader
        crumbs={[
          { href: `/curricula/${curriculum.slug}`, label: curriculum.title },
          {
            href: `/curricula/${curriculum.slug}/modules/${module.slug}?text=${language}`,
            label: module.title,
          },
        ]}
        title={t("changes.title", { title })}
        lead={t("changes.lead")}
        actions={
          <ButtonLink look={status === "open" ? "primary" : undefined} href={`/workshops/${id}`}>
            {t("changes.back")}
          </ButtonLink>
        }
      />
      <p className="kicker">
        <Badge tone={status === "open" ? "active" : undefined}>{t(`status.${status}`)}</Badge>{" "}
        {t("changes.openedOn", { date: date(props.openedAt) })}
        {props.closedAt && ` · ${t("changes.closedOn", { date: date(props.closedAt) })}`}
      </p>
      {members.length > 0 && (
        <p className="small">
          {t("changes.who")}: {members.map(({ name }) => name).join(" · ")}
        </p>
      )}
      {props.sent && <Sent sent={props.sent} />}
      <section aria-labelledby="changes">
        <h2 id="changes">{t("list.count", { count: changes.length })}</h2>
        {changes.length === 0 ? (
          <Empty title={t("list.emptyTitle")}>
            <p>{t(status === "open" ? "list.empty" : "list.emptyWatch")}</p>
          </Empty>
        ) : (
          <Changes {...props} />
        )}
      </section>
      <section aria-labelledby="text">
        <h2 id="text">{t("changes.textTitle")}</h2>
        <p className="muted small">{t("changes.textNote")}</p>
        <article className="prose" lang={language}>
          <DocText json={props.json} labels={labels} />
        </article>
      </section>
    </div>
  );
}

function Sent({ sent }: { sent: readonly Pick<Proposed, "key" | "receipt">[] }) {
  const { t } = useTranslation("workshops");
  return (
    <Notice tone="good" live>
      <p>
        <strong>{t("propose.doneTitle")}</strong> {t("propose.done", { count: sent.length })}
      </p>
      <ul className="plain-list">
        {sent.map(({ key, receipt }) => (
          <li key={key}>
            <a href={`/receipts/${receipt}`} className="proposal-receipt">
              {receipt}
            </a>
          </li>
        ))}
      </ul>
      <p>{t("propose.keep")}</p>
    </Notice>
  );
}

/** The list stands outside the form: it is printed, and forms aren't. */
function Changes({ changes, leads, language, formKey, lastResult }: Props) {
  const { t, i18n } = useTranslation("workshops");
  const [form, fields] = useForm<{ hunks: string[]; reason: string; forGroup: string }>({
    id: "propose",
    lastResult,
  });
  const wrong = useMessage(fields.hunks.errors?.[0]);
  const chosen = new Set([fields.hunks.initialValue ?? []].flat());
  const some = changes.some(({ mayPropose }) => mayPropose);
  return (
    <>
      <ErrorSummary form={form} fields={fields} />
      <ol className="change-list plain-list" id={fields.hunks.id}>
        {changes.map((change) => (
          <Change
            key={change.key}
            change={change}
            language={language}
            form={form.id}
            chosen={chosen.has(change.key)}
          />
        ))}
      </ol>
      {some && (
        <form method="post" id={form.id} noValidate>
          <fieldset className="propose-fields card">
            <legend className="propose-legend">{t("changes.proposeTitle")}</legend>
            {wrong && <p className="field-error">{wrong}</p>}
            <input type="hidden" name="key" value={formKey} />
            <input type="hidden" name="language" value={i18n.language} />
            <TextArea
              field={fields.reason}
              label={t("propose.reason")}
              hint={t("propose.reasonHint")}
              rows={3}
            />
            {leads && (
              <label className="choice-option">
                <input type="checkbox" name="forGroup" value="yes" />
                <span>
                  {t("propose.forGroup")}
                  <small className="hint">{t("propose.forGroupHint")}</small>
                </span>
              </label>
            )}
            <p className="notice quiet">{t("propose.publicAll")}</p>
            <Button look="primary">{t("propose.submitChosen")}</Button>
          </fieldset>
        </form>
      )}
    </>
  );
}

function Change({
  change: { key, kind, names, before, after, proposal, mayPropose },
  language,
  form,
  chosen,
}: {
  change: ListedChange;
  language: string;
  /** The form it is chosen for. */
  form: string;
  chosen: boolean;
}) {
  const { t, i18n } = useTranslation("workshops");
  const who = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(
    names.length > 0 ? names : [t("list.unknown")],
  );
  const badge = proposal && (
    <Badge tone={STATE_TONES[proposal.state]}>{t(`state.${proposal.state}`)}</Badge>
  );
  return (
    <li className="change-card" id={`c-${key}`}>
      <p className="change-who">
        <span>
          <strong>{who}</strong>
          <small>{t(`kind.${kind as "text"}`)}</small>
        </span>
        {badge && (
          <span className="change-state">
            {proposal.receipt ? (
              <a href={`/receipts/${formatReceipt(proposal.receipt)}`}>{badge}</a>
            ) : (
              badge
            )}
          </span>
        )}
      </p>
      <p className="changed-words" lang={language}>
        <WordDiff before={before} after={after} />
      </p>
      {mayPropose && (
        <label className="tick no-print">
          <input type="checkbox" name="hunks" form={form} value={key} defaultChecked={chosen} />
          <span>{t("list.choose")}</span>
        </label>
      )}
    </li>
  );
}
