import * as z from "zod";
import { cleanLine, cleanText } from "../../clean.ts";
import { isLanguage, LANGUAGES } from "../../i18n/i18n.ts";
import { parseReceipt } from "./receipts.ts";

/** What somebody can send by themselves; a reply answers another input. */
export const SPOKEN_KINDS = ["comment", "question", "story"] as const;
export const KINDS = [...SPOKEN_KINDS, "suggestion", "reply"] as const;
export type Kind = (typeof KINDS)[number];

export const STATUSES = [
  "waiting",
  "held",
  "returned",
  "approved",
  "rejected",
  "withdrawn",
] as const;
export type Status = (typeof STATUSES)[number];

export const CHANNELS = ["web", "session", "card", "phone", "email", "mail", "sms"] as const;
export type Channel = (typeof CHANNELS)[number];

/** In characters, after cleaning. */
export const MAX_BODY = 5_000;
export const MAX_NAME = 60;
export const MAX_PASSAGE = 10_000;

/** The one status in which an input's words are shown. */
export const PUBLIC: Status = "approved";

/**
 * Only an approved input shows its words, name and passage. Of any other, everybody sees no more
 * than its stub: kind, day, state, and the reason when it was rejected.
 */
export function isPublic(status: string): boolean {
  return status === PUBLIC;
}

/** The start of the hour: an exact time could tell who was at the keyboard. */
export function hourOf(at: Date): Date {
  const hour = new Date(at);
  hour.setUTCMinutes(0, 0, 0);
  return hour;
}

/** Something a person can see: without it a text counts as empty. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A required text, cleaned; its errors are catalogue keys. */
function words(max: number, missing: string) {
  return z
    .string({ error: missing })
    .transform(cleanText)
    .pipe(z.string({ error: missing }).regex(VISIBLE, missing).max(max, "inputs:errors.tooLong"));
}

const name = z
  .string()
  .optional()
  .transform((text) => cleanLine(text ?? "") || null)
  .pipe(z.string().max(MAX_NAME, "inputs:errors.nameTooLong").nullable());

const language = z
  .string()
  .optional()
  .transform((tag) => (isLanguage(tag) ? tag : LANGUAGES[0]));

/** Forms send line ends their own way; a passage has only newlines. */
function newlines(text: string | undefined): string | undefined {
  return text?.replace(/\r\n?/g, "\n");
}

const offset = z.coerce.number().int().min(0).max(1_000_000).optional().catch(undefined);

/** What every form carries unseen. */
const unseen = {
  /** A random value drawn when the form was opened: sending it twice counts once. */
  key: z.string({ error: "inputs:errors.stale" }).min(16, "inputs:errors.stale").max(64),
  /** The block the words are about; none is the whole module or curriculum. */
  block: z.string().max(64).optional(),
  /** The selected words in the block's text, as offsets; none is the whole paragraph. */
  start: offset,
  end: offset,
  quote: z.string().max(MAX_PASSAGE).optional().transform(newlines),
  /** The paragraph as the person saw it, so that a change behind their back is noticed. */
  base: z.string().max(50_000).optional().transform(newlines),
};

/** "Say something". */
export const sayForm = z.object({
  kind: z.enum(SPOKEN_KINDS, { error: "inputs:errors.kind" }),
  body: words(MAX_BODY, "inputs:errors.empty"),
  name,
  language,
  ...unseen,
});

/** "Suggest a wording": the passage as it should read, and why. */
export const suggestForm = z.object({
  kind: z.literal("suggestion"),
  proposed: z
    .string()
    .optional()
    .transform((text) => cleanText(text ?? ""))
    .refine((text) => text.length <= MAX_PASSAGE, "inputs:errors.passageTooLong"),
  body: words(MAX_BODY, "inputs:errors.noReason"),
  name,
  language,
  ...unseen,
  block: z.string({ error: "inputs:errors.noPassage" }).max(64),
  base: z
    .string({ error: "inputs:errors.stale" })
    .max(50_000)
    .transform((text) => text.replace(/\r\n?/g, "\n")),
});

export const replyForm = z.object({
  body: words(MAX_BODY, "inputs:errors.empty"),
  name,
  language,
  key: unseen.key,
});

export type SayForm = z.infer<typeof sayForm>;
export type SuggestForm = z.infer<typeof suggestForm>;
export type ReplyForm = z.infer<typeof replyForm>;

/** A receipt's code as somebody typed it. */
export const receiptForm = z.object({
  code: z
    .string({ error: "inputs:errors.badReceipt" })
    .max(100, "inputs:errors.badReceipt")
    .transform((typed) => parseReceipt(typed) ?? "")
    .refine((code) => code !== "", "inputs:errors.badReceipt"),
});
