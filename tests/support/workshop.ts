import type { BrowserContextOptions, Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { editorOn } from "./editor.ts";
import { signIn } from "./pages.ts";

export const FACILITATOR = "imani@alderfalls.example";

export type Copy = { address: string; code: string; link: string };
type Newcomer = (options?: BrowserContextOptions) => Promise<Page>;

/** A facilitator opens a copy of a module's draft; their page then looks after it. */
export async function openCopy(page: Page, module: string, title: string): Promise<Copy> {
  await signIn(page, FACILITATOR, `${module}/workshops/new`);
  await page.getByLabel("What is it called?").fill(title);
  await page.getByRole("button", { name: "Open it" }).click();
  await expect(
    page.getByRole("heading", { level: 1, name: `Look after “${title}”` }),
  ).toBeVisible();
  const address = new URL(page.url()).pathname.replace(/\/care$/, "");
  const code = (await page.locator(".join-code").textContent()) ?? "";
  const link = await page.getByLabel("Or open this link").inputValue();
  return { address, code, link };
}

/** Somebody without an account joins by the code that was read out, and is in the live copy. */
export async function joinByCode(
  newcomer: Newcomer,
  { code }: Copy,
  name: string,
  options?: BrowserContextOptions,
): Promise<{ page: Page; text: Locator }> {
  const page = await newcomer(options);
  await page.goto("/join");
  // As people type what they hear.
  await page.getByLabel("Code").fill(code.toLowerCase().replace("-", " "));
  return enter(page, name);
}

/** The same by the link. */
export async function joinByLink(
  newcomer: Newcomer,
  { link }: Copy,
  name: string,
  options?: BrowserContextOptions,
): Promise<{ page: Page; text: Locator }> {
  const page = await newcomer(options);
  await page.goto(link);
  return enter(page, name);
}

async function enter(page: Page, name: string) {
  await page.getByLabel("Your name here").fill(name);
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page).toHaveURL(/\/workshops\//);
  return { page, text: await editorOn(page) };
}

/** The words of a copy as its text holds them, block by block: what only shows changes left out. */
export function wordsOf(text: Locator): Promise<string[]> {
  return text.evaluate((root) => {
    const copy = root.cloneNode(true) as HTMLElement;
    for (const shown of copy.querySelectorAll(
      ".change-del, .change-label, .change-gone, .caret, .ProseMirror-separator",
    ))
      shown.remove();
    return [...copy.querySelectorAll("p, h2, h3, h4")].map((block) =>
      (block.textContent ?? "").replaceAll("\u2060", ""),
    );
  });
}

/** The list's cards whose words hold these. */
export function changeOf(page: Page, words: string): Locator {
  return page.locator(".change-card").filter({ hasText: words });
}
