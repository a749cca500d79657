import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

const KEYS = [
  ["a", "approve"],
  ["h", "hold"],
  ["r", "return"],
  ["x", "reject"],
  ["j", "next"],
  ["k", "previous"],
  ["u", "undo"],
  ["?", "legend"],
] as const;

const SWITCH = "queue.keys";

/**
 * Single keys for the queue, and their legend. A key presses whatever carries it as `data-key`, so
 * keys can do nothing that a button doesn't. They rest while somebody types or a dialog is open,
 * and can be switched off for good (WCAG 2.1.4).
 */
export function QueueKeys({ busy }: { busy: boolean }) {
  const { t } = useTranslation("moderation");
  const [on, setOn] = useState<boolean | null>(null);
  const [open, setOpen] = useState(true);

  useEffect(() => setOn(localStorage.getItem(SWITCH) !== "off"), []);

  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || busy || !isFree(event)) return;
      if (event.key === "?") setOpen((was) => !was);
      else document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`)?.click();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [on, busy]);

  // Without script there are no keys to speak of.
  if (on === null) return null;
  return (
    <details
      className="queue-keys no-print"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{t("keys.title")}</summary>
      <ul className="plain-list" data-off={on ? undefined : ""}>
        {KEYS.map(([key, does]) => (
          <li key={key}>
            <kbd>{key}</kbd> {t(`keys.${does}`)}
          </li>
        ))}
      </ul>
      <label className="queue-keys-switch">
        <input
          type="checkbox"
          checked={on}
          onChange={({ currentTarget: { checked } }) => {
            localStorage.setItem(SWITCH, checked ? "on" : "off");
            setOn(checked);
          }}
        />
        {t("keys.on")}
      </label>
    </details>
  );
}

/** True when a key is nobody else's: no modifier, no field, no open dialog. */
function isFree({ ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || document.querySelector("dialog[open]")) return false;
  return !(
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select"))
  );
}
