import { Extension } from "@tiptap/core";
import type { ResolvedPos } from "@tiptap/pm/model";
import { Plugin, TextSelection } from "@tiptap/pm/state";
import { relativePositionToAbsolutePosition, ySyncPluginKey } from "@tiptap/y-tiptap";

/**
 * Keeps the caret at its words while somebody else changes the same paragraph. The binding knows
 * the right place but mistrusts it whenever the paragraph's text has changed, and goes by the old
 * offset instead: what one types next would land inside what one typed before.
 */
export const SteadyCaret = Extension.create({
  name: "steadyCaret",
  addProseMirrorPlugins() {
    return [
      new Plugin({
        appendTransaction(transactions, before, { doc, selection, tr }) {
          const theirs = transactions.find((one) => one.getMeta(ySyncPluginKey)?.isChangeOrigin);
          const change = theirs?.getMeta(ySyncPluginKey);
          if (!theirs?.docChanged || change.isUndoRedoOperation) return null;
          const { binding } = ySyncPluginKey.getState(before);
          const known = binding.beforeTransactionSelection;
          if (known?.type !== "text" || !(before.selection instanceof TextSelection)) return null;
          const ends = ([known.anchor, known.head] as const).map((place) => {
            const at = relativePositionToAbsolutePosition(
              binding.doc,
              binding.type,
              place,
              binding.mapping,
            );
            return at === null ? null : doc.resolve(at);
          });
          const [anchor, head] = ends;
          if (!anchor || !head) return null;
          const { $anchor, $head } = before.selection;
          if (!sameBlock(anchor, $anchor) || !sameBlock(head, $head)) return null;
          if (selection.anchor === anchor.pos && selection.head === head.pos) return null;
          return tr
            .setSelection(TextSelection.between(anchor, head))
            .setMeta(ySyncPluginKey, change);
        },
      }),
    ];
  },
});

/** A place in another block means that the block was made anew: then the binding knows better. */
function sameBlock({ parent }: ResolvedPos, { parent: old }: ResolvedPos): boolean {
  return parent.isTextblock && parent.attrs.id != null && parent.attrs.id === old.attrs.id;
}
