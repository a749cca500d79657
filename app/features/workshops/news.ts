import { formatReceipt } from "../inputs/receipts.ts";
import type { WorkshopAuthors, WorkshopPage } from "./workshops.ts";

/** What an open page asks for again and again: all that changes besides the text. */
export function newsOf(
  { id, status, baseSeq, me, proposals, held }: WorkshopPage,
  authors: WorkshopAuthors,
) {
  const writes = me.member !== null && me.may === "write";
  return {
    status,
    mayWrite: writes && status === "open",
    mayPropose: (writes || me.leads) && status !== "closed",
    base: String(baseSeq),
    proposals: Object.fromEntries(
      Object.entries(proposals).map(([key, { state, receipt, again }]) => [
        key,
        {
          state,
          again,
          href: receipt ? `/receipts/${formatReceipt(receipt)}` : `/workshops/${id}/changes`,
        },
      ]),
    ),
    authors,
    held,
  };
}
