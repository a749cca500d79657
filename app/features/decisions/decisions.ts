import * as z from "zod";
import { cleanText } from "../../clean.ts";
import { type Actor, holds } from "../people/people.ts";

export const OUTCOMES = [
  "adopted",
  "partly_adopted",
  "already_covered",
  "declined",
  "out_of_scope",
  "referred",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Kinds of input that are decided on; a reply is part of what it answers. */
export const DECIDED_KINDS = ["comment", "suggestion", "question", "story"] as const;
export type DecidedKind = (typeof DECIDED_KINDS)[number];

/** Rows on one page of a list. */
export const PAGE_SIZE = 50;

export const REASON_MIN = 3;
export const REASON_MAX = 2000;
export const WORDING_MAX = 20_000;

export function mayDecide(actor: Actor, curriculumId: string): boolean {
  return holds(actor, "trainer", curriculumId);
}

/**
 * How an outcome treats the text:
 * - `proposed`: the suggestion goes in as it was written;
 * - `required`: the trainer's own wording goes in;
 * - `optional`: a wording may come along, else the reason says what was changed by hand;
 * - `none`: the text stays as it is, or was changed by hand.
 */
export type Wording = "proposed" | "required" | "optional" | "none";

export function wordingFor(
  outcome: Outcome,
  input: {
    suggestion: boolean;
    anchored: boolean;
    /** Another wording alone can't say what it changes: it moves, splits or joins passages. */
    byHand?: boolean;
    /** A person composed the wording out of a conflict. */
    composed?: boolean;
  },
): Wording {
  if (outcome !== "adopted" && outcome !== "partly_adopted") return "none";
  if (!input.suggestion) return input.anchored ? "optional" : "none";
  if (outcome === "adopted") return input.composed ? "required" : "proposed";
  return input.byHand ? "none" : "required";
}

/** What becomes of a suggestion once it is decided. */
export function suggestionStatusFor(outcome: Outcome): "applied" | "declined" {
  return outcome === "adopted" || outcome === "partly_adopted" ? "applied" : "declined";
}

const reason = z
  .string("decisions:reasonMissing")
  .transform(cleanText)
  .pipe(
    z
      .string("decisions:reasonMissing")
      .min(REASON_MIN, "decisions:reasonMissing")
      .max(REASON_MAX, "decisions:reasonTooLong"),
  );

/** A wording, and the passage it was composed on. */
const wording = {
  /** Compared with the draft as it is, so only a form's own line ends are undone. */
  base: z
    .string()
    .max(50_000)
    .transform((text) => text.replace(/\r\n?/g, "\n"))
    .optional(),
  wording: z
    .string()
    .transform(cleanText)
    .refine((text) => text.length <= WORDING_MAX, "decisions:wordingTooLong")
    .optional(),
  /** Set where a person composed the wording out of a conflict: then the passage must be `base`. */
  composed: z.literal("1").optional().catch(undefined),
};

/** What the decision's form carries. */
export const decideForm = z.object({
  inputId: z.string().min(1).max(64),
  outcome: z.enum(OUTCOMES, "decisions:outcomeMissing"),
  reason,
  ...wording,
});
export type DecisionForm = z.infer<typeof decideForm>;

/** Several suggestions adopted for one reason. A page of the list at the most. */
export const severalForm = z.object({
  input: z
    .array(z.string().min(1).max(64), "decisions:several.none")
    .min(1, "decisions:several.none")
    .max(PAGE_SIZE, "decisions:several.tooMany"),
  reason,
});
export type SeveralForm = z.infer<typeof severalForm>;

/** What takes an adopted change back; `byHand` where the passage is gone and the draft was put right. */
export const undoForm = z.object({
  decisionId: z.string().min(1).max(64),
  reason,
  ...wording,
  byHand: z.literal("1").optional().catch(undefined),
});
export type UndoForm = z.infer<typeof undoForm>;

const part = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** The worklist as its address says it. */
export const toDecideFilter = z.object({
  kind: part(z.enum(DECIDED_KINDS)),
  module: part(z.string().max(120)),
  /** Only what this trainer may decide: nothing they moderated. */
  mine: part(z.literal("1")),
  q: part(z.string().trim().max(200)),
  after: part(z.coerce.number().int().positive()),
});
export type ToDecideFilter = z.infer<typeof toDecideFilter>;

/** The public list of decisions as its address says it. */
export const decidedFilter = z.object({
  outcome: part(z.enum(OUTCOMES)),
  kind: part(z.enum(DECIDED_KINDS)),
  module: part(z.string().max(120)),
  q: part(z.string().trim().max(200)),
  /** The id of the last one seen: ids are in order of time. */
  before: part(z.string().max(64)),
});
export type DecidedFilter = z.infer<typeof decidedFilter>;

/** The filled-in parts of an address. */
export function given(params: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...params].filter(([, value]) => value !== ""));
}

/** The address that shows this filter, with whatever else the page is to know. */
export function addressOf(
  filter: Partial<ToDecideFilter & DecidedFilter>,
  more: Record<string, string | number | undefined> = {},
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...more }))
    if (value !== undefined) params.set(name, String(value));
  const search = params.toString();
  return search && `?${search}`;
}
