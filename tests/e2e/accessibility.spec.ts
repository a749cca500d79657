import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContextOptions, Page } from "@playwright/test";
import { DESK, expect, PHONE, test } from "../support/browser.ts";
import { COURSE, MODULE, receiptOn, sidewaysScroll, signIn, WHO } from "../support/pages.ts";

/** Every page and every state of one that a person can come upon; the editor has its own test. */
type Stop = { name: string; path: string; open?: (page: Page) => Promise<unknown> };

const first = (page: Page, role: "link" | "button", name: RegExp) =>
  page.getByRole("main").getByRole(role, { name }).first();
const COMMENT = /^(Comment on “|Comentar «)/;

const READER: Stop[] = [
  { name: "front page", path: "/" },
  { name: "curriculum", path: COURSE },
  { name: "draft", path: MODULE.words },
  { name: "draft, closed for comments", path: MODULE.crisis },
  {
    name: "draft, with the notes on a paragraph open",
    path: MODULE.words,
    open: async (page) => {
      await page
        .getByLabel(/^1 (comment on|comentario)/)
        .first()
        .click();
      await expect(first(page, "button", /^(I support this|Lo apoyo)/)).toBeVisible();
    },
  },
  {
    name: "draft, with the form in a dialog",
    path: MODULE.words,
    open: async (page) => {
      await first(page, "link", COMMENT).click();
      await expect(page.getByRole("dialog").getByRole("textbox").first()).toBeVisible();
    },
  },
  {
    name: "draft, with a wording being suggested",
    path: MODULE.words,
    open: async (page) => {
      await first(page, "link", COMMENT).click();
      await page.getByText(/^(Suggest a wording|Proponer una redacción)/).click();
      await page.getByRole("dialog").getByRole("textbox").nth(0).fill("Other words altogether");
    },
  },
  {
    name: "draft, with words selected",
    path: MODULE.words,
    open: async (page) => {
      await page.locator("[data-block] p").nth(3).selectText();
      await expect(page.getByRole("toolbar")).toBeVisible();
    },
  },
  { name: "comment form", path: `${MODULE.words}/comment?text=en` },
  {
    name: "comment form with errors",
    path: `${MODULE.words}/comment?text=en`,
    open: async (page) => {
      await first(page, "button", /^(Send comment|Enviar)/).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  {
    name: "receipt",
    path: `${MODULE.words}/comment?text=en`,
    open: async (page) => {
      await page.getByRole("textbox").first().fill("Read aloud by a person who is not in a hurry.");
      await first(page, "button", /^(Send comment|Enviar)/).click();
      await receiptOn(page);
    },
  },
  { name: "comment on the curriculum", path: `${COURSE}/comment` },
  { name: "finding a receipt", path: "/receipts" },
  {
    name: "no such receipt",
    path: "/receipts",
    open: async (page) => {
      await page.getByRole("textbox").fill("ABC");
      await page.getByRole("main").getByRole("button").click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  { name: "version", path: `${COURSE}/versions/2` },
  { name: "text of a version", path: `${COURSE}/versions/2/modules/time-distance-and-words` },
  {
    name: "text of a version, with who wrote it",
    path: `${COURSE}/versions/2/modules/time-distance-and-words?who`,
  },
  { name: "what changed", path: `${COURSE}/versions/2/changes` },
  {
    name: "why it says this",
    path: `${COURSE}/versions/2/modules/time-distance-and-words`,
    open: (page) => first(page, "link", /^(Why does it say this|¿Por qué)/).click(),
  },
  { name: "decisions for everybody", path: `${COURSE}/decisions` },
  {
    name: "one input, with its reply form",
    path: `${COURSE}/decisions`,
    open: async (page) => {
      await first(page, "link", /^(Open this input|Abrir)/).click();
      await expect(page.getByRole("article")).toBeVisible();
    },
  },
  { name: "sign in", path: "/sign-in" },
  {
    name: "sign in with errors",
    path: "/sign-in",
    open: async (page) => {
      await first(page, "button", /^(Sign in|Iniciar sesión)$/).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  { name: "make an account", path: "/sign-up" },
  { name: "no such page", path: "/nowhere" },
];

const TRAINER: Stop[] = [
  { name: "work", path: "/work" },
  { name: "account", path: "/account" },
  { name: "curriculum for trainers", path: COURSE },
  { name: "decisions to make", path: `${COURSE}/decisions` },
  {
    name: "decision",
    path: `${COURSE}/decisions`,
    open: async (page) => {
      await page.getByRole("main").getByRole("article").first().getByRole("link").first().click();
      await expect(page.getByRole("radio").first()).toBeVisible();
      await page.getByRole("radio").nth(1).check();
    },
  },
  { name: "publish", path: `${COURSE}/publish` },
  { name: "repair list, nothing there", path: `${COURSE}/repairs` },
  { name: "rounds", path: `${COURSE}/rounds` },
  { name: "settings of the curriculum", path: `${COURSE}/settings` },
  { name: "settings of a module", path: `${MODULE.after}/settings` },
  { name: "new module", path: `${COURSE}/modules/new` },
  { name: "import", path: `${COURSE}/import` },
  { name: "new curriculum", path: "/curricula/new" },
];

const MODERATOR: Stop[] = [
  { name: "queue", path: `${COURSE}/queue` },
  { name: "queue, nothing there", path: `${COURSE}/queue?q=nothing+like+this` },
  {
    name: "queue, asking for a reason",
    path: `${COURSE}/queue?status=waiting`,
    open: async (page) => {
      await page
        .getByRole("navigation")
        .getByRole("link", { name: /“|"|\?/ })
        .first()
        .click();
      await first(page, "button", /^(Reject|Rechazar)…/).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "queue, a reason is missing",
    path: `${COURSE}/queue?status=held`,
    open: async (page) => {
      await page.getByRole("navigation").getByRole("link", { name: /\d{4}/ }).first().click();
      await first(page, "button", /^(Reject|Rechazar)…/).click();
      await page.getByRole("dialog").getByRole("button").first().click();
      await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
    },
  },
];

const STEWARD: Stop[] = [
  { name: "people", path: "/people" },
  {
    name: "taking a role away",
    path: "/people",
    open: (page) => first(page, "link", /^(Remove|Quitar)/).click(),
  },
];

const LOOKS: { name: string; lang: string; options: BrowserContextOptions }[] = [
  { name: "English, light, desk", lang: "en", options: { viewport: DESK, colorScheme: "light" } },
  {
    name: "Spanish, dark, phone",
    lang: "es",
    options: { viewport: PHONE, colorScheme: "dark", locale: "es-MX" },
  },
];

for (const { name, lang, options } of LOOKS) {
  for (const [who, email, stops] of [
    ["readers", null, READER],
    ["trainers", WHO.trainer, TRAINER],
    ["moderators and stewards", WHO.moderator, MODERATOR],
  ] as const) {
    test(`axe finds nothing on the pages of ${who}: ${name}`, async ({ newcomer }) => {
      test.setTimeout(240_000);
      const found: string[] = [];
      const walk = async (page: Page, list: readonly Stop[]) => {
        for (const stop of list) found.push(...(await look(page, stop, lang)));
      };
      const page = await newcomer(options);
      if (email) await signIn(page, email);
      await walk(page, stops);
      if (stops === MODERATOR) {
        const steward = await newcomer(options);
        await signIn(steward, WHO.steward);
        await walk(steward, STEWARD);
      }
      expect(found.join("\n"), "what axe found").toBe("");
    });
  }
}

test("at 320 pixels, and with text twice as large, no page scrolls sideways", async ({
  newcomer,
}) => {
  test.setTimeout(240_000);
  const wide: string[] = [];
  const narrow = { viewport: { width: 320, height: 640 } };
  for (const [email, stops] of [
    [null, READER],
    [WHO.trainer, TRAINER],
    [WHO.moderator, MODERATOR],
    [WHO.steward, STEWARD],
  ] as const) {
    const page = await newcomer(narrow);
    if (email) await signIn(page, email);
    for (const { name, path, open } of stops) {
      await page.setViewportSize(narrow.viewport);
      await page.goto(path);
      await open?.(page);
      const at320 = await sidewaysScroll(page);
      if (at320 > 0) wide.push(`${name}: ${at320} px too wide at 320`);
      // The browser's zoom at 200 %: a window of 640 has room for 320, with everything else doubled.
      await page.setViewportSize({ width: 640, height: 800 });
      await page.evaluate(() => {
        for (const sheet of document.styleSheets)
          if (sheet.cssRules.length > 0) {
            sheet.insertRule("html { font-size: 200% }", sheet.cssRules.length);
            return;
          }
      });
      const doubled = await sidewaysScroll(page);
      if (doubled > 0) wide.push(`${name}: ${doubled} px too wide with text at 200 %`);
    }
  }
  expect(wide.join("\n"), "pages that scroll sideways").toBe("");
});

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function look(page: Page, { name, path, open }: Stop, lang: string): Promise<string[]> {
  await page.goto(`${path}${path.includes("?") ? "&" : "?"}lang=${lang}`);
  await open?.(page);
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.flatMap(({ id, help, nodes }) => [
    `${name} (${page.url().replace(/^http:\/\/[^/]+/, "")}): ${id}: ${help}`,
    ...nodes.slice(0, 4).map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join("; ");
      return `    ${target.join(" ")}: ${why}`;
    }),
  ]);
}
