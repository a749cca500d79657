import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { DocJSON, NodeJSON } from "#app/document/schema.ts";
import { DESK, expect, PHONE, test } from "../support/browser.ts";
import { caretAfter, draftOf, editorOn, expectSaved, openEditor } from "../support/editor.ts";
import { loseWords, type Suggested, suggestInDraft } from "../support/from-workshop.ts";
import { COURSE, MODULE, sidewaysScroll, signIn, WHO } from "../support/pages.ts";
import type { RunningServer } from "../support/server.ts";

const DECISIONS = `${COURSE}/decisions`;
const FAMILY = "Family members can be a help or a hazard.";
const PEER = "A peer supporter has been through a crisis";
const MEDICS = "Medics decide about bodies; you decide about safety.";

const textOf = (node: NodeJSON): string => node.text ?? (node.content ?? []).map(textOf).join("");
const isAbout = (words: string) => (node: NodeJSON) => textOf(node).startsWith(words);

/** The same document with one passage in other words. */
function reworded(blocks: NodeJSON[], passage: string, from: string, to: string): NodeJSON[] {
  return blocks.map((block) =>
    isAbout(passage)(block)
      ? { ...block, content: [{ type: "text", text: textOf(block).replace(from, to) }] }
      : block,
  );
}

/** The same document with one passage moved to before another. */
function movedBefore(blocks: NodeJSON[], words: string, other: string): NodeJSON[] {
  const moved = blocks.filter(isAbout(words));
  const rest = blocks.filter((block) => !isAbout(words)(block));
  const at = rest.findIndex(isAbout(other));
  return [...rest.slice(0, at), ...moved, ...rest.slice(at)];
}

/** Suggestions as they come out of a workshop copy of “Responding together”. */
async function suggest(
  site: RunningServer,
  page: Page,
  reason: string,
  change: (blocks: NodeJSON[]) => NodeJSON[],
): Promise<Suggested> {
  const json: DocJSON = { type: "doc", content: await draftOf(page, MODULE.together) };
  const said = { reason, authors: ["Rosa", "Ines M."] };
  const made = await suggestInDraft(
    site.dataDir,
    { module: "responding-together", json },
    change,
    said,
  );
  const [suggested] = made;
  if (!suggested || made.length !== 1) throw new Error(`${made.length} suggestions, not one`);
  return suggested;
}

async function adopt(page: Page, inputId: string, reason: string): Promise<void> {
  await page.goto(`${DECISIONS}/${inputId}`);
  await page.getByRole("radio", { name: /^Adopted/ }).check();
  await page.getByLabel("Reason", { exact: true }).fill(reason);
  await page.getByRole("button", { name: "Decide and go to the next" }).click();
}

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`),
  ).toEqual([]);
}

test("two suggestions are adopted while trainers type, and nobody is disturbed", async ({
  site,
  newcomer,
}) => {
  test.setTimeout(150_000);
  const trainer = await newcomer();
  await signIn(trainer, WHO.trainer, DECISIONS);
  const wording = await suggest(site, trainer, "Fewer words.", (blocks) =>
    reworded(blocks, MEDICS, "decide about bodies", "look after bodies"),
  );
  const move = await suggest(site, trainer, "Family comes last.", (blocks) =>
    movedBefore(blocks, FAMILY, MEDICS),
  );

  const one = await newcomer();
  const peer = await openEditor(one, WHO.otherTrainer, MODULE.together);
  const two = await trainer.context().newPage();
  await two.goto(`${MODULE.together}/edit`);
  const medics = await editorOn(two);
  await caretAfter(peer, PEER);
  await caretAfter(medics, MEDICS);
  const [atPeer, atMedics] = [
    " They come when they are asked, and they stay as long as it takes them.",
    " Tell them at the door what has been said so far, and by whom it was said.",
  ];
  const typing = Promise.all([
    one.keyboard.type(atPeer, { delay: 90 }),
    two.keyboard.type(atMedics, { delay: 90 }),
  ]);
  await expect(peer).toContainText("They come when");
  await adopt(trainer, wording.inputId, "Plainer.");
  await expect(trainer.getByText("Decided: Adopted.")).toBeVisible();
  await adopt(trainer, move.inputId, "They are right.");
  await expect(trainer.getByText("Decided: Adopted.")).toBeVisible();
  const meanwhile = !(await peer.textContent())?.includes(atPeer);
  expect(meanwhile, "the decisions fell into the typing").toBe(true);
  await typing;

  for (const text of [peer, medics]) {
    await expect(text).toContainText(atPeer);
    await expect(text).toContainText(atMedics);
    await expect(text).toContainText("Medics look after bodies; you decide");
    const all = (await text.textContent()) ?? "";
    expect(all.split(FAMILY)).toHaveLength(2);
    expect(all.indexOf(FAMILY)).toBeGreaterThan(all.indexOf(PEER));
    expect(all.indexOf(FAMILY)).toBeLessThan(all.indexOf("Medics look after"));
  }
  for (const page of [one, two]) await expectSaved(page);
  const kept = (await draftOf(trainer, MODULE.together)).map(textOf).join("\n");
  for (const words of [atPeer, atMedics, FAMILY]) expect(kept.split(words)).toHaveLength(2);
});

test("a change of structure waits while a colleague writes in the passage", async ({
  site,
  newcomer,
}) => {
  const trainer = await newcomer();
  await signIn(trainer, WHO.trainer, DECISIONS);
  const move = await suggest(site, trainer, "Family comes last.", (blocks) =>
    movedBefore(blocks, FAMILY, MEDICS),
  );
  const colleague = await newcomer();
  const text = await openEditor(colleague, WHO.otherTrainer, MODULE.together);
  await caretAfter(text, FAMILY);
  await colleague.keyboard.type(" Ask them first.");
  await expectSaved(colleague);

  await trainer.goto(`${DECISIONS}/${move.inputId}`);
  await expect(trainer.getByRole("heading", { level: 1 })).toHaveText("Suggested change");
  await expect(trainer.getByText("Moved", { exact: true })).toBeVisible();
  await expect(trainer.getByText(/Rosa/)).toBeVisible();
  await expect(trainer.getByText(/Tuesday in the library/)).toBeVisible();
  await adopt(trainer, move.inputId, "They are right.");
  await expect(trainer.getByText("Luis Echeverría is writing in this passage")).toBeVisible();
  await expect(trainer.getByLabel("Reason", { exact: true })).toHaveValue("They are right.");
  await expect(trainer.getByRole("radio", { name: /^Adopted/ })).toBeChecked();
  await expectNoViolations(trainer);
  await trainer.getByRole("button", { name: "Try again" }).click();
  await expect(trainer.getByText("Luis Echeverría is writing in this passage")).toBeVisible();

  await trainer.getByRole("button", { name: "Adopt it as soon as they leave" }).click();
  await expect(trainer.getByText("Keep this page open.")).toBeVisible();
  await expect(trainer.getByRole("button", { name: "Stop waiting" })).toBeVisible();
  await caretAfter(text, MEDICS);
  await colleague.keyboard.type(" Ask early.");
  await expect(trainer.getByText("Decided: Adopted.")).toBeVisible({ timeout: 20_000 });
  await expect(text).toContainText(" Ask early.");
  const all = (await text.textContent()) ?? "";
  expect(all.split("Ask them first.")).toHaveLength(2);
  expect(all.indexOf("Ask them first.")).toBeGreaterThan(all.indexOf(PEER));
});

for (const viewport of [PHONE, DESK])
  test(`a conflict is composed, and later taken back, at ${viewport.width} pixels`, async ({
    site,
    newcomer,
  }) => {
    const trainer = await newcomer({ viewport });
    await signIn(trainer, WHO.trainer, DECISIONS);
    const { inputId, receipt } = await suggest(site, trainer, "Nobody is a hazard.", (blocks) =>
      reworded(blocks, FAMILY, "hazard", "burden"),
    );
    const colleague = await newcomer();
    const text = await openEditor(colleague, WHO.otherTrainer, MODULE.together);
    await text.getByText(FAMILY).evaluate((paragraph) => {
      const node = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT).nextNode();
      const at = node?.textContent?.indexOf("hazard") ?? -1;
      if (node && at >= 0) getSelection()?.setBaseAndExtent(node, at, node, at + 6);
    });
    await colleague.waitForTimeout(50);
    await colleague.keyboard.type("worry");
    await expectSaved(colleague);

    await trainer.goto(`${DECISIONS}/${inputId}`);
    await expect(trainer.getByRole("heading", { name: "Three texts to compare" })).toBeVisible();
    const now = trainer.getByRole("figure", { name: /^As it reads now/ });
    await expect(now.locator("ins")).toContainText("worry");
    await expect(
      trainer.getByRole("figure", { name: /^As suggested/ }).locator("ins"),
    ).toContainText("burden");
    expect(await sidewaysScroll(trainer)).toBe(0);
    await trainer.getByRole("radio", { name: /^Adopted/ }).focus();
    await trainer.keyboard.press("Space");
    const field = trainer.getByLabel("The passage as it should read");
    await expect(field).toHaveValue(/a help or a worry\./);
    await trainer.getByRole("button", { name: "Start from this text" }).nth(2).press("Enter");
    await expect(field).toHaveValue(/a help or a burden\./);
    await expect(field).toBeFocused();
    const composed = (await field.inputValue()).replace("a burden", "a tired helper");
    await field.fill(composed);
    await trainer.getByLabel("Reason", { exact: true }).fill("Both of you saw something.");
    await expectNoViolations(trainer);
    await trainer.getByRole("button", { name: "Decide and go to the next" }).press("Enter");
    await expect(trainer.getByText("Decided: Adopted.")).toBeVisible();
    await expect(text).toContainText("a help or a tired helper");

    await trainer.goto(`${DECISIONS}/${inputId}`);
    await trainer.getByRole("link", { name: "Take this change back" }).click();
    await expect(trainer.getByRole("heading", { level: 1 })).toHaveText(
      "Take an adopted change back",
    );
    await expectNoViolations(trainer);
    await trainer.getByRole("button", { name: "Take it back" }).click();
    await expect(trainer.getByRole("alert")).toBeVisible();
    await trainer.getByLabel("Why is it taken back?").fill("The chief asked for the old text.");
    await trainer.getByRole("button", { name: "Take it back" }).click();
    await expect(trainer.getByText("Taken back. Everybody can read why.")).toBeVisible();
    await expect(text).toContainText("a help or a worry");

    const reader = await newcomer({ viewport });
    for (const path of [`/receipts/${receipt}`, `/inputs/${inputId}`, DECISIONS]) {
      await reader.goto(path);
      await expect(reader.getByText(/^Taken back by Dana Whitlock/).first()).toBeVisible();
      await expect(reader.getByText("The chief asked for the old text.").first()).toBeVisible();
      expect(await sidewaysScroll(reader)).toBe(0);
      await expectNoViolations(reader);
    }
  });

test("several are adopted for one reason; what conflicts stays open", async ({
  site,
  newcomer,
}) => {
  const trainer = await newcomer({ viewport: PHONE });
  await signIn(trainer, WHO.trainer, DECISIONS);
  await suggest(site, trainer, "Plainer for medics.", (blocks) =>
    reworded(blocks, MEDICS, "decide about bodies", "look after bodies"),
  );
  await suggest(site, trainer, "Softer for medics.", (blocks) =>
    reworded(blocks, MEDICS, "decide about bodies", "care for bodies"),
  );
  await suggest(site, trainer, "Family comes last.", (blocks) =>
    movedBefore(blocks, FAMILY, MEDICS),
  );
  await trainer.goto(DECISIONS);
  for (const reason of ["Plainer for medics.", "Softer for medics.", "Family comes last."])
    await trainer.getByRole("checkbox", { name: `Pick: ${reason}` }).check();
  await expectNoViolations(trainer);
  await trainer.getByRole("button", { name: "Adopt the picked ones" }).click();
  await expect(trainer.getByRole("checkbox")).toHaveCount(3);
  await expectNoViolations(trainer);
  expect(await sidewaysScroll(trainer)).toBe(0);
  await trainer.getByLabel("Reason", { exact: true }).fill("The group is right.");
  await trainer.getByRole("button", { name: /^Adopt/ }).click();
  await expect(trainer.getByText("2 suggestions were adopted.")).toBeVisible();
  await expect(trainer.getByText("Left open: the passage has changed")).toBeVisible();
  await expectNoViolations(trainer);
  await trainer.getByRole("link", { name: "Softer for medics." }).click();
  await expect(trainer.getByRole("heading", { name: "Three texts to compare" })).toBeVisible();
});

test("words that lost their place are put back by a trainer", async ({ site, newcomer }) => {
  await loseWords(site, "responding-together", "and ask them what helped last time");
  const trainer = await newcomer({ viewport: PHONE });
  await signIn(trainer, WHO.trainer, `${MODULE.together}/edit`);
  const text = await editorOn(trainer);
  const lost = trainer.getByRole("region", { name: "Words that lost their place" });
  await expect(lost).toContainText("and ask them what helped last time");
  await expect(lost).toContainText("Written by Luis Echeverría");
  await expectNoViolations(trainer);
  expect(await sidewaysScroll(trainer)).toBe(0);
  await lost.getByRole("button", { name: "Put them back" }).click();
  await expect(lost).toBeHidden();
  await expect(text).toContainText("and ask them what helped last time");
});
