import { announce, texts } from "./page.ts";

type Answer = { supported: boolean; long: string; short: string; said: string };

/** Sends support without leaving the page. Whatever goes wrong, the plain form does it. */
export function wireSupport(): void {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.support) return;
    event.preventDefault();
    const { support: id, on = "", off = "" } = form.dataset;
    try {
      const response = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(),
      });
      if (!response.ok) throw new Error(String(response.status));
      const answer = (await response.json()) as Answer;
      const button = form.querySelector("button");
      if (button) button.textContent = answer.supported ? on : off;
      for (const count of document.querySelectorAll<HTMLElement>(`[data-supports="${id}"]`))
        count.textContent = count.dataset.length === "short" ? answer.short : answer.long;
      announce(answer.said);
    } catch {
      announce(texts.failed);
      form.submit();
    }
  });
}
