import { createHmac } from "node:crypto";
import type { Kysely } from "kysely";
import type { AppContext, Mail, RequestContext } from "#app/context.ts";
import type { Database } from "#db/schema.ts";
import { createAuth } from "#server/auth.ts";

const SECRET = "a secret only the tests know, long enough";

export type Installation = Awaited<ReturnType<typeof openInstallation>>;

/** An installation with real accounts. Mail is collected, closed sockets are noted, nothing is limited. */
export async function openInstallation(
  db: Kysely<Database>,
  overrides: Partial<RequestContext> = {},
) {
  const origin = overrides.origin ?? "http://localhost:3000";
  const mails: Mail[] = [];
  const closed: string[] = [];
  const clock = { now: new Date() };
  const ctx = {
    db,
    origin,
    auth: await createAuth({ db, origin, secret: SECRET }),
    mailer: {
      async send(mail: Mail) {
        mails.push(mail);
      },
    },
    collab: { disconnect: (personId: string) => closed.push(personId) },
    limits: { hit: async () => {} },
    clock: () => clock.now,
    hash: (...parts: string[]) =>
      createHmac("sha256", SECRET).update(parts.join("\0")).digest("hex"),
    log: { info() {}, error() {} },
    nonce: "",
    clientKey: "somewhere",
    ...overrides,
  } as unknown as RequestContext;
  return { ctx, mails, closed, clock };
}

/** A request as a browser would send it that holds these cookies. */
export function requestWith(cookies: Headers, path = "/", init: RequestInit = {}): Request {
  const headers = new Headers(init.headers);
  const sent = cookies.getSetCookie().map((cookie) => cookie.split(";")[0]);
  if (sent.length > 0) headers.set("Cookie", sent.join("; "));
  return new Request(`http://localhost:3000${path}`, { ...init, headers });
}

/** Signs in with a fresh link and answers with the cookies. */
export async function signInByLink(ctx: AppContext, email: string, name = ""): Promise<Headers> {
  const token = await ctx.auth.createLink(email, name, 15);
  const result = await ctx.auth.openLink(new Headers(), token);
  if (!result.ok) throw new Error(result.key);
  return result.headers;
}

/** The one-time token inside a mail. */
export function tokenIn(mail: Mail | undefined): string {
  return /token=([\w-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
}
