import { Extension } from "@tiptap/core";
import { isChangeOrigin } from "@tiptap/extension-collaboration";
import type { Node } from "@tiptap/pm/model";
import {
  AllSelection,
  type EditorState,
  Plugin,
  type Selection,
  TextSelection,
  type Transaction,
} from "@tiptap/pm/state";

/** Containers somebody writes in: empty, they get a paragraph to write in. */
const WRITTEN_IN = new Set([
  "doc",
  "listItem",
  "tableCell",
  "tableHeader",
  "callout",
  "blockquote",
]);
/** Containers that mean nothing without a child: empty, they go. */
const HOLDING = new Set(["bulletList", "orderedList", "table", "tableRow"]);

/**
 * The schema lets any container be empty, so that two honest edits never make the text invalid.
 * Nobody can write in an empty container, though: when this person's own edit leaves or makes one,
 * it is filled or removed. Others' edits are theirs to finish: two editors that both filled the
 * same container would leave two paragraphs.
 */
export const FillEmpty = Extension.create({
  name: "fillEmpty",
  addProseMirrorPlugins: () => [fillEmptyPlugin()],
});

export function fillEmptyPlugin(): Plugin {
  return new Plugin({
    appendTransaction(transactions, _before, state) {
      const own = transactions.some((tr) => tr.docChanged) && !transactions.some(isChangeOrigin);
      return own ? settled(state, emptyNear(state.doc, changedPositions(transactions))) : null;
    },
    props: {
      // Below a table or a box at the end, a click makes the place to go on writing.
      handleClick(view, _pos, event) {
        const last = view.dom.lastElementChild;
        const below = last && event.clientY > last.getBoundingClientRect().bottom;
        if (!below || !view.editable || view.state.doc.lastChild?.isTextblock) return false;
        const end = view.state.doc.content.size;
        const tr = view.state.tr.insert(end, view.state.schema.node("paragraph"));
        view.dispatch(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView());
        return true;
      },
      handleDOMEvents: {
        // A new draft has no paragraph yet; whoever goes in to write makes the first.
        focus(view) {
          if (view.editable && view.state.doc.childCount === 0) {
            const tr = settled(view.state, [-1]);
            if (tr) view.dispatch(tr);
          }
          return false;
        },
      },
    },
  });
}

/** Where the transactions changed something, as positions in the last document. */
function changedPositions(transactions: readonly Transaction[]): number[] {
  let positions: number[] = [];
  for (const map of transactions.flatMap((tr) => tr.mapping.maps)) {
    positions = positions.map((position) => map.map(position));
    map.forEach((_from, _to, from, to) => {
      positions.push(from, to);
    });
  }
  return positions;
}

/** The positions of empty containers around what changed; -1 is the document itself. */
function emptyNear(doc: Node, changed: number[]): number[] {
  if (doc.childCount === 0) return [-1];
  const found: number[] = [];
  const from = Math.max(0, Math.min(...changed) - 1);
  const to = Math.min(doc.content.size, Math.max(...changed) + 1);
  doc.nodesBetween(from, to, (node, pos) => {
    const { name } = node.type;
    if (node.childCount === 0 && (WRITTEN_IN.has(name) || HOLDING.has(name))) found.push(pos);
    return !node.isTextblock;
  });
  return found;
}

function settled(state: EditorState, empty: number[]): Transaction | null {
  if (empty.length === 0) return null;
  const tr = state.tr;
  for (const pos of empty.reverse()) settle(tr, pos);
  if (isStranded(state.selection)) {
    const inside = Math.min(tr.mapping.map(state.selection.head, -1), tr.doc.content.size);
    tr.setSelection(TextSelection.near(tr.doc.resolve(inside)));
  }
  return tr.setStoredMarks(state.storedMarks);
}

/** Fills the empty container at `pos`, or removes it and settles what that leaves empty. */
function settle(tr: Transaction, pos: number) {
  const node = pos < 0 ? tr.doc : tr.doc.nodeAt(pos);
  if (!node) return;
  if (WRITTEN_IN.has(node.type.name)) {
    tr.insert(pos + 1, node.type.schema.node("paragraph"));
    return;
  }
  tr.delete(pos, pos + node.nodeSize);
  const $pos = tr.doc.resolve(pos);
  if ($pos.parent.childCount === 0) settle(tr, $pos.depth === 0 ? -1 : $pos.before());
}

/** A caret in no text: the container it stood in was emptied. */
function isStranded(selection: Selection): boolean {
  if (selection instanceof AllSelection) return true;
  return selection instanceof TextSelection && !selection.$head.parent.inlineContent;
}
