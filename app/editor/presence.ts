import type { DecorationAttrs } from "@tiptap/pm/view";
import type { Awareness } from "y-protocols/awareness";

/** Somebody who has this text open. Name and colour are the server's word, not their own. */
export type Present = { client: number; name: string; color: string };

type State = { user?: { name?: unknown; color?: unknown } };

const COLOR = /^#[0-9a-f]{6}$/i;
const NO_COLOR = "#666666";

/** Everybody else who is here, one entry a person. */
export function othersIn(awareness: Awareness): Present[] {
  const others = new Map<string, Present>();
  for (const [client, state] of awareness.getStates() as Map<number, State>) {
    const { name, color } = state.user ?? {};
    if (client === awareness.clientID || typeof name !== "string" || !name) continue;
    if (!others.has(name)) others.set(name, { client, name, color: safeColor(color) });
  }
  return [...others.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function safeColor(color: unknown): string {
  return typeof color === "string" && COLOR.test(color) ? color : NO_COLOR;
}

/** "Ana Ruiz" → "AR". */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map(
    (word) => [...(word ?? "")][0] ?? "",
  );
  return letters.join("").toUpperCase();
}

/** Black or white, whichever reads better on the colour (WCAG's relative luminance). */
export function inkOn(color: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#ffffff";
}

/** Another's caret. Set through the style object: the Content-Security-Policy forbids attributes. */
export function caret(user: Record<string, unknown>): HTMLElement {
  const color = safeColor(user.color);
  const element = document.createElement("span");
  element.className = "caret";
  element.setAttribute("aria-hidden", "true");
  element.style.setProperty("--who", color);
  const label = document.createElement("span");
  label.className = "caret-name";
  label.style.setProperty("--who-ink", inkOn(color));
  label.textContent = typeof user.name === "string" ? user.name : "";
  element.append(label);
  return element;
}

export function caretSelection(user: Record<string, unknown>): DecorationAttrs {
  return { class: "caret-selection", style: `--who: ${safeColor(user.color)}` };
}
