import type { Node } from "@tiptap/pm/model";
import * as Y from "yjs";
import { readDoc } from "#app/document/read.ts";
import type { DocJSON, NodeJSON } from "#app/document/schema.ts";
import { createDoc, withIds } from "#app/document/write.ts";
import { editing, MORE, ownIds, STRUCTURE, WORDS } from "./editing.ts";
import { type Random, random, randomDocument } from "./random.ts";

const EDITS = { ...STRUCTURE, ...WORDS, ...MORE };

/** One thing somebody does, the same each time: what, and the seed of where. */
export type Step = { edit: string; seed: number };

/** A document, what residents do in a copy of it, and what trainers do in it meanwhile. */
export type Case = { seed: number; base: DocJSON; copy: Step[]; draft: Step[] };

/** A random case. Half of the base's words occur once; who writes new ones signs them. */
export function caseOf(seed: number, { draft }: { draft: boolean }): Case {
  const r = random(seed);
  let count = 0;
  const text = (node: NodeJSON): NodeJSON => ({
    ...node,
    ...(node.text === undefined
      ? {}
      : {
          text: node.text.replace(/\S+/g, () => {
            count += 1;
            return r.chance(0.6) ? `b${count}x` : r.pick(["to", "be", "or", "not", "very"]);
          }),
        }),
    ...(node.content ? { content: node.content.map(text) } : {}),
  });
  const written = randomDocument(r, r.int(1, 4));
  const base = text({
    ...written,
    content: [
      ...(written.content ?? []),
      { type: "paragraph", content: [{ type: "text", text: "last words here" }] },
    ],
  }) as DocJSON;
  const steps = (most: number) =>
    Array.from({ length: r.int(1, most) }, () => ({
      edit: r.pick(Object.keys(EDITS)),
      seed: r.int(0, 2 ** 31),
    }));
  let id = 0;
  return {
    seed,
    base: withIds(base, () => `b${++id}`),
    copy: steps(8),
    draft: draft ? steps(4) : [],
  };
}

/**
 * What somebody did, through the editor's own binding. New words are signed. The editor `repairs`
 * ids after each step.
 */
export function take(doc: Y.Doc, steps: readonly Step[], sign: string, repairs = true): void {
  if (steps.length === 0) return;
  const { edit, now } = editing(doc);
  for (const { edit: name, seed } of steps) {
    if (!hasText(now())) return;
    const r: Random = random(seed);
    let count = 0;
    const word = () => `${sign}${seed % 100_000}n${++count}x`;
    try {
      edit((tr) => EDITS[name]?.(tr, r, word));
    } catch (error) {
      // A step that doesn't fit where it fell is no step.
      const { name } = error as Error;
      if (!["RangeError", "ReplaceError", "TransformError"].includes(name)) throw error;
    }
    if (repairs) edit(ownIds);
  }
}

function hasText(doc: Node): boolean {
  let found = false;
  doc.descendants((node) => {
    found ||= node.isTextblock;
  });
  return found;
}

export type World = { base: DocJSON; copy: DocJSON; draft: Y.Doc };

/** The documents of a case. */
export function worldOf({ seed, base, copy, draft }: Case): World {
  const origin = createDoc(base);
  const fork = () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(origin));
    return doc;
  };
  const [theirs, ours] = [fork(), fork()];
  // Now and then a copy is looked at before the editor gave its new blocks ids.
  take(theirs, copy, "r", seed % 5 > 0);
  take(ours, draft, "t");
  return { base: readDoc(origin), copy: readDoc(theirs), draft: ours };
}

/**
 * The least of a case that still fails: steps and blocks are left out while it does. Answers with
 * the failure, as readable as it gets; null when the case passes.
 */
export function reduced(whole: Case, fails: (one: Case) => string | null): string | null {
  let problem = fails(whole);
  if (problem === null) return null;
  let best = whole;
  const shrink = (less: (one: Case) => Case[]) => {
    for (let found = true; found; ) {
      found = false;
      for (const one of less(best)) {
        const worse = failing(() => fails(one));
        if (worse === null) continue;
        [best, problem, found] = [one, worse, true];
        break;
      }
    }
  };
  const without = <T>(list: readonly T[]) => list.map((_, at) => list.filter((_, i) => i !== at));
  shrink((one) => without(one.copy).map((copy) => ({ ...one, copy })));
  shrink((one) => without(one.draft).map((draft) => ({ ...one, draft })));
  shrink((one) =>
    without(one.base.content ?? []).map((content) => ({ ...one, base: { ...one.base, content } })),
  );
  return `seed ${whole.seed}: ${problem}\n${JSON.stringify(best)}`;
}

/** What went wrong, an exception included. */
export function failing(check: () => string | null): string | null {
  try {
    return check();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
