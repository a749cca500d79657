import { useFetcher } from "@remix-run/react";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/blocks.tsx";
import { ChangedWords } from "./change-list.tsx";
import type { Change } from "./changes.ts";
import { useChangeWords } from "./whose.ts";

/** What the server answers to a proposal: the receipts, or why not, as keys of the catalogue. */
export type Proposed = {
  sent: readonly { key: string; receipt: string }[] | null;
  result: { error?: Record<string, string[] | null> | null } | null;
};

/** Asks why, says who will see what, sends, and shows the receipts. */
export function ProposeDialog({
  changes,
  address,
  forGroup,
  close,
  sent,
}: {
  changes: readonly Change[];
  /** Where proposals go. */
  address: string;
  /** May propose for the group. */
  forGroup: boolean;
  close: () => void;
  /** The server has them. */
  sent: () => void;
}) {
  const { t, i18n } = useTranslation("workshops");
  const { names } = useChangeWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const fetcher = useFetcher<Proposed>();
  const [chosen] = useState(changes);
  // One key for one sending: pressed twice, it counts once.
  const [submission] = useState(() => crypto.randomUUID());
  // What isn't one's own goes in the group's name or not at all.
  const mustGroup = chosen.some(({ mine }) => !mine);
  const done = fetcher.data?.sent;
  const wrong = Object.values(fetcher.data?.result?.error ?? {}).flatMap((keys) => keys ?? []);
  const people = new Map(chosen.flatMap(({ whose }) => whose).map((who) => [who.name, who]));
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  useEffect(() => {
    if (!done) return;
    sent();
    dialog.current?.querySelector("h2")?.focus();
  }, [done, sent]);
  return (
    <dialog ref={dialog} className="propose-dialog" aria-labelledby={title} onClose={close}>
      <h2 id={title} tabIndex={-1}>
        {done ? t("propose.doneTitle") : t("propose.title", { count: chosen.length })}
      </h2>
      {done ? (
        <div>
          <p role="status">{t("propose.done", { count: done.length })}</p>
          <ul className="plain-list propose-receipts">
            {done.map(({ receipt }) => (
              <li key={receipt}>
                <span className="kicker">{t("propose.receipt")}</span>{" "}
                <a href={`/receipts/${receipt}`} className="proposal-receipt">
                  {receipt}
                </a>
              </li>
            ))}
          </ul>
          <p className="muted small">{t("propose.keep")}</p>
          <div className="actions">
            <Button type="button" look="primary" onClick={() => dialog.current?.close()}>
              {t("propose.close")}
            </Button>
          </div>
        </div>
      ) : (
        <fetcher.Form method="post" action={address} aria-busy={fetcher.state !== "idle"}>
          <p className="muted">{t("propose.intro")}</p>
          <ul className="plain-list propose-changes">
            {chosen.map(({ key, before, after }) => (
              <li key={key}>
                <input type="hidden" name="hunks" value={key} />
                <ChangedWords before={before} after={after} />
              </li>
            ))}
          </ul>
          <input type="hidden" name="key" value={submission} />
          <input type="hidden" name="language" value={i18n.language} />
          <div role="alert">
            {wrong.map((key) => (
              <p key={key} className="field-error">
                {t(key as "errors.changed")}
              </p>
            ))}
          </div>
          <Reason />
          {mustGroup && <input type="hidden" name="forGroup" value="yes" />}
          {forGroup && (
            <label className="choice-option">
              <input
                type="checkbox"
                name="forGroup"
                value="yes"
                defaultChecked={mustGroup}
                disabled={mustGroup}
              />
              <span>
                {t("propose.forGroup")}
                <small className="hint">
                  {t(mustGroup ? "propose.mustGroup" : "propose.forGroupHint")}
                </small>
              </span>
            </label>
          )}
          <p className="notice quiet propose-public">
            {people.size > 0
              ? t("propose.public", { names: names([...people.values()]) })
              : t("propose.publicNoNames")}
          </p>
          <div className="actions">
            <Button look="primary" disabled={fetcher.state !== "idle"}>
              {fetcher.state === "idle"
                ? t("propose.submit", { count: chosen.length })
                : t("propose.sending")}
            </Button>
            <Button type="button" look="quiet" onClick={() => dialog.current?.close()}>
              {t("propose.cancel")}
            </Button>
          </div>
        </fetcher.Form>
      )}
    </dialog>
  );
}

function Reason() {
  const { t } = useTranslation("workshops");
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t("propose.reason")}</label>
      <p className="hint" id={`${id}h`}>
        {t("propose.reasonHint")}
      </p>
      <textarea
        id={id}
        name="reason"
        aria-describedby={`${id}h`}
        required
        maxLength={5000}
        rows={3}
      />
    </div>
  );
}
