import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/browser.ts";
import { COURSE, commentOn, PASSWORD, WHO } from "../support/pages.ts";

test("a resident reads, comments and finds the receipt by keyboard alone", async ({ newcomer }) => {
  const page = await newcomer();
  const keys = page.keyboard;
  await page.goto("/");
  await keys.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the text" })).toBeFocused();
  await keys.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await tabTo(page, page.getByRole("link", { name: "Crisis Response and De-escalation" }).first());
  await keys.press("Enter");
  await tabTo(page, page.getByRole("link", { name: "Responding together" }));
  await keys.press("Enter");

  const control = commentOn(page, "A call about a person in");
  await tabTo(page, control);
  await keys.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Your words")).toBeFocused();
  await test.step("the dialog keeps the focus, Escape gives it back", async () => {
    await staysInside(page, dialog);
    await keys.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(control).toBeFocused();
    await keys.press("Enter");
    await expect(dialog.getByLabel("Your words")).toBeFocused();
  });

  await keys.type("Say early that the call-taker counts too.");
  await tabTo(page, dialog.getByRole("button", { name: "Send comment" }), { back: true });
  await keys.press("Enter");
  await expect(dialog.getByRole("heading", { name: "Thank you. We have it." })).toBeFocused();
  const code = await dialog.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/).textContent();
  await tabTo(page, dialog.getByRole("button", { name: "Close" }), { ring: false });
  await keys.press("Space");
  await expect(control).toBeFocused();

  await page.goto("/");
  await tabTo(page, page.getByLabel("Receipt code"));
  await keys.type(code ?? "");
  await keys.press("Enter");
  await expect(page.getByRole("heading", { name: `Receipt ${code}` })).toBeVisible();
});

test("a moderator works the queue by keyboard alone", async ({ newcomer }) => {
  const page = await newcomer();
  const keys = page.keyboard;
  await signInByKeys(page, WHO.moderator, `${COURSE}/queue`);
  const input = page.getByRole("article");
  await expect(page.getByText("Single keys work")).toBeVisible();
  const firstWords = await words(input);

  await test.step("j and k step through the list", async () => {
    await keys.press("j");
    await expect.poll(() => words(input)).not.toBe(firstWords);
    await settled(page);
    await keys.press("k");
    await expect.poll(() => words(input)).toBe(firstWords);
    await settled(page);
  });

  const dialog = page.getByRole("dialog");
  await test.step("an action that owes a reason asks for it in a dialog", async () => {
    const hold = page.getByRole("button", { name: "Hold…" });
    await tabTo(page, hold);
    await keys.press("Enter");
    await expect(dialog).toBeVisible();
    await staysInside(page, dialog);
    await keys.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(hold).toBeFocused();
    await keys.press("h");
    await expect(dialog).toBeVisible();
  });

  await test.step("what is missing is said at its field; then the input is held", async () => {
    await tabTo(page, dialog.getByRole("button", { name: "Hold", exact: true }));
    await keys.press("Enter");
    await expect(dialog.getByRole("alert")).toContainText("Choose a reason from the list.");
    await tabTo(page, dialog.getByRole("radio").first());
    await keys.press("ArrowDown");
    await expect(dialog.getByRole("radio").nth(1)).toBeChecked();
    await tabTo(page, dialog.getByLabel("In your words"));
    await keys.type("We ask the author first.");
    await tabTo(page, dialog.getByRole("button", { name: "Hold", exact: true }));
    await keys.press("Enter");
    await expect(page.getByText("Put on hold.")).toBeVisible();
    await expect.poll(() => words(input)).not.toBe(firstWords);
    await settled(page);
  });

  await test.step("u takes it back, a approves", async () => {
    await keys.press("u");
    await expect(page.getByText("Undone. It is back where it was.")).toBeVisible();
    await expect.poll(() => words(input)).toBe(firstWords);
    await settled(page);
    await keys.press("a");
    await expect(page.getByText("Approved. Everybody can read it now.")).toBeVisible();
    await expect.poll(() => words(input)).not.toBe(firstWords);
  });

  await test.step("the keys can be switched off", async () => {
    await tabTo(page, page.getByRole("checkbox", { name: "Single keys work" }));
    await keys.press("Space");
    const before = await words(input);
    await keys.press("j");
    await page.waitForTimeout(300);
    expect(await words(input)).toBe(before);
  });
});

test("a trainer decides and publishes by keyboard alone", async ({ newcomer }) => {
  const page = await newcomer();
  const keys = page.keyboard;
  await signInByKeys(page, WHO.trainer, `${COURSE}/decisions`);
  const item = page
    .getByRole("link", { name: /Please give a longer count for anyone/ })
    .or(page.getByRole("main").getByRole("article").getByRole("link"))
    .first();
  await tabTo(page, item);
  await keys.press("Enter");
  await expect(page.getByRole("heading", { name: "Your decision" })).toBeVisible();
  await tabTo(page, page.getByRole("radio").first());
  await keys.press("Space");
  for (let i = 0; i < 3; i++) await keys.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^Declined/ })).toBeChecked();
  await tabTo(page, page.getByLabel("Reason", { exact: true }));
  await keys.type("The course says so two pages later, and once is enough.");
  await tabTo(page, page.getByRole("button", { name: "Decide and go to the next" }));
  await keys.press("Space");
  await expect(page.getByText("Decided: Declined.")).toBeVisible();

  await page.goto(COURSE);
  await tabTo(page, page.getByRole("link", { name: "Publish a version" }));
  await keys.press("Enter");
  await tabTo(page, page.getByLabel("What does this version bring?"));
  await keys.type("One answer more.");
  await tabTo(page, page.getByRole("button", { name: "Publish version 3" }));
  await keys.press("Space");
  await expect(page.getByRole("heading", { level: 1, name: "Version 3" })).toBeVisible();
});

async function signInByKeys(page: Page, email: string, next: string): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await tabTo(page, page.getByLabel("E-mail"));
  await page.keyboard.type(email);
  await tabTo(page, page.getByLabel("Password"));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`${next}$`));
}

/** Goes to something as a person does, and sees where the focus is when it is there. */
async function tabTo(
  page: Page,
  target: Locator,
  { back = false, ring = true }: { back?: boolean; ring?: boolean } = {},
): Promise<void> {
  await expect(target).toBeVisible();
  for (let i = 0; i < 150; i++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      if (ring) expect(await showsFocus(page), `the focus shows on ${target}`).toBe(true);
      return;
    }
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
  }
  throw new Error(`The Tab key doesn't lead to ${target}`);
}

/** Whether whatever has the focus looks different from when it hasn't. */
function showsFocus(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return false;
    const look = (on: Element) => {
      const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } =
        getComputedStyle(on);
      return [outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor].join();
    };
    const frames = [element, element.closest("label")].filter((one) => one !== null);
    const focused = frames.map(look).join();
    element.blur();
    const blurred = frames.map(look).join();
    element.focus();
    return focused !== blurred;
  });
}

/** Round and round with the Tab key, and never behind the dialog. */
async function staysInside(page: Page, dialog: Locator): Promise<void> {
  await expect(dialog).toBeVisible();
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press(i % 7 === 6 ? "Shift+Tab" : "Tab");
    const outside = await dialog.evaluate(
      (element) =>
        document.activeElement !== document.body && !element.contains(document.activeElement),
    );
    expect(outside, "the focus left the dialog").toBe(false);
  }
}

async function words(input: Locator): Promise<string> {
  return (await input.textContent())?.slice(0, 400) ?? "";
}

/** A key does nothing while the page still moves; a hand is slower than that. */
function settled(page: Page): Promise<void> {
  return page.waitForTimeout(250);
}
