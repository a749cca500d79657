import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../errors.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import { Badge, Button, DateText, Notice } from "../../ui/blocks.tsx";
import { KindOfChange, SaidBy } from "../inputs/kind-of-change.tsx";
import { WordChanges } from "../inputs/word-changes.tsx";
import { History } from "./history.tsx";
import { ACTIONS, type Action, actionsFor, owesReason } from "./moderation.ts";
import type { InputInQueue } from "./queue.server.ts";
import { ReasonDialog, Refused } from "./reason-dialog.tsx";

export type Asked = Exclude<Action, "approve">;

/** What is asked for in an address or a form, if it is an action that owes a reason. */
export function askedIn(value: unknown): Asked | null {
  return ACTIONS.find((action): action is Asked => action === value && owesReason(action)) ?? null;
}

const KEY: Record<Action, string> = { approve: "a", hold: "h", return: "r", reject: "x" };
const LOOK = { approve: "primary", hold: undefined, return: undefined, reject: "danger" } as const;

/**
 * One input to judge: what it says, what it is about, what was done with it, what can be done.
 * Keyed by the input, so that nothing of one shows on the next.
 */
export function Preview({
  input,
  address,
  asked: askedFirst,
  lastResult,
  refused,
  focus,
}: {
  input: InputInQueue;
  /** This input in this list, without anything else. */
  address: string;
  asked: Asked | null;
  lastResult: SubmissionResult<string[]> | undefined;
  refused: Message | null;
  /** True when somebody came here by acting on another: then the reading starts here. */
  focus: boolean;
}) {
  const { t, i18n } = useTranslation(["moderation", "inputs"]);
  const [asked, setAsked] = useState(askedFirst);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus();
  }, [focus]);
  const actions = input.decided ? [] : actionsFor(input.status);

  const reason = asked && actions.includes(asked) ? asked : null;

  /** Actions that owe a reason ask for it here; without script the address does. */
  const ask = (event: FormEvent<HTMLFormElement>) => {
    const { submitter } = event.nativeEvent as SubmitEvent;
    const wanted = askedIn(submitter?.getAttribute("value"));
    if (!wanted) return;
    event.preventDefault();
    setAsked(wanted);
  };

  return (
    <article className="queue-preview" aria-labelledby="preview-title" id="preview">
      {refused && !reason && <Refused message={refused} />}
      <header>
        <h2 id="preview-title" ref={heading} tabIndex={-1}>
          {t(`inputs:kind.${input.kind}`)}{" "}
          <span className="muted">
            <SaidBy suggestion={input.suggestion} name={input.name} />
          </span>
        </h2>
        <p className="queue-facts small">
          <Badge>{t(`status.${input.status}`)}</Badge>{" "}
          {input.module
            ? inLanguage(input.module.title, i18n.language)
            : t("inputs:whole.curriculum")}
          {" · "}
          <DateText iso={input.submittedAt} />
          {" · "}
          {t(`inputs:channel.${input.channel}`)}
        </p>
      </header>

      {input.parent && (
        <section>
          <h3>{t("preview.answers")}</h3>
          <blockquote>
            <p className="as-typed">{input.parent.body}</p>
            <footer className="muted small">
              {input.parent.name ?? t("inputs:anonymous")} · {t(`status.${input.parent.status}`)}
            </footer>
          </blockquote>
        </section>
      )}

      {input.passage && !input.suggestion && (
        <section>
          <h3>{t(input.passage.scope === "passage" ? "preview.passage" : "preview.paragraph")}</h3>
          <p className="prose quoted">
            <span className="muted">{input.passage.prefix && `…${input.passage.prefix}`}</span>
            <mark>{input.passage.quote}</mark>
            <span className="muted">{input.passage.suffix && `${input.passage.suffix}…`}</span>
          </p>
        </section>
      )}

      {input.suggestion && (
        <section>
          <h3>{t("preview.change")}</h3>
          <KindOfChange change={input.suggestion} />
          <p className="prose quoted change-text" lang={input.language}>
            <WordChanges changes={input.suggestion.changes} />
          </p>
        </section>
      )}

      <section>
        {input.suggestion && <h3>{t("preview.why")}</h3>}
        <p className="words as-typed" lang={input.language}>
          {input.body || <span className="muted">{t("preview.noWords")}</span>}
        </p>
      </section>

      {actions.length > 0 && (
        <section aria-label={t("preview.actions")} className="queue-actions no-print">
          {actions.includes("approve") && (
            <Form method="post" action={address}>
              <input type="hidden" name="inputId" value={input.id} />
              <input type="hidden" name="expectedStatus" value={input.status} />
              <Button look={LOOK.approve} name="action" value="approve" data-key={KEY.approve}>
                {t("action.approve")}
              </Button>
            </Form>
          )}
          <form method="get" onSubmit={ask}>
            {[...new URLSearchParams(address)].map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            {actions.filter(owesReason).map((action) => (
              <Button
                key={action}
                look={LOOK[action]}
                name="ask"
                value={action}
                data-key={KEY[action]}
              >
                {t("preview.withReason", { action: t(`action.${action}`) })}
              </Button>
            ))}
          </form>
        </section>
      )}
      {input.decided && (
        <Notice>
          <p>{t("preview.decided")}</p>
        </Notice>
      )}
      {reason && (
        <ReasonDialog
          key={reason}
          action={reason}
          refused={refused}
          input={input}
          address={address}
          lastResult={lastResult}
          onClose={() => setAsked(null)}
        />
      )}
      <History events={input.history} />
    </article>
  );
}
