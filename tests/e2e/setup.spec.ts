import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DESK, expect, test } from "../support/browser.ts";
import { outbox } from "../support/server.ts";

const LESSON = `## How to listen {part=presentation minutes=20}

Wait for the answer. *Then* wait a little longer.

| Say | Not |
|---|---|
| “Take your time.” | “Hurry up.” |
`;

test.describe("an empty installation", () => {
  test.use({ demo: false });

  test("from the printed link to the first comment", async ({ site, newcomer }) => {
    test.setTimeout(120_000);
    const link = /http\S+\/setup\/\S+/.exec(site.output())?.[0] ?? "";
    expect(link, site.output()).not.toBe("");
    const steward = await newcomer();

    await test.step("the first steward", async () => {
      await steward.goto("/");
      await expect(steward.getByText("No training has been put here yet")).toBeVisible();
      await steward.goto(link);
      await steward.getByLabel("Your name here").fill("Marisol");
      await steward.getByLabel("E-mail").fill("marisol@example.org");
      await steward.getByLabel("Password").fill("short");
      await steward.getByRole("button", { name: "Make the account" }).click();
      await expect(steward.getByRole("alert")).toContainText("Use 10 characters or more.");
      await steward.getByLabel("Password").fill("a long and quiet sentence");
      await steward.getByRole("button", { name: "Make the account" }).click();
      await expect(steward.getByText("The account is made. Sign in with it.")).toBeVisible();
      await steward.getByLabel("E-mail").fill("marisol@example.org");
      await steward.getByLabel("Password").fill("a long and quiet sentence");
      await steward.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(steward.getByRole("link", { name: "People" })).toBeVisible();
      const second = await newcomer();
      await second.goto(link);
      await expect(second.getByText("This set-up link was used already")).toBeVisible();
    });

    await test.step("starts a curriculum and invites a trainer to it", async () => {
      await steward.goto("/");
      await steward.getByRole("link", { name: "Start a curriculum" }).click();
      await steward.getByLabel("Title in English").fill("Listening");
      await steward.getByRole("button", { name: "Start it" }).click();
      await expect(steward.getByRole("heading", { level: 1, name: "Listening" })).toBeVisible();
      await steward.goto("/people");
      const form = steward.getByRole("region", { name: "Invite somebody" });
      await form.getByLabel("Their name").fill("Dana");
      await form.getByLabel("Their e-mail").fill("dana@example.org");
      await form.getByLabel("Role").selectOption({ label: "Trainer" });
      await form.getByLabel("Curriculum").selectOption({ label: "Listening" });
      await form.getByRole("button", { name: "Send the invitation" }).click();
      await expect(steward.getByText("The invitation is on its way.")).toBeVisible();
    });

    const trainer = await newcomer({ viewport: DESK });
    await test.step("the trainer comes by the link in the mail", async () => {
      const mail = (await outbox(site.dataDir)).at(-1) ?? "";
      expect(mail).toContain("dana@example.org");
      const invited = /http\S+token=[\w-]+\S*/.exec(plain(mail))?.[0] ?? "";
      await trainer.goto(invited);
      await trainer.getByRole("button", { name: "Sign me in" }).click();
      await expect(trainer.getByText("Trainer, Listening")).toBeVisible();
      const again = await newcomer();
      await again.goto(invited);
      await again.getByRole("button", { name: "Sign me in" }).click();
      await expect(again.getByText("This link was used already")).toBeVisible();
    });

    await test.step("makes a curriculum of their own, a module, and imports a text", async () => {
      await trainer.goto("/work");
      await trainer.getByRole("link", { name: "Start a curriculum" }).click();
      await trainer.getByRole("button", { name: "Start it" }).click();
      await expect(trainer.getByRole("alert")).toContainText("Give it a title");
      await trainer.getByLabel("Title in English").fill("Meeting people");
      await trainer.getByRole("button", { name: "Start it" }).click();
      await trainer.getByRole("link", { name: "Add a module" }).click();
      await trainer.getByLabel("Title in English").fill("First words");
      await trainer.getByLabel("Minutes", { exact: true }).fill("20");
      await trainer.getByRole("button", { name: "Add it" }).click();
      await expect(trainer.getByRole("textbox", { name: "Text of First words" })).toBeVisible();
      await trainer.getByRole("link", { name: "Meeting people" }).click();
      await trainer.getByRole("link", { name: "Import a file" }).click();
      await trainer.getByLabel("File", { exact: true }).setInputFiles({
        name: "lesson.md",
        mimeType: "text/markdown",
        buffer: Buffer.from(LESSON),
      });
      await trainer.getByLabel("Where to").selectOption({ label: "First words" });
      await trainer.getByRole("button", { name: "Import it" }).click();
      await expect(trainer.getByText("Everything in it was kept.")).toBeVisible();
      await trainer.getByRole("link", { name: "Read the draft" }).click();
      await expect(trainer.getByRole("heading", { name: "How to listen" })).toBeVisible();
      await expect(trainer.getByRole("cell", { name: "“Take your time.”" })).toBeVisible();
    });

    const reader = await newcomer();
    await test.step("nobody else sees it until a round is open", async () => {
      const address = new URL(trainer.url()).pathname;
      expect((await reader.goto(address))?.status()).toBe(404);
      await trainer.getByRole("link", { name: "Meeting people" }).click();
      await trainer.getByRole("link", { name: "Comment rounds" }).click();
      await trainer.getByLabel("Title in English").fill("First reading");
      await trainer.getByRole("button", { name: "Open the round" }).click();
      await expect(trainer.getByText("The round is set.")).toBeVisible();
      await reader.goto(address);
      await reader.getByRole("link", { name: "Comment on “Wait for the answer" }).click();
      await reader.getByLabel("Your words").fill("How long is a little?");
      await reader.getByRole("button", { name: "Send comment" }).click();
      await expect(reader.getByRole("heading", { name: "Thank you. We have it." })).toBeVisible();
    });
  });
});

test.describe("settings that can't be used end with a sentence, not a stack", () => {
  const folder = () => mkdtempSync(join(tmpdir(), "groundwork-settings-"));

  for (const [name, env, says] of [
    ["a port that is no number", { PORT: "abc" }, "PORT must be a number"],
    ["a port that is too high", { PORT: "70000" }, "PORT must be at most 65535"],
    ["a database of another kind", { DATABASE_URL: "foo" }, "DATABASE_URL must start with"],
    [
      "a database that isn't there",
      { DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing" },
      "can't use the database at 127.0.0.1:1/nothing (ECONNREFUSED)",
    ],
    ["an origin that is no address", { ORIGIN: "groundwork" }, "ORIGIN must be the address"],
    ["a mail server of another kind", { SMTP_URL: "http://mail" }, "SMTP_URL must start with"],
    ["a secret that is too short", { SECRET: "secret" }, "SECRET must have at least 32"],
  ] as const) {
    test(name, async () => {
      const { code, printed } = await start({ DATA_DIR: folder(), ...env });
      expect(code).toBe(1);
      expect(printed).toContain(says);
      expect(printed).not.toMatch(/^\s+at /m);
    });
  }

  test("a data folder that can't be written in", async () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    const { code, printed } = await start({ DATA_DIR: join(file, "data") });
    expect(code).toBe(1);
    expect(printed).toContain("can't write in DATA_DIR");
    expect(printed).not.toMatch(/^\s+at /m);
  });

  test("a port that is taken", async () => {
    const other = createServer();
    await new Promise<void>((ready) => other.listen(0, "127.0.0.1", ready));
    const { port } = other.address() as { port: number };
    const { code, printed } = await start({ DATA_DIR: folder(), PORT: String(port) });
    other.close();
    expect(code).toBe(1);
    expect(printed).toContain(`Port ${port} is taken`);
    expect(printed).toContain("choose another");
    expect(printed).not.toMatch(/^\s+at /m);
  });
});

/** Starts the server with these settings and waits for its end. */
function start(env: Record<string, string>): Promise<{ code: number | null; printed: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["build/index.js"], {
      env: { ...process.env, NODE_ENV: "production", HOST: "127.0.0.1", PORT: "0", ...env },
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        printed += chunk;
      });
    const late = setTimeout(() => child.kill(), 20_000);
    child.once("exit", (code) => {
      clearTimeout(late);
      resolve({ code, printed });
    });
  });
}

/** A mail's text without the line breaks that mail puts into long lines. */
function plain(mail: string): string {
  return mail.replace(/=\r?\n/g, "").replaceAll("=3D", "=");
}
