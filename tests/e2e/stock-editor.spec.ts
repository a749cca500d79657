import { build } from "esbuild";
import { expect, test } from "../support/browser.ts";
import { caretAfter, editorOn, expectSaved } from "../support/editor.ts";
import { MODULE } from "../support/pages.ts";
import { joinByCode, openCopy, wordsOf } from "../support/workshop.ts";

/** The stock editor as one script for a page. */
async function script(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ["tests/support/stock-editor.ts"],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  return outputFiles[0]?.text ?? "";
}

test("a stock Tiptap editor over y-websocket works in a copy unchanged", async ({ newcomer }) => {
  test.setTimeout(120_000);
  const desk = await newcomer();
  const copy = await openCopy(desk, MODULE.together, "With another editor");
  await desk.goto(copy.address);
  const ours = await editorOn(desk);
  const { page } = await joinByCode(newcomer, copy, "Stella");
  const docId = copy.address.split("/").at(-1) as string;
  // Kept away from our own editor, which would stand beside it.
  await page.goto("/join");
  await page.evaluate(await script());
  await page.evaluate((id) => {
    window.stock = window.openStock(id, "The chief");
  }, docId);
  await expect.poll(() => page.evaluate(() => window.stock.provider.synced)).toBe(true);

  const theirs = page.locator(".ProseMirror");
  await expect(theirs).toContainText("A call about a person in crisis");
  await caretAfter(theirs, "A call about a person in crisis");
  await page.keyboard.type(" Typed in another editor.");
  await expect(ours).toContainText("Typed in another editor.");
  // The name is the one that was chosen at the door, whatever an editor says.
  await expect(ours.locator(".caret")).toContainText("Stella");
  await caretAfter(ours, "It is also about being understood");
  await desk.keyboard.type(" Typed in ours.");
  await expectSaved(desk);
  await expect(theirs).toContainText("Typed in ours.");
  // Structure: a new paragraph, a quotation, and all of it taken back.
  await caretAfter(theirs, "Typed in another editor.");
  await page.keyboard.press("Enter");
  await page.keyboard.type("A paragraph of its own.");
  await page.evaluate(() => window.stock.editor.commands.setNode("heading", { level: 3 }));
  await expect(ours.locator("h3", { hasText: "A paragraph of its own." })).toBeVisible();
  expect(await page.evaluate(() => window.stock.provider.wsconnected)).toBe(true);
  expect(await wordsOf(ours)).toEqual(expect.arrayContaining(["A paragraph of its own."]));
});
