import type { Language, ModuleSlug, PersonKey } from "./community.ts";

/** Somebody in the session: with an account, or by their browser alone. */
type DemoMember = { key: string; name: string; person: PersonKey | null };

/** What somebody did in the copy, in words that stand once in it. */
export type DemoDeed =
  | { by: string; find: string; replace: string }
  /** A new paragraph behind the one that has these words. */
  | { by: string; id: string; behind: string; add: string }
  /** The paragraph that has these words goes before the other one. */
  | { by: string; move: string; before: string };

/** A session at the library: the open workshop copy of the third reading. */
export const workshop = {
  module: "responding-together" as ModuleSlug,
  draft: "en" as Language,
  day: 2,
  by: "imani" as PersonKey,
  title: "Evening session at the library",
  members: [
    { key: "gloria", name: "Gloria T.", person: "gloria" },
    { key: "marcus", name: "Marcus", person: "marcus" },
    { key: "rosa", name: "Rosa from Cedar Street", person: null },
    { key: "teo", name: "Teo", person: null },
  ] satisfies DemoMember[] as DemoMember[],
  deeds: [
    {
      by: "gloria",
      find: "Stay within reach and out of the conversation, unless they ask you in.",
      replace:
        "Stay within reach and out of the conversation, unless they or the person ask you in.",
    },
    {
      by: "marcus",
      find: "the best first responder may be a counselor and not you.",
      replace: "the best first responder is often a counselor and not you.",
    },
    {
      by: "rosa",
      find: " They may also be exhausted, frightened of police, or part of the quarrel.",
      replace: "",
    },
    {
      by: "rosa",
      id: "demoaddeda",
      behind: "They do not assess and they do not enforce",
      add: "Do not talk about a person over their head. If you and a helper need to confer, say so to the person first, and say what about.",
    },
    {
      by: "teo",
      move: "Look at the person and not at the interpreter.",
      before: "Writing notes works for a short, simple exchange",
    },
    {
      by: "teo",
      find: "Take turns in pairs.",
      replace: "Take turns in pairs, and sit side by side.",
    },
  ] satisfies DemoDeed[] as DemoDeed[],
  /** Proposed by its author: the change that has these words. */
  proposed: {
    by: "rosa",
    words: "Do not talk about a person over their head.",
    reason:
      "At the hospital two officers and a nurse talked about my son for ten minutes while he stood between them. He heard every word.",
  },
};
