import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { NodeJSON } from "#app/document/schema.ts";
import { WORD } from "../fixtures/word.ts";
import { DESK, expect, PHONE, test } from "../support/browser.ts";
import {
  caretAfter,
  draftOf,
  editorOn,
  expectSaved,
  openEditor,
  paste,
} from "../support/editor.ts";
import { MODULE, sidewaysScroll, signIn, WHO } from "../support/pages.ts";

/** A paragraph of the draft that these tests write after. */
const PLACE = "Dispatch will tell you on every";

const says = (node: NodeJSON): string =>
  node.text ?? (node.content ?? []).map(says).join(node.type === "paragraph" ? "" : " ");

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

test("two trainers write together, each with an undo of their own", async ({ newcomer }) => {
  const [danas, luiss] = [await newcomer(), await newcomer()];
  const dana = await openEditor(danas, WHO.trainer, MODULE.together);
  const luis = await openEditor(luiss, WHO.otherTrainer, MODULE.together);
  await expect(danas.getByRole("list", { name: "Here now" })).toContainText("Luis Echeverría");
  await expect(luiss.getByRole("list", { name: "Here now" })).toContainText("Dana Whitlock");

  await caretAfter(dana, PLACE);
  await danas.keyboard.press("Enter");
  await danas.keyboard.type("Dana writes here.");
  await expect(luis).toContainText("Dana writes here.");
  await expect(luis.locator(".caret-name")).toHaveText("Dana Whitlock");

  await caretAfter(luis, "Dana writes here.");
  await luiss.keyboard.type(" Luis goes on.");
  await expect(dana).toContainText("Dana writes here. Luis goes on.");
  await expectSaved(danas);
  await expectSaved(luiss);

  await danas.keyboard.press("Control+z");
  await expect(dana).not.toContainText("Dana writes here.");
  await expect(dana).toContainText("Luis goes on.");
  await danas.keyboard.press("Control+Shift+z");
  await expect(luis).toContainText("Dana writes here. Luis goes on.");

  // The same letter twice, by two people: each keeps their own.
  await caretAfter(luis, "Luis goes on.");
  await luiss.keyboard.type(" He said he");
  await expectSaved(luiss);
  // Longer than the time within which typing is one step to undo.
  await luiss.waitForTimeout(700);
  await luiss.keyboard.type("l");
  await expect(dana).toContainText("He said hel");
  await caretAfter(dana, "He said hel");
  await danas.keyboard.press("ArrowLeft");
  await danas.keyboard.type("lp");
  await expect(dana).toContainText("He said helpl");
  await expect(luis).toContainText("He said help");
  await luiss.keyboard.press("Control+z");
  await expect(dana).toContainText(/He said help(?!l)/);
  await expect(luis).toContainText(/He said help(?!l)/);

  await luiss.close();
  await expect(danas.getByRole("list", { name: "Here now" })).not.toContainText("Luis");
});

test("a slash opens a menu that types ahead and works by keys alone", async ({ newcomer }) => {
  const page = await newcomer();
  const text = await openEditor(page, WHO.trainer, MODULE.together);
  await caretAfter(text, PLACE);
  await page.keyboard.press("Enter");
  await page.keyboard.type("/");
  const menu = page.getByRole("listbox", { name: "Blocks" });
  await expect(menu.getByRole("option")).toHaveCount(13);
  await expectAccessible(page);

  await page.keyboard.type("call");
  await expect(menu.getByRole("option")).toHaveText(["Note", "Caution", "Instructor note"]);
  await page.keyboard.press("ArrowDown");
  const caution = menu.getByRole("option", { name: "Caution" });
  await expect(caution).toHaveAttribute("aria-selected", "true");
  await expect(text).toHaveAttribute(
    "aria-activedescendant",
    (await caution.getAttribute("id")) ?? "",
  );
  await page.keyboard.press("Enter");
  await expect(menu).toBeHidden();
  await page.keyboard.type("Stay where you can be seen.");
  await expect(
    text.locator("aside[data-kind=caution]", { hasText: "Stay where you can be seen." }),
  ).toBeVisible();

  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.keyboard.type("/head");
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(text).toContainText("/head");
});

test("a paste from Word keeps its form and drops the rest", async ({ newcomer }) => {
  const page = await newcomer();
  const text = await openEditor(page, WHO.trainer, MODULE.together);
  await caretAfter(text, PLACE);
  await page.keyboard.press("Enter");
  await paste(text, WORD, "Calm voices");
  await page.keyboard.press("Enter");
  await paste(text, WORD, "Calm voices");
  await expectSaved(page);

  const blocks = await draftOf(page, MODULE.together);
  const start = blocks.findIndex((block) => says(block) === "Calm voices");
  const pasted = blocks.slice(start, start + 7);
  expect(pasted.map(({ type, attrs }) => [type, attrs?.level].filter(Boolean).join(" "))).toEqual([
    "heading 2",
    "paragraph",
    "bulletList",
    "heading 3",
    "orderedList",
    "table",
    "paragraph",
  ]);
  const [heading, emphasis, bullets, , steps, table, links] = pasted;
  expect(heading?.content).toEqual([{ type: "text", text: "Calm voices" }]);
  const marks = (node?: NodeJSON) =>
    (node?.content ?? []).map(({ text = "", marks }) => [text, marks?.[0]?.type]);
  expect(marks(emphasis)).toEqual([
    ["Speak ", undefined],
    ["slowly", "bold"],
    [" and ", undefined],
    ["kindly", "italic"],
    [", ", undefined],
    ["always", "bold"],
    [".", undefined],
  ]);
  expect(bullets?.content?.map(says)).toEqual(["Stand back Two arm lengths", "Hands visible"]);
  expect(bullets?.content?.[0]?.content?.[1]?.type).toBe("bulletList");
  expect(steps?.content?.map(says)).toEqual(["Stop", "Listen"]);
  expect(table?.content?.map(says)).toEqual(["When What", "First Name"]);
  expect(marks(links)).toEqual([
    ["See ", undefined],
    ["the study", "link"],
    [" or this[1].", undefined],
  ]);

  const ids: unknown[] = [];
  const collect = (node: NodeJSON) => {
    if (!["text", "hardBreak"].includes(node.type)) ids.push(node.attrs?.id);
    node.content?.forEach(collect);
  };
  blocks.forEach(collect);
  expect(ids.every((id) => typeof id === "string" && id.length > 0)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a long paste arrives whole, and all text comes back that is deleted", async ({
  newcomer,
}) => {
  const page = await newcomer();
  const text = await openEditor(page, WHO.trainer, MODULE.together);
  await caretAfter(text, PLACE);
  await page.keyboard.press("Enter");
  const words = "Officers and residents read this line together and talk about it. ".repeat(4);
  const lines = Array.from({ length: 1_200 }, (_, n) => `<p>Line ${n}: ${words}</p>`);
  await paste(text, lines.join(""));
  await expectSaved(page);
  const kept = (await draftOf(page, MODULE.together))
    .map(says)
    .filter((line) => /^Line/.test(line));
  expect(kept).toHaveLength(1_200);
  expect(kept.at(-1)).toContain("Line 1199:");

  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await expect(text).toHaveText("");
  await expectSaved(page);
  expect(await draftOf(page, MODULE.together)).toHaveLength(1);
  await page.keyboard.press("Control+z");
  await expect(text).toContainText("Line 1199:");
  await expectSaved(page);
  const back = (await draftOf(page, MODULE.together)).map(says);
  expect(back.filter((line) => /^Line/.test(line))).toEqual(kept);
});

test("a table is written in, grows and shrinks", async ({ newcomer }) => {
  const page = await newcomer();
  const text = await openEditor(page, WHO.trainer, MODULE.together);
  await caretAfter(text, PLACE);
  await page.keyboard.press("Enter");
  const fromMenu = async (item: string) => {
    await page.getByRole("button", { name: "Table", exact: true }).click();
    await page.getByRole("menuitem", { name: item, exact: true }).click();
  };
  await fromMenu("Table");
  await page.keyboard.type("When");
  await page.keyboard.press("Tab");
  await page.keyboard.type("What");
  const table = text.locator("table").filter({ hasText: "When" });
  await expect(table.getByRole("row")).toHaveCount(3);
  // Seven cells on, the last one is behind us: a row more.
  for (let cell = 0; cell < 8; cell++) await page.keyboard.press("Tab");
  await page.keyboard.type("Grown");
  await expect(table.getByRole("row")).toHaveCount(4);
  await expect(table.getByRole("row").last()).toContainText("Grown");
  await fromMenu("Delete row");
  await fromMenu("Add column after");
  await expect(table.getByRole("row")).toHaveCount(3);
  await expect(table.getByRole("columnheader")).toHaveCount(4);
  await expectSaved(page);
  const saved = (await draftOf(page, MODULE.together)).find(
    (block) => block.type === "table" && says(block).startsWith("When What"),
  );
  expect(saved?.content).toHaveLength(3);
  await fromMenu("Delete table");
  await expect(table).toHaveCount(0);
});

test("links, sections and objectives say what they are", async ({ newcomer }) => {
  const page = await newcomer();
  const text = await openEditor(page, WHO.trainer, MODULE.together);
  await caretAfter(text, PLACE);
  await page.keyboard.press("Enter");
  await page.keyboard.type("Look here");
  await page.keyboard.press("Shift+Home");
  await expect(page.getByRole("toolbar", { name: "Format the selection" })).toBeVisible();
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog", { name: "Link" });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel("Address").fill("javascript:alert(1)");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText("https://");
  await dialog.getByLabel("Address").fill("example.org/guide");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(text.getByRole("link", { name: "Look here" })).toHaveAttribute(
    "href",
    "https://example.org/guide",
  );

  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("/h2");
  await page.keyboard.press("Enter");
  await page.keyboard.type("One more round");
  const time = page.getByRole("region", { name: "Time" });
  const sum = async () => Number(/\d+/.exec((await time.textContent()) ?? "")?.[0]);
  const before = await sum();
  await page.getByLabel("Part of the lesson").selectOption("Activity");
  await page.getByRole("spinbutton", { name: "Minutes" }).fill("15");
  await expect.poll(sum).toBe(before + 15);
  await expect(page.getByRole("navigation", { name: "Outline" })).toContainText(
    "One more roundActivity · 15 min",
  );

  await caretAfter(text, "One more round");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Alt+o");
  await page.keyboard.type("Say what you saw");
  await page.getByLabel("Level").selectOption("Goal of the module");
  await page.getByLabel("Condition").fill("after a call");
  await expectSaved(page);
  const objective = (await draftOf(page, MODULE.together)).find(
    (block) => says(block) === "Say what you saw",
  );
  expect(objective).toMatchObject({
    type: "objective",
    attrs: { level: "terminal", condition: "after a call" },
  });
});

test.describe("when the server goes away", () => {
  test.use({ interrupted: true });

  test("the page says so, keeps the words, and sends them later", async ({ newcomer, site }) => {
    const page = await newcomer();
    const text = await openEditor(page, WHO.trainer, MODULE.together);
    await caretAfter(text, PLACE);
    await page.keyboard.press("Enter");
    await page.keyboard.type("Before.");
    await expectSaved(page);
    await site.kill();
    await expect(page.locator(".saved")).toHaveText("Offline: nothing is waiting to be saved");
    await page.keyboard.type(" X");
    await expect(page.locator(".saved")).toHaveText("Offline: 2 changes kept on this device");
    await expect(page.locator(".editor-facts [role=status]").first()).toContainText("Offline");
    const { startServer } = await import("../support/server.ts");
    const again = await startServer({
      dataDir: site.dataDir,
      port: Number(new URL(site.origin).port),
    });
    await expectSaved(page);
    await page.reload();
    await expect(await editorOn(page)).toContainText("Before. X");
    await page.close();
    await again.stop();
  });
});

test("who may not edit is told so, and so is who isn't signed in", async ({ newcomer }) => {
  const page = await newcomer();
  await page.goto(`${MODULE.together}/edit`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await signIn(page, WHO.moderator);
  const answer = await page.goto(`${MODULE.together}/edit`);
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole("textbox")).toHaveCount(0);
});

test("whoever signs out elsewhere is told here, and can't go on writing", async ({ newcomer }) => {
  const page = await newcomer();
  const text = await openEditor(page, WHO.trainer, MODULE.together);
  const elsewhere = await page.context().newPage();
  await elsewhere.goto("/sign-out");
  await elsewhere.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("alert")).toContainText("You were signed out");
  await expect(page.locator(".saved")).toHaveText("Closed: changes are not saved");
  await expect(text).toHaveAttribute("contenteditable", "false");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Sign in" }).last().click();
  await expect(page).toHaveURL(/\/sign-in\?next=.*edit/);
});

test("without script the text can be read, and the page says what is missing", async ({
  newcomer,
}) => {
  const signedIn = await newcomer();
  await signIn(signedIn, WHO.trainer);
  const page = await newcomer({
    javaScriptEnabled: false,
    storageState: await signedIn.context().storageState(),
  });
  const answer = await page.goto(`${MODULE.together}/edit`);
  expect(await answer?.text()).toMatch(/<noscript>.*Editing needs JavaScript.*<\/noscript>/s);
  await expect(page.getByText(PLACE)).toBeVisible();
});

for (const [colorScheme, language] of [
  ["light", "en"],
  ["dark", "es"],
] as const) {
  test(`nothing stands in anybody's way: axe, ${colorScheme}, ${language}, desk and phone`, async ({
    newcomer,
  }) => {
    for (const viewport of [DESK, PHONE]) {
      const page = await newcomer({ colorScheme, viewport });
      await signIn(page, WHO.trainer);
      await page.goto(`${MODULE.words}/edit?lang=${language}`);
      const text = await editorOn(page);
      await expectAccessible(page);
      await page.screenshot({ path: `test-results/editor-${colorScheme}-${viewport.width}.png` });
      await page.locator("[data-tool=callout]").click();
      await expect(page.getByRole("menu")).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("menu")).toHaveCount(0);
      await text.locator("h2").first().click();
      await expect(page.locator(".inspector")).toBeVisible();
      await expectAccessible(page);
      expect(await sidewaysScroll(page)).toBe(0);
    }
  });
}

test("by keys alone: into the toolbar, along it, back to the text", async ({ newcomer }) => {
  const page = await newcomer();
  const text = await openEditor(page, WHO.trainer, MODULE.together);
  await caretAfter(text, PLACE);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Alt+F10");
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  expect(await focused()).toBe("Undo");
  await page.keyboard.press("End");
  expect(await focused()).toBe("Table");
  await page.keyboard.press("ArrowLeft");
  expect(await focused()).toBe("Callout");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(text).toBeFocused();
  await page.keyboard.type("Mind the door.");
  await expect(
    text.locator("aside[data-kind=caution]", { hasText: "Mind the door." }),
  ).toBeVisible();
  await page.keyboard.press("Alt+F10");
  await page.keyboard.press("Escape");
  await expect(text).toBeFocused();
});
