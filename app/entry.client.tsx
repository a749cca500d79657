import { RemixBrowser } from "@remix-run/react";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { createI18n } from "./i18n/i18n.ts";

async function hydrate() {
  const language = document.documentElement.lang === "es" ? "es" : "en";
  const { default: catalogue } =
    language === "es" ? await import("./i18n/es/index.ts") : await import("./i18n/en/index.ts");
  const i18n = createI18n(language, catalogue);
  await pageData();
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <I18nextProvider i18n={i18n}>
          <RemixBrowser />
        </I18nextProvider>
      </StrictMode>,
    );
  });
}

/**
 * Waits until Remix has read the page's data. It would make React wait for it while rendering, and
 * a click or a key at that moment ends the rendering for good: the page would never come alive.
 */
async function pageData(): Promise<void> {
  try {
    RemixBrowser({});
  } catch (waiting) {
    await waiting;
  }
}

void hydrate();
