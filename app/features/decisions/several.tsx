import { type SubmissionResult, useForm } from "@conform-to/react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../errors.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import { Badge, Button, Notice } from "../../ui/blocks.tsx";
import { ErrorSummary, TextArea } from "../../ui/form.tsx";
import { SaidBy } from "../inputs/kind-of-change.tsx";
import { namesOf } from "../inputs/suggested.ts";
import { SuggestedChange } from "../inputs/suggested-change.tsx";
import type { ToAdopt } from "./several.server.ts";

/** Several suggestions, looked at once more, and one reason for all of them. */
export function SeveralForm({
  items,
  name,
  lastResult,
}: {
  items: readonly ToAdopt[];
  /** The name everybody will see. */
  name: string;
  lastResult: SubmissionResult<string[]> | undefined;
}) {
  const { t, i18n } = useTranslation(["decisions", "inputs"]);
  const [form, fields] = useForm<{ input: string[]; reason: string }>({
    id: "several",
    lastResult,
  });
  return (
    <form method="post" id={form.id} className="form" noValidate data-keep="several">
      <ErrorSummary form={form} fields={fields} />
      <fieldset className="plain-fieldset" id={fields.input.id}>
        <legend className="visually-hidden">
          {t("several.selected", { count: items.length })}
        </legend>
        <ul className="plain-list worklist">
          {items.map((item) => (
            <li key={item.id}>
              <div className="worklist-head">
                <label className="pick">
                  <input type="checkbox" name="input" value={item.id} defaultChecked />
                  <strong>
                    {t("several.keep")}
                    <span className="visually-hidden">: {item.body.slice(0, 80)}</span>
                  </strong>
                </label>
                {item.conflict && <Badge tone="warning">{t("list.conflict")}</Badge>}
                <span className="muted small">
                  {item.module
                    ? inLanguage(item.module, i18n.language)
                    : t("inputs:whole.curriculum")}
                </span>
              </div>
              <SuggestedChange change={item.suggestion} />
              <p className="as-typed" lang={item.language}>
                {item.body}
              </p>
              <p className="muted small">
                <SaidBy suggestion={item.suggestion} name={item.name} />
              </p>
            </li>
          ))}
        </ul>
      </fieldset>
      <TextArea
        field={fields.reason}
        label={t("form.reason")}
        hint={t("form.reasonHint")}
        rows={4}
      />
      <p className="muted">{t("form.publicNote", { name })}</p>
      <Button look="primary">{t("several.submit", { count: items.length })}</Button>
    </form>
  );
}

export type ShownResult = {
  inputId: string;
  excerpt: string;
  language: string;
  href: string;
} & (
  | { status: "adopted" | "conflict" }
  | { status: "held"; writers: string[] }
  | { status: "refused"; why: Message }
);

/** What became of each: adopted, or left open and why. */
export function SeveralResults({ results }: { results: readonly ShownResult[] }) {
  const { t, i18n } = useTranslation(["decisions", "errors"]);
  const adopted = results.filter(({ status }) => status === "adopted").length;
  const left = results.length - adopted;
  return (
    <section aria-labelledby="results">
      <Notice tone={left === 0 ? "good" : "warning"} live>
        <p>
          <strong id="results">{t("several.resultTitle")}</strong>
        </p>
        <p data-sent="">
          {t("several.adopted", { count: adopted })}{" "}
          {left > 0 && t("several.left", { count: left })}
        </p>
      </Notice>
      <ul className="plain-list worklist">
        {results.map((result) => (
          <li key={result.inputId} data-result={result.status}>
            <div className="worklist-head">
              <Badge tone={result.status === "adopted" ? "good" : "warning"}>
                {t(`several.status.${result.status}`)}
              </Badge>
              {result.status === "held" &&
                t("held.now", {
                  count: result.writers.length,
                  names: namesOf(result.writers, i18n.language),
                })}
              {result.status === "refused" &&
                t(result.why.key as "errors:conflict", result.why.params)}
            </div>
            <p>
              <a href={result.href} lang={result.language}>
                {result.excerpt || t("several.look")}
              </a>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
