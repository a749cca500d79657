/** The few words the script needs; the page carries them in the reader's language. */
export type Texts = Record<
  | "toolbar"
  | "comment"
  | "suggest"
  | "loading"
  | "sending"
  | "failed"
  | "close"
  | "kept"
  | "dialog",
  string
>;

const page = document.querySelector<HTMLElement>("[data-texts]");

export const texts = JSON.parse(page?.dataset.texts ?? "{}") as Partial<Texts>;

/** Where the comment form is; empty while comments are closed. */
export const formAddress = page?.dataset.reading ?? "";

/** Says something to people who listen to the page, without moving them. */
export function announce(words = ""): void {
  const home = document.querySelector("dialog[open]") ?? document.querySelector("main");
  let region = home?.querySelector<HTMLElement>(":scope > [data-live]");
  if (!region) {
    region = make("p", "visually-hidden");
    region.dataset.live = "";
    region.setAttribute("role", "status");
    home?.append(region);
  }
  // A moment apart, so that the same words are said twice when they happen twice.
  region.textContent = "";
  const spoken = region;
  setTimeout(() => {
    spoken.textContent = words;
  }, 60);
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

/** Calls `work` once things have been quiet for a while. */
export function afterPause(ms: number, work: () => unknown): () => void {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(work, ms);
  };
}
