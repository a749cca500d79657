import * as Y from "yjs";
import { readElement, textblocks } from "../../document/read.ts";
import { type DocJSON, FRAGMENT, type NodeJSON } from "../../document/schema.ts";
import { createDoc } from "../../document/write.ts";

/** Writes a text at the end of a draft; one that has no words yet is replaced. */
export function append(doc: Y.Doc, json: DocJSON): void {
  const fragment = doc.getXmlFragment(FRAGMENT);
  const empty = !blocksOf(fragment).some((block) =>
    textblocks(block).some(({ text }) => text.trim() !== ""),
  );
  if (empty) fragment.delete(0, fragment.length);
  fragment.insert(fragment.length, copies(json));
}

/**
 * Makes a draft read as the given text. Blocks that are the same in both, in the same order, are
 * left alone, and with them every comment's anchor in them. Cost: the product of the blocks that
 * lie between the first and the last difference.
 */
export function replace(doc: Y.Doc, json: DocJSON): void {
  const fragment = doc.getXmlFragment(FRAGMENT);
  const next = copies(json);
  const before = blocksOf(fragment).map(wording);
  const after = blocksOf(createDoc(json).getXmlFragment(FRAGMENT)).map(wording);
  let at = 0;
  for (const step of steps(before, after)) {
    if (step.kind === "keep") at += 1;
    else if (step.kind === "delete") fragment.delete(at, 1);
    else {
      const block = next[step.index];
      if (block) fragment.insert(at, [block]);
      at += 1;
    }
  }
}

function blocksOf(fragment: Y.XmlFragment): NodeJSON[] {
  return fragment
    .toArray()
    .map((child) =>
      child instanceof Y.XmlElement ? readElement(child) : { type: "text", text: String(child) },
    );
}

/** The blocks of a text, ready to be put into another document. Their ids are new. */
function copies(json: DocJSON): (Y.XmlElement | Y.XmlText)[] {
  return createDoc(json)
    .getXmlFragment(FRAGMENT)
    .toArray()
    .map((child) => child.clone() as Y.XmlElement | Y.XmlText);
}

/** All of a block but its ids: equal for two blocks that read and look the same. */
function wording(node: NodeJSON): string {
  return JSON.stringify(node, (key, value) => (key === "id" ? undefined : value));
}

type Step = { kind: "keep" } | { kind: "delete" } | { kind: "insert"; index: number };

/** Two texts of 4,000 blocks each. What is longer and differs all through is replaced whole. */
const MOST_COMPARED = 16_000_000;

/** How to come from one list to the other, keeping their longest common subsequence. */
function steps(before: string[], after: string[]): Step[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < Math.min(before.length, after.length) - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  const a = before.slice(start, before.length - end);
  const b = after.slice(start, after.length - end);
  if (a.length * b.length > MOST_COMPARED) {
    return [
      ...Array.from({ length: start }, () => ({ kind: "keep" }) as const),
      ...a.map(() => ({ kind: "delete" }) as const),
      ...b.map((_, index) => ({ kind: "insert", index: start + index }) as const),
      ...Array.from({ length: end }, () => ({ kind: "keep" }) as const),
    ];
  }
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: Step[] = Array.from({ length: start }, () => ({ kind: "keep" }) as const);
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ kind: "keep" });
      i++;
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      found.push({ kind: "delete" });
      i++;
    } else {
      found.push({ kind: "insert", index: start + j });
      j++;
    }
  }
  return [...found, ...Array.from({ length: end }, () => ({ kind: "keep" }) as const)];
}
