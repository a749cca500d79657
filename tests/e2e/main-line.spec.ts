import { expect, PHONE, test } from "../support/browser.ts";
import { caretAfter, editorOn, expectSaved, openEditor } from "../support/editor.ts";
import { COURSE, commentOn, MODULE, receiptOn, signIn, WHO } from "../support/pages.ts";

const PARAGRAPH =
  "A peer supporter has been through a crisis and is trained to walk with others. They do not assess and they do not enforce, and that is why some people will speak to them and to nobody else.";
const SUGGESTED = PARAGRAPH.replace(
  "is trained to walk with others",
  "has learned to stay beside somebody who is in one",
);
const AT_ITS_END = " Ask for one early, and ask again if the first call does not go through.";
const ELSEWHERE = " Tell them who has spoken with the person so far, and who should not.";
const REASON = "“Walk with others” is a slogan. Say what they do.";
const DECIDED = "You are right: this says what a peer supporter does.";

test("from a resident's words to a published version", async ({ newcomer }) => {
  test.setTimeout(150_000);
  const resident = await newcomer({ viewport: PHONE, hasTouch: true, isMobile: true });
  let comment = "";
  let suggestion = "";

  await test.step("a resident on a phone comments on a paragraph", async () => {
    await resident.goto("/");
    await resident.getByRole("link", { name: "Crisis Response and De-escalation" }).first().tap();
    await resident.getByRole("link", { name: "Responding together" }).tap();
    await commentOn(resident, "Medics decide about bodies").tap();
    const sheet = resident.getByRole("dialog");
    await expect(sheet).toHaveAccessibleName("Comment on this paragraph");
    await sheet.getByLabel("Your words").fill("Please say it as plainly on the radio.");
    await expect(sheet.getByRole("complementary", { name: "What becomes public" })).toBeVisible();
    await sheet.getByRole("button", { name: "Send comment" }).tap();
    await expect(sheet.getByRole("heading", { name: "Thank you. We have it." })).toBeVisible();
    comment = await receiptOn(sheet);
    await sheet.getByRole("button", { name: "Close" }).tap();
    await expect(sheet).toBeHidden();
    await expect(commentOn(resident, "Medics decide about bodies")).toBeFocused();
  });

  await test.step("and suggests a wording for another", async () => {
    await commentOn(resident, "A peer supporter has been").tap();
    const sheet = resident.getByRole("dialog");
    await expect(sheet).toHaveAccessibleName("Comment on this paragraph");
    await sheet.getByText("Suggest a wording").tap();
    const passage = sheet.getByLabel("The passage, as it should read");
    await expect(passage).toHaveValue(PARAGRAPH);
    await passage.fill(SUGGESTED);
    await expect(sheet.getByText("How your change looks")).toBeVisible();
    await sheet.getByLabel("Why should it change?").fill(REASON);
    await sheet.getByRole("textbox", { name: "Name to show" }).fill("Ada, Mill Street");
    await sheet.getByRole("button", { name: "Send suggestion" }).tap();
    await expect(sheet.getByRole("heading", { name: "Thank you. We have it." })).toBeVisible();
    suggestion = await receiptOn(sheet);
  });

  await test.step("a moderator approves both with keys", async () => {
    const moderator = await newcomer();
    await signIn(moderator, WHO.moderator, `${COURSE}/queue`);
    const preview = moderator.getByRole("article");
    await expect(preview).toBeVisible();
    await expect(moderator.getByText("Single keys work")).toBeVisible();
    for (let i = 0; i < 20; i++) {
      if (await preview.getByText("as plainly on the radio").isVisible()) break;
      const before = moderator.url();
      await moderator.keyboard.press("j");
      await expect(moderator).not.toHaveURL(before);
    }
    await expect(preview.getByText("as plainly on the radio")).toBeVisible();
    await moderator.keyboard.press("a");
    await expect(moderator.getByText("Approved. Everybody can read it now.")).toBeVisible();
    await expect(preview.getByText(REASON)).toBeVisible();
    await moderator.keyboard.press("a");
    await expect(preview.getByText(REASON)).toBeHidden();
    await moderator.goto(`${COURSE}/queue?status=approved&q=slogan`);
    await expect(preview.getByText(REASON)).toBeVisible();
  });

  const trainer = await newcomer();
  const other = await newcomer();
  await test.step("a trainer adopts it while others type in the same module", async () => {
    await signIn(trainer, WHO.trainer, `${COURSE}/decisions`);
    await trainer.getByRole("link", { name: REASON }).click();
    await expect(
      trainer.getByText("It fits: this is what the passage would become."),
    ).toBeVisible();
    const samePlace = await openEditor(other, WHO.otherTrainer, MODULE.together);
    const second = await trainer.context().newPage();
    await second.goto(`${MODULE.together}/edit`);
    const elsewhere = await editorOn(second);
    await caretAfter(samePlace, "A peer supporter has been");
    await caretAfter(elsewhere, "Medics decide about bodies");

    const typing = Promise.all([
      other.keyboard.type(AT_ITS_END, { delay: 70 }),
      second.keyboard.type(ELSEWHERE, { delay: 70 }),
    ]);
    await expect(samePlace).toContainText("Ask for one");
    await trainer.getByRole("radio", { name: "Adopted", exact: false }).first().check();
    await trainer.getByLabel("Reason", { exact: true }).fill(DECIDED);
    await trainer.getByRole("button", { name: "Decide and go to the next" }).click();
    await expect(trainer.getByText("Decided: Adopted.")).toBeVisible();
    const whileTyping = !(await samePlace.textContent())?.includes(AT_ITS_END);
    expect(whileTyping, "the decision fell into the typing").toBe(true);
    await typing;

    for (const text of [samePlace, elsewhere]) {
      await expect(text).toContainText(SUGGESTED + AT_ITS_END);
      await expect(text).toContainText(`never a police request.${ELSEWHERE}`);
    }
    for (const page of [other, second]) await expectSaved(page);
    await second.close();
    await other.reload();
    await expect(samePlace).toContainText(SUGGESTED + AT_ITS_END);
    await expect(samePlace).toContainText(ELSEWHERE);
  });

  await test.step("and publishes the next version", async () => {
    await trainer.goto(`${COURSE}/publish`);
    await expect(trainer.getByText(/decisions? go(es)? with it/)).toBeVisible();
    await trainer
      .getByLabel("What does this version bring?")
      .fill("Peer supporters are described by what they do.");
    await trainer.getByRole("button", { name: "Publish version 3" }).click();
    await expect(trainer.getByRole("heading", { level: 1, name: "Version 3" })).toBeVisible();
    await expect(trainer.getByText(DECIDED)).toBeVisible();
  });

  await test.step("the receipt tells what became of it, with the text before and after", async () => {
    await resident.goto(`/receipts/${suggestion}`);
    await expect(resident.getByText("A trainer decided: Adopted")).toBeVisible();
    await expect(resident.getByText(DECIDED)).toBeVisible();
    await expect(resident.getByText("The change is in version 3")).toBeVisible();
    const text = (caption: string) =>
      resident.getByRole("figure", { name: caption, exact: true }).getByRole("blockquote");
    await expect(text("Before")).toHaveText(/is trained to walk with others/);
    await expect(text("After")).toHaveText(/has learned to stay beside somebody/);
    await resident.getByRole("link", { name: "Read the passage in version 3" }).first().tap();
    const passage = resident.locator(":target");
    await expect(passage).toBeInViewport();
    await expect(passage).toContainText(SUGGESTED + AT_ITS_END);
  });

  await test.step("and the passage tells why it says this", async () => {
    await resident
      .locator(":target")
      .getByRole("link", { name: /Why does it say this/ })
      .tap();
    await expect(
      resident.getByRole("heading", { level: 1, name: "Why does it say this?" }),
    ).toBeVisible();
    await expect(resident.getByText(REASON)).toBeVisible();
    await expect(resident.getByText("Ada, Mill Street").first()).toBeVisible();
    await expect(resident.getByText(DECIDED)).toBeVisible();
    const sentence = (words: string) => resident.getByRole("listitem").filter({ hasText: words });
    await expect(sentence("has learned to stay beside").first()).toContainText(
      "Suggested wording by Ada, Mill Street",
    );
    await expect(sentence(AT_ITS_END.trim()).first()).toContainText("Written by Luis");
  });

  await test.step("the comment still waits for its decision, and says so", async () => {
    await resident.goto(`/receipts/${comment}`);
    await expect(resident.getByText("A moderator approved it: it is public")).toBeVisible();
    await expect(
      resident.getByText("Next: a trainer decides whether the text changes"),
    ).toBeVisible();
  });
});
