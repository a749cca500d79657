import { type SubmissionResult, useForm } from "@conform-to/react";
import { Form, Link } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../errors.ts";
import { Button, Notice } from "../../ui/blocks.tsx";
import { Choice, ErrorSummary, TextArea } from "../../ui/form.tsx";
import type { Status } from "../inputs/inputs.ts";
import { type Action, REASON_CODES, REASON_MAX } from "./moderation.ts";

/**
 * Asks for the reason of a hold, a return or a rejection. It is open in the page as the server
 * wrote it, and becomes a modal dialog where there is a script.
 */
export function ReasonDialog({
  action,
  input,
  address,
  lastResult,
  refused,
  onClose,
}: {
  action: Exclude<Action, "approve">;
  input: { id: string; status: Status };
  /** The page without this dialog. */
  address: string;
  lastResult: SubmissionResult<string[]> | undefined;
  /** Why the last try was refused. */
  refused: Message | null;
  onClose: () => void;
}) {
  const { t } = useTranslation(["moderation", "inputs"]);
  const dialog = useRef<HTMLDialogElement>(null);
  const [form, fields] = useForm<{ reasonCode: string; reason: string }>({
    lastResult,
    id: `reason-${input.id}`,
  });
  useEffect(() => {
    const element = dialog.current;
    if (!element || element.matches(":modal")) return;
    element.removeAttribute("open");
    element.showModal();
  }, []);
  return (
    <dialog ref={dialog} open aria-labelledby="reason-title" className="reason" onClose={onClose}>
      <h2 id="reason-title">{t(`reason.title.${action}`)}</h2>
      <p className="muted">{t(`actionHint.${action}`)}</p>
      <Form method="post" action={address} id={form.id} noValidate>
        {refused && <Refused message={refused} />}
        <ErrorSummary form={form} fields={fields} />
        <input type="hidden" name="inputId" value={input.id} />
        <input type="hidden" name="expectedStatus" value={input.status} />
        <Choice
          field={fields.reasonCode}
          label={t("reason.code")}
          hint={t("reason.never")}
          options={REASON_CODES.map((code) => ({
            value: code,
            label: t(`reasonCode.${code}`),
          }))}
        />
        <TextArea
          field={fields.reason}
          label={t("reason.words")}
          hint={t("reason.wordsHint", { count: REASON_MAX })}
          rows={3}
        />
        <div className="actions">
          <Button look={action === "reject" ? "danger" : "primary"} name="action" value={action}>
            {t(`action.${action}`)}
          </Button>
          <Link
            className="button quiet"
            to={address}
            preventScrollReset
            onClick={(event) => {
              if (!dialog.current?.matches(":modal")) return;
              event.preventDefault();
              dialog.current.close();
            }}
          >
            {t("reason.cancel")}
          </Link>
        </div>
      </Form>
    </dialog>
  );
}

/** What the server said instead of doing it. */
export function Refused({ message }: { message: Message }) {
  const { t } = useTranslation("moderation");
  return (
    <Notice tone="warning" live>
      <p>{t(message.key as "someoneWasFirst", message.params)}</p>
    </Notice>
  );
}
