import { expect, test } from "../support/browser.ts";
import { COURSE, commentOn, MODULE, receiptOn } from "../support/pages.ts";

test("without script: read, comment, suggest, keep the receipt, support, reply, in two languages", async ({
  newcomer,
}) => {
  const page = await newcomer({ javaScriptEnabled: false });

  await test.step("from the front page to a draft", async () => {
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/training/i);
    await page.getByRole("link", { name: "Crisis Response and De-escalation" }).first().click();
    await page.getByRole("link", { name: "Responding together" }).click();
    await expect(
      page.getByRole("heading", { level: 1, name: "Responding together" }),
    ).toBeVisible();
    await expect(page.getByText("Send one officer to listen to them")).toBeVisible();
  });

  let comment = "";
  await test.step("comment on a paragraph", async () => {
    await commentOn(page, "Medics decide about bodies; you decide").click();
    await expect(page.getByRole("heading", { name: "Comment on this paragraph" })).toBeVisible();
    await expect(page.getByRole("figure").getByText("Ask for them early")).toBeVisible();
    await expect(page.getByRole("complementary", { name: "What becomes public" })).toBeVisible();
    await page.getByLabel("A question").check();
    await page.getByLabel("Your words").fill("Who pays when medics come and nobody is hurt?");
    await page.getByRole("textbox", { name: "Name to show" }).fill("Ada, Mill Street");
    await page.getByRole("button", { name: "Send comment" }).click();
    await expect(page.getByRole("heading", { name: "Thank you. We have it." })).toBeVisible();
    comment = await receiptOn(page);
    await expect(page.getByRole("button", { name: "Copy the code" })).toBeHidden();
  });

  await test.step("a draft tells that something waits, and not what", async () => {
    await page.goto(MODULE.together);
    await expect(page.getByText(/wait(s)? for a moderator/)).toBeVisible();
    await expect(page.getByText("Who pays when medics come")).toHaveCount(0);
  });

  let suggestion = "";
  await test.step("suggest a wording", async () => {
    await commentOn(page, "A peer supporter has been through").click();
    await page.getByText("Suggest a wording").click();
    const passage = page.getByLabel("The passage, as it should read");
    const before = await passage.inputValue();
    expect(before).toContain("They do not assess and they do not enforce");
    await passage.fill(before.replace("is trained to walk with others", "has learned to listen"));
    await page.getByLabel("Why should it change?").fill("“Walk with others” is a slogan.");
    await page.getByRole("button", { name: "Send suggestion" }).click();
    await expect(page.getByRole("heading", { name: "Thank you. We have it." })).toBeVisible();
    suggestion = await receiptOn(page);
    expect(suggestion).not.toBe(comment);
  });

  await test.step("come back by the receipt, typed carelessly", async () => {
    await page.goto("/");
    await page.getByLabel("Receipt code").fill(comment.toLowerCase().replaceAll("-", " "));
    await page.getByRole("button", { name: "Find it" }).click();
    await expect(page.getByRole("heading", { name: `Receipt ${comment}` })).toBeVisible();
    await expect(page.getByText("Who pays when medics come")).toBeVisible();
    await expect(page.getByText("Next: a moderator reads it")).toBeVisible();
    await expect(page.getByText("Ada, Mill Street")).toBeVisible();
    await page.getByRole("link", { name: "Find my receipt" }).click();
    await page.getByLabel("Receipt code").fill(suggestion);
    await page.getByRole("button", { name: "Show its status" }).click();
    await expect(page.getByText("has learned to listen").first()).toBeVisible();
  });

  await test.step("support somebody's comment, and take it back", async () => {
    await page.goto(MODULE.words);
    await page.getByLabel("1 comment on “Do not stand between the person").click();
    await page.getByRole("link", { name: "Open: Comment by FTO, day shift" }).click();
    await expect(page.getByText("Can it say which way out?")).toBeVisible();
    const supports = async () =>
      Number(
        /\d+/.exec((await page.getByText(/advice, not a vote/).textContent()) ?? "")?.[0] ?? 0,
      );
    const before = await supports();
    await page.getByRole("button", { name: "I support this" }).click();
    await expect(page.getByRole("button", { name: /You support this/ })).toBeVisible();
    expect(await supports()).toBe(before + 1);
    await page.getByRole("button", { name: /You support this/ }).click();
    await expect(page.getByRole("button", { name: "I support this" })).toBeVisible();
    expect(await supports()).toBe(before);
  });

  await test.step("reply to it", async () => {
    await page.getByText("Reply", { exact: true }).click();
    await page.getByLabel("Your reply").fill("It was the same at our house.");
    await page.getByRole("button", { name: "Send reply" }).click();
    await expect(page.getByRole("heading", { name: "Thank you. We have it." })).toBeVisible();
    await receiptOn(page);
  });

  await test.step("change the language; it stays", async () => {
    await page.goto(MODULE.words);
    await page
      .getByRole("navigation", { name: "Language" })
      .getByRole("link", { name: "Español" })
      .click();
    await expect(page.locator("html")).toHaveAttribute("lang", "es");
    await expect(
      page.getByRole("heading", { level: 1, name: "Tiempo, distancia y palabras" }),
    ).toBeVisible();
    await expect(page.getByText("¿Qué le pasa?").first()).toBeVisible();
    await page.goto(COURSE);
    await expect(
      page.getByRole("heading", { level: 1, name: "Respuesta a crisis y desescalada" }),
    ).toBeVisible();
  });
});
