import * as z from "zod";

export const rescueForm = z.object({
  rescueId: z.string().min(1).max(64),
  what: z.enum(["back", "dismiss"]),
});
export type RescueForm = z.infer<typeof rescueForm>;

/** Words that arrived where their passage had been replaced, and wait for somebody to place them. */
export type Rescued = {
  id: string;
  text: string;
  /** The name its writer shows here. */
  by: string;
  at: string;
  /** The passage nearest to where they stood, by its first words; null when that is gone too. */
  near: { blockId: string; words: string } | null;
};
