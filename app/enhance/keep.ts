import { afterPause, make, texts } from "./page.ts";

/** What is typed stays on this device until the server has it, for as long as a round may last. */
const PREFIX = "gw:draft:";
const SENT = "gw:sending";
const DAYS = 60;

type Kept = { at: number; base: string; fields: Record<string, string> };

/** Keeps what is typed in a form, and brings back what was kept. `address` tells forms apart. */
export function keep(form: HTMLFormElement, address: string): void {
  const key = PREFIX + address + form.dataset.keep;
  // A form that comes back from the server with errors carries what was typed already.
  if (!form.closest("[data-panel], section, main")?.querySelector(".error-summary"))
    restore(form, key);
  form.addEventListener(
    "input",
    // Nothing more to keep once the receipt stands where the form was.
    afterPause(250, () => form.isConnected && save(form, key)),
  );
  form.addEventListener("submit", () => {
    save(form, key);
    safely(() => sessionStorage.setItem(SENT, key));
  });
}

/** The server has what was sent last. */
export function forgetSent(): void {
  safely(() => {
    const key = sessionStorage.getItem(SENT);
    if (key) localStorage.removeItem(key);
    sessionStorage.removeItem(SENT);
  });
}

export function forgetOld(): void {
  safely(() => {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const { at } = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Kept>;
      if (!at || Date.now() - at > DAYS * 86_400_000) localStorage.removeItem(key);
    }
  });
}

function save(form: HTMLFormElement, key: string): void {
  const fields: Kept["fields"] = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && isTyped(form, name)) fields[name] = value;
  }
  const kept: Kept = { at: Date.now(), base: baseOf(form), fields };
  safely(() => localStorage.setItem(key, JSON.stringify(kept)));
}

function restore(form: HTMLFormElement, key: string): void {
  safely(() => {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null;
    if (!kept) return;
    for (const [name, value] of Object.entries(kept.fields)) {
      // A wording made for another text would undo what changed since.
      if (/^(proposed|wording)$/.test(name) && kept.base !== baseOf(form)) continue;
      const field = form.elements.namedItem(name);
      if (field && "value" in field && isTyped(form, name)) field.value = value;
    }
    if (kept.fields.body && texts.kept) form.prepend(make("p", "muted small", texts.kept));
  });
}

function baseOf(form: HTMLFormElement): string {
  return form.querySelector<HTMLInputElement>("input[name=base]")?.value ?? "";
}

function isTyped(form: HTMLFormElement, name: string): boolean {
  return !form.querySelector(`input[type=hidden][name="${name}"]`);
}

/** Storage may be full, or switched off: then nothing is kept, and nothing breaks. */
function safely(work: () => void): void {
  try {
    work();
  } catch {}
}
