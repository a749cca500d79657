import { useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES, LANGUAGES } from "../../i18n/i18n.ts";
import { Button, ButtonLink, Notice, PageHeader } from "../../ui/blocks.tsx";
import { Choice, ErrorSummary, Select, TextArea, TextField } from "../../ui/form.tsx";
import type { CommentForm, NotTaken } from "./comment.server.ts";
import type { SayForm, SuggestForm } from "./inputs.ts";
import { WhatBecomesPublic } from "./public-notice.tsx";
import { WordDiff } from "./word-diff.tsx";

type Props = CommentForm & {
  title: string;
  /** Where the form goes: the page's own address. */
  action: string;
  notTaken: NotTaken | undefined;
};

/** One page, two ways to take part: say something, or suggest a wording. Works without script. */
export function CommentPage(props: Props) {
  const { t } = useTranslation("inputs");
  const { title, curriculum, module, passage, notTaken, textLanguage, open } = props;
  const gone = notTaken?.stale === "gone";
  const draft = module
    ? `/curricula/${curriculum.slug}/modules/${module.slug}?text=${textLanguage}`
    : `/curricula/${curriculum.slug}`;
  const back = passage ? `${draft}#p-${passage.blockId}` : draft;
  const suggesting = gone ? false : notTaken ? notTaken.way === "suggest" : props.suggesting;
  return (
    <div className="page narrow">
      <div data-panel>
        <PageHeader
          crumbs={[
            { href: `/curricula/${curriculum.slug}`, label: curriculum.title },
            ...(module ? [{ href: back, label: module.title }] : []),
          ]}
          title={title}
        />
        {!open && (
          <Notice tone="warning">
            <p>
              <strong>{t("form.closedTitle")}</strong>
            </p>
            <p>{t("form.closedHow")}</p>
          </Notice>
        )}
        {props.unknownBlock && !notTaken && (
          <Notice tone="warning">
            <p>{t("form.unknownBlock")}</p>
          </Notice>
        )}
        {notTaken?.stale ? (
          <Changed {...props} notTaken={notTaken} />
        ) : (
          passage && (
            <figure className="about">
              <figcaption>{t("form.about")}</figcaption>
              <blockquote lang={textLanguage}>{passage.quote}</blockquote>
              {open && !suggesting && <a href="#suggest">{t("form.orSuggest")}</a>}
            </figure>
          )
        )}
        {(open || notTaken) &&
          (passage && !gone ? (
            <div className="ways">
              <details name="way" open={!suggesting} data-way="say">
                <summary>{t("form.say")}</summary>
                <Say {...props} />
              </details>
              <details name="way" open={suggesting} data-way="suggest">
                <summary>{t("form.suggest")}</summary>
                <Suggest {...props} />
              </details>
            </div>
          ) : (
            <>
              <Say {...props} />
              {module && <p className="muted">{t("form.noSuggest")}</p>}
            </>
          ))}
      </div>
      <p className="no-print">
        <ButtonLink look="quiet" href={back}>
          {t("form.back")}
        </ButtonLink>
      </p>
    </div>
  );
}

/** The paragraph as it was when the form was opened, and as it is now. */
function Changed({ notTaken, passage, textLanguage }: Props & { notTaken: NotTaken }) {
  const { t } = useTranslation("inputs");
  return (
    <section className="two-texts" lang={textLanguage}>
      {notTaken.base !== null && (
        <figure className="about">
          <figcaption>{t(passage ? "form.opened" : "form.goneText")}</figcaption>
          <blockquote>{notTaken.base}</blockquote>
        </figure>
      )}
      {passage && (
        <figure className="about">
          <figcaption>{t("form.now")}</figcaption>
          <blockquote>
            <WordDiff before={notTaken.base ?? ""} after={passage.text} />
          </blockquote>
        </figure>
      )}
    </section>
  );
}

function Say(props: Props) {
  const { t } = useTranslation("inputs");
  const { notTaken, language } = props;
  const mine = notTaken?.way === "say";
  const gone = notTaken?.stale === "gone" && !mine;
  const [form, fields] = useForm<SayForm>({
    id: "say",
    lastResult: mine ? notTaken.result : undefined,
    defaultValue: {
      kind: "comment",
      language,
      // A suggestion whose paragraph is gone can still be said.
      ...(gone ? wordsOf(notTaken) : {}),
    },
  });
  return (
    <Post props={props} id={form.id}>
      {gone && (
        <Notice tone="problem" live>
          <p>{t("errors.passageGone")}</p>
        </Notice>
      )}
      <ErrorSummary form={form} fields={fields} />
      <TextArea field={fields.body} label={t("form.body")} hint={t("form.bodyHint")} rows={6} />
      <Choice
        field={fields.kind}
        label={t("form.kind")}
        options={[
          { value: "comment", label: t("form.kindComment"), hint: t("form.kindCommentHint") },
          { value: "question", label: t("form.kindQuestion"), hint: t("form.kindQuestionHint") },
          { value: "story", label: t("form.kindStory"), hint: t("form.kindStoryHint") },
        ]}
      />
      <Common fields={fields} />
      <Send props={props} label={t("form.send")} />
    </Post>
  );
}

function Suggest(props: Props) {
  const { t } = useTranslation("inputs");
  const { notTaken, passage, language } = props;
  const [form, fields] = useForm<SuggestForm>({
    id: "suggest",
    lastResult: notTaken?.way === "suggest" ? notTaken.result : undefined,
    defaultValue: { proposed: passage?.text ?? "", language },
  });
  return (
    <Post props={props} id={form.id}>
      <input type="hidden" name="kind" value="suggestion" />
      <ErrorSummary form={form} fields={fields} />
      <TextArea
        field={fields.proposed}
        label={t("form.proposed")}
        hint={t("form.proposedHint")}
        rows={6}
        className="passage"
        lang={props.textLanguage}
      />
      <div data-preview hidden>
        <p className="kicker">{t("form.preview")}</p>
        <p className="preview" lang={props.textLanguage} />
      </div>
      <TextArea field={fields.body} label={t("form.reason")} rows={3} />
      <Common fields={fields} />
      <Send props={props} label={t("form.sendSuggestion")} />
    </Post>
  );
}

function Post({ props, id, children }: { props: Props; id: string; children: React.ReactNode }) {
  const { passage, notTaken } = props;
  // Until the person has seen the new text, what they answer to is the text they saw.
  const base = notTaken && !notTaken.stale ? notTaken.base : (passage?.text ?? null);
  return (
    <form method="post" action={props.action} id={id} className="form" noValidate data-keep={id}>
      <input type="hidden" name="key" value={props.formKey} />
      {passage && (
        <>
          <input type="hidden" name="block" value={passage.blockId} />
          {base !== null && <input type="hidden" name="base" value={base} />}
          {passage.scope === "passage" && (
            <>
              <input type="hidden" name="start" value={passage.start} />
              <input type="hidden" name="end" value={passage.end} />
              <input type="hidden" name="quote" value={passage.quote} />
            </>
          )}
        </>
      )}
      {children}
    </form>
  );
}

// biome-ignore lint/suspicious/noExplicitAny: the fields that both forms share
function Common({ fields }: { fields: Record<"name" | "language", any> }) {
  const { t } = useTranslation("inputs");
  return (
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
  );
}

function Send({ props, label }: { props: Props; label: string }) {
  const { t } = useTranslation("inputs");
  return (
    <>
      <WhatBecomesPublic />
      {props.open && (
        <Button look="primary">{props.notTaken?.stale ? t("form.sendAnyway") : label}</Button>
      )}
    </>
  );
}

/** What somebody typed as a suggestion, as words to be said. */
function wordsOf({ result }: NotTaken) {
  const { proposed, body, name } = (result?.initialValue ?? {}) as Record<string, string>;
  return { body: [proposed, body].filter(Boolean).join("\n\n"), name: name ?? "" };
}
