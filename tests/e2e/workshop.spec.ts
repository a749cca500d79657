import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { DESK, expect, PHONE, test } from "../support/browser.ts";
import { caretAfter, draftOf, editorOn, expectSaved, openEditor } from "../support/editor.ts";
import { COURSE, MODULE, receiptOn, sidewaysScroll, signIn, WHO } from "../support/pages.ts";
import { changeOf, joinByCode, joinByLink, openCopy, wordsOf } from "../support/workshop.ts";

const TOUCH = { viewport: PHONE, hasTouch: true, isMobile: true };
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`),
  ).toEqual([]);
}

/** The browser's zoom of text: twice as large, in a window of 640 pixels. */
async function doubleText(page: Page): Promise<void> {
  await page.setViewportSize({ width: 640, height: 800 });
  await page.evaluate(() => {
    const sheet = [...document.styleSheets].find(({ cssRules }) => cssRules.length > 0);
    sheet?.insertRule("html { font-size: 200% }", sheet.cssRules.length);
  });
}

/** Proposes a change of one's own from the live copy, and goes back to the text. */
async function propose(page: Page, words: string, reason: string): Promise<void> {
  const toggle = page.getByRole("button", { name: "Show the changes" });
  if (await toggle.isVisible()) await toggle.click();
  await changeOf(page, words).getByRole("checkbox", { name: "Choose to propose" }).check();
  await page.getByRole("button", { name: "Propose…" }).click();
  await page.getByLabel("Why?").fill(reason);
  await page.getByRole("button", { name: "Propose it" }).click();
  await page.getByRole("button", { name: "Go back to the text" }).click();
  await expect(changeOf(page, words).getByText("Waiting")).toBeVisible();
  const close = page.getByRole("button", { name: "Hide the changes" });
  if (await close.isVisible()) await close.click();
}

test("four people write in one copy, a trainer in the draft: nobody loses a word or their place", async ({
  newcomer,
}) => {
  test.setTimeout(180_000);
  const desk = await newcomer();
  const copy = await openCopy(desk, MODULE.together, "Evening session");
  await desk.goto(copy.address);
  const imani = { page: desk, text: await editorOn(desk) };
  const rosa = await joinByCode(newcomer, copy, "Rosa", TOUCH);
  const mo = await joinByLink(newcomer, copy, "Mo", { ...TOUCH, colorScheme: "dark" });
  const lee = await joinByLink(newcomer, copy, "Lee");
  const trainer = await newcomer();
  const draft = await openEditor(trainer, WHO.trainer, MODULE.together);

  const places = [
    { who: imani, at: "A call about a person in crisis", says: " Imani heard this said twice." },
    { who: rosa, at: "A call about a person in crisis", says: " Rosa knows the family by name." },
    {
      who: mo,
      at: "It is also about being understood",
      says: " Mo asks for an interpreter first.",
    },
    { who: lee, at: "The scenario shows a family", says: " Lee would leave the child out of it." },
  ];
  await caretAfter(draft, "It is also about being understood");
  for (const { who, at } of places) await caretAfter(who.text, at);
  // In the same paragraph, one writes at its end and the other somewhere before.
  await rosa.page.keyboard.press("Home");
  await Promise.all([
    ...places.map(({ who, says }) => who.page.keyboard.type(says, { delay: 40 })),
    trainer.keyboard.type(" Dana wrote this in the draft.", { delay: 40 }),
  ]);
  for (const { who } of places) await expectSaved(who.page);
  await expectSaved(trainer);

  await test.step("every screen has every word, each sentence whole", async () => {
    for (const { who } of places) {
      for (const { says } of places)
        await expect.poll(async () => (await wordsOf(who.text)).join("\n")).toContain(says);
    }
    const [first, ...others] = await Promise.all(places.map(({ who }) => wordsOf(who.text)));
    for (const other of others) expect(other).toEqual(first);
  });

  await test.step("the changes are shown with their authors, on phones and desks alike", async () => {
    for (const { who } of places) {
      await expect(who.page.locator(".changes-count")).toHaveText("4 changes");
      await expect(
        who.text.locator("ins", { hasText: "Mo asks for an interpreter" }),
      ).toHaveAttribute("title", "Added by Mo");
    }
    for (const [name, words] of [
      ["Imani Brooks", "heard this said twice"],
      ["Rosa", "knows the family"],
      ["Lee", "leave the child"],
    ] as const)
      await expect(changeOf(lee.page, words).locator("strong")).toHaveText(name);
  });

  await test.step("the draft has the trainer's words alone", async () => {
    const says = JSON.stringify(await draftOf(trainer, MODULE.together));
    expect(says).toContain("Dana wrote this in the draft.");
    for (const name of ["Rosa knows", "Mo asks", "Lee would", "Imani heard"])
      expect(says).not.toContain(name);
    expect((await wordsOf(lee.text)).join("\n")).not.toContain("Dana wrote this");
  });

  await test.step("with changes, as it would read, as it stands", async () => {
    const { page, text } = lee;
    await page.getByRole("radio", { name: "As it would read" }).check();
    await expect(text.locator("ins")).toHaveCount(0);
    await expect(text).toContainText("Lee would leave the child out of it.");
    await page.getByRole("radio", { name: "As it stands" }).check();
    await expect(text).toBeHidden();
    await expect(page.locator(".workshop-base")).toContainText("The scenario shows a family");
    await expect(page.locator(".workshop-base")).not.toContainText("Lee would");
    await page.getByRole("radio", { name: "With changes" }).check();
    await expect(text.locator("ins").first()).toBeVisible();
  });
});

test("two changes are adopted while all write, in the copy and in the draft; a refresh takes them in", async ({
  newcomer,
}) => {
  test.setTimeout(240_000);
  const desk = await newcomer();
  const copy = await openCopy(desk, MODULE.together, "Into the draft");
  const rosa = await joinByCode(newcomer, copy, "Rosa", TOUCH);
  const mo = await joinByLink(newcomer, copy, "Mo", TOUCH);
  const lee = await joinByLink(newcomer, copy, "Lee");
  await desk.goto(copy.address);
  const imani = { page: desk, text: await editorOn(desk) };

  await caretAfter(rosa.text, "Medics decide about bodies");
  await rosa.page.keyboard.type(" Rosa trusts them with both.");
  await propose(rosa.page, "Rosa trusts them", "Because they come first.");
  await caretAfter(lee.text, "A peer supporter has been");
  await lee.page.keyboard.press("Enter");
  await lee.page.keyboard.type("Ask whether there is a peer to call.");
  await propose(lee.page, "Ask whether there is", "It is forgotten too often.");

  const moderator = await newcomer();
  await signIn(moderator, WHO.moderator, `${COURSE}/queue`);
  for (const reason of ["Because they come first.", "It is forgotten too often."]) {
    await moderator.goto(`${COURSE}/queue?q=${encodeURIComponent(reason)}`);
    await expect(moderator.getByRole("article")).toContainText(reason);
    await moderator.getByRole("button", { name: /^Approve/ }).click();
    await expect(moderator.getByText("Approved. Everybody can read it now.")).toBeVisible();
  }

  const trainer = await newcomer();
  const draft = await openEditor(trainer, WHO.otherTrainer, MODULE.together);
  const decider = await newcomer();
  await signIn(decider, WHO.trainer, `${COURSE}/decisions`);
  const long = (name: string) =>
    ` ${name} goes on writing here for a while, without a pause, until both are decided and done.`;
  const places = [
    { who: imani, at: "A call about a person in crisis", says: long("Imani") },
    { who: rosa, at: "It is also about being understood", says: long("Rosa") },
    { who: mo, at: "The scenario shows a family", says: long("Mo") },
    { who: lee, at: "Dispatch will tell you", says: long("Lee") },
  ];
  for (const { who, at } of places) await caretAfter(who.text, at);
  await caretAfter(draft, "Medics decide about bodies");
  // Somewhere within the passage that is about to change.
  await trainer.keyboard.press("Home");
  const typing = Promise.all([
    ...places.map(({ who, says }) => who.page.keyboard.type(says, { delay: 110 })),
    trainer.keyboard.type(`${long("Dana").trim()} `, { delay: 110 }),
  ]);
  for (const reason of ["Because they come first.", "It is forgotten too often."]) {
    await decider.goto(`${COURSE}/decisions`);
    await decider.getByRole("link", { name: reason }).click();
    await decider.getByRole("radio", { name: /^Adopted/ }).check();
    await decider.getByLabel("Reason", { exact: true }).fill("They are right.");
    await decider.getByRole("button", { name: "Decide and go to the next" }).click();
    await expect(decider.getByText("Decided: Adopted.")).toBeVisible();
  }
  await typing;

  await test.step("the draft has both, once, and every word of who was writing in it", async () => {
    await expectSaved(trainer);
    const words = (await wordsOf(draft)).join("\n");
    for (const said of ["Rosa trusts them with both.", "Ask whether there is a peer to call."])
      expect(words.split(said)).toHaveLength(2);
    expect(words).toContain(long("Dana").trim());
    expect(JSON.stringify(await draftOf(trainer, MODULE.together))).not.toContain("Mo goes on");
  });

  await test.step("no screen of the copy lost a word, and all tell what was adopted", async () => {
    for (const { who } of places) {
      await expectSaved(who.page);
      for (const { says } of places)
        await expect.poll(async () => (await wordsOf(who.text)).join("\n")).toContain(says);
    }
    await expect(changeOf(desk, "Rosa trusts them").getByText("Adopted")).toBeVisible({
      timeout: 30_000,
    });
  });

  await test.step("a refresh takes them in: they are no difference any more", async () => {
    const care = await desk.context().newPage();
    await care.goto(`${copy.address}/care`);
    await care.getByRole("button", { name: "Bring them in" }).click();
    await expect(care.getByRole("status").first()).toContainText("up to date with the draft");
    await expect(changeOf(desk, "Rosa trusts them")).toHaveCount(0, { timeout: 30_000 });
    await expect(changeOf(desk, "Ask whether there is")).toHaveCount(0);
    await expect(desk.locator(".changes-count")).toHaveText("4 changes");
    await expect(imani.text).toContainText("Dana goes on writing here");
    await expect(desk.getByText("The draft has moved on.")).toBeVisible();
    await expectAccessible(desk);
  });
});

test("what is changed is proposed with a reason, gets receipts, and shows its state to all", async ({
  newcomer,
}) => {
  test.setTimeout(120_000);
  const desk = await newcomer();
  const copy = await openCopy(desk, MODULE.together, "Proposals");
  const rosa = await joinByCode(newcomer, copy, "Rosa", TOUCH);
  const lee = await joinByLink(newcomer, copy, "Lee");
  await caretAfter(rosa.text, "A call about a person in crisis");
  await rosa.page.keyboard.type(" Ask the neighbours.");
  await caretAfter(lee.text, "It is also about being understood");
  await lee.page.keyboard.press("Enter");
  await lee.page.keyboard.type("An interpreter belongs on every shift.");

  await rosa.page.getByRole("button", { name: "Show the changes" }).click();
  const card = changeOf(rosa.page, "Ask the neighbours");
  await expect(changeOf(rosa.page, "An interpreter belongs")).toBeVisible();
  // Somebody else's words aren't hers to send.
  await expect(changeOf(rosa.page, "An interpreter belongs").getByRole("checkbox")).toHaveCount(0);
  await card.getByRole("checkbox", { name: "Choose to propose" }).check();
  await rosa.page.getByRole("button", { name: "Propose…" }).click();
  const dialog = rosa.page.getByRole("dialog", { name: "Propose this change" });
  await expect(dialog).toContainText("A moderator reads it first.");
  await expect(dialog).toContainText("these names: Rosa");
  await expectAccessible(rosa.page);
  await dialog.getByLabel("Why?").fill("They know more than any file.");
  await dialog.getByRole("button", { name: "Propose it" }).click();
  const done = rosa.page.getByRole("dialog", { name: "Sent. Thank you." });
  const receipt = await receiptOn(done);
  await expectAccessible(rosa.page);
  await done.getByRole("button", { name: "Go back to the text" }).click();
  await expect(card.getByText("Waiting")).toBeVisible();
  await expect(card.getByRole("checkbox")).toHaveCount(0);

  await test.step("a facilitator proposes for the group what others wrote", async () => {
    await desk.goto(copy.address);
    await editorOn(desk);
    await expect(changeOf(desk, "Ask the neighbours").getByText("Waiting")).toBeVisible();
    await changeOf(desk, "An interpreter belongs").getByRole("checkbox").first().check();
    await desk.getByRole("button", { name: "Propose…" }).click();
    const asked = desk.getByRole("dialog");
    await expect(asked).toContainText("it goes in the name of the session");
    await expect(asked).toContainText("these names: Lee");
    await asked.getByLabel("Why?").fill("The session agreed.");
    await asked.getByRole("button", { name: "Propose it" }).click();
    await expect(desk.getByRole("dialog", { name: "Sent. Thank you." })).toBeVisible();
  });

  await test.step("the receipt tells, and a moderator finds it in the queue", async () => {
    await rosa.page.goto(`/receipts/${receipt}`);
    await expect(rosa.page.getByRole("main")).toContainText("Ask the neighbours.");
    const moderator = await newcomer();
    await signIn(moderator, WHO.moderator, `${COURSE}/queue`);
    await moderator.goto(`${COURSE}/queue?q=They+know+more`);
    await expect(moderator.getByRole("article")).toContainText("They know more than any file.");
  });
});

test("a vandal clears the copy; it is brought back, with what others wrote since", async ({
  newcomer,
}) => {
  test.setTimeout(180_000);
  const desk = await newcomer();
  const copy = await openCopy(desk, MODULE.together, "Trouble");
  const rosa = await joinByCode(newcomer, copy, "Rosa", TOUCH);
  const vandal = await joinByLink(newcomer, copy, "Vandal");
  await caretAfter(rosa.text, "A call about a person in crisis");
  await rosa.page.keyboard.type(" Said before.");
  await expectSaved(rosa.page);
  const whole = await wordsOf(rosa.text);

  await test.step("what takes out nearly everything waits, and nobody sees it happen", async () => {
    await vandal.text.focus();
    await vandal.page.keyboard.press("Control+a");
    await vandal.page.keyboard.press("Delete");
    await expect(vandal.page.getByRole("alert")).toContainText("You took out a large part");
    await expect.poll(() => wordsOf(vandal.text)).toEqual(whole);
    expect(await wordsOf(rosa.text)).toEqual(whole);
  });

  await test.step("let through all the same, it is gone for everybody", async () => {
    await desk.reload();
    const held = desk.getByRole("region", { name: "Large deletions that wait" });
    await expect(held).toContainText("Vandal would take out");
    await held.getByText("What would go:").click();
    await expectAccessible(desk);
    await held.getByRole("button", { name: "Let it through" }).click();
    await expect(desk.getByRole("status").first()).toContainText("went through");
    await expect.poll(async () => (await wordsOf(rosa.text)).join("").length).toBeLessThan(40);
  });

  await test.step("others go on writing", async () => {
    await rosa.text.focus();
    await rosa.page.keyboard.press("Control+End");
    await rosa.page.keyboard.type("Rosa wrote on.");
    await expectSaved(rosa.page);
  });

  await test.step("the facilitator takes back what one person did", async () => {
    await desk.goto(`${copy.address}/care`);
    const states = desk.getByRole("region", { name: "Saved states" });
    const before = states.getByRole("listitem").filter({ hasText: "Before a large deletion" });
    await before.getByText("Go back to it…").click();
    await before.getByRole("checkbox", { name: "Vandal" }).check();
    await expectAccessible(desk);
    await before.getByRole("button", { name: "Take back theirs" }).click();
    await expect(desk.getByRole("status").first()).toContainText("back at that state");
    const now = async () => (await wordsOf(rosa.text)).filter((words) => words !== "");
    await expect.poll(async () => (await now()).join("\n")).toContain("Rosa wrote on.");
    for (const words of whole.filter((one) => one !== ""))
      await expect.poll(async () => (await now()).join("\n")).toContain(words);
  });

  await test.step("who is taken out neither reads nor writes any more", async () => {
    const people = desk.getByRole("region", { name: /^People/ });
    await people.getByRole("button", { name: "Take Vandal out" }).click();
    await expect(desk.getByRole("status").first()).toContainText("no longer in the copy");
    await expect(vandal.page.getByRole("status").filter({ hasText: "no longer" })).toBeVisible();
    const answer = await vandal.page.goto(copy.address);
    expect(answer?.status()).toBe(404);
  });
});

test("a copy is paused, opened again and closed; everybody's page knows at once", async ({
  newcomer,
}) => {
  test.setTimeout(120_000);
  const desk = await newcomer();
  const copy = await openCopy(desk, MODULE.together, "Pauses");
  const lee = await joinByLink(newcomer, copy, "Lee");
  await caretAfter(lee.text, "A call about a person in crisis");
  await lee.page.keyboard.type(" Lee wrote this.");
  await expectSaved(lee.page);

  await desk.getByRole("button", { name: "Pause the copy" }).click();
  await expect(lee.text).toHaveAttribute("contenteditable", "false");
  await expect(lee.page.getByRole("status").filter({ hasText: "paused" })).toBeVisible();
  await expectAccessible(lee.page);
  await desk.getByRole("button", { name: "Open it again" }).click();
  await expect(lee.text).toHaveAttribute("contenteditable", "true");
  await caretAfter(lee.text, "A call about a person in crisis");
  await lee.page.keyboard.type(" And this.");
  await expectSaved(lee.page);

  await desk.getByText("Close the copy for good…").click();
  await desk.getByRole("button", { name: "Yes, close it for good" }).click();
  await expect(desk.getByRole("status").first()).toContainText("The copy is closed.");
  await expect(lee.page.getByRole("status").filter({ hasText: "closed" })).toBeVisible();
  await expect(lee.text).toHaveAttribute("contenteditable", "false");

  const late = await newcomer();
  const answer = await late.goto(copy.link);
  expect(answer?.status()).toBe(404);
  const plain = await newcomer({
    javaScriptEnabled: false,
    storageState: await lee.page.context().storageState(),
  });
  await plain.goto(`${copy.address}/changes`);
  await expect(plain.getByRole("heading", { name: "1 change", exact: true })).toBeVisible();
  await expect(plain.locator(".change-card ins")).toContainText("Lee wrote this. And this.");
  await expect(plain.getByRole("article")).toContainText("Lee wrote this. And this.");
});

test("a slip in the code is said at its field; without script one joins, reads and proposes", async ({
  newcomer,
}) => {
  const desk = await newcomer();
  const copy = await openCopy(desk, MODULE.together, "Plain");
  const page = await newcomer({ javaScriptEnabled: false, viewport: PHONE });
  await page.goto("/join");
  await expect(page.getByRole("region", { name: "Before you join" })).toContainText(
    "Everyone in this copy sees your name",
  );
  await page.getByLabel("Code").fill("AAAA-AAAA");
  await page.getByLabel("Your name here").fill("Ana");
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByRole("alert")).toContainText("No open workshop copy has this code");
  await expect(page.getByLabel("Your name here")).toHaveValue("Ana");
  await page.getByLabel("Code").fill(copy.code);
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page).toHaveURL(new RegExp(`${copy.address}$`));
  await expect(page.getByText("A call about a person in crisis").first()).toBeVisible();

  // Ana goes on where there is a script, then sends what she wrote from the plain page.
  const ana = await newcomer({ storageState: await page.context().storageState() });
  await ana.goto(copy.address);
  await caretAfter(await editorOn(ana), "A call about a person in crisis");
  await ana.keyboard.type(" Ana was here.");
  await expectSaved(ana);
  await page.goto(`${copy.address}/changes`);
  const change = page.getByRole("listitem").filter({ hasText: "Ana was here." });
  await page.getByRole("button", { name: "Propose what I chose" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose at least one change.");
  await change.getByRole("checkbox").check();
  await page.getByLabel("Why?").fill("So that it is known.");
  await page.getByRole("button", { name: "Propose what I chose" }).click();
  await expect(page.getByRole("status")).toContainText("Sent. Thank you.");
  await receiptOn(page.getByRole("status"));
  await expect(change).toContainText("Waiting");
});

test("by keys alone: to a change, to its words, to a proposal and back", async ({ newcomer }) => {
  const desk = await newcomer();
  const copy = await openCopy(desk, MODULE.together, "Keys");
  const { page, text } = await joinByLink(newcomer, copy, "Kim");
  await caretAfter(text, "A call about a person in crisis");
  await page.keyboard.type(" First.");
  await caretAfter(text, "It is also about being understood");
  await page.keyboard.type(" Second.");
  await expect(page.locator(".changes-count")).toHaveText("2 changes");
  await page.keyboard.press("F8");
  await expect(
    page.getByRole("status").filter({ hasText: "Change 1 of 2: Kim, Words" }),
  ).toHaveCount(1);
  await expect(changeOf(page, "First.")).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("F8");
  await expect(changeOf(page, "Second.")).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("Shift+F8");
  await expect(changeOf(page, "First.")).toHaveAttribute("aria-current", "true");
  await expect(text).toBeFocused();

  const tick = changeOf(page, "First.").getByRole("checkbox");
  await tick.focus();
  await page.keyboard.press("Space");
  await expect(tick).toBeChecked();
  const propose = page.getByRole("button", { name: "Propose…" });
  await propose.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(propose).toBeFocused();
});

for (const [colorScheme, language] of [
  ["light", "en"],
  ["dark", "es"],
] as const) {
  test(`axe and width on every page of a copy, ${colorScheme}, ${language}`, async ({
    newcomer,
  }) => {
    test.setTimeout(180_000);
    const desk = await newcomer({ colorScheme });
    const copy = await openCopy(desk, MODULE.together, "Looks");
    const lee = await joinByLink(newcomer, copy, "Lee");
    await caretAfter(lee.text, "A call about a person in crisis");
    await lee.page.keyboard.type(" Lee wrote this.");
    await lee.text.locator("h3", { hasText: "Dispatch" }).click();
    await lee.page.keyboard.press("Control+Alt+2");
    await lee.text.locator("p", { hasText: "The scenario shows" }).click({ clickCount: 3 });
    await lee.page.keyboard.press("Delete");
    await expectSaved(lee.page);
    for (const viewport of [DESK, PHONE, { width: 320, height: 640 }]) {
      for (const path of [
        "/join",
        copy.link,
        `${copy.address}/care`,
        `${copy.address}/changes`,
        `${COURSE}/workshops`,
        `${MODULE.together}/workshops/new`,
        copy.address,
      ]) {
        const address = new URL(path, "http://here.invalid").pathname;
        await desk.setViewportSize(viewport);
        await desk.goto(`${address}?lang=${language}`);
        if (address === copy.address) {
          await editorOn(desk);
          await expect(desk.locator(".change-card").first()).toBeAttached();
          const toggle = desk.locator(".changes-toggle");
          if (await toggle.isVisible()) await toggle.click();
        }
        await expectAccessible(desk);
        expect(await sidewaysScroll(desk), `${address} at ${viewport.width}`).toBe(0);
        if (viewport !== PHONE) continue;
        await doubleText(desk);
        expect(await sidewaysScroll(desk), `${address} with text at 200 %`).toBe(0);
      }
    }
  });
}
