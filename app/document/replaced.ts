import * as Y from "yjs";
import { FRAGMENT, TEXTBLOCKS } from "./schema.ts";

/**
 * Runs a change and tells which textblocks it took out or made anew, by their ids. What somebody
 * types in one of these at that moment falls into a block that is gone. A block that was only
 * written in isn't among them: words merge. Cost: a walk through the document, before and after.
 */
export function replacedBy<T>(doc: Y.Doc, change: () => T): { result: T; replaced: Set<string> } {
  const before = elements(doc.getXmlFragment(FRAGMENT));
  const result = change();
  const replaced = new Set<string>();
  for (const [id, element] of before) if (element._item?.deleted) replaced.add(id);
  return { result, replaced };
}

function elements(
  parent: Y.XmlFragment,
  found = new Map<string, Y.XmlElement>(),
): Map<string, Y.XmlElement> {
  for (const child of parent.toArray()) {
    if (!(child instanceof Y.XmlElement)) continue;
    if (TEXTBLOCKS.has(child.nodeName)) found.set(String(child.getAttribute("id") ?? ""), child);
    else elements(child, found);
  }
  return found;
}
