import type { ReactNode } from "react";
import { Button } from "../../ui/blocks.tsx";

/** What can be done to a copy here, as the forms say it. */
export type CareDone =
  | "freeze"
  | "unfreeze"
  | "close"
  | "rotate"
  | "may"
  | "remove"
  | "invite"
  | "checkpoint"
  | "restore"
  | "undo"
  | "release"
  | "discard"
  | "refresh";

/** `restoreAll` goes back wholly, whoever wrote since. */
export type CareAction = CareDone | "restoreAll";

export function Section({
  id,
  title,
  urgent = false,
  children,
}: {
  id: string;
  title: ReactNode;
  urgent?: boolean;
  children: ReactNode;
}) {
  return (
    <section
      className={urgent ? "card care-urgent" : "card"}
      id={id}
      aria-labelledby={`${id}-title`}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

/** One button that does one thing; what it is about travels along. */
export function Act({
  action,
  look,
  fields = {},
  label,
  children,
}: {
  action: CareAction;
  look?: "primary" | "danger" | "quiet";
  fields?: Record<string, string>;
  /** What the button says to whoever can't see what it stands next to. */
  label?: string;
  children: ReactNode;
}) {
  return (
    <form method="post" className="act">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button name="intent" value={action} look={look} aria-label={label}>
        {children}
      </Button>
    </form>
  );
}
