import type { Page } from "@playwright/test";
import { expect, test } from "../support/browser.ts";
import { caretAfter, expectSaved, openEditor } from "../support/editor.ts";
import { COURSE, commentOn, MODULE, receiptOn, signIn, WHO } from "../support/pages.ts";

const TITLE = "Thank you. We have it.";

test("an empty and an oversized comment are answered in words and keep what was typed", async ({
  newcomer,
}) => {
  const page = await newcomer({ javaScriptEnabled: false });
  await page.goto(MODULE.words);
  await commentOn(page, "Decide on the way").click();
  await page.getByLabel("A story").check();
  await page.getByRole("textbox", { name: "Name to show" }).fill("Ada");
  await page.getByLabel("Your words").fill("   ");
  await send(page);
  await expect(page.getByRole("alert")).toContainText("Please write something first.");
  await expect(page.getByLabel("Your words")).toHaveAccessibleDescription(
    /Please write something first\./,
  );
  await expect(page.getByRole("textbox", { name: "Name to show" })).toHaveValue("Ada");
  await expect(page.getByLabel("A story")).toBeChecked();

  const long = "It was a long night. ".repeat(300);
  await page.getByLabel("Your words").fill(long);
  await send(page);
  await expect(page.getByRole("alert")).toContainText("more than 5,000 characters");
  await expect(page.getByLabel("Your words")).toHaveValue(long);

  await page.getByLabel("Your words").fill("It was a long night.");
  await send(page);
  await expect(page.getByRole("heading", { name: TITLE })).toBeVisible();
});

test("hostile text shows as text, on every page that shows it", async ({ newcomer }) => {
  const hostile = `<img src=x onerror="document.title='owned'"> <script>document.title='owned'</script> [a](javascript:alert(1))`;
  const resident = await newcomer();
  await resident.goto(`${MODULE.words}/comment?text=en`);
  await resident.getByLabel("Your words").fill(hostile);
  await resident.getByRole("textbox", { name: "Name to show" }).fill("<b>Ada</b>");
  await send(resident);
  const code = await receiptOn(resident);
  await expect(resident.getByText(hostile)).toBeVisible();

  const moderator = await newcomer();
  await signIn(moderator, WHO.moderator, `${COURSE}/queue`);
  await moderator.getByRole("link", { name: /onerror/ }).click();
  const preview = moderator.getByRole("article");
  await expect(preview.getByText(hostile)).toBeVisible();
  await preview.getByRole("button", { name: "Approve" }).click();
  await expect(moderator.getByText("Approved. Everybody can read it now.")).toBeVisible();

  await resident.goto(MODULE.words);
  await expect(resident.getByText(hostile)).toBeVisible();
  await resident.goto(`/receipts/${code}`);
  await resident.getByRole("link", { name: "See it where everybody sees it" }).click();
  await expect(resident.getByText(hostile)).toBeVisible();
  await expect(resident.getByText("<b>Ada</b>")).toBeVisible();
  const trainer = await newcomer();
  await signIn(trainer, WHO.trainer, `${COURSE}/decisions`);
  await trainer.getByRole("link", { name: /onerror/ }).click();
  await expect(trainer.getByText(hostile)).toBeVisible();
  for (const page of [resident, moderator, trainer]) await expect(page).not.toHaveTitle("owned");
});

test("what isn't there, and what isn't open, is said in words", async ({ newcomer }) => {
  const page = await newcomer();
  for (const path of ["/nowhere", "/curricula/nothing", `${COURSE}/modules/nothing`]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("link", { name: "Go to the front page" })).toBeVisible();
  }
  await page.goto(`${COURSE}/versions/99`);
  await expect(page.getByText("There is no version with that number.")).toBeVisible();

  await page.goto(MODULE.crisis);
  await expect(page.getByText("Comments on this module are closed.")).toBeVisible();
  await expect(page.getByRole("link", { name: /^Comment on “/ })).toHaveCount(0);
  await page.goto(`${MODULE.crisis}/comment?text=en`);
  await expect(page.getByText("Comments are closed here", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send comment" })).toHaveCount(0);

  await page.goto(`${COURSE}/queue`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test("a round that closes while somebody writes: the words are still there", async ({
  newcomer,
}) => {
  const resident = await newcomer();
  await resident.goto(`${MODULE.words}/comment?text=en`);
  await resident.getByLabel("Your words").fill("I needed a day to find these words.");
  const trainer = await newcomer();
  await signIn(trainer, WHO.trainer, `${COURSE}/rounds`);
  await trainer.getByRole("button", { name: "Close it now" }).click();
  await expect(trainer.getByText("The round is closed.")).toBeVisible();
  await send(resident);
  await expect(resident.getByRole("alert")).toContainText("Comments are closed here now");
  await expect(resident.getByLabel("Your words")).toHaveValue(
    "I needed a day to find these words.",
  );
});

test("a passage that changed while somebody wrote: both texts, and it can still be sent", async ({
  newcomer,
}) => {
  const words = "Drink some water.";
  const resident = await newcomer({ javaScriptEnabled: false });
  await resident.goto(MODULE.after);
  await commentOn(resident, "Drink some water.").click();
  await resident.getByLabel("Your words").fill("Water for whom?");

  const trainer = await newcomer();
  const text = await openEditor(trainer, WHO.trainer, MODULE.after);
  await caretAfter(text, words);
  await trainer.keyboard.type(" Sit down for it.");
  await expectSaved(trainer);

  await send(resident);
  await expect(resident.getByRole("alert")).toContainText(
    "The paragraph changed while you were writing.",
  );
  const shown = (caption: string) =>
    resident.getByRole("figure", { name: caption }).getByRole("blockquote");
  await expect(shown("When you opened this form")).not.toContainText("Sit down for it.");
  await expect(shown("As it reads now")).toContainText("Sit down for it.");
  await expect(resident.getByLabel("Your words")).toHaveValue("Water for whom?");
  await resident.getByRole("button", { name: "Send it as it is" }).click();
  await expect(resident.getByRole("heading", { name: TITLE })).toBeVisible();
});

test("two trainers decide at once: the second is told, and keeps what was typed", async ({
  newcomer,
}) => {
  const one = await newcomer();
  const other = await newcomer();
  for (const [page, who] of [
    [one, WHO.trainer],
    [other, WHO.otherTrainer],
  ] as const) {
    await signIn(page, who, `${COURSE}/decisions`);
    await page.getByRole("link", { name: /I teach rookies the opposite/ }).click();
    await page.getByRole("radio", { name: /^Out of scope/ }).check();
    await page.getByLabel("Reason", { exact: true }).fill(`So says ${who}.`);
  }
  await one.getByRole("button", { name: "Decide and go to the next" }).click();
  await expect(one.getByText("Decided: Out of scope.")).toBeVisible();
  await other.getByRole("button", { name: "Decide and go to the next" }).click();
  await expect(other.getByRole("alert")).toContainText(
    "Somebody else decided on this a moment ago.",
  );
  await expect(other.getByLabel("Reason", { exact: true })).toHaveValue(
    `So says ${WHO.otherTrainer}.`,
  );
  await expect(other.getByText(`So says ${WHO.trainer}.`)).toBeVisible();
});

test("whoever moderated an input can't decide on it, and is told so before writing", async ({
  newcomer,
}) => {
  const steward = await newcomer();
  await signIn(steward, WHO.steward, "/people");
  const grant = steward.getByRole("region", { name: "Give a role" });
  await grant.getByLabel("Person").selectOption({ label: "Tomas Varga" });
  await grant.getByLabel("Role").selectOption({ label: "Trainer" });
  await grant.getByLabel("Curriculum").selectOption({ label: "Crisis Response and De-escalation" });
  await grant.getByRole("button", { name: "Give the role" }).click();
  await expect(steward.getByText("The role was given.")).toBeVisible();

  const both = await newcomer();
  await signIn(both, WHO.otherModerator, `${COURSE}/decisions`);
  await both.getByRole("link", { name: /I teach rookies the opposite/ }).click();
  await expect(
    both.getByText("You moderated this, so somebody else has to decide on it."),
  ).toBeVisible();
  await expect(both.getByRole("button", { name: /^Decide/ })).toHaveCount(0);
});

test("files that aren't what they say are refused in words", async ({ newcomer }) => {
  const page = await newcomer();
  await signIn(page, WHO.trainer, `${COURSE}/import`);
  const problem = page.getByRole("alert");
  const attempt = async (name: string, content: string | Buffer) => {
    await page
      .getByLabel("File", { exact: true })
      .setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
    await page.getByRole("button", { name: "Import it" }).click();
  };
  await page.getByRole("button", { name: "Import it" }).click();
  await expect(problem).toContainText("Choose a file.");
  await attempt("lesson.docx", "PK\u0003\u0004 and then nothing of the kind");
  await expect(problem).toContainText("We can't read this as a Word file.");
  await attempt("lesson.md", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]));
  await expect(problem).toContainText("This isn't a Word, Markdown or web page file.");
  await attempt("lesson.md", "   \n\n");
  await expect(problem).toContainText("There is no text in this file.");
  await attempt("lesson.md", "word ".repeat(400_000));
  await expect(problem).toContainText("This text is too long for one module.");
  await attempt(
    "lesson.html",
    `<h1>Listening</h1><script>document.title="owned"</script><p onclick="x()">Wait for the answer.</p><img src="https://example.org/x.png" alt="A porch">`,
  );
  await expect(page.getByRole("heading", { name: "The file is in" })).toBeVisible();
  await expect(page.getByText("1 program inside the page")).toBeVisible();
  await page.getByRole("link", { name: "Read the draft" }).click();
  await expect(page.getByText("Wait for the answer.")).toBeVisible();
  await expect(page).not.toHaveTitle("owned");
});

test("a form from another site is refused, and so is one that is too large", async ({ site }) => {
  const form = new URLSearchParams({ body: "x", key: "0123456789abcdef", kind: "comment" });
  const post = (
    headers: Record<string, string>,
    body: BodyInit = form,
    path = "/comment?text=en",
  ) => fetch(`${site.origin}${MODULE.words}${path}`, { method: "POST", headers, body });
  const foreign: Record<string, string>[] = [
    { Origin: "https://elsewhere.example" },
    { Origin: "null" },
    { Origin: site.origin.replace("http:", "https:") },
    { "X-Forwarded-Host": "elsewhere.example", Origin: "https://elsewhere.example" },
    {},
  ];
  for (const headers of foreign) {
    const answer = await post(headers);
    expect(answer.status, JSON.stringify(headers)).toBe(403);
    expect(await answer.text()).toContain("sent from another site");
  }
  const data = await post({ Origin: "https://elsewhere.example" }, form, "/comment.data?text=en");
  expect(data.status).toBe(403);
  const large = await post({ Origin: site.origin }, "x".repeat(1_200_000));
  expect(large.status).toBe(413);
  expect(await large.text()).toContain("more than we can take in one go");
});

test("a page comes alive also when somebody clicks all the while it loads", async ({
  newcomer,
}) => {
  const page = await newcomer();
  await signIn(page, WHO.moderator);
  await page.addInitScript(() => {
    const { port1, port2 } = new MessageChannel();
    const end = Date.now() + 1_500;
    port1.onmessage = () => {
      document.querySelector("h1")?.click();
      if (Date.now() < end) port2.postMessage("");
    };
    port2.postMessage("");
  });
  for (let i = 0; i < 3; i++) {
    await page.goto(`${COURSE}/queue`);
    await expect(page.getByText("Single keys work")).toBeVisible();
  }
});

test("too many tries at a receipt: wait a minute, in words", async ({ site }) => {
  const attempt = () =>
    fetch(`${site.origin}/receipts`, {
      method: "POST",
      headers: { Origin: site.origin },
      body: new URLSearchParams({ code: "7KQ2-M4XD-9TRA" }),
    });
  let answer = await attempt();
  expect(answer.status).toBe(404);
  for (let i = 0; i < 40 && answer.status === 404; i++) answer = await attempt();
  expect(answer.status).toBe(429);
  expect(await answer.text()).toContain("Wait a minute, then try again.");
});

test("the policy of every page allows this site alone", async ({ site }) => {
  for (const path of ["/", MODULE.words, "/sign-in", "/nowhere"]) {
    const { headers } = await fetch(site.origin + path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(policy, path).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
});

/** Sends the comment form and waits for what comes. */
async function send(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Send comment" }).click();
}
