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
