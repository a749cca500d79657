import * as z from "zod";

/** Roles are held per curriculum, except the steward's, which is the installation's. */
export const CURRICULUM_ROLES = ["trainer", "facilitator", "moderator", "board"] as const;
export type CurriculumRole = (typeof CURRICULUM_ROLES)[number];
export type Role = CurriculumRole | "steward";

/** Whoever sends a request, as the server knows them. Nothing here identifies a resident. */
export type Actor = {
  /** Null for everyone who isn't signed in. */
  personId: string | null;
  /** The chosen name; null when there is none. */
  name: string | null;
  steward: boolean;
  roles: readonly { curriculumId: string; role: CurriculumRole }[];
  /** An opaque key of this browser, for supports and own input; null before the first one. */
  deviceKey: string | null;
  /** When the session ends; not set without one. */
  until?: Date;
};

/** Someone who signed in. */
export type Person = Actor & { personId: string; name: string };

export const ANONYMOUS: Actor = {
  personId: null,
  name: null,
  steward: false,
  roles: [],
  deviceKey: null,
};

/** True when the actor holds the role in this curriculum. Being steward gives no curriculum role. */
export function holds(actor: Actor, role: CurriculumRole, curriculumId: string): boolean {
  return actor.roles.some((held) => held.curriculumId === curriculumId && held.role === role);
}

/** True when the actor works on this curriculum in any role, or is the steward. */
export function worksOn(actor: Actor, curriculumId: string): boolean {
  return actor.steward || actor.roles.some((held) => held.curriculumId === curriculumId);
}

export function isPerson(actor: Actor): actor is Person {
  return actor.personId !== null;
}

/** A name as its owner chose it: one line, no invisible characters that could pose as another's. */
const name = z
  .string({ error: "people:name.required" })
  // Sorting out a million marks on one letter would take minutes.
  .max(1_000, "people:name.tooLong")
  .transform((text) =>
    text
      .normalize("NFC")
      .replace(/\p{Cf}/gu, "")
      .replace(/[\p{Cc}\s]+/gu, " ")
      .trim(),
  )
  .pipe(
    z.string("people:name.required").min(1, "people:name.required").max(80, "people:name.tooLong"),
  );

const email = z
  .string({ error: "people:email.required" })
  .trim()
  .toLowerCase()
  .max(254, "people:email.wrong")
  .pipe(z.email({ error: "people:email.wrong" }));

/** Long rather than strange: a sentence is easier to remember and harder to guess. */
const newPassword = z
  .string({ error: "people:password.required" })
  .min(10, "people:password.tooShort")
  .max(128, "people:password.tooLong");

const next = z.string().optional().transform(safeNext);

export const signInForm = z.object({
  email,
  password: z.string({ error: "people:password.required" }).max(128, "people:password.tooLong"),
  next,
});
export const linkForm = z.object({ email, next });
export const signUpForm = z.object({ name, email, next });
export const nameForm = z.object({ name });
export const passwordForm = z.object({
  current: z.string().max(128, "people:password.tooLong").optional(),
  password: newPassword,
});
export const setupForm = z.object({ name, email, password: newPassword });

const role = z.enum([...CURRICULUM_ROLES, "steward"], { error: "people:role.required" });
const curriculumId = z.string().max(64).optional();
/** Every role but the steward's is held in a curriculum. */
const needsCurriculum = (held: { role: Role; curriculumId?: string | undefined }) =>
  held.role === "steward" || Boolean(held.curriculumId);
const curriculumMissing = { error: "people:role.curriculum", path: ["curriculumId"] };

export const inviteForm = z
  .object({ email, name, role, curriculumId })
  .refine(needsCurriculum, curriculumMissing)
  .transform(({ curriculumId = null, ...rest }) => ({ ...rest, curriculumId }));
export type Invitation = z.output<typeof inviteForm>;

export const grantForm = z
  .object({ personId: z.string({ error: "people:person.required" }).max(64), role, curriculumId })
  .refine(needsCurriculum, curriculumMissing)
  .transform(({ curriculumId = null, ...rest }) => ({ ...rest, curriculumId }));
export type Grant = z.output<typeof grantForm>;

/** Where to go after signing in: an address of ours, or the front page. Never another site. */
export function safeNext(next: string | null | undefined): string {
  if (!next?.startsWith("/") || next.length > 500) return "/";
  const here = "http://here.invalid";
  if (!URL.canParse(next, here)) return "/";
  const url = new URL(next, here);
  // Once its dots are resolved, `/.//elsewhere.example` is another site's address.
  const inside = url.origin === here && !url.pathname.startsWith("//");
  return inside ? url.pathname + url.search + url.hash : "/";
}
