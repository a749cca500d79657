import * as z from "zod";
import { cleanText } from "../../clean.ts";
import { KINDS, STATUSES, type Status } from "../inputs/inputs.ts";
import { type Actor, holds } from "../people/people.ts";

/** What a moderator looks through. What its author withdrew is nobody's work any more. */
export const QUEUE_STATUSES = ["waiting", "held", "returned", "approved", "rejected"] as const;
export type QueueStatus = (typeof QUEUE_STATUSES)[number];

export const ACTIONS = ["approve", "hold", "return", "reject"] as const;
export type Action = (typeof ACTIONS)[number];

/** Why something isn't shown as it is. Criticism and swearing are never a reason. */
export const REASON_CODES = [
  "personal_data",
  "threat",
  "hateful",
  "off_topic",
  "duplicate",
  "unclear",
  "not_input",
  "other",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export const REASON_MIN = 3;
export const REASON_MAX = 1000;

/** Inputs on one page of the list. */
export const PAGE_SIZE = 50;

/** How long a moderator may take back what they just did. */
export const UNDO_MS = 60_000;

const TARGET: Record<Action, Status> = {
  approve: "approved",
  hold: "held",
  return: "returned",
  reject: "rejected",
};

/** Only the moderators of the curriculum say what is fit to show. */
export function mayModerate(actor: Actor, curriculumId: string): boolean {
  return holds(actor, "moderator", curriculumId);
}

/**
 * The status an action leads to, or null when it isn't possible: a moderator may always think
 * again, but what its author withdrew stays withdrawn.
 */
export function after(status: Status, action: Action): Status | null {
  const to = TARGET[action];
  return status === "withdrawn" || status === to ? null : to;
}

/** The actions open to a moderator on an input of this status. */
export function actionsFor(status: Status): Action[] {
  return ACTIONS.filter((action) => after(status, action) !== null);
}

/** Whatever keeps words from the public owes a reason, in a code and in words. */
export function owesReason(action: Action): boolean {
  return action !== "approve";
}

/** One entry of an input's history, as far as undoing it is concerned. */
export type LastEvent = {
  action: Action | "undo";
  fromStatus: Status;
  toStatus: Status;
  moderatorId: string;
  at: string;
};

/** The status an undo restores, or null: own last action, still standing, within a minute. */
export function undone(
  last: LastEvent | undefined,
  status: Status,
  personId: string | null,
  now: Date,
): Status | null {
  if (!last || last.action === "undo" || last.moderatorId !== personId) return null;
  if (last.toStatus !== status) return null;
  const age = now.getTime() - Date.parse(last.at);
  return age <= UNDO_MS ? last.fromStatus : null;
}

/** What the queue's form carries. Words left over from another action are dropped on approval. */
export const moderateForm = z
  .object({
    inputId: z.string().min(1).max(64),
    action: z.enum(ACTIONS),
    expectedStatus: z.enum(STATUSES),
    reasonCode: z.enum(REASON_CODES).optional(),
    reason: z
      .string()
      .optional()
      .transform((words) => cleanText(words ?? ""))
      .refine((words) => words.length <= REASON_MAX, "moderation:reasonTooLong"),
  })
  .transform((form) =>
    owesReason(form.action) ? form : { ...form, reasonCode: undefined, reason: "" },
  )
  .superRefine((form, ctx) => {
    if (!owesReason(form.action)) return;
    if (!form.reasonCode)
      ctx.addIssue({
        code: "custom",
        path: ["reasonCode"],
        message: "moderation:reasonCodeMissing",
      });
    if (form.reason.length < REASON_MIN)
      ctx.addIssue({ code: "custom", path: ["reason"], message: "moderation:reasonMissing" });
  });
export type Moderation = z.infer<typeof moderateForm>;

/** What the queue shows, as its address says it. Anything unknown falls back to the default. */
export const queueFilter = z.object({
  status: z.enum(QUEUE_STATUSES).catch("waiting"),
  kind: z.enum(KINDS).optional().catch(undefined),
  module: z.string().max(120).optional().catch(undefined),
  language: z.string().max(12).optional().catch(undefined),
  q: z.string().trim().max(200).optional().catch(undefined),
  after: z.coerce.number().int().positive().optional().catch(undefined),
});
export type QueueFilter = z.infer<typeof queueFilter>;

/** The filter in an address; empty parts count as absent. */
export function filterOf(params: URLSearchParams): QueueFilter {
  return queueFilter.parse(Object.fromEntries([...params].filter(([, value]) => value !== "")));
}

/** The address that shows this filter, with whatever else the page is to know. */
export function addressOf(
  filter: QueueFilter,
  more: Record<string, string | number | undefined> = {},
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...more }))
    if (value !== undefined) params.set(name, String(value));
  return `?${params}`;
}

/** New work comes oldest first, so that nobody waits for ever; the rest newest first. */
export function oldestFirst(status: QueueStatus): boolean {
  return status === "waiting" || status === "held";
}
