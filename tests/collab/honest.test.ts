import type { Node, NodeType } from "@tiptap/pm/model";
import { canJoin, canSplit, findWrapping, liftTarget, Transform } from "@tiptap/pm/transform";
import { initProseMirrorDoc, updateYFragment } from "@tiptap/y-tiptap";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { admit, Shadow } from "#app/document/guard.ts";
import { readDoc } from "#app/document/read.ts";
import { FRAGMENT, schema } from "#app/document/schema.ts";
import { check } from "#app/document/validate.ts";
import { createDoc } from "#app/document/write.ts";
import { type Random, random, randomDocument, SEED } from "../document/random.ts";

const RUNS = Number(process.env.RUNS ?? 400);
const CONTAINERS = ["blockquote", "callout", "bulletList"] as const;
const TEXTS = ["paragraph", "heading", "objective"] as const;
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

/** Writes random edits into a copy the way the editor's binding does. */
function edit(r: Random, base: Y.Doc): Uint8Array {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(base));
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

it(`takes what honest editors write, two at once (seed ${SEED})`, { timeout: 120_000 }, () => {
  const r = random(SEED);
  let wrote = 0;
  for (let run = 0; run < RUNS; run++) {
    const base = createDoc(randomDocument(r));
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(base));
    const shadow = new Shadow(copy);
    for (const update of [edit(r, base), edit(r, base)]) {
      const verdict = admit(shadow, update, { author: "ana", ownerOf: () => undefined });
      expect(verdict, `seed ${SEED}, run ${run}`).toMatchObject({ ok: true });
      if (verdict.ok && verdict.update) wrote++;
    }
    expect(check(readDoc(shadow.doc)), `seed ${SEED}, run ${run}`).toBeNull();
  }
  expect(wrote).toBeGreaterThan(RUNS * 0.75);
});
