import { afterPause, make } from "./page.ts";
import { changedWords } from "./words.ts";

/** Shows, while somebody changes a passage, what their change looks like. */
export function preview(form: HTMLFormElement): void {
  const area = form.querySelector<HTMLTextAreaElement>("textarea[name=proposed]");
  const base = form.querySelector<HTMLInputElement>("input[name=base]");
  const frame = form.querySelector<HTMLElement>("[data-preview]");
  const line = frame?.querySelector(".preview");
  if (!area || !base || !frame || !line) return;
  const update = () => {
    frame.hidden = area.value === base.value;
    line.replaceChildren(
      ...changedWords(base.value, area.value).map(({ op, text }) =>
        op === "same" ? text : make(op, "", text),
      ),
    );
  };
  area.addEventListener("input", afterPause(150, update));
  update();
}
