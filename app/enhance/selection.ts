import { openForm } from "./dialog.ts";
import { afterPause, formAddress, make, texts } from "./page.ts";

/** Longer than this, an address gets unwieldy: then it is the whole paragraph. */
const LONGEST_QUOTE = 1_000;

type Chosen = { passage: HTMLElement; block: string; start: number; end: number; quote: string };

/** A small toolbar at selected words: comment on them, or suggest a wording. */
export function watchSelection(): void {
  let bar: HTMLElement | null = null;
  let pressed = false;
  const update = () => {
    if (pressed || document.querySelector("dialog[open]")) return;
    if (bar?.contains(document.activeElement)) return;
    bar?.remove();
    const chosen = chosenWords();
    bar = chosen && toolbar(chosen);
  };
  const later = afterPause(250, update);
  document.addEventListener("selectionchange", later);
  document.addEventListener("pointerdown", () => {
    pressed = true;
  });
  for (const ended of ["pointerup", "pointercancel"])
    document.addEventListener(ended, () => {
      pressed = false;
      later();
    });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !bar) return;
    bar.remove();
    bar = null;
    getSelection()?.removeAllRanges();
  });
}

/** The selected words within one paragraph, as offsets in its text; they end where it ends. */
function chosenWords(): Chosen | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  for (const text of document.querySelectorAll<HTMLElement>("[data-block] [data-text]")) {
    if (!range.intersectsNode(text)) continue;
    const whole = textOf(text);
    const start =
      range.comparePoint(text, 0) < 0 ? offsetIn(text, range.startContainer, range.startOffset) : 0;
    const end = text.contains(range.endContainer)
      ? offsetIn(text, range.endContainer, range.endOffset)
      : whole.length;
    const quote = whole.slice(start, end);
    const passage = text.closest<HTMLElement>("[data-block]");
    if (!passage || quote.trim() === "") continue;
    return { passage, block: passage.dataset.block ?? "", start, end, quote };
  }
  return null;
}

/** A paragraph's text as the server counts it: a line break is one character. */
function textOf(root: Node): string {
  let text = "";
  for (const node of nodesIn(root)) text += node instanceof Text ? node.data : "\n";
  return text;
}

function offsetIn(root: HTMLElement, container: Node, offset: number): number {
  if (!root.contains(container)) return 0;
  const before = document.createRange();
  before.setStart(root, 0);
  before.setEnd(container, offset);
  return textOf(before.cloneContents()).length;
}

function* nodesIn(root: Node): Generator<Node> {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node instanceof Text || node instanceof HTMLBRElement) yield node;
  }
}

function toolbar(chosen: Chosen): HTMLElement {
  const { passage, block, start, end, quote } = chosen;
  const bar = make("div", "selection-bar");
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", texts.toolbar ?? "");
  const words =
    quote.length > LONGEST_QUOTE
      ? ""
      : `&start=${start}&end=${end}&quote=${encodeURIComponent(quote)}`;
  for (const way of ["comment", "suggest"] as const) {
    const button = make("button", "", texts[way]);
    button.type = "button";
    button.addEventListener("click", () => {
      bar.remove();
      const address = `${formAddress}&block=${block}${words}`;
      openForm(way === "suggest" ? `${address}&way=suggest` : address, {
        from: passage.querySelector("[data-comment]"),
        selected: { start, end },
      });
    });
    bar.append(button);
  }
  passage.append(bar);
  place(bar, passage);
  return bar;
}

/** Under the words with a finger, whose own tools are above them; else above. Never off the page. */
function place(bar: HTMLElement, passage: HTMLElement): void {
  const words = getSelection()?.getRangeAt(0).getBoundingClientRect();
  if (!words) return;
  const box = passage.getBoundingClientRect();
  const finger = matchMedia("(pointer: coarse)").matches;
  const top =
    finger || words.top < bar.offsetHeight + 8
      ? Math.min(words.bottom, box.bottom) + 10
      : words.top - bar.offsetHeight - 8;
  const left = Math.min(
    Math.max(words.left + words.width / 2 - bar.offsetWidth / 2, 8),
    document.documentElement.clientWidth - bar.offsetWidth - 8,
  );
  bar.style.top = `${top - box.top}px`;
  bar.style.left = `${left - box.left}px`;
}
