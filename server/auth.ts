import { createHash, randomBytes } from "node:crypto";
import { passkey } from "@better-auth/passkey";
import { betterAuth } from "better-auth";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { getMigrations } from "better-auth/db/migration";
import { magicLink } from "better-auth/plugins/magic-link";
import type { Kysely } from "kysely";
import { SqliteAdapter } from "kysely";
import type { Auth, SignInResult } from "#app/context.ts";
import { Invalid } from "#app/errors.ts";
import type { Database } from "#db/schema.ts";

type Settings = {
  db: Kysely<Database>;
  /** Where people reach us; https makes every cookie Secure and `__Host-`. */
  origin: string;
  /** At least 32 characters; signs cookies. */
  secret: string;
};

const DAY = 24 * 60 * 60;
const MINUTE = 60_000;

/** The only addresses of better-auth that answer: those a browser's passkey ceremony needs. */
const OPEN_PATHS = new Set([
  "/api/auth/passkey/generate-register-options",
  "/api/auth/passkey/verify-registration",
  "/api/auth/passkey/generate-authenticate-options",
  "/api/auth/passkey/verify-authentication",
]);

const hashToken = (token: string) => createHash("sha256").update(token).digest("base64url");

function options({ db, origin, secret }: Settings) {
  const https = origin.startsWith("https:");
  return {
    appName: "Groundwork",
    baseURL: origin,
    basePath: "/api/auth",
    secret,
    database: {
      db,
      type: db.getExecutor().adapter instanceof SqliteAdapter ? "sqlite" : "postgres",
    },
    trustedOrigins: [origin],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10 },
    session: { expiresIn: 30 * DAY, freshAge: DAY },
    // Our own limiter counts tries; addresses and browsers are never stored.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      ipAddress: { disableIpTracking: true },
      cookiePrefix: https ? "__Host-gw" : "gw",
      useSecureCookies: false,
      defaultCookieAttributes: {
        httpOnly: true,
        sameSite: "lax",
        path: "/",
        secure: https,
      },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session: Record<string, unknown>) => ({
            data: { ...session, ipAddress: null, userAgent: null },
          }),
        },
      },
    },
    plugins: [
      magicLink({
        // `createLink` writes the tokens, so that mails can be worded and limited by the app.
        sendMagicLink: async () => {
          throw new Error("sign-in links are made by createLink");
        },
        storeToken: { type: "custom-hasher", hash: async (token: string) => hashToken(token) },
      }),
      passkey({
        rpID: new URL(origin).hostname,
        rpName: "Groundwork",
        origin,
        advanced: { webAuthnChallengeCookie: "passkey" },
      }),
    ],
  } satisfies Parameters<typeof betterAuth>[0];
}

/** Accounts and sessions over better-auth. Brings its tables to the shape this version wants first. */
export async function createAuth(settings: Settings): Promise<Auth> {
  const { runMigrations } = await getMigrations(options(settings));
  await runMigrations();
  const auth = betterAuth(options(settings));
  const { internalAdapter: accounts, adapter } = await auth.$context;

  async function sessionOf(headers: Headers) {
    const found = await auth.api.getSession({ headers, query: { disableRefresh: true } });
    return found?.session ?? null;
  }

  /** The session a browser held before it signed in again must not live on beside the new one. */
  async function rotated(
    headers: Headers,
    signIn: () => Promise<{ headers: Headers; response: { user: { id: string } } }>,
    key: string,
  ): Promise<SignInResult> {
    const before = await sessionOf(headers);
    const answer = await signIn().catch(refusal);
    if (!answer) return { ok: false, key };
    if (before) await accounts.deleteSession(before.token);
    return { ok: true, headers: cookiesOf(answer.headers), accountId: answer.response.user.id };
  }

  async function credentialOf(accountId: string) {
    const all = await accounts.findAccounts(accountId);
    return all.find(({ providerId }) => providerId === "credential") ?? null;
  }

  return {
    async session(headers) {
      const session = await sessionOf(headers);
      return (
        session && {
          accountId: session.userId,
          sessionId: session.id,
          since: new Date(session.createdAt),
          until: new Date(session.expiresAt),
        }
      );
    },

    signIn: (headers, email, password) =>
      rotated(
        headers,
        () =>
          auth.api.signInEmail({
            body: { email: normalized(email), password },
            headers,
            returnHeaders: true,
          }),
        "people:signIn.wrong",
      ),

    async createLink(email, name, minutes) {
      const token = randomBytes(24).toString("base64url");
      await accounts.createVerificationValue({
        identifier: hashToken(token),
        value: JSON.stringify({ email: normalized(email), name }),
        expiresAt: new Date(Date.now() + minutes * MINUTE),
      });
      return token;
    },

    openLink: (headers, token) =>
      rotated(
        headers,
        () => auth.api.magicLinkVerify({ query: { token }, headers, returnHeaders: true }),
        "people:link.used",
      ),

    async signOut(headers) {
      const answer = await auth.api.signOut({ headers, returnHeaders: true });
      return cookiesOf(answer.headers);
    },

    async signOutEverywhere(accountId) {
      await accounts.deleteUserSessions(accountId);
    },

    async createAccount(name, email, password) {
      const address = normalized(email);
      const taken = () => new Invalid("people:email.taken", undefined, "email");
      if (await accounts.findUserByEmail(address)) throw taken();
      const hash = await hashPassword(password);
      const user = await accounts
        .createUser({ email: address, name, emailVerified: true }, { method: "email-password" })
        .catch(async (error) => {
          if (await accounts.findUserByEmail(address)) throw taken();
          throw error;
        });
      await accounts.linkAccount({
        userId: user.id,
        providerId: "credential",
        accountId: user.id,
        password: hash,
      });
      return user.id;
    },

    async removeAccount(accountId) {
      await accounts.deleteUser(accountId);
    },

    async account(accountId) {
      const user = await accounts.findUserById(accountId);
      if (!user) return null;
      const { id, email, name, emailVerified } = user;
      const hasPassword = Boolean((await credentialOf(id))?.password);
      return { id, email, name, verified: emailVerified, hasPassword };
    },

    async emailOf(accountId) {
      return (await accounts.findUserById(accountId))?.email ?? null;
    },

    async passwordFits(accountId, password) {
      const hash = (await credentialOf(accountId))?.password;
      return hash ? verifyPassword({ hash, password }) : false;
    },

    async setPassword(accountId, password) {
      const hash = await hashPassword(password);
      const credential = await credentialOf(accountId);
      if (credential) await accounts.updateAccount(credential.id, { password: hash });
      else
        await accounts.linkAccount({
          userId: accountId,
          providerId: "credential",
          accountId,
          password: hash,
        });
    },

    async passkeys(accountId) {
      const found = await adapter.findMany<{ id: string; name?: string; createdAt?: Date }>({
        model: "passkey",
        where: [{ field: "userId", value: accountId }],
        sortBy: { field: "createdAt", direction: "asc" },
      });
      return found.map(({ id, name, createdAt }) => ({
        id,
        name: name ?? "",
        createdAt: createdAt ? new Date(createdAt).toISOString() : "",
      }));
    },

    async removePasskey(accountId, passkeyId) {
      await adapter.deleteMany({
        model: "passkey",
        where: [
          { field: "id", value: passkeyId },
          { field: "userId", value: accountId },
        ],
      });
    },

    async handler(request) {
      const { pathname } = new URL(request.url);
      if (!OPEN_PATHS.has(pathname)) return new Response(null, { status: 404 });
      const before = pathname.endsWith("verify-authentication")
        ? await sessionOf(request.headers)
        : null;
      const answer = await auth.handler(request);
      if (before && answer.ok) await accounts.deleteSession(before.token);
      return answer;
    },
  };
}

const normalized = (email: string) => email.trim().toLowerCase();

/** better-auth refuses by throwing, and redirects (a status of 302) for a link that is used up. */
function refusal(error: unknown): null {
  const status = (error as { statusCode?: unknown }).statusCode;
  if (typeof status === "number" && status < 500) return null;
  throw error;
}

/** Only the cookies of an answer; the rest of its headers is better-auth's own affair. */
function cookiesOf(headers: Headers): Headers {
  const cookies = new Headers();
  for (const cookie of headers.getSetCookie()) cookies.append("Set-Cookie", cookie);
  return cookies;
}
