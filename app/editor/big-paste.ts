import { Fragment, type Node, Slice } from "@tiptap/pm/model";
import type { EditorView } from "@tiptap/pm/view";
import { yUndoPluginKey } from "@tiptap/y-tiptap";

/** What one update may bring is limited (see document/guard.ts); this leaves room to spare. */
const PIECE = { structs: 1_500, letters: 40_000 };
const MOST = { structs: 12_000, letters: 400_000 };
/** So many pieces are taken back in one step: to undo and redo them is one update. */
const PIECES_A_STEP = 8;

type Size = { structs: number; letters: number };

/**
 * Pastes a long text in several changes, each small enough for the server. Answers "taken" when it
 * did, "tooLarge" when a single block is too large for that, and "no" when the paste is an ordinary one.
 */
export function pasteInPieces(view: EditorView, slice: Slice): "no" | "taken" | "tooLarge" {
  const sizes = slice.content.content.map(sizeOf);
  if (fits(sum(sizes), PIECE)) return "no";
  if (!sizes.every((size) => fits(size, MOST))) return "tooLarge";
  if (!view.state.selection.empty) view.dispatch(view.state.tr.deleteSelection());

  const { $from } = view.state.selection;
  const inEmpty = $from.depth === 1 && $from.parent.content.size === 0;
  let at = $from.depth === 0 ? $from.pos : $from.after(1);
  const { undoManager } = yUndoPluginKey.getState(view.state);
  for (const [index, piece] of piecesOf(slice.content.content, sizes).entries()) {
    const { state } = view;
    if (index % PIECES_A_STEP === 0) undoManager.stopCapturing();
    const tr = state.tr.replace(at, at, new Slice(Fragment.from(blocks(state.doc, piece)), 0, 0));
    const before = state.doc.content.size;
    view.dispatch(tr.setMeta("paste", true).setMeta("uiEvent", "paste"));
    at += view.state.doc.content.size - before;
  }
  if (inEmpty) view.dispatch(view.state.tr.delete($from.before(), $from.after()));
  view.dispatch(view.state.tr.scrollIntoView());
  return "taken";
}

/** Loose text, as a slice may hold it, gets a paragraph. */
function blocks(doc: Node, nodes: Node[]): Node[] {
  return nodes.map((node) =>
    node.isInline ? doc.type.schema.node("paragraph", null, node) : node,
  );
}

function piecesOf(nodes: readonly Node[], sizes: Size[]): Node[][] {
  const pieces: Node[][] = [];
  let size: Size = { structs: 0, letters: 0 };
  nodes.forEach((node, index) => {
    const next = sum([size, sizes[index] as Size]);
    if (pieces.length > 0 && fits(next, PIECE)) {
      pieces.at(-1)?.push(node);
      size = next;
    } else {
      pieces.push([node]);
      size = sizes[index] as Size;
    }
  });
  return pieces;
}

/** About how much Yjs writes for a node: itself, its attributes, its text and each change of marks. */
function sizeOf(node: Node): Size {
  if (node.isText) return { structs: 1 + 2 * node.marks.length, letters: node.text?.length ?? 0 };
  const inside = sum(node.content.content.map(sizeOf));
  const own = 3 + Object.keys(node.attrs).length;
  return { structs: inside.structs + own, letters: inside.letters + own * 12 };
}

function sum(sizes: readonly Size[]): Size {
  return sizes.reduce(
    (all, one) => ({ structs: all.structs + one.structs, letters: all.letters + one.letters }),
    { structs: 0, letters: 0 },
  );
}

function fits(size: Size, most: Size): boolean {
  return size.structs <= most.structs && size.letters <= most.letters;
}
