import { expect, type Locator, type Page } from "@playwright/test";

/** The demonstration community's course and the drafts in it that the tests work on. */
export const COURSE = "/curricula/crisis-response-and-de-escalation";
export const MODULE = {
  /** Closed for comments. */
  crisis: `${COURSE}/modules/understanding-a-person-in-crisis`,
  /** Open, in English and Spanish. */
  words: `${COURSE}/modules/time-distance-and-words`,
  together: `${COURSE}/modules/responding-together`,
  after: `${COURSE}/modules/after-the-call`,
};

/** Published with the demonstration; see server/demo.ts. */
export const PASSWORD = "alder-falls";
export const WHO = {
  steward: "marisol@alderfalls.example",
  trainer: "dana@alderfalls.example",
  otherTrainer: "luis@alderfalls.example",
  moderator: "asha@alderfalls.example",
  otherModerator: "tomas@alderfalls.example",
};

/** Signs in through the page and goes on to `next`. */
export async function signIn(page: Page, email: string, next = "/"): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel(/^(E-mail|Correo electrónico)/).fill(email);
  await page.getByLabel(/^(Password|Contraseña)/).fill(PASSWORD);
  await page.getByRole("button", { name: /^(Sign in|Iniciar sesión)$/ }).click();
  await expect(page).toHaveURL(new RegExp(`${escaped(next)}$`));
}

/** The way to comment on the paragraph that begins with these words. */
export function commentOn(page: Page, words: string): Locator {
  return page.getByRole("link", { name: `Comment on “${words}`, exact: false });
}

/** The receipt's code on the page that says thank you. */
export async function receiptOn(page: Page | Locator): Promise<string> {
  const code = page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/).first();
  await expect(code).toBeVisible();
  return (await code.textContent())?.trim() ?? "";
}

/** The page is wider than the window: somebody must scroll sideways to read it. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}

export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
