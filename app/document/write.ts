import { prosemirrorJSONToYDoc } from "@tiptap/y-tiptap";
import type * as Y from "yjs";
import { BLOCKS_WITH_ID, type DocJSON, FRAGMENT, type NodeJSON, schema } from "./schema.ts";
import { check } from "./validate.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const needsId = new Set<string>(BLOCKS_WITH_ID);

/** A new block id: ten characters, 50 random bits. */
export function newBlockId(): string {
  return Array.from(
    crypto.getRandomValues(new Uint8Array(10)),
    (byte) => ALPHABET[byte % ALPHABET.length],
  ).join("");
}

/** The same document, in which each block has an id of its own. Ids that are sound stay. */
export function withIds(json: DocJSON, newId: () => string = newBlockId): DocJSON {
  const taken = new Set<string>();
  const claim = (id: unknown): string => {
    let claimed = typeof id === "string" ? id : "";
    while (claimed === "" || taken.has(claimed)) claimed = newId();
    taken.add(claimed);
    return claimed;
  };
  const visit = (node: NodeJSON): NodeJSON => {
    const copy = needsId.has(node.type)
      ? { ...node, attrs: { ...node.attrs, id: claim(node.attrs?.id) } }
      : node;
    return copy.content ? { ...copy, content: copy.content.map(visit) } : copy;
  };
  return { ...visit(json), type: "doc" };
}

/** A new shared document with this text. Throws when the text isn't sound. */
export function createDoc(json: DocJSON): Y.Doc {
  const complete = withIds(json);
  const wrong = check(complete);
  if (wrong) throw new Error(`Not a document: ${wrong}`);
  return prosemirrorJSONToYDoc(schema(), complete, FRAGMENT);
}
