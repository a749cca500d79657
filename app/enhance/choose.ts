import { afterPause, make } from "./page.ts";

/** On the page where a paragraph is chosen: words selected in one are what the form points at. */
export function watchChoice(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>("[data-chosen]");
  const fields = Object.fromEntries(
    ["start", "end", "quote"].map((name) => {
      const field = make("input");
      field.type = "hidden";
      field.name = name;
      field.disabled = true;
      form.append(field);
      return [name, field];
    }),
  ) as Record<"start" | "end" | "quote", HTMLInputElement>;
  let chosen: HTMLElement | null = null;

  const tell = (words: string) => {
    if (!said) return;
    said.textContent = words && `${form.dataset.words}: “${words}” `;
    if (!words) return;
    const whole = make("button", "button quiet", form.dataset.whole);
    whole.type = "button";
    whole.addEventListener("click", () => point(null, 0, 0, ""));
    said.append(whole);
  };
  const point = (home: HTMLElement | null, start: number, end: number, quote: string) => {
    chosen = home;
    for (const [name, value] of Object.entries({ start, end, quote })) {
      const field = fields[name as "start"];
      field.value = String(value);
      field.disabled = quote === "";
    }
    tell(quote);
  };

  form.addEventListener("change", (event) => {
    const radio = event.target as HTMLInputElement;
    if (radio.name === "block" && radio.value !== chosen?.dataset.choice) point(null, 0, 0, "");
  });
  document.addEventListener(
    "selectionchange",
    afterPause(200, () => {
      const selection = getSelection();
      if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
      const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
      const home = startContainer.parentElement?.closest<HTMLElement>("[data-choice]");
      if (!home || !form.contains(home) || startContainer !== home.firstChild) return;
      const text = home.textContent ?? "";
      const end = endContainer === startContainer ? endOffset : text.length;
      const quote = text.slice(startOffset, end);
      if (quote.trim() === "") return;
      const radio = form.querySelector<HTMLInputElement>(
        `input[value="${CSS.escape(home.dataset.choice ?? "")}"]`,
      );
      if (radio) radio.checked = true;
      point(home, startOffset, end, quote);
    }),
  );
}
