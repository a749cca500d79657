import * as z from "zod";
import { cleanLine, cleanText } from "../../clean.ts";
import type { Hunk } from "../../document/diff.ts";
import { isLanguage, LANGUAGES } from "../../i18n/i18n.ts";
import type { Outcome } from "../decisions/decisions.ts";
import type { Status as InputStatus } from "../inputs/inputs.ts";
import { isJoinToken, parseJoinCode } from "./codes.ts";

export const STATUSES = ["open", "frozen", "closed"] as const;
/** `frozen`: nobody writes for now. `closed`: for good; it stays readable. */
export type Status = (typeof STATUSES)[number];

export const ACTIONS = ["freeze", "unfreeze", "close"] as const;
export type Action = (typeof ACTIONS)[number];

const AFTER: Record<Action, Partial<Record<Status, Status>>> = {
  freeze: { open: "frozen" },
  unfreeze: { frozen: "open" },
  close: { open: "closed", frozen: "closed" },
};

/** What an action makes of a workshop; null where it can't be done. */
export function statusAfter(status: Status, action: Action): Status | null {
  return AFTER[action][status] ?? null;
}

export const MAY = ["write", "watch"] as const;
export type May = (typeof MAY)[number];

export const MAX_TITLE = 120;
export const MAX_NAME = 60;
export const MAX_REASON = 5_000;
/** Changes in one proposal: each becomes a suggestion that somebody moderates and decides on. */
export const MAX_HUNKS = 50;
/** People in one workshop copy. */
export const MAX_MEMBERS = 500;
/** How long a code and a link let people in, in days; renewing them begins anew. */
export const JOIN_DAYS = 14;

export type Member = {
  id: string;
  personId: string;
  /** The name they chose here. */
  name: string;
  may: May;
  colour: string;
  /** Works on the curriculum: a name that looks like theirs doesn't make it so. */
  leads: boolean;
};

/** What became of a change that was proposed: its input's status, or once decided the outcome. */
export type ProposalState = InputStatus | Outcome | "taken_back";

export type Proposal = {
  inputId: string;
  state: ProposalState;
  /** For those alone who wrote it, and who lead: it opens the page that tells what became of it. */
  receipt: string | null;
  /** Whether the change may be proposed again: it was withdrawn, or sent back to its authors. */
  again: boolean;
};

/** Everything that the page of a workshop copy shows besides its live text. */
export type WorkshopPage = {
  id: string;
  title: string;
  status: Status;
  language: string;
  openedAt: string;
  closedAt: string | null;
  curriculum: { id: string; slug: string; title: string };
  module: { id: string; slug: string; title: string };
  round: { id: string; title: string } | null;
  /** The document of the draft it was made of. */
  draftId: string;
  /** Which state of the draft it is compared with; `baseFor` gives the state itself. */
  baseSeq: number;
  /** The draft has moved on since: a refresh would bring something in, or tell a conflict. */
  draftMoved: boolean;
  /** Who is in, by name. Those who were taken out aren't here; `authorsOf` still has their names. */
  members: Member[];
  /** Who looks: `member` is null for whoever works on the curriculum and hasn't joined. */
  me: { member: Member | null; leads: boolean; may: May };
  /** For those who lead alone; null once closed. `until` is when it stops letting people in. */
  join: { code: string; link: string; until: string } | null;
  /** By the hunk's key. */
  proposals: Record<string, Proposal>;
  /** Large deletions that wait; 0 for whoever doesn't lead. */
  held: number;
};

/** A workshop copy as lists show it. */
export type ListedWorkshop = {
  id: string;
  title: string;
  status: Status;
  openedAt: string;
  module: { slug: string; title: string };
  people: number;
  held: number;
};

/** A range of a client's clock, `to` not included, with whose it is. */
export type AuthoredRange = [client: number, from: number, to: number, personId: string | null];

/** Who wrote and who took out what since the draft was copied. */
export type WorkshopAuthors = {
  /** Everybody who wrote here, by person. */
  people: Record<string, { name: string; colour: string }>;
  runs: (readonly [...AuthoredRange, via: string])[];
  deletions: AuthoredRange[];
};

export const CHECKPOINT_REASONS = [
  "opened",
  "regular",
  "asked",
  "before_restore",
  "before_release",
  "before_refresh",
] as const;
export type CheckpointReason = (typeof CHECKPOINT_REASONS)[number];

export type Checkpoint = {
  id: string;
  reason: CheckpointReason;
  at: string;
  /** By the name chosen here; null for those the server made. */
  by: string | null;
};

/** A change that couldn't be made: what it is, how the passage reads now, null where it is gone. */
export type Unresolved = {
  key: string;
  kind: Hunk["kind"];
  before: string;
  after: string;
  current: string | null;
};

/** What going back did. `left`: changes that couldn't be told apart from others', or didn't fit. */
export type Restored = { changed: number; left: Unresolved[] };

/** What a refresh did. `already`: what the copy said too, so that it is no difference any more. */
export type Refreshed = { applied: number; already: number; conflicts: Unresolved[] };

export type HeldUpdate = {
  id: string;
  by: string;
  /** How many words it would take out. */
  words: number;
  at: string;
  /** The passages it would take words out of, as they read now and as they would; the first ones. */
  passages: { before: string; after: string }[];
};

const id = z.string().min(1).max(64);
const language = z
  .string()
  .optional()
  .transform((tag) => (isLanguage(tag) ? tag : LANGUAGES[0]));

const line = (max: number, missing: string, tooLong: string) =>
  z
    .string({ error: missing })
    // Sorting out a million marks on one letter would take minutes.
    .max(1_000, tooLong)
    .transform(cleanLine)
    .pipe(
      z
        .string(missing)
        .regex(/[\p{L}\p{N}]/u, missing)
        .max(max, tooLong),
    );

export const openForm = z.object({
  title: line(MAX_TITLE, "workshops:errors.title", "workshops:errors.titleTooLong"),
  /** The draft's language, where a module has several. */
  text: z.string().max(16).optional(),
  roundId: z
    .string()
    .max(64)
    .optional()
    .transform((round) => round || undefined),
});
export type OpenFields = z.output<typeof openForm>;

const name = line(MAX_NAME, "workshops:errors.name", "workshops:errors.nameTooLong");

/** By a code that was read out, or by the part of a link. */
export const joinForm = z
  .object({
    name,
    code: z
      .string()
      .max(100)
      .optional()
      .transform((typed) => (typed === undefined ? null : parseJoinCode(typed))),
    token: z
      .string()
      .optional()
      .transform((token) => (token && isJoinToken(token) ? token : null)),
  })
  .refine(({ code, token }) => code !== null || token !== null, {
    error: "workshops:errors.noSuchCode",
    path: ["code"],
  });
export type JoinFields = z.output<typeof joinForm>;

export const mayForm = z.object({ memberId: id, may: z.enum(MAY) });
export const memberForm = z.object({ memberId: id });
export const inviteForm = z.object({
  email: z
    .string({ error: "people:email.required" })
    .trim()
    .toLowerCase()
    .max(254, "people:email.wrong")
    .pipe(z.email({ error: "people:email.wrong" })),
});
export const heldForm = z.object({ heldId: id });

const many = (max: number) =>
  z.preprocess(
    (given) => (given === undefined ? [] : [given].flat()),
    z.array(z.string().min(1).max(200)).max(max),
  );

/** With `people`, only what these did since is taken back; else the copy reads as it did then. */
export const restoreForm = z.object({
  checkpointId: id,
  people: many(MAX_MEMBERS).transform((people) => [...new Set(people)]),
});
export const undoForm = z.object({ checkpointId: id, personId: id });

export const proposeForm = z.object({
  hunks: many(MAX_HUNKS)
    .transform((keys) => [...new Set(keys)])
    .pipe(z.array(z.string()).min(1, "workshops:errors.noneChosen")),
  reason: z
    .string({ error: "workshops:errors.noReason" })
    .transform(cleanText)
    .pipe(
      z
        .string()
        .regex(/[\p{L}\p{N}]/u, "workshops:errors.noReason")
        .max(MAX_REASON, "inputs:errors.tooLong"),
    ),
  forGroup: z
    .string()
    .optional()
    .transform((given) => Boolean(given)),
  language,
  /** A random value drawn when the form was opened: sending it twice counts once. */
  key: z.string({ error: "inputs:errors.stale" }).min(16, "inputs:errors.stale").max(64),
});
export type ProposeFields = z.output<typeof proposeForm>;

/** What sending a proposal answers: one suggestion for each change, in the order they were chosen. */
export type Proposed = { key: string; inputId: string; receipt: string };
