import { expect, type Locator, type Page } from "@playwright/test";
import type { NodeJSON } from "#app/document/schema.ts";
import { signIn } from "./pages.ts";

/** Signs in and opens the live editor of a draft; resolves when the text can be changed. */
export async function openEditor(page: Page, who: string, module: string): Promise<Locator> {
  await signIn(page, who, `${module}/edit`);
  return editorOn(page);
}

export async function editorOn(page: Page): Promise<Locator> {
  const text = page.getByRole("textbox", { name: /^Text of|^Texto de/ });
  await expect(text).toBeVisible();
  await expect(page.locator(".saved")).toHaveText(/^Saved|^Guardado/);
  return text;
}

/** Puts the caret at the end of the first paragraph that holds these words. */
export async function caretAfter(text: Locator, words: string): Promise<void> {
  await text.focus();
  await text
    .locator("p, h2, h3", { hasText: words })
    .first()
    .evaluate((paragraph) => {
      const range = document.createRange();
      range.selectNodeContents(paragraph);
      range.collapse(false);
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
      paragraph.scrollIntoView({ block: "center" });
    });
  // The editor takes the browser's selection over with the next event.
  await text.page().waitForTimeout(50);
}

/** The blocks of a draft as anybody can read them, without what they hold. */
export async function draftOf(page: Page, module: string): Promise<NodeJSON[]> {
  const answer = await page.request.get(`${module}.json`);
  const { text } = (await answer.json()) as { text: { content: NodeJSON[] } };
  return text.content;
}

/** What the page says of its changes: only this much is promised. */
export async function expectSaved(page: Page): Promise<void> {
  await expect(page.locator(".saved[data-state=saved]")).toHaveText(/\d/);
}

/** Pastes as another program would put it on the clipboard. */
export async function paste(text: Locator, html: string, plain = ""): Promise<void> {
  await text.evaluate(
    (element, data) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/html", data.html);
      clipboardData.setData("text/plain", data.plain);
      element.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
      );
    },
    { html, plain },
  );
}
