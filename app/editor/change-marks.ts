import { Extension } from "@tiptap/core";
import { isChangeOrigin } from "@tiptap/extension-collaboration";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { DecorationSet, type EditorView } from "@tiptap/pm/view";
import type { Mark } from "../document/marks.ts";
import { type Drawn, drawChanges, follow, type Look } from "./change-drawing.ts";
import type { Store } from "./store.ts";

const KEY = new PluginKey<DecorationSet>("changeMarks");

type Options = {
  /** Which change the caret stands in, or the list has chosen. */
  current: Store<string | null>;
};

/** Shows how the copy differs from its base. Until the next draw, what is shown moves with the text. */
export const ChangeMarks = Extension.create<Options>({
  name: "changeMarks",
  addProseMirrorPlugins() {
    const { current } = this.options;
    return [
      new Plugin<DecorationSet>({
        key: KEY,
        state: {
          init: () => DecorationSet.empty,
          apply(tr, set, before) {
            const drawn = tr.getMeta(KEY) as DecorationSet | undefined;
            if (drawn) return drawn;
            if (!tr.docChanged) return set;
            // Others' edits replace the document as a whole: mapping would lose everything.
            return isChangeOrigin(tr)
              ? follow(set, before.doc, tr.doc)
              : set.map(tr.mapping, tr.doc);
          },
        },
        props: {
          decorations: (state) => KEY.getState(state),
          handleClick(view, pos, event) {
            const target = event.target as Element;
            const hunk = target.closest<HTMLElement>("[data-hunk]")?.dataset.hunk;
            current.set(hunk ?? changeAt(view, pos));
            return false;
          },
        },
        view: () => ({
          update(view, before) {
            if (before.selection.eq(view.state.selection) || !view.hasFocus()) return;
            if (before.doc === view.state.doc)
              current.set(changeAt(view, view.state.selection.head));
          },
        }),
      }),
    ];
  },
});

/** The change whose words stand at a position; of several, the smallest. */
function changeAt(view: EditorView, pos: number): string | null {
  const here = KEY.getState(view.state)?.find(pos, pos) ?? [];
  const [smallest] = here.sort((a, b) => a.to - a.from - (b.to - b.from));
  return (smallest?.spec as Drawn | undefined)?.hunk ?? null;
}

/** Shows these changes from now on, or none. */
export function showChanges(view: EditorView, marks: readonly Mark[], look: Look): void {
  const { doc, tr } = view.state;
  const drawn = marks.length > 0 ? drawChanges(doc, marks, look) : DecorationSet.empty;
  view.dispatch(tr.setMeta(KEY, drawn).setMeta("addToHistory", false));
}

/** Where a change begins in the text; null when it isn't shown. */
export function placeOfChange(view: EditorView, hunk: string): number | null {
  const drawn = KEY.getState(view.state)?.find(undefined, undefined, (spec) => spec.hunk === hunk);
  if (!drawn || drawn.length === 0) return null;
  return Math.min(...drawn.map(({ from }) => from));
}
