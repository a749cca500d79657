import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { actorOf } from "#app/features/people/people.server.ts";
import { mailSignInLink } from "#app/features/people/sign-in.server.ts";
import { createMailer } from "#server/mailer.ts";
import { openInstallation, requestWith, tokenIn } from "#tests/support/accounts.ts";
import { DATABASES } from "#tests/support/databases.ts";

const from = "Groundwork <groundwork@example.org>";
const mail = { to: "maria@example.org", subject: "Buenos días, María", text: "Uno\n\nDos: ñ" };

describe("the outbox", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "groundwork-outbox-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("keeps each mail as one whole file and shows its text", async () => {
    const shown: string[] = [];
    const outbox = join(dir, "data", "outbox");
    const mailer = createMailer({ smtpUrl: null, from, outbox, print: (text) => shown.push(text) });
    await mailer.send(mail);
    await mailer.send({ ...mail, subject: "two\r\nBcc: everyone@example.org" });
    const files = readdirSync(outbox).sort();
    expect(files).toHaveLength(2);
    const [first, second] = files.map((file) => readFileSync(join(outbox, file), "utf8"));
    expect(first).toMatch(/^From: Groundwork <groundwork@example\.org>\nTo: maria@example\.org\n/);
    expect(first).toContain("\n\nUno\n\nDos: ñ\n");
    expect(second).not.toMatch(/^Bcc:/m);
    expect(shown[0]).toContain("Dos: ñ");
    expect(shown[0]).toContain(outbox);
  });

  it("fails when it can't keep the mail", async () => {
    const outbox = join(dir, "a-file");
    writeFileSync(outbox, "");
    const mailer = createMailer({ smtpUrl: null, from, outbox, print: () => {} });
    await expect(mailer.send(mail)).rejects.toThrow();
  });
});

describe("SMTP", () => {
  const received: { to: string[]; from: string; body: string }[] = [];
  let server: SMTPServer;
  let smtpUrl: string;

  beforeEach(async () => {
    received.length = 0;
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onData(stream, session, done) {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          const { mailFrom, rcptTo } = session.envelope;
          received.push({
            from: mailFrom ? mailFrom.address : "",
            to: rcptTo.map(({ address }) => address),
            body: Buffer.concat(chunks).toString("utf8"),
          });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    smtpUrl = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

  it("delivers", async () => {
    await createMailer({ smtpUrl, from, outbox: "" }).send(mail);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      from: "groundwork@example.org",
      to: ["maria@example.org"],
    });
  });

  it("says when nobody takes the mail", async () => {
    const mailer = createMailer({ smtpUrl: "smtp://127.0.0.1:1", from, outbox: "" });
    await expect(mailer.send(mail)).rejects.toThrow();
  });

  it("carries a link that signs its receiver in", async () => {
    const { db, close } = await DATABASES[0].open();
    const mailer = createMailer({ smtpUrl, from, outbox: "" });
    const { ctx } = await openInstallation(db, { mailer });
    await mailSignInLink(ctx, { email: "maria@example.org", name: "María" }, "en");
    const text = decoded(received[0]?.body ?? "");
    const result = await ctx.auth.openLink(new Headers(), tokenIn({ ...mail, text }));
    if (!result.ok) throw new Error(result.key);
    expect((await actorOf(ctx, requestWith(result.headers))).name).toBe("María");
    await close();
  });
});

/** Undoes quoted-printable's soft line breaks and escapes, as a mail program does. */
function decoded(body: string): string {
  return body
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
