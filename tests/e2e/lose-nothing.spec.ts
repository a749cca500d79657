import { setTimeout as sleep } from "node:timers/promises";
import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/browser.ts";
import { caretAfter, draftOf, editorOn, expectSaved, openEditor } from "../support/editor.ts";
import { MODULE, signIn, WHO } from "../support/pages.ts";
import { startServer } from "../support/server.ts";

test.use({ interrupted: true });

const DRAFT = MODULE.together;
const EDIT = `${DRAFT}/edit`;
/** A paragraph of the draft that these tests write after. */
const PLACE = "Dispatch will tell you on every";

const line = (page: Page) => page.locator(".saved");
const KEPT = /^Offline: \d+ changes? kept on this device$/;

/** The draft's words as they stand on a screen: carets and the like left out. */
const wordsOn = (text: Locator): Promise<string[]> =>
  text.locator("p, h2, h3, h4").evaluateAll((blocks) =>
    blocks.map((block) => {
      const copy = block.cloneNode(true) as HTMLElement;
      for (const extra of copy.querySelectorAll(".caret")) extra.remove();
      return copy.textContent ?? "";
    }),
  );

/** What this browser keeps of drafts, whosever. */
const keptIn = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const request = indexedDB.open("groundwork");
        request.onsuccess = () => {
          const db = request.result;
          const count = db.transaction("unsaved").objectStore("unsaved").count();
          count.onsuccess = () => {
            db.close();
            resolve(count.result);
          };
        };
      }),
  );

async function signOut(page: Page): Promise<void> {
  await page.goto("/sign-out");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/$/);
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

test("two write, a third is without a network for a while: all see the same, nothing is missing", async ({
  newcomer,
}) => {
  const pages = [await newcomer(), await newcomer(), await newcomer()] as const;
  const texts: Locator[] = [];
  for (const [i, page] of pages.entries()) {
    const who = i === 1 ? WHO.otherTrainer : WHO.trainer;
    const text = await openEditor(page, who, DRAFT);
    await caretAfter(text, PLACE);
    texts.push(text);
  }
  const [dana, luis, away] = pages;
  await away.context().setOffline(true);
  await expect(line(away)).toHaveText("Offline: nothing is waiting to be saved");
  const typing = [
    dana.keyboard.type(" Dana writes on.", { delay: 20 }),
    luis.keyboard.type(" Luis does too.", { delay: 20 }),
    away.keyboard.type(" And I, on the bus.", { delay: 20 }),
  ];
  await Promise.all(typing);
  await away.keyboard.press("Enter");
  await away.keyboard.type("A paragraph from the bus.");
  await expect(line(away)).toHaveText(KEPT);
  await expectSaved(dana);
  await expectSaved(luis);
  await expect(texts[0] as Locator).not.toContainText("bus");

  await away.context().setOffline(false);
  await expectSaved(away);
  await expect(texts[0] as Locator).toContainText("A paragraph from the bus.");
  const [one, two, three] = await Promise.all(texts.map(wordsOn));
  expect(two).toEqual(one);
  expect(three).toEqual(one);
  const all = one?.join("\n") ?? "";
  for (const words of [" Dana writes on.", " Luis does too.", " And I, on the bus."])
    expect(all, `${words} is in ${all}`).toContain(words);
  expect(await keptIn(away)).toBe(0);
});

test("the server is killed while they write: words come back, also from a closed tab, and only to their author", async ({
  newcomer,
  site,
}) => {
  const [danas, luiss] = [await newcomer(), await newcomer()];
  const dana = await openEditor(danas, WHO.trainer, DRAFT);
  const luis = await openEditor(luiss, WHO.otherTrainer, DRAFT);
  await caretAfter(dana, PLACE);
  await caretAfter(luis, PLACE);
  await danas.keyboard.press("Enter");
  await danas.keyboard.type("Dana saved this.");
  await expectSaved(danas);
  await site.kill();
  await danas.keyboard.type(" Dana wrote this into the dark.", { delay: 5 });
  await luiss.keyboard.type(" Luis did so too.", { delay: 5 });
  await expect(line(danas)).toHaveText(KEPT);
  await expect(line(luiss)).toHaveText(KEPT);
  const context = danas.context();
  await danas.close();

  const port = Number(new URL(site.origin).port);
  const again = await startServer({ dataDir: site.dataDir, port });
  await expectSaved(luiss);
  const shared = await context.newPage();
  // Somebody else at the same computer finds nothing of it, and sends nothing of it.
  await signOut(shared);
  const others = await openEditor(shared, WHO.otherTrainer, DRAFT);
  await expect(others).toContainText("Luis did so too.");
  await expect(others).toContainText("Dana saved this.");
  await sleep(300);
  await expect(others).not.toContainText("into the dark");
  expect(await keptIn(shared)).toBeGreaterThan(0);

  await signOut(shared);
  const back = await openEditor(shared, WHO.trainer, DRAFT);
  await expect(back).toContainText("Dana saved this. Dana wrote this into the dark.");
  await expect(shared.getByText("What you wrote here earlier")).toBeVisible();
  await expectAccessible(shared);
  await shared.getByRole("button", { name: "Close" }).click();
  await expect(shared.getByText("What you wrote here earlier")).toBeHidden();
  await expectSaved(shared);
  await expect(luis).toContainText("Dana wrote this into the dark.");
  expect(JSON.stringify(await draftOf(shared, DRAFT))).toContain("into the dark.");
  await expect.poll(() => keptIn(shared)).toBe(0);
  await signOut(shared);
  expect(await keptIn(shared)).toBe(0);
  await again.stop();
});

test("a role taken away while writing: it is said at once, and the words wait for it", async ({
  newcomer,
}) => {
  const page = await newcomer();
  const steward = await newcomer();
  const text = await openEditor(page, WHO.trainer, DRAFT);
  await signIn(steward, WHO.steward, "/people");
  await caretAfter(text, PLACE);
  await page.keyboard.type(" Saved before.");
  await expectSaved(page);

  await page.context().setOffline(true);
  await page.keyboard.type(" Not saved any more.");
  await expect(line(page)).toHaveText(KEPT);
  await takeRole(steward);
  await page.context().setOffline(false);
  const notice = page.getByRole("alert");
  await expect(notice).toContainText("Your role as a trainer here has ended");
  await expect(line(page)).toHaveText("Closed: changes are not saved");
  await expect(text).toHaveAttribute("contenteditable", "false");
  await expect(notice.getByRole("textbox")).toHaveValue(" Not saved any more.");
  await expect(notice).toContainText("They stay on this device");
  await expectAccessible(page);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await notice.getByRole("button", { name: "Copy the words" }).click();
  await expect(notice.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(" Not saved any more.");

  const answer = await page.goto(EDIT);
  expect(answer?.status()).toBe(403);
  await giveRole(steward);
  await page.goto(EDIT);
  await expect(await editorOn(page)).toContainText("Saved before. Not saved any more.");
  await expectSaved(page);
  await expect.poll(() => keptIn(page)).toBe(0);

  // With a connection it is said within five seconds, whatever is being typed.
  await caretAfter(page.getByRole("textbox", { name: /^Text of/ }), PLACE);
  let told = false;
  const typing = (async () => {
    for (let n = 0; !told && n < 200; n++) await page.keyboard.type(` word${n}`, { delay: 10 });
  })();
  await takeRole(steward);
  await expect(page.getByRole("alert")).toContainText("Your role as a trainer", { timeout: 5_000 });
  await expect(line(page)).toHaveText("Closed: changes are not saved");
  const before = await page.getByRole("textbox", { name: /^Text of/ }).textContent();
  await sleep(200);
  told = true;
  await typing;
  await expect(page.getByRole("textbox", { name: /^Text of/ })).toHaveText(before ?? "");
});

test("an edit that the server refuses: its words can be copied, and it doesn't come again", async ({
  newcomer,
}) => {
  const page = await newcomer();
  const text = await openEditor(page, WHO.trainer, DRAFT);
  await caretAfter(text, PLACE);
  await page.context().setOffline(true);
  await page.keyboard.type(" Fine.");
  await expect(line(page)).toHaveText(KEPT);
  const context = page.context();
  await keepMisfit(page, "Words of an older form.");
  await page.close();
  await context.setOffline(false);

  const again = await context.newPage();
  await again.goto(EDIT);
  const notice = again.getByRole("alert");
  await expect(notice).toContainText("does not fit the form of the text");
  await expect(notice.getByRole("textbox")).toHaveValue(/Words of an older form\.$/);
  await expect(notice).toContainText("until you remove them");
  await expectAccessible(again);
  await notice.getByRole("button", { name: "Load the page again" }).click();

  await editorOn(again);
  await expect(notice).toContainText("You wrote these words here earlier");
  await expect(notice.getByRole("textbox")).toHaveValue(/Words of an older form\.$/);
  await expectAccessible(again);
  await notice.getByRole("button", { name: "Remove from this device" }).click();
  await expect(notice).toContainText("Removed from this device");
  await expect.poll(() => keptIn(again)).toBe(0);
  await notice.getByRole("button", { name: "Close" }).click();
  await caretAfter(again.getByRole("textbox", { name: /^Text of/ }), PLACE);
  await again.keyboard.type(" On it goes.");
  await expectSaved(again);
  expect(JSON.stringify(await draftOf(again, DRAFT))).not.toContain("older form");
});

test("where the browser keeps nothing, all works and no more is promised", async ({ newcomer }) => {
  const page = await newcomer();
  await page.addInitScript(() => {
    Object.defineProperty(window, "indexedDB", { value: undefined });
  });
  const text = await openEditor(page, WHO.trainer, DRAFT);
  await caretAfter(text, PLACE);
  await page.keyboard.type(" With a network.");
  await expectSaved(page);
  await page.context().setOffline(true);
  await page.keyboard.type(" W");
  await expect(line(page)).toHaveText("Offline: 2 changes kept on this page only");
  await page.context().setOffline(false);
  await expectSaved(page);
});

async function takeRole(steward: Page): Promise<void> {
  await steward.goto("/people");
  await steward.getByRole("link", { name: /^Remove Trainer.*Crisis.*from Dana Whitlock$/ }).click();
  await steward.getByRole("button", { name: "Remove the role" }).click();
  await expect(steward.getByText("The role was removed.")).toBeVisible();
}

async function giveRole(steward: Page): Promise<void> {
  await steward.goto("/people?q=Dana");
  const grant = steward.getByRole("region", { name: "Give a role" });
  await grant.getByLabel("Person").selectOption({ label: "Dana Whitlock" });
  await grant.getByLabel("Role").selectOption({ label: "Trainer" });
  await grant.getByLabel("Curriculum").selectOption({ label: "Crisis Response and De-escalation" });
  await grant.getByRole("button", { name: "Give the role" }).click();
  await expect(steward.getByText("The role was given.")).toBeVisible();
}

/** Keeps, beside what is kept, an edit as an editor with another schema would have made it. */
async function keepMisfit(page: Page, words: string): Promise<void> {
  const Y = await import("yjs");
  const doc = new Y.Doc();
  const item = new Y.XmlElement("listItem");
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.insert(0, [new Y.XmlText(words)]);
  item.insert(0, [paragraph]);
  doc.getXmlFragment("default").push([item]);
  const edit = [...Y.encodeStateAsUpdate(doc)];
  await page.evaluate(
    (bytes) =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open("groundwork");
        request.onsuccess = () => {
          const transaction = request.result.transaction("unsaved", "readwrite");
          const store = transaction.objectStore("unsaved");
          const keys = store.getAllKeys();
          keys.onsuccess = () => {
            const [whose, opened] = keys.result.at(-1) as [string, number];
            store.put({ edit: new Uint8Array(bytes) }, [whose, opened + 1, 1]);
          };
          transaction.oncomplete = () => {
            request.result.close();
            resolve();
          };
        };
      }),
    edit,
  );
}
