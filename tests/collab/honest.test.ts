import type { Node, NodeType } from "@tiptap/pm/model";
import { canJoin, canSplit, findWrapping, liftTarget, Transform } from "@tiptap/pm/transform";
import { initProseMirrorDoc, updateYFragment } from "@tiptap/y-tiptap";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { admit, Shadow } from "#app/document/guard.ts";
import { readDoc } from "#app/document/read.ts";
import { type DocJSON, FRAGMENT, schema } from "#app/document/schema.ts";
import { check } from "#app/document/validate.ts";
import { createDoc } from "#app/document/write.ts";
import { bare, type Random, random, randomDocument, SEED } from "../document/random.ts";
import { updateBy } from "../support/collab.ts";
import { flipped } from "../support/frames.ts";
import { HOSTILE, MALFORMED } from "../support/hostile.ts";

const RUNS = Number(process.env.RUNS ?? 2_000);
const CONTAINERS = ["blockquote", "callout", "bulletList"] as const;
const TEXTS = ["paragraph", "heading", "objective"] as const;
const INVALID = HOSTILE.filter(([, , reason]) => reason === "invalid");
const markOf = (name: string, attrs?: Record<string, string>) => schema().mark(name, attrs);

/** One step as an editor's command makes it; null when it doesn't apply here. */
function step(r: Random, doc: Node): Node | null {
  const tr = new Transform(doc);
  const { nodes } = schema();
  const from = r.int(0, doc.content.size);
  const to = Math.min(doc.content.size, from + r.int(0, 40));
  const $from = doc.resolve(from);
  const range = $from.blockRange(doc.resolve(to));
  try {
    switch (r.int(0, 9)) {
      case 0:
        if (!$from.parent.inlineContent) return null;
        tr.insert(from, schema().text("typed "));
        break;
      case 1:
        tr.deleteRange(from, to);
        break;
      case 2:
        if (!canSplit(doc, from)) return null;
        tr.split(from);
        break;
      case 3:
        if (!canJoin(doc, from)) return null;
        tr.join(from);
        break;
      case 4: {
        const wrapping = range && findWrapping(range, nodes[r.pick(CONTAINERS)] as NodeType);
        if (!range || !wrapping) return null;
        tr.wrap(range, wrapping);
        break;
      }
      case 5: {
        const target = range && liftTarget(range);
        if (!range || target === null) return null;
        tr.lift(range, target as number);
        break;
      }
      case 6:
        tr.setBlockType(from, to, nodes[r.pick(TEXTS)] as NodeType);
        break;
      case 7:
        tr.addMark(from, to, markOf(r.pick(["bold", "italic", "code", "strike"])));
        break;
      case 8:
        tr.removeMark(from, to);
        break;
      default:
        tr.addMark(from, to, markOf("link", { href: "https://example.org" }));
    }
    return tr.docChanged ? tr.doc : null;
  } catch {
    return null;
  }
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

/** Writes random edits into a copy the way the editor's binding does. */
function edit(r: Random, base: Y.Doc): Uint8Array {
  const copy = copyOf(base);
  const updates: Uint8Array[] = [];
  copy.on("update", (update: Uint8Array) => updates.push(update));
  const fragment = copy.getXmlFragment(FRAGMENT);
  const binding = initProseMirrorDoc(fragment, schema());
  let doc = binding.doc;
  for (let count = r.int(1, 5); count > 0; count--) {
    const next = step(r, doc);
    if (!next) continue;
    copy.transact(() => updateYFragment(copy, fragment, next, binding.meta));
    doc = next;
  }
  return updates.length > 0 ? Y.mergeUpdates(updates) : new Uint8Array([0, 0]);
}

/** An update that no editor sends: an honest one with some bytes changed, or made by hand. */
function hostile(r: Random, base: Y.Doc): Uint8Array {
  if (r.chance(0.5)) return flipped(r, edit(r, base));
  const [, write] = r.pick(INVALID);
  try {
    return updateBy(base, write);
  } catch {
    // Not every document has the block it needs.
    return r.pick(MALFORMED)[1];
  }
}

/** Opens a document as an editor does; answers how often that wrote, and what the editor shows. */
function opened(doc: Y.Doc): { writes: number; shown: DocJSON } {
  let writes = 0;
  doc.on("update", () => writes++);
  const { doc: shown } = initProseMirrorDoc(doc.getXmlFragment(FRAGMENT), schema());
  return { writes, shown: shown.toJSON() as DocJSON };
}

/**
 * Property 9 of the change engine: whatever two editors write at once, and whatever somebody sends
 * after them, the server and every client have the same valid document, and opening it writes
 * nothing.
 */
it(`takes what honest editors write, two at once, and nothing that breaks the document (seed ${SEED}, ${RUNS} runs)`, {
  timeout: 600_000,
}, () => {
  const rules = { author: "ana", ownerOf: () => undefined };
  const counts = { wrote: 0, refused: 0 };
  for (let run = 0; run < RUNS; run++) {
    const r = random(SEED + run);
    const at = `seed ${SEED}, run ${run}`;
    const base = createDoc(randomDocument(r, r.int(1, 6)));
    const admitted: Uint8Array[] = [];
    const shadow = new Shadow(copyOf(base));
    const honest = [edit(r, base), edit(r, base)];
    for (const update of honest) {
      const verdict = admit(shadow, update, rules);
      expect(verdict, at).toMatchObject({ ok: true });
      if (verdict.ok && verdict.update) admitted.push(verdict.update);
    }
    counts.wrote += admitted.length;
    const verdict = admit(shadow, hostile(r, shadow.doc), rules);
    if (!verdict.ok) counts.refused++;
    else if (verdict.update) admitted.push(verdict.update);

    const server = copyOf(base);
    for (const update of admitted) Y.applyUpdate(server, update);
    const json = readDoc(server);
    expect(check(json), at).toBeNull();
    if (verdict.ok) expect(readDoc(shadow.doc), at).toEqual(json);
    for (const own of honest) {
      const client = copyOf(base);
      for (const update of [own, ...admitted]) Y.applyUpdate(client, update);
      expect(readDoc(client), at).toEqual(json);
      const { writes, shown } = opened(client);
      expect(writes, `${at}: opening wrote`).toBe(0);
      expect(bare(shown), `${at}: what is shown`).toEqual(bare(json));
    }
  }
  expect(counts.wrote).toBeGreaterThan(RUNS * 0.75);
  expect(counts.refused).toBeGreaterThan(RUNS * 0.5);
});
