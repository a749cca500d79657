import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import { Button, DateText, Notice, PageHeader } from "../../ui/blocks.tsx";
import { KindOfChange, SaidBy } from "./kind-of-change.tsx";
import { addressOf, Passage } from "./passage.tsx";
import { formatReceipt } from "./receipts.ts";
import type { ReceiptPage as Data, Outcome, Step } from "./status.server.ts";
import { TakenBack } from "./taken-back.tsx";
import type { Undone } from "./undone.server.ts";
import type { Whereabouts as Where } from "./whereabouts.server.ts";
import { Whereabouts } from "./whereabouts.tsx";
import { WordDiff } from "./word-diff.tsx";

type Props = { page: Data; where: Where; sent: boolean; origin: string };

/** What became of an input, for whoever holds its receipt. `sent` is true right after sending. */
export function ReceiptPage({ page, where, sent, origin }: Props) {
  const { t, i18n } = useTranslation("inputs");
  const { said, module, curriculum } = page;
  const code = formatReceipt(page.receipt);
  return (
    <div className="page narrow">
      <div data-panel>
        <PageHeader
          crumbs={[
            {
              href: `/curricula/${curriculum.slug}`,
              label: inLanguage(curriculum.title, i18n.language),
            },
            ...(module
              ? [
                  {
                    href: `/curricula/${curriculum.slug}/modules/${module.slug}`,
                    label: inLanguage(module.title, i18n.language),
                  },
                ]
              : []),
          ]}
          title={sent ? t("receipt.sentTitle") : t("receipt.title", { code })}
          lead={sent ? t("receipt.sentLead") : undefined}
        />
        <section className="receipt" data-receipt={code} aria-labelledby="code">
          <h2 id="code">{t("receipt.code")}</h2>
          <p className="receipt-code">{code}</p>
          <p className="receipt-address">
            {t("receipt.address")}: <a href={`/receipts/${code}`}>{`${origin}/receipts/${code}`}</a>
          </p>
          <p className="muted">{t("receipt.keep")}</p>
          <p className="actions no-print" data-script hidden>
            <Button type="button" data-copy={code} data-done={t("receipt.copied")}>
              {t("receipt.copy")}
            </Button>
            <Button type="button" data-print>
              {t("receipt.print")}
            </Button>
          </p>
        </section>
        {sent && (
          <section aria-labelledby="next">
            <h2 id="next">{t("receipt.nextTitle")}</h2>
            <ol>
              <li>{t("receipt.next1")}</li>
              <li>{t("receipt.next2")}</li>
              {page.kind !== "reply" && <li>{t("receipt.next3")}</li>}
              <li>{t("receipt.next4")}</li>
            </ol>
          </section>
        )}
      </div>

      <section aria-labelledby="timeline">
        <h2 id="timeline">{t("receipt.timeline")}</h2>
        <Timeline page={page} />
        {page.status === "approved" && (
          <p>
            <a href={`/inputs/${page.id}`}>{t("receipt.seePublic")}</a>
          </p>
        )}
      </section>

      <Whereabouts where={where} about={page} place={`/receipts/${code}/place`} />

      {page.decision && <Change decision={page.decision} page={page} />}

      <section aria-labelledby="about">
        <h2 id="about">{t("receipt.about")}</h2>
        <p className="kicker">
          {t(`kind.${page.kind}`)} · <SaidBy suggestion={said.suggestion} name={said.name} />
        </p>
        {said.suggestion && (
          <figure className="about">
            <figcaption>{t("receipt.yourSuggestion")}</figcaption>
            <KindOfChange change={said.suggestion} />
            <blockquote className="change-text" lang={said.passage?.language}>
              <WordDiff before={said.suggestion.base} after={said.suggestion.proposed} />
            </blockquote>
          </figure>
        )}
        {said.passage && !said.suggestion && (
          <Passage label={t("receipt.yourPassage")} about={page} passage={said.passage} />
        )}
        <div className="words" lang={said.language}>
          {said.body}
        </div>
      </section>
      <Notice>
        <p>{t("receipt.private")}</p>
      </Notice>
    </div>
  );
}

function TookBack({ undone }: { undone: Undone }) {
  const { t, i18n } = useTranslation("decisions");
  return (
    <li>
      <strong>
        {t("undo.takenBackBy", { name: undone.by, date: longDate(undone.at, i18n.language) })}
      </strong>
      <blockquote className="words">{undone.reason}</blockquote>
    </li>
  );
}

function Timeline({ page }: { page: Data }) {
  const { t } = useTranslation("inputs");
  const { decision, steps, status, kind } = page;
  const pending = nextStep(page);
  const publishedFirst = (decision?.version?.at ?? "~") < (decision?.undone?.at ?? "");
  return (
    <ol className="timeline">
      <li>
        <strong>{t("receipt.received")}</strong>
        <DateText iso={page.submittedAt} />
        <p>{t(`channel.${page.channel as "web"}`)}.</p>
      </li>
      {steps.map((step) => (
        <Moderated key={step.at + step.status} step={step} />
      ))}
      {decision && (
        <li>
          <strong>
            {t("receipt.decided", { outcome: t(`outcome.${decision.outcome as "adopted"}`) })}
          </strong>
          <DateText iso={decision.at} />
          <blockquote className="words">{decision.reason}</blockquote>
        </li>
      )}
      {decision?.undone && !publishedFirst && <TookBack undone={decision.undone} />}
      {decision?.version && (
        <li>
          <strong>
            {t(decision.after === null ? "receipt.publishedNot" : "receipt.published", {
              n: decision.version.n,
            })}
          </strong>
          <DateText iso={decision.version.at} />
          <p>
            <VersionLink page={page} decision={decision} />
          </p>
        </li>
      )}
      {decision?.undone && publishedFirst && <TookBack undone={decision.undone} />}
      {pending && status !== "rejected" && kind !== "reply" && (
        <li className="pending">{t(`receipt.${pending}`)}</li>
      )}
    </ol>
  );
}

function Moderated({ step }: { step: Step }) {
  const { t } = useTranslation("inputs");
  return (
    <li>
      <strong>{t(`receipt.moderated.${step.status}`)}</strong>
      <DateText iso={step.at} />
      {step.reason && <ModerationReason reason={step.reason} />}
    </li>
  );
}

/** Why something isn't shown: the rule it met, and the moderator's words. */
export function ModerationReason({ reason }: { reason: NonNullable<Step["reason"]> }) {
  const { t } = useTranslation(["inputs", "moderation"]);
  return (
    <>
      {reason.code && (
        <p>
          {t("receipt.reasonGiven")}: {t(`moderation:reasonCode.${reason.code as "other"}`)}
        </p>
      )}
      {reason.words && <blockquote className="words">{reason.words}</blockquote>}
    </>
  );
}

function nextStep({ status, decision }: Data) {
  if (decision) return decision.version || decision.undone ? null : "pendingVersion";
  return status === "approved" ? "pendingDecision" : "pendingModeration";
}

function Change({ decision, page }: { decision: Outcome; page: Data }) {
  const { t } = useTranslation(["inputs", "decisions"]);
  if (decision.before === null || decision.after === null) return null;
  return (
    <section aria-labelledby="change">
      <h2 id="change">{t("receipt.change")}</h2>
      {page.said.suggestion && <KindOfChange change={page.said.suggestion} />}
      <p className="prose change-text" lang={decision.language ?? undefined}>
        <WordDiff before={decision.before} after={decision.after} />
      </p>
      <p className="muted small">{t("diff.legend")}</p>
      <div className="two-texts" lang={decision.language ?? undefined}>
        <figure className="about">
          <figcaption>{t("receipt.before")}</figcaption>
          <blockquote>{decision.before || t("decisions:change.nothing")}</blockquote>
        </figure>
        <figure className="about">
          <figcaption>{t("receipt.after")}</figcaption>
          <blockquote>{decision.after || t("decisions:change.nothing")}</blockquote>
        </figure>
      </div>
      {decision.undone && (
        <TakenBack undone={decision.undone} language={decision.language ?? undefined} />
      )}
      {decision.version && (
        <p>
          <VersionLink page={page} decision={decision} />
        </p>
      )}
    </section>
  );
}

function VersionLink({ page, decision }: { page: Data; decision: Outcome }) {
  const { t } = useTranslation("inputs");
  if (!decision.version) return null;
  const { n } = decision.version;
  const version = `/curricula/${page.curriculum.slug}/versions/${n}`;
  if (decision.after === null || !page.module || !decision.blockId)
    return <a href={version}>{t("receipt.seeList", { n })}</a>;
  const address = addressOf(`${version}/modules/${page.module.slug}`, {
    language: decision.language ?? page.said.language,
    blockId: decision.blockId,
  });
  return <a href={address}>{t("receipt.readThere", { n })}</a>;
}
