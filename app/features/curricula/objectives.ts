import type { ObjectiveText, Outline } from "../../document/read.ts";

/**
 * Verbs that name a state of mind: nobody can see or test them. English and Spanish, with the
 * forms an objective begins with.
 */
const WEAK =
  /^(?:to\s+)?(understand|know|learn|appreciate|realize|realise|be aware|become aware|be familiar|comprender|entender|saber|conocer|aprender|apreciar|ser consciente|estar consciente|familiarizarse)\b/iu;

/** How an objective begins before it comes to its verb: "Officers will be able to …". */
const LEAD_IN =
  /^.{0,60}?\b(?:will be able to|will|can|should|podrán?|será[n]? capac?e?s? de|deberán?)\s+/iu;

export type CheckedObjective = ObjectiveText & {
  /** The verb as it is written, when it can't be seen or tested. */
  weak: string | null;
  unassessed: boolean;
};

export type ObjectivesCheck = {
  objectives: CheckedObjective[];
  /** There are objectives, and none of them is terminal. */
  noTerminal: boolean;
  /** What the sections add up to; null when none says how long it takes. */
  sectionMinutes: number | null;
};

/** What is wanting in a module's objectives and minutes: advice to its trainers, never a gate. */
export function checkObjectives(
  objectives: readonly ObjectiveText[],
  outline: Outline,
): ObjectivesCheck {
  return {
    objectives: objectives.map((objective) => ({
      ...objective,
      weak: weakVerb(objective.text),
      unassessed: objective.assessed.trim() === "",
    })),
    noTerminal: objectives.length > 0 && !objectives.some(({ level }) => level === "terminal"),
    sectionMinutes: outline.sections.some(({ minutes }) => minutes !== null)
      ? outline.minutes
      : null,
  };
}

/** The weak verb an objective begins with, or null. */
export function weakVerb(text: string): string | null {
  const sentence = text.trim();
  const verb = WEAK.exec(sentence) ?? WEAK.exec(sentence.replace(LEAD_IN, ""));
  return verb?.[1] ?? null;
}
