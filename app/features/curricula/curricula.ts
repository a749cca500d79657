import * as z from "zod";
import { cleanLine, cleanText } from "../../clean.ts";
import { LANGUAGES } from "../../i18n/i18n.ts";

export const CURRICULUM_STATUSES = [
  "draft",
  "in_review",
  "pilot",
  "approved",
  "effective",
  "superseded",
  "withdrawn",
] as const;
export type CurriculumStatus = (typeof CURRICULUM_STATUSES)[number];

export const MODES = ["in_person", "virtual", "blended"] as const;
export type Mode = (typeof MODES)[number];

/** Words that are pages of their own under `/curricula` or `/modules`. */
const RESERVED = new Set(["new"]);

/** What everybody may read. A curriculum still being set up is for those who work on it. */
export function isPublic(status: string): boolean {
  return status !== "draft";
}

/**
 * An address made from a title: "Crisis response & de-escalation" is `crisis-response-de-escalation`.
 * At most 60 characters; a number is added when `taken` has it.
 */
export function slugFor(title: string, taken: ReadonlySet<string> = new Set()): string {
  const base =
    title
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 60)
      .replace(/-+$/, "") || "untitled";
  const free = (slug: string) => !taken.has(slug) && !RESERVED.has(slug);
  if (free(base)) return base;
  for (let n = 2; ; n += 1) if (free(`${base}-${n}`)) return `${base}-${n}`;
}

/** Several languages of one text as a column keeps them; empty ones are left out. */
export function multilingual(texts: Record<string, string>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(texts).filter(([, text]) => text)));
}

const text = (max: number, clean = cleanText) =>
  z.string().transform(clean).pipe(z.string().max(max, "errors:tooLong")).default("");
const date = z.iso
  .date("curricula:badDate")
  .nullish()
  .transform((value) => value ?? null);
const count = (max: number) =>
  z
    .number("curricula:badNumber")
    .int("curricula:badNumber")
    .min(1, "curricula:badNumber")
    .max(max, "curricula:badNumber")
    .nullish()
    .transform((value) => value ?? null);

/** A title and the like: English, Spanish or both. */
const titles = { titleEn: text(200, cleanLine), titleEs: text(200, cleanLine) };

function needsTitle({ titleEn, titleEs }: { titleEn: string; titleEs: string }): boolean {
  return titleEn !== "" || titleEs !== "";
}
const titleMissing = { path: ["titleEn"], message: "curricula:titleMissing" };

export const curriculumForm = z
  .object({
    ...titles,
    summaryEn: text(2000),
    summaryEs: text(2000),
    agency: text(200),
    jurisdiction: text(200),
    status: z.enum(CURRICULUM_STATUSES, "errors:required").default("draft"),
    licence: text(60),
    owner: text(200),
    approver: text(200),
    effectiveFrom: date,
    effectiveTo: date,
    adaptedFrom: text(500),
    minutes: count(100_000),
  })
  .refine(needsTitle, titleMissing)
  .refine(
    ({ effectiveFrom, effectiveTo }) =>
      !effectiveFrom || !effectiveTo || effectiveFrom <= effectiveTo,
    { path: ["effectiveTo"], message: "curricula:endsBeforeStart" },
  );
export type CurriculumFields = z.infer<typeof curriculumForm>;

export const moduleForm = z
  .object({
    ...titles,
    goalEn: text(2000),
    goalEs: text(2000),
    audience: text(500),
    prerequisites: text(1000),
    minutes: z
      .number("curricula:badNumber")
      .int("curricula:badNumber")
      .min(0, "curricula:badNumber")
      .max(10_000, "curricula:badNumber")
      .default(0),
    mode: z.enum(MODES, "errors:required").default("in_person"),
    maxStudents: count(10_000),
    facilities: text(1000),
    equipment: text(1000),
    safetyPlan: text(2000),
    warningEn: text(1000),
    warningEs: text(1000),
    language: z.enum(LANGUAGES, "errors:required").default("en"),
  })
  .refine(needsTitle, titleMissing);
export type ModuleFields = z.infer<typeof moduleForm>;

/** How the modules' minutes stand to the hours the whole course must have; null when none are set. */
export function minutesLeft(total: number | null, modules: readonly { minutes: number }[]) {
  const sum = modules.reduce((minutes, module) => minutes + module.minutes, 0);
  return { sum, left: total === null ? null : total - sum };
}

/** Minutes as people say them, in any of our languages: "2 h 15 min". */
export function duration(minutes: number): string {
  const h = Math.floor(minutes / 60);
  const min = minutes % 60;
  return [h > 0 && `${h} h`, (min > 0 || h === 0) && `${min} min`].filter(Boolean).join(" ");
}

type Columns<T extends string> = Record<T, string>;

/** What a curriculum's form starts with. */
export function curriculumValues(
  row: Columns<
    "title" | "summary" | "agency" | "jurisdiction" | "status" | "licence" | "owner" | "approver"
  > & {
    effective_from: string | null;
    effective_to: string | null;
    adapted_from: string;
    minutes: number | null;
  },
) {
  return {
    ...inBoth("title", row.title),
    ...inBoth("summary", row.summary),
    agency: row.agency,
    jurisdiction: row.jurisdiction,
    status: row.status,
    licence: row.licence,
    owner: row.owner,
    approver: row.approver,
    effectiveFrom: row.effective_from,
    effectiveTo: row.effective_to,
    adaptedFrom: row.adapted_from,
    minutes: row.minutes,
  };
}

/** What a module's form starts with. */
export function moduleValues(
  row: Columns<
    | "title"
    | "goal"
    | "audience"
    | "prerequisites"
    | "mode"
    | "facilities"
    | "equipment"
    | "safety_plan"
    | "content_warning"
    | "language"
  > & { minutes: number; max_students: number | null },
) {
  return {
    ...inBoth("title", row.title),
    ...inBoth("goal", row.goal),
    audience: row.audience,
    prerequisites: row.prerequisites,
    minutes: row.minutes,
    mode: row.mode,
    maxStudents: row.max_students,
    facilities: row.facilities,
    equipment: row.equipment,
    safetyPlan: row.safety_plan,
    ...inBoth("warning", row.content_warning),
    language: row.language,
  };
}

/** A text of two languages as two fields: `titleEn`, `titleEs`. */
function inBoth<N extends string>(name: N, column: string) {
  const { en = "", es = "" } = JSON.parse(column) as Record<string, string>;
  return { [`${name}En`]: en, [`${name}Es`]: es } as Record<`${N}En` | `${N}Es`, string>;
}
