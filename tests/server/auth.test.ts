import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Auth } from "#app/context.ts";
import { createAuth } from "#server/auth.ts";
import { requestWith } from "#tests/support/accounts.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";

const secret = "a secret only the tests know, long enough";
const PASSWORD = "a long enough password";
const nobody = new Headers();

describe.each(DATABASES)("accounts on $name", ({ open }) => {
  let database: TestDatabase;
  let auth: Auth;

  beforeEach(async () => {
    database = await open();
    auth = await createAuth({ db: database.db, origin: "http://localhost:3000", secret });
  });
  afterEach(() => database.close());

  async function signIn(email: string, password = PASSWORD, headers = nobody) {
    const result = await auth.signIn(headers, email, password);
    if (!result.ok) throw new Error(result.key);
    return requestWith(result.headers).headers;
  }

  it("brings its tables up to date again and again", async () => {
    await createAuth({ db: database.db, origin: "http://localhost:3000", secret });
  });

  it("signs in with e-mail and password, however the address is written", async () => {
    const id = await auth.createAccount("Maria", "Maria@Example.org", PASSWORD);
    const headers = await signIn(" MARIA@example.org ");
    expect(await auth.session(headers)).toMatchObject({ accountId: id });
    expect(await auth.emailOf(id)).toBe("maria@example.org");
  });

  it("answers a wrong password and an unknown address alike", async () => {
    await auth.createAccount("Maria", "maria@example.org", PASSWORD);
    const wrong = await auth.signIn(nobody, "maria@example.org", "not her password");
    const unknown = await auth.signIn(nobody, "nobody@example.org", "not her password");
    expect(wrong).toEqual({ ok: false, key: "people:signIn.wrong" });
    expect(unknown).toEqual(wrong);
  });

  it("keeps neither address nor browser with a session", async () => {
    await auth.createAccount("Maria", "maria@example.org", PASSWORD);
    const sent = new Headers({ "User-Agent": "Canary/1", "X-Forwarded-For": "192.0.2.7" });
    await signIn("maria@example.org", PASSWORD, sent);
    const { rows } = await sql<object>`select * from session`.execute(database.db);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/Canary|192\.0\.2\.7/);
  });

  it("rotates the session at sign-in and forgets a forged one", async () => {
    await auth.createAccount("Maria", "maria@example.org", PASSWORD);
    const first = await signIn("maria@example.org");
    const second = await signIn("maria@example.org", PASSWORD, first);
    expect(second.get("Cookie")).not.toBe(first.get("Cookie"));
    expect(await auth.session(first)).toBe(null);
    expect(await auth.session(second)).not.toBe(null);
    const forged = new Headers({ Cookie: `${second.get("Cookie")}x` });
    expect(await auth.session(forged)).toBe(null);
  });

  it("ends a session, or all of them", async () => {
    const id = await auth.createAccount("Maria", "maria@example.org", PASSWORD);
    const phone = await signIn("maria@example.org");
    const laptop = await signIn("maria@example.org");
    const cookies = await auth.signOut(phone);
    expect(cookies.get("Set-Cookie")).toContain("Max-Age=0");
    expect(await auth.session(phone)).toBe(null);
    expect(await auth.session(laptop)).not.toBe(null);
    await auth.signOutEverywhere(id);
    expect(await auth.session(laptop)).toBe(null);
  });

  it("opens a link once, and makes the account of a new address", async () => {
    const token = await auth.createLink("New@example.org", "New here", 15);
    const opened = await auth.openLink(nobody, token);
    if (!opened.ok) throw new Error(opened.key);
    expect(await auth.account(opened.accountId)).toMatchObject({
      email: "new@example.org",
      name: "New here",
      verified: true,
      hasPassword: false,
    });
    expect(await auth.openLink(nobody, token)).toEqual({ ok: false, key: "people:link.used" });
  });

  it("opens a link once when it is opened twice at the same time", async () => {
    const token = await auth.createLink("new@example.org", "", 15);
    const results = await Promise.all([1, 2, 3].map(() => auth.openLink(nobody, token)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it("refuses an old link and a made-up one", async () => {
    const old = await auth.createLink("new@example.org", "", -1);
    for (const token of [old, "made-up", ""]) {
      expect(await auth.openLink(nobody, token)).toEqual({ ok: false, key: "people:link.used" });
    }
  });

  it("stores no token that could be used by whoever reads the database", async () => {
    const token = await auth.createLink("new@example.org", "", 15);
    const { rows } = await sql<object>`select * from verification`.execute(database.db);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it("signs a known address in by link without touching its password", async () => {
    const id = await auth.createAccount("Maria", "maria@example.org", PASSWORD);
    const opened = await auth.openLink(nobody, await auth.createLink("maria@example.org", "X", 15));
    expect(opened).toMatchObject({ ok: true, accountId: id });
    expect((await auth.account(id))?.name).toBe("Maria");
    expect(await auth.passwordFits(id, PASSWORD)).toBe(true);
  });

  it("sets a first password and changes it", async () => {
    const opened = await auth.openLink(nobody, await auth.createLink("new@example.org", "", 15));
    if (!opened.ok) throw new Error(opened.key);
    await auth.setPassword(opened.accountId, PASSWORD);
    await signIn("new@example.org");
    await auth.setPassword(opened.accountId, "an even longer one");
    expect(await auth.passwordFits(opened.accountId, PASSWORD)).toBe(false);
    await signIn("new@example.org", "an even longer one");
  });

  it("refuses a second account for an address, also at the same time", async () => {
    const results = await Promise.allSettled(
      [1, 2].map(() => auth.createAccount("Maria", "maria@example.org", PASSWORD)),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(auth.createAccount("M", "MARIA@example.org", PASSWORD)).rejects.toMatchObject({
      text: { key: "people:email.taken" },
      field: "email",
    });
  });

  it("answers nothing of better-auth but passkeys", async () => {
    const call = (path: string, init?: RequestInit) =>
      auth.handler(new Request(`http://localhost:3000/api/auth/${path}`, init));
    expect((await call("passkey/generate-authenticate-options")).status).toBe(200);
    expect((await call("passkey/generate-register-options")).status).toBe(401);
    const body = { email: "a@example.org", password: PASSWORD, name: "A" };
    const post = {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: "http://localhost:3000" },
      body: JSON.stringify(body),
    };
    for (const path of ["sign-up/email", "sign-in/email", "sign-in/magic-link", "change-email"])
      expect((await call(path, post)).status).toBe(404);
    expect((await call("get-session")).status).toBe(404);
  });
});

describe("cookies", () => {
  const attributes = async (origin: string) => {
    const { db, close } = await DATABASES[0].open();
    const auth = await createAuth({ db, origin, secret });
    await auth.createAccount("Maria", "maria@example.org", PASSWORD);
    const result = await auth.signIn(nobody, "maria@example.org", PASSWORD);
    const passkey = await auth.handler(
      new Request(`${origin}/api/auth/passkey/generate-authenticate-options`),
    );
    await close();
    return [
      ...(result.ok ? result.headers : nobody).getSetCookie(),
      ...passkey.headers.getSetCookie(),
    ];
  };

  it("are bound to the host and secure over https", async () => {
    const cookies = await attributes("https://groundwork.example.org");
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-gw\./);
      for (const part of ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"])
        expect(cookie.split("; ")).toContain(part);
      expect(cookie).not.toContain("Domain");
    }
  });

  it("work on http://localhost", async () => {
    for (const cookie of await attributes("http://localhost:3000")) {
      expect(cookie).toMatch(/^gw\./);
      expect(cookie).toContain("HttpOnly");
      expect(cookie).not.toContain("Secure");
    }
  });
});
