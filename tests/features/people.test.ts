import { v7 as uuidv7 } from "uuid";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  accountOf,
  choosePassword,
  signOutEverywhere,
} from "#app/features/people/account.server.ts";
import {
  invite,
  listInvitations,
  withdrawInvitation,
} from "#app/features/people/invitations.server.ts";
import {
  actorOf,
  deviceOf,
  ensurePerson,
  rename,
  requirePerson,
  requireRole,
  requireSteward,
  setDevice,
} from "#app/features/people/people.server.ts";
import type { Person } from "#app/features/people/people.ts";
import { holds, safeNext, signInForm, signUpForm } from "#app/features/people/people.ts";
import { grantRole, listPeople, revokeRole, rolesOf } from "#app/features/people/roles.server.ts";
import { createSetupLink, redeemSetupLink } from "#app/features/people/setup.server.ts";
import {
  mailSignInLink,
  openMailedLink,
  signInWithPassword,
} from "#app/features/people/sign-in.server.ts";
import { createLimits } from "#server/limits.ts";
import {
  type Installation,
  openInstallation,
  requestWith,
  signInByLink,
  tokenIn,
} from "#tests/support/accounts.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";

const PASSWORD = "a long enough password";

describe.each(DATABASES)("people on $name", ({ open }) => {
  let database: TestDatabase;
  let here: Installation;
  let curriculumId: string;

  beforeEach(async () => {
    database = await open();
    here = await openInstallation(database.db);
    curriculumId = await addCurriculum();
  });
  afterEach(() => database.close());

  async function addCurriculum(): Promise<string> {
    const id = uuidv7();
    const at = new Date().toISOString();
    const empty = { agency: "", jurisdiction: "", licence: "", owner: "", approver: "" };
    await database.db
      .insertInto("curricula")
      .values({
        ...empty,
        id,
        slug: id,
        title: '{"en":"Crisis response"}',
        summary: "{}",
        status: "draft",
        adapted_from: "",
        created_at: at,
        updated_at: at,
      })
      .execute();
    return id;
  }

  async function setUp(): Promise<Person> {
    const token = await createSetupLink(here.ctx);
    const who = { name: "Ana Steward", email: "ana@example.org", password: PASSWORD };
    await redeemSetupLink(here.ctx, token ?? "", who);
    const result = await here.ctx.auth.signIn(new Headers(), who.email, PASSWORD);
    if (!result.ok) throw new Error(result.key);
    return requirePerson(here.ctx, requestWith(result.headers));
  }

  /** Somebody who signed in by link; with a way to look again after something changed. */
  async function arrive(email: string, name: string) {
    const cookies = await signInByLink(here.ctx, email, name);
    const look = () => requirePerson(here.ctx, requestWith(cookies));
    return { cookies, look, person: await look() };
  }

  const verbs = async () =>
    (await database.db.selectFrom("audit_events").select("verb").orderBy("seq").execute()).map(
      ({ verb }) => verb,
    );

  describe("who sends a request", () => {
    it("is nobody without a session", async () => {
      const actor = await actorOf(here.ctx, requestWith(new Headers()));
      expect(actor).toEqual({
        personId: null,
        name: null,
        steward: false,
        roles: [],
        deviceKey: null,
      });
    });

    it("is a person, made once however many requests come first at once", async () => {
      const cookies = await signInByLink(here.ctx, "maria@example.org", "Maria");
      const actors = await Promise.all(
        [1, 2, 3, 4].map(() => actorOf(here.ctx, requestWith(cookies))),
      );
      expect(new Set(actors.map(({ personId }) => personId)).size).toBe(1);
      expect(actors[0]).toMatchObject({ name: "Maria", steward: false, roles: [] });
      expect(await verbs()).toEqual(["person.joined"]);
    });

    it("is sent to sign in and brought back, where a page needs a person", async () => {
      const request = requestWith(new Headers(), "/work?tab=2");
      const answer = await requirePerson(here.ctx, request).catch((thrown: Response) => thrown);
      if (!(answer instanceof Response)) throw new Error("let in");
      expect(answer.status).toBe(302);
      expect(answer.headers.get("Location")).toBe("/sign-in?next=%2Fwork%3Ftab%3D2");
    });

    it("never has a name taken from the e-mail address", async () => {
      const { person } = await arrive("secret.name@example.org", "");
      expect(person.name).toBe("A neighbor");
    });

    it("holds a key for this browser that doesn't lead back to its cookie", () => {
      const { deviceKey, cookie } = setDevice(here.ctx);
      const [pair = "", ...attributes] = cookie.split("; ");
      expect(attributes).toEqual(expect.arrayContaining(["HttpOnly", "SameSite=Lax", "Path=/"]));
      const request = (value: string) => new Request("http://x/", { headers: { Cookie: value } });
      expect(deviceOf(here.ctx, request(`lang=es; ${pair}`))).toBe(deviceKey);
      expect(deviceOf(here.ctx, request("gw_device=short"))).toBe(null);
      expect(deviceKey).not.toContain(pair.split("=")[1]);
      const https = { ...here.ctx, origin: "https://example.org" };
      expect(setDevice(https).cookie).toMatch(/^__Host-gw_device=.*; Secure$/);
    });
  });

  describe("roles", () => {
    it("are given and taken by curriculum, with a record, and close open sockets", async () => {
      const steward = await setUp();
      const maria = await arrive("maria@example.org", "Maria");
      const personId = maria.person.personId;
      await grantRole(here.ctx, steward, { personId, role: "trainer", curriculumId });
      await grantRole(here.ctx, steward, { personId, role: "trainer", curriculumId });
      const trainer = await maria.look();
      expect(holds(trainer, "trainer", curriculumId)).toBe(true);
      expect(holds(trainer, "trainer", await addCurriculum())).toBe(false);
      expect(requireRole(trainer, ["moderator", "trainer"], curriculumId)).toBe(trainer);
      expect(() => requireRole(trainer, "moderator", curriculumId)).toThrow("errors:forbidden");
      expect(() => requireSteward(trainer)).toThrow("errors:forbidden");

      const [held] = await rolesOf(here.ctx, personId);
      await revokeRole(here.ctx, steward, held?.id ?? "");
      expect(holds(await maria.look(), "trainer", curriculumId)).toBe(false);
      expect(here.closed).toContain(personId);
      await expect(revokeRole(here.ctx, steward, held?.id ?? "")).rejects.toMatchObject({
        status: 404,
      });
      expect((await verbs()).slice(-3)).toEqual(["person.joined", "role.granted", "role.revoked"]);
    });

    it("can't be given to nobody", async () => {
      const steward = await setUp();
      const grant = { personId: "nobody", role: "trainer" as const, curriculumId };
      await expect(grantRole(here.ctx, steward, grant)).rejects.toMatchObject({ status: 404 });
    });

    it("leave at least one steward, also when two remove each other at once", async () => {
      const ana = await setUp();
      const [own] = await rolesOf(here.ctx, ana.personId);
      await expect(revokeRole(here.ctx, ana, own?.id ?? "")).rejects.toThrow("people:lastSteward");
      const { person: ben } = await arrive("ben@example.org", "Ben");
      await grantRole(here.ctx, ana, {
        personId: ben.personId,
        role: "steward",
        curriculumId: null,
      });
      const [his] = await rolesOf(here.ctx, ben.personId);
      const results = await Promise.allSettled([
        revokeRole(here.ctx, ana, his?.id ?? ""),
        revokeRole(here.ctx, ben, own?.id ?? ""),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    });

    it("are listed by chosen name, without an address", async () => {
      const steward = await setUp();
      const { person } = await arrive("maria@example.org", "Maria 100%");
      await arrive("quiet@example.org", "Quiet reader");
      await grantRole(here.ctx, steward, {
        personId: person.personId,
        role: "moderator",
        curriculumId,
      });
      const listed = await listPeople(here.ctx);
      expect(listed.total).toBe(2);
      expect(listed.people.map(({ name }) => name)).toEqual(["Ana Steward", "Maria 100%"]);
      expect(listed.people[1]?.roles).toMatchObject([
        { role: "moderator", curriculumId, title: '{"en":"Crisis response"}' },
      ]);
      expect(JSON.stringify(listed)).not.toContain("@");
      expect((await listPeople(here.ctx, { all: true })).total).toBe(3);
      expect((await listPeople(here.ctx, { search: "QUIET" })).total).toBe(1);
      expect((await listPeople(here.ctx, { search: "100%" })).total).toBe(1);
      expect((await listPeople(here.ctx, { search: "_" })).total).toBe(0);
    });
  });

  describe("invitations", () => {
    const invitation = () => ({
      email: "maria@example.org",
      name: "Maria",
      role: "trainer" as const,
      curriculumId,
    });

    it("give the role to whoever opens the mailed link, and then forget the address", async () => {
      const steward = await setUp();
      await invite(here.ctx, steward, invitation(), "en");
      const [mail] = here.mails;
      expect(mail?.to).toBe("maria@example.org");
      expect(mail?.text).toContain("Ana Steward invites you");
      const opened = await here.ctx.auth.openLink(new Headers(), tokenIn(mail));
      if (!opened.ok) throw new Error(opened.key);
      expect(await ensurePerson(here.ctx, opened.accountId)).toMatchObject({ joined: true });
      const maria = await requirePerson(here.ctx, requestWith(opened.headers));
      expect(maria.name).toBe("Maria");
      expect(holds(maria, "trainer", curriculumId)).toBe(true);
      expect(await listInvitations(here.ctx)).toEqual([]);
      const kept = await database.db.selectFrom("invitations").selectAll().execute();
      expect(JSON.stringify(kept)).not.toContain("maria@example.org");
      expect(await verbs()).toContain("invitation.accepted");
    });

    it("wait for somebody who has an account until they sign in again", async () => {
      const steward = await setUp();
      const before = await arrive("maria@example.org", "Maria");
      await invite(here.ctx, steward, invitation(), "en");
      expect((await before.look()).roles).toEqual([]);
      const cookies = await signInByLink(here.ctx, "maria@example.org");
      const session = await here.ctx.auth.session(requestWith(cookies).headers);
      await ensurePerson(here.ctx, session?.accountId ?? "");
      await ensurePerson(here.ctx, session?.accountId ?? "");
      const maria = await requirePerson(here.ctx, requestWith(cookies));
      expect(holds(maria, "trainer", curriculumId)).toBe(true);
    });

    it("are one, however often they are sent, and can be taken back", async () => {
      const steward = await setUp();
      await invite(here.ctx, steward, invitation(), "en");
      await invite(here.ctx, steward, invitation(), "es");
      expect(here.mails).toHaveLength(2);
      const [open, ...more] = await listInvitations(here.ctx);
      expect(more).toEqual([]);
      expect(open).toMatchObject({ email: "maria@example.org", role: "trainer" });
      await withdrawInvitation(here.ctx, steward, open?.id ?? "");
      await expect(withdrawInvitation(here.ctx, steward, open?.id ?? "")).rejects.toMatchObject({
        status: 404,
      });
      const { person } = await arrive("maria@example.org", "Maria");
      expect(person.roles).toEqual([]);
    });

    it("stay open when the mail can't be sent, and say so", async () => {
      const steward = await setUp();
      const ctx = {
        ...here.ctx,
        mailer: { send: () => Promise.reject(new Error("no route to host")) },
      };
      await expect(invite(ctx, steward, invitation(), "en")).rejects.toThrow("people:mail.failed");
      expect(await listInvitations(ctx)).toHaveLength(1);
    });
  });

  describe("set-up", () => {
    const who = (n: number) => ({
      name: `Steward ${n}`,
      email: `steward${n}@example.org`,
      password: PASSWORD,
    });

    it("makes the first steward once, also when several try at once", async () => {
      const token = (await createSetupLink(here.ctx)) ?? "";
      const results = await Promise.allSettled(
        [1, 2, 3].map((n) => redeemSetupLink(here.ctx, token, who(n))),
      );
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const { people, total } = await listPeople(here.ctx, { all: true });
      expect(total).toBe(1);
      expect(people[0]?.roles).toMatchObject([{ role: "steward" }]);
      const accounts = await Promise.all(
        [1, 2, 3].map((n) => here.ctx.auth.signIn(new Headers(), who(n).email, PASSWORD)),
      );
      expect(accounts.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await createSetupLink(here.ctx)).toBe(null);
      await expect(redeemSetupLink(here.ctx, token, who(4))).rejects.toMatchObject({ status: 404 });
    });

    it("keeps only a hash of the link, and only the newest", async () => {
      const first = (await createSetupLink(here.ctx)) ?? "";
      const second = (await createSetupLink(here.ctx)) ?? "";
      const kept = await database.db.selectFrom("setup_links").selectAll().execute();
      expect(kept).toHaveLength(1);
      expect(JSON.stringify(kept)).not.toContain(second);
      await expect(redeemSetupLink(here.ctx, first, who(1))).rejects.toMatchObject({ status: 404 });
      await redeemSetupLink(here.ctx, second, who(1));
    });
  });

  describe("signing in by mail", () => {
    it("answers alike for known and unknown addresses", async () => {
      await here.ctx.auth.createAccount("Maria", "maria@example.org", PASSWORD);
      const known = await mailSignInLink(here.ctx, { email: "maria@example.org" }, "en");
      const unknown = await mailSignInLink(here.ctx, { email: "other@example.org" }, "en");
      expect(known).toEqual(unknown);
      const [first, second] = here.mails.map((mail) => ({
        ...mail,
        to: "",
        text: mail.text.replace(tokenIn(mail), "…"),
      }));
      expect(first).toEqual(second);
    });

    it("opens the way to an account once", async () => {
      const request = requestWith(new Headers());
      await mailSignInLink(here.ctx, { email: "maria@example.org", name: "Maria" }, "en");
      const token = tokenIn(here.mails[0]);
      const opened = await openMailedLink(here.ctx, request, token, "en");
      expect(opened).toMatchObject({ joined: true });
      expect(await openMailedLink(here.ctx, request, token, "en")).toBe(null);
    });

    it("still works when somebody has been guessing at the password", async () => {
      const counted = { ...here.ctx, limits: createLimits() };
      const from = (n: number) => ({ ...counted, clientKey: `place ${n}` });
      const guess = { email: "maria@example.org", password: "a wrong password" };
      const request = requestWith(new Headers());
      const answers: unknown[] = [];
      for (let n = 0; n < 12; n++)
        answers.push(
          await signInWithPassword(from(n), request, guess, "en").catch((error) => error.message),
        );
      expect(answers[0]).toBe("people:signIn.wrong");
      expect(answers.at(-1)).toBe("errors:tooMany");
      await mailSignInLink(from(99), guess, "en");
      expect(here.mails).toHaveLength(1);
    });

    it("brings people back to where they were, in their language", async () => {
      const next = "/curricula/crisis?lang=es";
      await mailSignInLink(here.ctx, { email: "maria@example.org", next }, "es");
      expect(here.mails[0]?.subject).toBe("Su enlace para iniciar sesión");
      expect(here.mails[0]?.text).toContain(`next=${encodeURIComponent(next)}`);
    });
  });

  describe("one's own account", () => {
    it("changes the chosen name and nothing said before", async () => {
      const maria = await arrive("maria@example.org", "Maria");
      await rename(here.ctx, maria.person, "M. from Elm Street");
      expect((await maria.look()).name).toBe("M. from Elm Street");
      const log = await database.db.selectFrom("audit_events").selectAll().execute();
      expect(JSON.stringify(log)).not.toMatch(/Elm Street|Maria|example\.org/);
    });

    it("sets a password in a fresh session and signs out other devices", async () => {
      const phone = await arrive("maria@example.org", "Maria");
      const laptop = await arrive("maria@example.org", "Maria");
      const request = requestWith(laptop.cookies);
      const cookies = await choosePassword(here.ctx, request, { password: PASSWORD });
      const nobody = { personId: null };
      expect(await actorOf(here.ctx, requestWith(phone.cookies))).toMatchObject(nobody);
      expect(await actorOf(here.ctx, requestWith(laptop.cookies))).toMatchObject(nobody);
      expect((await accountOf(here.ctx, requestWith(cookies))).account.hasPassword).toBe(true);
    });

    it("asks an older session for the password in use", async () => {
      const maria = await arrive("maria@example.org", "Maria");
      const fresh = requestWith(maria.cookies);
      const cookies = await choosePassword(here.ctx, fresh, { password: PASSWORD });
      here.clock.now = new Date(Date.now() + 2 * 60 * 60 * 1000);
      const stale = requestWith(cookies);
      const password = "another long password";
      await expect(
        choosePassword(here.ctx, stale, { password, current: "not hers at all" }),
      ).rejects.toMatchObject({ field: "current" });
      await choosePassword(here.ctx, stale, { password, current: PASSWORD });
    });

    it("can't get a first password in an older session", async () => {
      const maria = await arrive("maria@example.org", "Maria");
      here.clock.now = new Date(Date.now() + 2 * 60 * 60 * 1000);
      await expect(
        choosePassword(here.ctx, requestWith(maria.cookies), { password: PASSWORD }),
      ).rejects.toThrow("people:account.passwordStale");
    });

    it("signs out everywhere", async () => {
      const phone = await arrive("maria@example.org", "Maria");
      const laptop = await arrive("maria@example.org", "Maria");
      await signOutEverywhere(here.ctx, requestWith(phone.cookies));
      for (const { cookies } of [phone, laptop])
        expect((await actorOf(here.ctx, requestWith(cookies))).personId).toBe(null);
      expect(here.closed).toContain(phone.person.personId);
    });
  });
});

describe("forms", () => {
  it("send nobody to another site", () => {
    for (const next of [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "/\t/evil.example",
      "/.//evil.example",
      "/work/..//evil.example",
      "/%2e//evil.example",
      "javascript:alert(1)",
      "",
      null,
      undefined,
      `/${"x".repeat(600)}`,
    ])
      expect(safeNext(next)).toBe("/");
    expect(safeNext("/work?tab=2#list")).toBe("/work?tab=2#list");
  });

  it("refuse a name of a million marks without sorting them", () => {
    const name = `a${"\u0301\u0316".repeat(500_000)}`;
    // Sorting them takes longer than a test may.
    expect(signUpForm.safeParse({ email: "maria@example.org", name }).success).toBe(false);
  });

  it("take an address as people write it, and a name on one visible line", () => {
    const form = { email: "  Maria@Example.org ", name: " Mar\u202eía\n\t Pérez ", next: "/" };
    expect(signUpForm.parse(form)).toEqual({
      email: "maria@example.org",
      name: "María Pérez",
      next: "/",
    });
    for (const name of ["", " \u200b ", "x".repeat(81)])
      expect(signUpForm.safeParse({ ...form, name }).success).toBe(false);
    for (const email of ["", "maria", "maria@", `${"x".repeat(300)}@example.org`])
      expect(signUpForm.safeParse({ ...form, email }).success).toBe(false);
  });

  it("ask for what is missing in words from the catalogue", () => {
    const { error } = signInForm.safeParse({});
    expect(error?.issues.map(({ message }) => message)).toEqual([
      "people:email.required",
      "people:password.required",
    ]);
  });
});
