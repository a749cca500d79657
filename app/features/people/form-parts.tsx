import type { SubmissionResult } from "@conform-to/react";
import type { ReactNode } from "react";

export type LastResult = SubmissionResult<string[]> | undefined;

/** A page with several forms: the answer belongs to the form whose `intent` was sent. */
export function resultFor(lastResult: LastResult, intent: string): LastResult {
  return lastResult?.initialValue?.intent === intent ? lastResult : undefined;
}

/** A form that posts with or without script, and leaves checking to the server. */
export function PostForm({
  id,
  intent,
  action,
  children,
}: {
  id?: string;
  intent?: string;
  action?: string;
  children: ReactNode;
}) {
  return (
    <form method="post" id={id} action={action} className="form" noValidate>
      {intent && <input type="hidden" name="intent" value={intent} />}
      {children}
    </form>
  );
}
