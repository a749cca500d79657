import type { Kysely, Transaction } from "kysely";
import type * as Y from "yjs";
import type { Database } from "#db/schema.ts";
import type { Imported } from "./document/import.ts";
import type { Carried, Range } from "./document/runs.ts";
import type { DocJSON } from "./document/schema.ts";

/** What the server hands to every loader and action. All state lives behind it. */
export type AppContext = {
  db: Kysely<Database>;
  collab: Collab;
  auth: Auth;
  mailer: Mailer;
  files: Files;
  limits: Limits;
  /** Now. Tests set it; nothing else in the app reads a clock. */
  clock: () => Date;
  /** A keyed hash, for keys that must not lead back: `hash("author", curriculumId, deviceKey)`. */
  hash: (purpose: string, ...parts: string[]) => string;
  /** Where people reach this installation: `https://groundwork.example.org`, no slash at the end. */
  origin: string;
  log: Log;
};

/** The context of one request. */
export type RequestContext = AppContext & {
  /** For the Content-Security-Policy of this answer. */
  nonce: string;
  /** A rotating keyed hash of where the request came from: for limits only, never stored. */
  clientKey: string;
};

/** Who writes in a document: a person, or null for the server itself. */
export type Author = {
  personId: string | null;
  via: string;
  /**
   * Whose words an edit put in, for one that knows: it brings back what stood before, or takes over
   * what stands elsewhere. Asked once everything is written, with the clocks that were added.
   */
  carried?: (doc: Y.Doc, ranges: readonly Range[]) => Carried[];
};

/** A committed document. `doc` is shared and read-only: never write to it. */
export type DocView = { seq: number; doc: Y.Doc; json: DocJSON };

export type Collab = {
  /** The document as last committed. Cached by sequence number; opening writes nothing. Throws NotFound. */
  read(docId: string): Promise<DocView>;
  /**
   * The one door for edits made by the server. `change` runs on a scratch copy; what it wrote is
   * logged in one transaction with whatever `commit` writes, and only then reaches the room and
   * everybody in it. If either throws, nothing happened. `seq` is null when nothing was written.
   */
  edit<T>(
    docId: string,
    author: Author,
    change: (doc: Y.Doc) => T,
    commit?: (trx: Transaction<Database>, result: T, seq: number | null) => Promise<void>,
  ): Promise<T>;
  /**
   * A role, a session or the name of this person changed: their open sockets are looked up again
   * at once, and those that may no longer be open are closed. Call it after the commit.
   */
  disconnect(personId: string): void;
  /**
   * What people may do in this document changed: everybody's open sockets on it are looked up again
   * at once. Call it after the commit.
   */
  recheck(docId: string): void;
  /**
   * The blocks that writers' carets stand in now, both ends of a selection; nobody's when nobody
   * has the document open. Cost: looking up each caret, in a copy of the document if need be.
   */
  carets(docId: string): Promise<{ personId: string; blockId: string }[]>;
};

/** What a sign-in form answers with: cookies to set, or a reason in the catalogue. */
export type SignInResult =
  | { ok: true; headers: Headers; accountId: string }
  | { ok: false; key: string };

/** What may be shown to an account's owner, and to nobody else. */
export type Account = {
  id: string;
  email: string;
  name: string;
  verified: boolean;
  hasPassword: boolean;
};

export type Passkey = { id: string; name: string; createdAt: string };

export type Session = { accountId: string; sessionId: string; since: Date; until: Date };

/**
 * Accounts: who is signed in, and the ways to sign in. better-auth is behind it. It has its own
 * transactions: never call it inside one of ours.
 */
export type Auth = {
  /** The account of this request's session, or null. `accountId` is better-auth's user id. */
  session(headers: Headers): Promise<Session | null>;
  /** The answer is the same for an unknown address and for a wrong password. */
  signIn(headers: Headers, email: string, password: string): Promise<SignInResult>;
  /**
   * A one-time token that signs its bearer in, and opens an account for an address that has none.
   * Only ever mailed to that address: whoever brings it back owns the mailbox.
   */
  createLink(email: string, name: string, minutes: number): Promise<string>;
  /** Uses up a token of `createLink`. */
  openLink(headers: Headers, token: string): Promise<SignInResult>;
  signOut(headers: Headers): Promise<Headers>;
  /** Ends every session of the account. */
  signOutEverywhere(accountId: string): Promise<void>;
  /** Creates a verified account without a session, for seeds and set-up; returns its id. Throws Invalid when the address is taken. */
  createAccount(name: string, email: string, password: string): Promise<string>;
  removeAccount(accountId: string): Promise<void>;
  account(accountId: string): Promise<Account | null>;
  emailOf(accountId: string): Promise<string | null>;
  passwordFits(accountId: string, password: string): Promise<boolean>;
  setPassword(accountId: string, password: string): Promise<void>;
  passkeys(accountId: string): Promise<Passkey[]>;
  removePasskey(accountId: string, passkeyId: string): Promise<void>;
  /** better-auth's own addresses under /api/auth; only those passkeys need are open. */
  handler(request: Request): Promise<Response>;
};

export type Mail = { to: string; subject: string; text: string };
export type Mailer = { send(mail: Mail): Promise<void> };

export type Files = {
  /** Reads a DOCX in a worker with limits of memory, time and inflated size. Throws Invalid in words. */
  docxToHtml(file: Uint8Array): Promise<{ html: string; notKept: string[] }>;
  /** Makes a document of HTML or Markdown, under the same limits. Throws Invalid in words. */
  textToDoc(text: string, kind: "html" | "markdown"): Promise<Imported>;
};

export type Limits = {
  /** Counts one try; throws TooMany when there were too many. */
  hit(
    what:
      | "signIn"
      | "passkey"
      | "account"
      | "input"
      | "reply"
      | "support"
      | "receipt"
      | "join"
      | "joined"
      | "upload"
      | "upgrade",
    key: string,
  ): Promise<void>;
};

export type Log = {
  info(event: string, fields?: Record<string, string | number | boolean>): void;
  error(event: string, error: unknown): void;
};
