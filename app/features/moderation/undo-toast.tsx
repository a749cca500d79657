import { Form, Link } from "@remix-run/react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/blocks.tsx";
import type { Action } from "./moderation.ts";

const SHOWN_MS = 10_000;

export type Done = { inputId: string; action: Action; event: number };

/**
 * Says what was just done and offers to undo it. With script it goes after ten seconds, unless
 * somebody is on it; without, it stays until the next page. The region itself is always there, so
 * that screen readers announce what appears in it.
 */
export function UndoToast({
  done,
  undone,
  address,
}: {
  done: Done | null;
  /** The input that an undo just brought back. */
  undone: string | null;
  /** The page without this message. */
  address: string;
}) {
  const { t } = useTranslation("moderation");
  const [shown, setShown] = useState(done);
  const [gone, setGone] = useState(false);
  const [busy, setBusy] = useState(false);
  const news = undone ?? done?.event;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only news counts; pages come and go
  useEffect(() => {
    if (news === undefined) return;
    setShown(undone ? null : done);
    setGone(false);
    // What was under the pointer, or focused, is gone: it won't say that it was left.
    setBusy(false);
  }, [news]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: news starts the time anew
  useEffect(() => {
    if (busy || gone) return;
    const timer = setTimeout(() => setGone(true), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [busy, gone, news]);
  const visible = !gone && (shown || undone);
  return (
    <div
      className="toast-region no-print"
      role="status"
      onFocus={() => setBusy(true)}
      onBlur={() => setBusy(false)}
      onPointerEnter={() => setBusy(true)}
      onPointerLeave={() => setBusy(false)}
    >
      {visible && (
        <div className="toast">
          <p className="toast-words">{shown ? t(`done.${shown.action}`) : t("done.undone")}</p>
          {shown && (
            <Form method="post" action={address}>
              <input type="hidden" name="inputId" value={shown.inputId} />
              <Button name="action" value="undo" data-key="u">
                {t("undo")}
              </Button>
            </Form>
          )}
          <Link
            className="toast-close"
            to={address}
            aria-label={t("dismiss")}
            preventScrollReset
            onClick={(event) => {
              event.preventDefault();
              setGone(true);
            }}
          >
            ×
          </Link>
        </div>
      )}
    </div>
  );
}
