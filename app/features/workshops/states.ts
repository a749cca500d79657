import type { ProposalState } from "./workshops.ts";

/** How the state of a proposed change is coloured; its word says it. */
export const STATE_TONES: Record<ProposalState, "active" | "good" | "warning" | "problem" | ""> = {
  waiting: "active",
  approved: "active",
  held: "warning",
  returned: "warning",
  rejected: "problem",
  withdrawn: "",
  adopted: "good",
  partly_adopted: "good",
  already_covered: "",
  declined: "problem",
  out_of_scope: "",
  referred: "",
  taken_back: "warning",
};
