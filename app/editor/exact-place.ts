import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { type EditorState, Plugin } from "@tiptap/pm/state";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { simpleDiffString, simpleDiffStringWithCursor } from "lib0/diff";
import * as Y from "yjs";

/**
 * Writes a letter that is typed beside one like it where it was typed. The binding compares texts and
 * can't tell the two apart: it would put the second "l" of "hello" behind somebody else's first, and
 * when they take theirs back, or write on after it, the letters stand in another order.
 */
export const ExactPlace = Extension.create({
  name: "exactPlace",
  // Before the binding looks (Collaboration has 1,000): it then finds the text as it should be.
  priority: 1_100,
  addProseMirrorPlugins: () => [
    new Plugin({
      view: () => ({
        update({ state }, before) {
          if (state.doc !== before.doc) writeExactly(state);
        },
      }),
    }),
  ],
});

function writeExactly(state: EditorState): void {
  const sync = ySyncPluginKey.getState(state);
  const { $head, empty } = state.selection;
  if (!empty || sync.isChangeOrigin || sync.snapshot || sync.prevSnapshot) return;
  const text = textOf($head.parent, blockAt(sync.type, state));
  if (!text) return;
  const [before, after] = [text.toString(), $head.parent.textContent];
  const inserted = Math.max(0, after.length - before.length);
  const exact = simpleDiffStringWithCursor(before, after, $head.parentOffset - inserted);
  const isOne = exact.remove === 0 || exact.insert === "";
  if (!isOne || exact.index === simpleDiffString(before, after).index) return;
  sync.binding.mux(() => {
    sync.doc.transact((transaction: Y.Transaction) => {
      transaction.meta.set("addToHistory", sync.addToHistory);
      text.delete(exact.index, exact.remove);
      text.insert(exact.index, exact.insert);
    }, ySyncPluginKey);
  });
}

/** The element at the caret's place, going by the position of each block in the one around it. */
function blockAt(root: Y.XmlFragment, { selection: { $head } }: EditorState): unknown {
  let block: unknown = root;
  for (let depth = 0; depth < $head.depth; depth++) {
    block = block instanceof Y.XmlFragment ? block.get($head.index(depth)) : undefined;
  }
  return block;
}

/** The text of a block, when it is the same block, has nothing but text, and no marks. */
function textOf(node: Node, block: unknown): Y.XmlText | null {
  if (!(block instanceof Y.XmlElement) || block.length !== 1 || !node.isTextblock) return null;
  if (node.attrs.id == null || node.attrs.id !== block.getAttribute("id")) return null;
  const text = block.get(0);
  const isPlain = node.childCount === 1 && node.firstChild?.isText && !node.firstChild.marks.length;
  return isPlain && text instanceof Y.XmlText ? text : null;
}
