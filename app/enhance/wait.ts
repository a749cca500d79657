/** Milliseconds between two looks, and how many there are at most: an hour's worth. */
const PAUSE = 4_000;
const LOOKS = 900;

/**
 * A change that was held because somebody writes where it would go: offers to wait. This page is
 * looked at again every few seconds, and the form is sent when nobody is left.
 */
export function wireWaiting(): void {
  const button = document.querySelector<HTMLButtonElement>("button[data-wait]");
  const form = button?.form;
  if (!button || !form) return;
  const said = form.querySelector<HTMLElement>("[data-waiting]");
  const label = button.textContent ?? "";
  let looks = 0;
  let timer = 0;

  const stop = () => {
    clearTimeout(timer);
    looks = 0;
    button.textContent = label;
    button.removeAttribute("aria-pressed");
    if (said) said.textContent = "";
  };
  const look = async () => {
    const writers = await writersNow();
    if (looks === 0) return;
    if (writers === null) return form.requestSubmit();
    const names = form.querySelector("[data-names]");
    if (names && writers && names.textContent !== writers) names.textContent = writers;
    if (++looks > LOOKS) stop();
    else timer = window.setTimeout(look, PAUSE);
  };
  button.addEventListener("click", () => {
    if (looks > 0) return stop();
    looks = 1;
    button.textContent = button.dataset.stop ?? "";
    button.setAttribute("aria-pressed", "true");
    if (said) said.textContent = said.dataset.waiting ?? "";
    look();
  });
}

/** What this page says now of who writes there; null when nobody does, "" when it can't be asked. */
async function writersNow(): Promise<string | null> {
  try {
    const response = await fetch(location.href);
    if (!response.ok) return "";
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!page.querySelector("main")) return "";
    return page.querySelector("[data-writers] [data-names]")?.textContent ?? null;
  } catch {
    return "";
  }
}
