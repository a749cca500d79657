import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet, type EditorView } from "@tiptap/pm/view";
import { positionOf } from "./outline.ts";

/** A passage somebody told us something about. */
export type MarkedPassage = { blockId: string; quote: string };

const KEY = new PluginKey<DecorationSet>("inputMarks");

/** Underlines the passages that open input stands on. Display only: the text isn't touched. */
export const InputMarks = Extension.create({
  name: "inputMarks",
  addProseMirrorPlugins: () => [
    new Plugin<DecorationSet>({
      key: KEY,
      state: {
        init: () => DecorationSet.empty,
        apply: (tr, marks) => tr.getMeta(KEY) ?? marks.map(tr.mapping, tr.doc),
      },
      props: { decorations: (state) => KEY.getState(state) },
    }),
  ],
});

/** Shows these passages from now on. Call again after others' edits: those replace what was marked. */
export function markPassages(view: EditorView, passages: readonly MarkedPassage[]) {
  const { doc, tr } = view.state;
  const marks = passages.flatMap((passage) => {
    const range = rangeOf(doc, passage);
    return range ? [Decoration.inline(range.from, range.to, { class: "input-mark" })] : [];
  });
  view.dispatch(tr.setMeta(KEY, DecorationSet.create(doc, marks)).setMeta("addToHistory", false));
}

/** Where the quote stands in its block; the whole block when its words have changed; null when it is gone. */
export function rangeOf(doc: Node, { blockId, quote }: MarkedPassage) {
  const pos = positionOf(doc, blockId);
  const block = pos === null ? null : doc.nodeAt(pos);
  if (pos === null || !block) return null;
  if (!block.isTextblock) return null;
  // One character for each position, so that an offset in the text is one in the document.
  const text = block.textBetween(0, block.content.size, undefined, "\n");
  const at = quote ? text.indexOf(quote) : -1;
  return at < 0
    ? { from: pos + 1, to: pos + 1 + block.content.size }
    : { from: pos + 1 + at, to: pos + 1 + at + quote.length };
}
