import { type Editor, Extension } from "@tiptap/core";
import { isChangeOrigin } from "@tiptap/extension-collaboration";
import { exitSuggestion, Suggestion, type SuggestionProps } from "@tiptap/suggestion";
import { COMMANDS, type CommandName } from "./commands.ts";
import type { Store } from "./store.ts";

/** What the slash menu offers, in the order it offers it. */
export const SLASH_COMMANDS = [
  "paragraph",
  "heading2",
  "heading3",
  "heading4",
  "bulletList",
  "orderedList",
  "objective",
  "calloutNote",
  "calloutCaution",
  "calloutInstructor",
  "quote",
  "table",
  "divider",
] as const satisfies readonly CommandName[];
export type SlashCommand = (typeof SLASH_COMMANDS)[number];

/** What the view shows; null when the menu is closed. It registers how it searches and moves. */
export type SlashState = {
  query: string;
  mount: SuggestionProps["mount"];
  choose: (command: SlashCommand) => void;
} | null;

/** The open view's answer to keys; true when it took the key. */
export type SlashKeys = { current: ((event: KeyboardEvent) => boolean) | null };

/** Null by default: Tiptap would copy a plain object instead of keeping ours. */
type Options = { store: Store<SlashState> | null; keys: SlashKeys | null };

/** Typing `/` at the start of a line or after a space opens a menu of blocks. */
export const SlashMenu = Extension.create<Options>({
  name: "slashMenu",
  addOptions: () => ({ store: null, keys: null }),
  addProseMirrorPlugins() {
    const { store, keys } = this.options;
    const show = ({ query, mount, command }: SuggestionProps<unknown, SlashCommand>) =>
      store?.set({ query, mount, choose: command });
    return [
      Suggestion<unknown, SlashCommand>({
        editor: this.editor,
        char: "/",
        container: ".editor-frame",
        decorationClass: "slash-query",
        // Somebody else's slash must not open a menu here.
        shouldShow: ({ transaction }) => !isChangeOrigin(transaction),
        allow: ({ state, range }) => {
          const { parent } = state.doc.resolve(range.from);
          return parent.isTextblock && !state.selection.$from.marks().some(isCode);
        },
        command: ({ editor, range, props }) => choose(editor, range, props),
        render: () => ({
          onStart: show,
          onUpdate: show,
          onExit: () => store?.set(null),
          onKeyDown: ({ event, view }) => {
            if (event.key !== "Escape") return keys?.current?.(event) ?? false;
            exitSuggestion(view);
            return true;
          },
        }),
      }),
    ];
  },
});

function isCode({ type }: { type: { name: string } }): boolean {
  return type.name === "code";
}

function choose(editor: Editor, range: { from: number; to: number }, command: SlashCommand) {
  editor.chain().focus().deleteRange(range).run();
  COMMANDS[command].run(editor);
}
