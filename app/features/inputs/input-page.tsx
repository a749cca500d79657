import { type SubmissionResult, useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { inLanguage, LANGUAGE_NAMES, LANGUAGES } from "../../i18n/i18n.ts";
import { Badge, Button, DateText, Notice, PageHeader } from "../../ui/blocks.tsx";
import { ErrorSummary, Select, TextArea, TextField } from "../../ui/form.tsx";
import type { ReplyForm } from "./inputs.ts";
import { KindOfChange, SaidBy } from "./kind-of-change.tsx";
import { draftAddress, Passage } from "./passage.tsx";
import { WhatBecomesPublic } from "./public-notice.tsx";
import { ModerationReason } from "./receipt-page.tsx";
import type { InputPage as Data } from "./status.server.ts";
import { SupportButton } from "./support-button.tsx";
import { TakenBack } from "./taken-back.tsx";
import { WordDiff } from "./word-diff.tsx";

type Props = {
  input: Data;
  open: boolean;
  formKey: string;
  lastResult: SubmissionResult<string[]> | undefined;
};

/** One input as everybody may see it: its words, or its stub. */
export function InputPage(props: Props) {
  const { t, i18n } = useTranslation("inputs");
  const { input } = props;
  const { curriculum, module, said } = input;
  const base = `/curricula/${curriculum.slug}`;
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[
          { href: base, label: inLanguage(curriculum.title, i18n.language) },
          ...(module
            ? [
                {
                  href: `${base}/modules/${module.slug}`,
                  label: inLanguage(module.title, i18n.language),
                },
              ]
            : []),
        ]}
        title={t(`one.title.${input.kind}`)}
      />
      {said ? <Said input={input} said={said} /> : <StubText input={input} />}
      {said && (
        <>
          <Decision input={input} />
          {input.kind !== "reply" && <Replies {...props} />}
        </>
      )}
    </div>
  );
}

function StubText({ input }: { input: Data }) {
  const { t } = useTranslation("inputs");
  const status = input.status as "waiting" | "held" | "returned" | "rejected";
  return (
    <Notice tone={status === "rejected" ? "problem" : "info"}>
      <p>
        <Badge>{t(`status.${status}`)}</Badge> <DateText iso={input.submittedAt} />
      </p>
      <p>{t(`one.stub.${status}`)}</p>
      {input.reason && <ModerationReason reason={input.reason} />}
    </Notice>
  );
}

function Said({ input, said }: { input: Data; said: NonNullable<Data["said"]> }) {
  const { t } = useTranslation("inputs");
  return (
    <article className="input">
      {said.suggestion ? (
        <figure className="about">
          <figcaption>{t("one.suggestion")}</figcaption>
          <KindOfChange change={said.suggestion} />
          <blockquote className="change-text" lang={said.passage?.language}>
            <WordDiff before={said.suggestion.base} after={said.suggestion.proposed} />
          </blockquote>
          <p className="muted small">{t("diff.legend")}</p>
          {said.passage && <a href={draftAddress(input, said.passage)}>{t("one.readThere")}</a>}
        </figure>
      ) : (
        !said.passage && (
          <p className="kicker">{t(input.module ? "whole.module" : "whole.curriculum")}</p>
        )
      )}
      {said.passage && !said.suggestion && (
        <Passage label={t("one.passage")} about={input} passage={said.passage} />
      )}
      {input.parentId && (
        <p>
          <a href={`/inputs/${input.parentId}`}>{t("one.parent")}</a>
        </p>
      )}
      {said.suggestion && <h2>{t("one.reason")}</h2>}
      <div className="words" lang={said.language}>
        {said.body}
      </div>
      <p className="muted">
        <SaidBy suggestion={said.suggestion} name={said.name} /> ·{" "}
        <DateText iso={input.submittedAt} />
      </p>
      {input.kind !== "reply" && (
        <div className="supports">
          <p data-supports={input.id}>{t("one.supports", { count: input.supports })}</p>
          <SupportButton id={input.id} supported={input.supported} back={`/inputs/${input.id}`} />
        </div>
      )}
    </article>
  );
}

function Decision({ input: { decision, curriculum, kind } }: { input: Data }) {
  const { t } = useTranslation(["inputs", "decisions"]);
  if (kind === "reply") return null;
  return (
    <section aria-labelledby="decision">
      <h2 id="decision">{t("one.decision")}</h2>
      {decision ? (
        <>
          <p>
            <Badge tone={!decision.undone && decision.outcome.includes("adopted") ? "good" : ""}>
              {t(`outcome.${decision.outcome as "adopted"}`)}
            </Badge>{" "}
            {decision.undone && <Badge tone="warning">{t("decisions:undo.takenBack")}</Badge>}{" "}
            <DateText iso={decision.at} />
          </p>
          <blockquote className="words">{decision.reason}</blockquote>
          {decision.before !== null && decision.after !== null && (
            <p className="prose change-text" lang={decision.language ?? undefined}>
              <WordDiff before={decision.before} after={decision.after} />
            </p>
          )}
          {decision.undone && (
            <TakenBack undone={decision.undone} language={decision.language ?? undefined} />
          )}
          {decision.version && (
            <p>
              <a href={`/curricula/${curriculum.slug}/versions/${decision.version.n}`}>
                {t("receipt.seeList", { n: decision.version.n })}
              </a>
            </p>
          )}
        </>
      ) : (
        <p className="muted">{t("one.undecided")}</p>
      )}
    </section>
  );
}

function Replies({ input, open, formKey, lastResult }: Props) {
  const { t, i18n } = useTranslation("inputs");
  const [form, fields] = useForm<ReplyForm>({
    id: "reply",
    lastResult,
    defaultValue: { language: i18n.language },
  });
  return (
    <section>
      <h2>{t("one.replies")}</h2>
      {input.replies.length === 0 && <p className="muted">{t("one.noReplies")}</p>}
      <ol className="plain-list replies">
        {input.replies.map((reply) => (
          <li key={reply.id} id={reply.id}>
            <div className="words" lang={reply.language}>
              {reply.body}
            </div>
            <p className="muted">
              {reply.name ?? t("anonymous")} · <DateText iso={reply.submittedAt} />
            </p>
          </li>
        ))}
      </ol>
      {input.hiddenReplies > 0 && (
        <p className="muted">{t("one.hiddenReplies", { count: input.hiddenReplies })}</p>
      )}
      {open || lastResult ? (
        <details className="reply-form" open={lastResult !== undefined}>
          <summary>{t("one.reply")}</summary>
          <ErrorSummary form={form} fields={fields} />
          <form method="post" id={form.id} className="form" noValidate data-keep="reply">
            <input type="hidden" name="key" value={formKey} />
            <TextArea field={fields.body} label={t("one.replyBody")} hint={t("form.bodyHint")} />
            <div className="field-row">
              <TextField
                field={fields.name}
                label={t("form.name")}
                hint={t("form.nameHint")}
                optional
                autoComplete="off"
              />
              <Select
                field={fields.language}
                label={t("form.language")}
                options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
              />
            </div>
            <WhatBecomesPublic />
            {open && <Button look="primary">{t("one.sendReply")}</Button>}
          </form>
        </details>
      ) : (
        <p className="muted">{t("one.closed")}</p>
      )}
    </section>
  );
}
