import { rmSync } from "node:fs";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  type Page,
} from "@playwright/test";
import { type RunningServer, startServer } from "./server.ts";

export { expect } from "@playwright/test";

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 900 };

type Options = {
  /** False for an installation that nobody has set up yet. */
  demo: boolean;
  /** True when the server is stopped under the browser: then lost connections are no trouble. */
  interrupted: boolean;
};

type Fixtures = {
  /** A server of this test's own. */
  site: RunningServer;
  /**
   * A browser of somebody's own: their own cookies and storage. Whatever goes wrong in it unseen
   * (a script's error, a refusal by the page's own policy, a request that leaves the machine)
   * fails the test at its end.
   */
  newcomer: (options?: BrowserContextOptions) => Promise<Page>;
};

export const test = base.extend<Options & Fixtures>({
  demo: [true, { option: true }],
  interrupted: [false, { option: true }],
  site: async ({ demo }, use) => {
    const server = await startServer({ demo });
    await use(server);
    await server.stop();
    rmSync(server.dataDir, { recursive: true, force: true });
  },
  newcomer: async ({ browser, site, interrupted }, use) => {
    const troubles: string[] = [];
    const contexts: BrowserContext[] = [];
    await use(async (options) => {
      const context = await newContext(browser, site, options);
      contexts.push(context);
      watch(context, site.origin, (trouble) => {
        if (!(interrupted && /ERR_CONNECTION|WebSocket connection/.test(trouble)))
          troubles.push(trouble);
      });
      return context.newPage();
    });
    for (const context of contexts) await context.close();
    base.expect(troubles, "trouble in the browser that nobody saw").toEqual([]);
  },
});

function newContext(browser: Browser, site: RunningServer, options?: BrowserContextOptions) {
  return browser.newContext({
    baseURL: site.origin,
    locale: "en-US",
    viewport: DESK,
    ...options,
  });
}

/** Tells of everything in a browser that a person wouldn't see but that is wrong all the same. */
function watch(context: BrowserContext, origin: string, tell: (trouble: string) => void): void {
  const ours = new Set([origin, origin.replace("http:", "ws:")]);
  const leaves = (address: string) => {
    const { protocol, origin: to } = new URL(address);
    return protocol !== "data:" && protocol !== "blob:" && !ours.has(to);
  };
  context.on("weberror", (error) => tell(`${error.page()?.url()}: ${error.error()}`));
  context.on("console", (message) => {
    // A page that says "not found" in words has that status too: the browser notes it as an error.
    if (message.type() !== "error" || /status of 4\d\d/.test(message.text())) return;
    tell(`${message.page()?.url()}: ${message.text()}`);
  });
  context.on("request", (request) => {
    if (leaves(request.url())) tell(`a request left the machine: ${request.url()}`);
  });
  context.on("response", (response) => {
    const part = ["script", "stylesheet", "font", "image"].includes(
      response.request().resourceType(),
    );
    if (part && response.status() >= 400) tell(`${response.status()} for ${response.url()}`);
  });
  context.on("page", (page) => {
    page.on("websocket", (socket) => {
      const to = new URL(socket.url());
      if (!ours.has(to.origin)) tell(`a socket left the machine: ${to}`);
    });
  });
}
