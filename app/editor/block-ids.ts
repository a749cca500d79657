import { isChangeOrigin } from "@tiptap/extension-collaboration";
import { UniqueID } from "@tiptap/extension-unique-id";
import { BLOCKS_WITH_ID } from "../document/schema.ts";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** A new block id: 10 base32 characters, 50 bits of chance. */
export function newBlockId(): string {
  return Array.from(
    crypto.getRandomValues(new Uint8Array(10)),
    (byte) => BASE32[byte & 31] as string,
  ).join("");
}

/**
 * Gives what this person writes or pastes its ids. Others' changes come with theirs, and the server
 * repairs what lacks one: opening a draft must write nothing, so the extension's own pass over the
 * document at the start is left out (its other one, too, since Collaboration is given a provider).
 */
export const BlockIds = UniqueID.extend({ onCreate: () => {} }).configure({
  attributeName: "id",
  types: [...BLOCKS_WITH_ID],
  generateID: newBlockId,
  filterTransaction: (transaction) => !isChangeOrigin(transaction),
});
