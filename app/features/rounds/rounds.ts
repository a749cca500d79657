import * as z from "zod";
import { cleanLine, cleanText } from "../../clean.ts";

type Window = { opens_at: string; closes_at: string };

/** True from the moment a round opens until the moment it closes. */
export function isOpen({ opens_at, closes_at }: Window, now: Date): boolean {
  const at = now.toISOString();
  return opens_at <= at && at < closes_at;
}

export type RoundState = "planned" | "open" | "closed";

export function stateOf(round: Window, now: Date): RoundState {
  if (isOpen(round, now)) return "open";
  return now.toISOString() < round.opens_at ? "planned" : "closed";
}

const text = (max: number, clean = cleanText) =>
  z.string().transform(clean).pipe(z.string().max(max, "errors:tooLong")).default("");
const date = z.iso.date("rounds:badDate");

/** Days are whole: a round opens as its first day begins and closes as its last day ends, in UTC. */
export const roundForm = z
  .object({
    titleEn: text(200, cleanLine),
    titleEs: text(200, cleanLine),
    questionEn: text(1000),
    questionEs: text(1000),
    modules: z.array(z.string(), "rounds:noModules").min(1, "rounds:noModules"),
    opens: date,
    closes: date,
  })
  .refine(({ titleEn, titleEs }) => titleEn || titleEs, {
    path: ["titleEn"],
    message: "rounds:titleMissing",
  })
  .refine(({ opens, closes }) => opens <= closes, {
    path: ["closes"],
    message: "rounds:closesFirst",
  });
export type RoundFields = z.infer<typeof roundForm>;
