import { Extension, type Extensions, Mark } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { CollaborationCaret } from "@tiptap/extension-collaboration-caret";
import { ListKeymap } from "@tiptap/extension-list/keymap";
import { Dropcursor } from "@tiptap/extensions/drop-cursor";
import { Gapcursor } from "@tiptap/extensions/gap-cursor";
import { Placeholder } from "@tiptap/extensions/placeholder";
import type { WebsocketProvider } from "y-websocket";
import type * as Y from "yjs";
import { FRAGMENT, nodesAndMarks } from "../document/schema.ts";
import { BlockIds } from "./block-ids.ts";
import { COMMANDS, LINK_KEYS } from "./commands.ts";
import { ExactPlace } from "./exact-place.ts";
import { FillEmpty } from "./fill-empty.ts";
import { InputMarks } from "./input-marks.ts";
import { caret, caretSelection } from "./presence.ts";
import { type SlashKeys, SlashMenu, type SlashState } from "./slash.ts";
import { SteadyCaret } from "./steady-caret.ts";
import type { Store } from "./store.ts";

/** All the editor is made of: the text's own nodes and marks, and how people work on them together. */
export function editorExtensions(parts: {
  doc: Y.Doc;
  provider: WebsocketProvider;
  slash: Store<SlashState>;
  keys: SlashKeys;
  placeholder: string;
  openLink: () => void;
}): Extensions {
  return [
    ...nodesAndMarks.map(asPeopleExpect),
    BlockIds,
    FillEmpty,
    ListKeymap.configure({
      listTypes: [{ itemName: "listItem", wrapperNames: ["bulletList", "orderedList"] }],
    }),
    Gapcursor,
    Dropcursor.configure({ class: "drop-cursor", color: false }),
    Placeholder.configure({ placeholder: parts.placeholder, showOnlyWhenEditable: true }),
    Collaboration.configure({ document: parts.doc, field: FRAGMENT, provider: parts.provider }),
    CollaborationCaret.configure({
      provider: parts.provider,
      render: caret,
      selectionRender: caretSelection,
    }),
    SteadyCaret,
    ExactPlace,
    InputMarks,
    SlashMenu.configure({ store: parts.slash, keys: parts.keys }),
    shortcuts(parts.openLink),
  ];
}

/** What is typed at the end of a link isn't part of it. */
function asPeopleExpect(extension: Extensions[number]): Extensions[number] {
  return extension instanceof Mark && extension.name === "link"
    ? extension.extend({ inclusive: false })
    : extension;
}

/** Keys that the nodes and marks don't bring themselves. */
function shortcuts(openLink: () => void) {
  return Extension.create({
    name: "shortcuts",
    priority: 200,
    addKeyboardShortcuts() {
      const { editor } = this;
      return {
        [LINK_KEYS]: () => {
          openLink();
          return true;
        },
        "Alt-F10": () => focusToolbar(editor.view.dom),
        [COMMANDS.objective.keys as string]: () => COMMANDS.objective.run(editor),
        // Tab in the last cell makes a row: first the row, then, once it can be written in, into it.
        Tab: () => {
          if (!editor.isActive("table") || editor.can().goToNextCell()) return false;
          return editor.commands.addRowAfter() && editor.commands.goToNextCell();
        },
      };
    },
  });
}

function focusToolbar(text: HTMLElement): boolean {
  const tool = text
    .closest(".editor-layout")
    ?.querySelector<HTMLElement>(`.toolbar [tabindex="0"]`);
  tool?.focus();
  return tool !== undefined;
}
