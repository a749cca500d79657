import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { v7 as uuidv7 } from "uuid";
import type { Mail, Mailer } from "#app/context.ts";

type Settings = {
  /** `smtp://user:password@host:587` or `smtps://…`; without it mail goes into `outbox`. */
  smtpUrl: string | null;
  /** The sender's address. */
  from: string;
  /** A folder; made when it is missing. */
  outbox: string;
  /** Where the text of a mail kept in the outbox is shown: the console. */
  print?: (text: string) => void;
};

/** Sends mail by SMTP, or keeps it in a folder and shows it, so that nobody needs a mail server to start. */
export function createMailer({ smtpUrl, from, outbox, print = show }: Settings): Mailer {
  if (smtpUrl) {
    const transport = createTransport(smtpUrl, { from });
    return {
      async send(mail) {
        await transport.sendMail({
          from,
          ...mail,
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      },
    };
  }
  return {
    async send(mail) {
      await keep(outbox, from, mail);
      print(
        `\nMail for ${mail.to} (no SMTP_URL is set, so it was kept in ${outbox}):\n${indented(mail)}\n`,
      );
    },
  };
}

/** Writes a mail as one file, whole or not at all. Its name sorts by time. */
async function keep(outbox: string, from: string, { to, subject, text }: Mail): Promise<void> {
  await mkdir(outbox, { recursive: true });
  const file = join(outbox, `${uuidv7()}.eml`);
  const head = {
    From: from,
    To: to,
    Subject: subject,
    "Content-Type": "text/plain; charset=utf-8",
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${oneLine(value)}`);
  await writeFile(`${file}.part`, `${lines.join("\n")}\n\n${text}\n`, { mode: 0o600 });
  await rename(`${file}.part`, file);
}

const oneLine = (value: string) => value.replace(/[\r\n]+/g, " ");

const indented = ({ subject, text }: Mail) =>
  [subject, "", ...text.split("\n")].map((line) => `    ${line}`.trimEnd()).join("\n");

function show(text: string): void {
  process.stdout.write(`${text}\n`);
}
