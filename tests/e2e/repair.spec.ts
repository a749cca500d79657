import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect, PHONE, test } from "../support/browser.ts";
import { expectSaved, openEditor } from "../support/editor.ts";
import { COURSE, commentOn, MODULE, receiptOn, sidewaysScroll, WHO } from "../support/pages.ts";

const ON_THE_WAY = "Decide on the way, not on";
const SILENCE = "Let silence work.";
const WAY_OUT = "Do not stand between the person and the way out";

test("when the text changes under a comment, its author and a trainer say where it belongs", async ({
  newcomer,
}) => {
  test.setTimeout(150_000);
  const resident = await newcomer({ viewport: PHONE, javaScriptEnabled: false });
  const trainer = await newcomer();
  let receipt = "";

  await test.step("a resident comments on a paragraph, without script", async () => {
    await resident.goto(MODULE.words);
    await commentOn(resident, ON_THE_WAY).click();
    await resident.getByLabel("Your words").fill("And tell the caller so.");
    await resident.getByRole("button", { name: "Send comment" }).click();
    receipt = await receiptOn(resident);
    await expect(resident.getByRole("heading", { name: "Where your comment stands" })).toHaveCount(
      0,
    );
  });

  await test.step("a trainer writes other words in three places", async () => {
    const text = await openEditor(trainer, WHO.trainer, MODULE.words);
    await select(text, WAY_OUT);
    await trainer.keyboard.type("Leave every door free");
    for (const words of [ON_THE_WAY, SILENCE]) {
      await text.getByText(words).click({ clickCount: 3 });
      await trainer.keyboard.type(`The radio plan is on page ${words.length}.`);
    }
    await expectSaved(trainer);
  });

  await test.step("the author finds it on the receipt and gives it another place", async () => {
    await resident.goto(`/receipts/${receipt}`);
    const where = resident.getByRole("region", { name: "Where your comment stands" });
    await expect(
      where.getByText("we can't tell for sure where your comment belongs"),
    ).toBeVisible();
    await expect(where.getByText("The radio plan is on page")).toBeVisible();
    // Without script axe can't look: the same pages in a browser that has it.
    const looker = await newcomer({ viewport: PHONE, colorScheme: "dark" });
    await looker.goto(`/receipts/${receipt}`);
    expect(await axe(looker), "on the receipt").toBe("");
    await looker.goto(`/receipts/${receipt}/place?q=one+voice`);
    expect(await axe(looker), "where a place is chosen").toBe("");
    expect(await sidewaysScroll(looker)).toBe(0);
    await where.getByRole("link", { name: "Move it…" }).click();
    await resident.getByLabel("Find a paragraph").fill("one voice");
    await resident.getByRole("button", { name: "Find", exact: true }).click();
    await resident.getByRole("radio").first().check();
    await resident.getByRole("button", { name: "Put it here" }).click();
    await expect(where.getByText("You gave it another place")).toBeVisible();
    await expect(where.getByText("we can't tell for sure")).toHaveCount(0);
  });

  await test.step("the trainer finds the public ones on the repair list", async () => {
    await trainer.goto("/work");
    await trainer.getByRole("link", { name: "2 comments lost their place" }).click();
    expect(await axe(trainer), "on the repair list").toBe("");
    const entry = trainer.getByRole("article").filter({ hasText: "FTO, day shift" });
    await expect(entry.getByText(WAY_OUT)).toBeVisible();
    await expect(entry.getByText("Leave every door free")).toBeVisible();
    await entry.getByRole("button", { name: "It still belongs here" }).click();
    await expect(trainer.getByText("Done. It stays where you said.")).toBeVisible();
    await expect(trainer.getByRole("article")).toHaveCount(1);
  });

  await test.step("and points the other at some words of a paragraph, selected with the mouse", async () => {
    await trainer.getByRole("link", { name: "Move it…" }).click();
    await trainer.getByLabel("Find a paragraph").fill("nobody is in danger");
    await trainer.getByRole("button", { name: "Find", exact: true }).click();
    const words = trainer.locator("[data-choice]").filter({ hasText: /nobody is in danger/i });
    await words.first().dblclick({ position: { x: 12, y: 12 } });
    await expect(trainer.getByRole("status")).toContainText("Only these words");
    await expect(trainer.getByRole("radio", { checked: true })).toHaveCount(1);
    await trainer.getByRole("button", { name: "Put it here" }).click();
    await expect(trainer.getByText("Done. It has its new place.")).toBeVisible();
    await expect(trainer.getByText("Every open comment is in its place")).toBeVisible();
    await trainer.goto(`${COURSE}/versions/2/modules/time-distance-and-words?who`);
    await trainer
      .getByRole("link", { name: /^Who wrote this/ })
      .first()
      .click();
    await expect(trainer.getByText(/imported text by Dana/).first()).toBeVisible();
  });
});

/** Selects words in the editor, as a mouse would. */
async function select(text: Locator, words: string): Promise<void> {
  await text.focus();
  await text.evaluate((editor, words) => {
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const at = walker.currentNode.textContent?.indexOf(words) ?? -1;
      if (at < 0) continue;
      getSelection()?.setBaseAndExtent(
        walker.currentNode,
        at,
        walker.currentNode,
        at + words.length,
      );
      walker.currentNode.parentElement?.scrollIntoView({ block: "center" });
      return;
    }
  }, words);
  // The editor takes the browser's selection over with the next event.
  await text.page().waitForTimeout(50);
}

async function axe(page: Page): Promise<string> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(" ")}`).join("\n");
}
