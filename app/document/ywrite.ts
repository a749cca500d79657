import * as Y from "yjs";
import { asBlock, sameBlock } from "./blocks.ts";
import { formattings, textEdits } from "./flow.ts";
import { longestIncreasing } from "./increasing.ts";
import { idOf, readElement } from "./read.ts";
import { type DocJSON, FRAGMENT, type NodeJSON, TEXTBLOCKS } from "./schema.ts";
import { format, newElement, replace, setAttr } from "./ytext.ts";

/**
 * Writes into a document what it is to read as instead. Of the blocks of both, those to be `remade`
 * are taken out and put in anew; in the others only what differs is written; where both share a
 * node, nothing is even looked at. Throws when the document isn't `before`, or isn't `after` in the
 * end. In one transaction of the caller's.
 */
export function writeOver(
  doc: Y.Doc,
  before: DocJSON,
  after: DocJSON,
  remade: ReadonlySet<string>,
): void {
  const fragment = doc.getXmlFragment(FRAGMENT);
  writeChildren(fragment, before, after, remade);
  const old = new Set(before.content);
  after.content?.forEach((node, index) => {
    if (old.has(node)) return;
    const child = fragment.get(index);
    const is =
      child instanceof Y.XmlElement && sameBlock(asBlock(readElement(child)), asBlock(node));
    if (!is) throw new Error("A document was not written as planned");
  });
}

function writeChildren(
  parent: Y.XmlFragment,
  before: NodeJSON,
  after: NodeJSON,
  remade: ReadonlySet<string>,
): void {
  const old = before.content ?? [];
  const now = after.content ?? [];
  const children = parent.toArray();
  if (children.length !== old.length) throw new Error("A document is not as it was read");
  const origins = originsOf(old, now, remade);
  const stays = longestIncreasing(origins);
  const kept = new Map(
    [...stays].map((index) => [origins[index] as number, now[index] as NodeJSON]),
  );
  for (let index = old.length - 1; index >= 0; index--) {
    const node = kept.get(index);
    if (!node) parent.delete(index, 1);
    else if (node !== old[index]) writeNode(children[index], old[index] as NodeJSON, node, remade);
  }
  now.forEach((node, index) => {
    if (!stays.has(index)) parent.insert(index, [newElement(node)]);
  });
}

/** Which of the old nodes each is: that very node, else the next of its id. -1 for what is made anew. */
function originsOf(
  old: readonly NodeJSON[],
  now: readonly NodeJSON[],
  remade: ReadonlySet<string>,
): number[] {
  const at = new Map(old.map((node, index) => [node, index]));
  const shared = new Set(now.map((node) => at.get(node)));
  const byId = new Map<string, number[]>();
  old.forEach((node, index) => {
    const id = idOf(node);
    if (!shared.has(index)) byId.set(id, [...(byId.get(id) ?? []), index]);
  });
  return now.map((node) => {
    const id = idOf(node);
    return remade.has(id) ? -1 : (at.get(node) ?? byId.get(id)?.shift() ?? -1);
  });
}

function writeNode(
  element: unknown,
  before: NodeJSON,
  after: NodeJSON,
  remade: ReadonlySet<string>,
): void {
  if (!(element instanceof Y.XmlElement) || element.nodeName !== after.type) {
    throw new Error("A block is not as it was read");
  }
  const [old, now] = [asBlock(before), asBlock(after)];
  for (const name of new Set([...Object.keys(old.attrs), ...Object.keys(now.attrs)])) {
    if (old.attrs[name] !== now.attrs[name]) setAttr(element, name, now.attrs[name]);
  }
  if (!TEXTBLOCKS.has(after.type)) {
    writeChildren(element, before, after, remade);
    return;
  }
  const edits = textEdits(old.pieces, now.pieces);
  for (const change of formattings(old.pieces, now.pieces, edits)) {
    for (const range of change.ranges) format(element, range, change);
  }
  for (const { insert, ...range } of [...edits].reverse()) replace(element, range, insert);
}
