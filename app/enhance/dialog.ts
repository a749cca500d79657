import { forgetSent, keep } from "./keep.ts";
import { announce, make, texts } from "./page.ts";
import { preview } from "./preview.ts";
import { wireReceipt } from "./receipt.ts";

type Selected = { start: number; end: number };

/**
 * Opens a form's own page in a dialog: at the side of a wide screen, at the foot of a phone. The
 * page is the same as without script, so nothing is written twice.
 */
export async function openForm(
  address: string,
  { from, selected }: { from: HTMLElement | null; selected?: Selected },
): Promise<void> {
  const dialog = make("dialog", "panel");
  dialog.setAttribute("aria-label", texts.dialog ?? "");
  const bar = make("div", "panel-bar");
  const close = make("button", "button quiet", texts.close);
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  bar.append(close);
  const body = make("div", "panel-body", texts.loading);
  dialog.append(bar, body);
  // A click on what is behind it closes it, as everywhere.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    from?.focus();
  });
  document.querySelector("main")?.append(dialog);
  dialog.showModal();
  try {
    const response = await fetch(address);
    show(dialog, body, panelIn(await response.text()), address);
    begin(body, selected);
  } catch {
    // The plain page says what is wrong, or works after all.
    if (dialog.open) location.assign(address);
  }
}

function panelIn(html: string): Element {
  const panel = new DOMParser().parseFromString(html, "text/html").querySelector("[data-panel]");
  if (!panel) throw new Error("no form on that page");
  return panel;
}

function show(dialog: HTMLDialogElement, body: HTMLElement, panel: Element, address: string): void {
  body.replaceChildren(document.importNode(panel, true));
  dialog.scrollTop = 0;
  const title = body.querySelector("h1");
  title?.setAttribute("tabindex", "-1");
  dialog.setAttribute("aria-label", title?.textContent ?? texts.dialog ?? "");
  for (const form of body.querySelectorAll<HTMLFormElement>("form[data-keep]")) {
    keep(form, address.replace(/&way=suggest/, ""));
    preview(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(dialog, body, form, address);
    });
  }
  wireReceipt(body);
}

/** With a keyboard at hand, straight to where one writes; else to the title, so that it is heard. */
function begin(body: HTMLElement, selected?: Selected): void {
  const area =
    body.querySelector<HTMLTextAreaElement>("details[open] textarea") ??
    body.querySelector<HTMLTextAreaElement>("form textarea");
  if (area && (selected || matchMedia("(pointer: fine)").matches)) {
    area.focus();
    if (area.name === "proposed" && selected) area.setSelectionRange(selected.start, selected.end);
  } else body.querySelector("h1")?.focus();
}

async function send(
  dialog: HTMLDialogElement,
  body: HTMLElement,
  form: HTMLFormElement,
  address: string,
): Promise<void> {
  if (form.getAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  form.querySelector("[data-failed]")?.remove();
  announce(texts.sending);
  try {
    const sent = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
    const response = await fetch(form.action, { method: "POST", body: sent });
    const panel = panelIn(await response.text());
    if (panel.querySelector("[data-receipt]")) {
      forgetSent();
      // Closed while it was on its way: the receipt must be seen all the same.
      if (!dialog.open) return location.assign(response.url);
    }
    show(dialog, body, panel, address);
    const first = body.querySelector<HTMLElement>(".error-summary") ?? body.querySelector("h1");
    first?.focus();
  } catch {
    const failed = make("p", "field-error", texts.failed);
    failed.dataset.failed = "";
    failed.setAttribute("role", "alert");
    form.append(failed);
  } finally {
    form.removeAttribute("aria-busy");
  }
}
