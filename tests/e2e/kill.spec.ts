import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { textblocks } from "../../app/document/read.ts";
import type { NodeJSON } from "../../app/document/schema.ts";
import { expect, test } from "../support/browser.ts";
import { caretAfter, expectSaved, openEditor } from "../support/editor.ts";
import { MODULE, WHO } from "../support/pages.ts";
import { type RunningServer, startServer } from "../support/server.ts";

/** `KILL_ROUNDS=10 npx playwright test kill` takes the pulled plug ten times. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);

test.use({ interrupted: true });

test("nothing that the page called saved is missing after the server was killed", async ({
  site,
  newcomer,
}, info) => {
  test.setTimeout(60_000 + ROUNDS * 30_000);
  const seed = Number(process.env.SEED ?? Date.now() % 100_000);
  info.annotations.push({ type: "seed", description: String(seed) });
  const chance = random(seed);

  let server = site;
  const port = Number(new URL(site.origin).port);
  const people = [
    {
      page: await newcomer(),
      who: WHO.trainer,
      words: "The officer with the least time",
      typed: "",
    },
    { page: await newcomer(), who: WHO.otherTrainer, words: "Health details belong", typed: "" },
  ];
  for (const { page, who, words } of people) {
    const text = await openEditor(page, who, MODULE.after);
    await caretAfter(text, words);
    await remember(page, words);
    await expect.poll(() => calledSaved(page)).toContain(words);
  }

  for (let round = 1; round <= ROUNDS; round++) {
    let killed = false;
    const typing = people.map(async (person, i) => {
      for (let n = 1; !killed; n++) {
        const word = ` ${"ab"[i]}${round}word${n}.`;
        await person.page.keyboard.type(word, { delay: 15 });
        person.typed += word;
        await sleep(chance() * 1_500);
      }
    });
    await sleep(2_000 + chance() * 3_000);
    await server.kill();
    const promised = await Promise.all(people.map(({ page }) => calledSaved(page)));
    killed = true;
    await Promise.all(typing);

    // Read elsewhere first: back on its own port, the open pages would send what was lost again.
    const alone = await startServer({ dataDir: server.dataDir });
    const kept = await paragraphs(alone);
    await alone.stop();
    for (const [i, { words }] of people.entries()) {
      const now = kept.find((text) => text.includes(words)) ?? "";
      const saved = promised[i] ?? "";
      expect(saved, `somebody saw “Saved” in round ${round}, seed ${seed}`).toContain(words);
      expect(now.startsWith(saved), `round ${round}, seed ${seed}: “${saved}” is in “${now}”`).toBe(
        true,
      );
    }

    server = await startServer({ dataDir: server.dataDir, port });
    for (const { page } of people) await expectSaved(page);
    const healed = await paragraphs(server);
    for (const { words, typed } of people)
      expect(healed.find((text) => text.includes(words))).toMatch(new RegExp(`${typed}$`));
  }
  await server.stop();
});

/** Notes in the page itself what its paragraph held when the page, at rest, said "Saved". */
async function remember(page: Page, words: string): Promise<void> {
  await page.evaluate((wanted) => {
    const memory = window as unknown as { calledSaved: string };
    memory.calledSaved = "";
    let before = "";
    setInterval(() => {
      const says = document.querySelector(".saved")?.getAttribute("data-state");
      const paragraph = [...document.querySelectorAll("[role=textbox] p")].find((one) =>
        one.textContent?.includes(wanted),
      );
      const now = says === "saved" ? (paragraph?.textContent ?? "") : "";
      // Twice in a row: a key just pressed is on the screen a blink before the line above the text.
      if (now && now === before) memory.calledSaved = now;
      before = now;
    }, 20);
  }, words);
}

function calledSaved(page: Page): Promise<string> {
  return page.evaluate(() => (window as unknown as { calledSaved: string }).calledSaved);
}

async function paragraphs({ origin }: RunningServer): Promise<string[]> {
  const answer = await fetch(`${origin}${MODULE.after}.json`);
  const { text } = (await answer.json()) as { text: { content: NodeJSON[] } };
  return textblocks({ type: "doc", content: text.content }).map((block) => block.text);
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
