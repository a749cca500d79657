import { type Editor, isMacOS } from "@tiptap/core";
import type { CalloutKind } from "../document/schema.ts";

export type CommandName =
  | "paragraph"
  | "heading2"
  | "heading3"
  | "heading4"
  | "bold"
  | "italic"
  | "underline"
  | "strike"
  | "code"
  | "link"
  | "bulletList"
  | "orderedList"
  | "indent"
  | "outdent"
  | "quote"
  | "calloutNote"
  | "calloutCaution"
  | "calloutInstructor"
  | "objective"
  | "table"
  | "rowBefore"
  | "rowAfter"
  | "rowDelete"
  | "columnBefore"
  | "columnAfter"
  | "columnDelete"
  | "headerRow"
  | "tableDelete"
  | "divider"
  | "undo"
  | "redo";

export type Command = {
  run: (editor: Editor) => boolean;
  /** For commands that are on or off where the caret stands. */
  active?: (editor: Editor) => boolean;
  /** For commands that make sense in some places only. */
  enabled?: (editor: Editor) => boolean;
  keys?: string;
};

const heading = (level: 2 | 3 | 4): Command => ({
  run: (editor) => editor.chain().focus().toggleHeading({ level }).run(),
  active: (editor) => editor.isActive("heading", { level }),
  keys: `Mod-Alt-${level}`,
});

const mark = (
  name: "bold" | "italic" | "underline" | "strike" | "code",
  keys: string,
): Command => ({
  run: (editor) => editor.chain().focus().toggleMark(name).run(),
  active: (editor) => editor.isActive(name),
  enabled: (editor) => editor.can().toggleMark(name),
  keys,
});

/** Puts what is selected in a callout, changes its kind, or takes it out of one of that kind. */
const callout = (kind: CalloutKind): Command => ({
  run: (editor) => {
    const chain = editor.chain().focus();
    if (editor.isActive("callout", { kind })) return chain.lift("callout").run();
    if (editor.isActive("callout")) return chain.updateAttributes("callout", { kind }).run();
    return chain.wrapIn("callout", { kind }).run();
  },
  active: (editor) => editor.isActive("callout", { kind }),
});

const inTable = (run: Command["run"], enabled: Command["enabled"]): Command => ({ run, enabled });

/** Everything a button, a menu or a key may do to the text. The link opens a dialog: see the editor. */
export const COMMANDS: Record<Exclude<CommandName, "link">, Command> = {
  paragraph: {
    run: (editor) => editor.chain().focus().setParagraph().run(),
    active: (editor) => editor.isActive("paragraph"),
    keys: "Mod-Alt-0",
  },
  heading2: heading(2),
  heading3: heading(3),
  heading4: heading(4),
  bold: mark("bold", "Mod-b"),
  italic: mark("italic", "Mod-i"),
  underline: mark("underline", "Mod-u"),
  strike: mark("strike", "Mod-Shift-s"),
  code: mark("code", "Mod-e"),
  bulletList: {
    run: (editor) => editor.chain().focus().toggleBulletList().run(),
    active: (editor) => editor.isActive("bulletList"),
    keys: "Mod-Shift-8",
  },
  orderedList: {
    run: (editor) => editor.chain().focus().toggleOrderedList().run(),
    active: (editor) => editor.isActive("orderedList"),
    keys: "Mod-Shift-7",
  },
  indent: {
    run: (editor) => editor.chain().focus().sinkListItem("listItem").run(),
    enabled: (editor) => editor.can().sinkListItem("listItem"),
    keys: "Tab",
  },
  outdent: {
    run: (editor) => editor.chain().focus().liftListItem("listItem").run(),
    enabled: (editor) => editor.can().liftListItem("listItem"),
    keys: "Shift-Tab",
  },
  quote: {
    run: (editor) => editor.chain().focus().toggleBlockquote().run(),
    active: (editor) => editor.isActive("blockquote"),
    keys: "Mod-Shift-b",
  },
  calloutNote: callout("note"),
  calloutCaution: callout("caution"),
  calloutInstructor: callout("instructor"),
  objective: {
    run: (editor) => editor.chain().focus().toggleNode("objective", "paragraph").run(),
    active: (editor) => editor.isActive("objective"),
    keys: "Mod-Alt-o",
  },
  table: {
    run: insertTable,
    enabled: (editor) => !editor.isActive("table"),
  },
  rowBefore: inTable(
    (editor) => editor.chain().focus().addRowBefore().run(),
    (editor) => editor.can().addRowBefore(),
  ),
  rowAfter: inTable(
    (editor) => editor.chain().focus().addRowAfter().run(),
    (editor) => editor.can().addRowAfter(),
  ),
  rowDelete: inTable(
    (editor) => editor.chain().focus().deleteRow().run(),
    (editor) => editor.can().deleteRow(),
  ),
  columnBefore: inTable(
    (editor) => editor.chain().focus().addColumnBefore().run(),
    (editor) => editor.can().addColumnBefore(),
  ),
  columnAfter: inTable(
    (editor) => editor.chain().focus().addColumnAfter().run(),
    (editor) => editor.can().addColumnAfter(),
  ),
  columnDelete: inTable(
    (editor) => editor.chain().focus().deleteColumn().run(),
    (editor) => editor.can().deleteColumn(),
  ),
  headerRow: inTable(
    (editor) => editor.chain().focus().toggleHeaderRow().run(),
    (editor) => editor.can().toggleHeaderRow(),
  ),
  tableDelete: inTable(
    (editor) => editor.chain().focus().deleteTable().run(),
    (editor) => editor.can().deleteTable(),
  ),
  divider: { run: (editor) => editor.chain().focus().setHorizontalRule().run() },
  undo: {
    run: (editor) => editor.chain().focus().undo().run(),
    enabled: (editor) => editor.can().undo(),
    keys: "Mod-z",
  },
  redo: {
    run: (editor) => editor.chain().focus().redo().run(),
    enabled: (editor) => editor.can().redo(),
    keys: "Mod-Shift-z",
  },
};

export const LINK_KEYS = "Mod-k";

/** A table of three by three with a heading row, the caret in its first cell, and text after it. */
function insertTable(editor: Editor): boolean {
  const cell = (type: string) => ({ type, content: [{ type: "paragraph" }] });
  const row = (type: string) => ({
    type: "tableRow",
    content: [cell(type), cell(type), cell(type)],
  });
  const content = [row("tableHeader"), row("tableCell"), row("tableCell")];
  const at = editor.state.selection.from;
  if (!editor.chain().focus().insertContent({ type: "table", content }).run()) return false;
  let table: number | undefined;
  editor.state.doc.descendants((node, pos) => {
    if (table === undefined && node.type.name === "table" && pos >= at - 1) table = pos;
    return table === undefined;
  });
  if (table === undefined) return true;
  const $after = editor.state.doc.resolve(table + (editor.state.doc.nodeAt(table)?.nodeSize ?? 0));
  const chain = editor.chain();
  if (!$after.nodeAfter) chain.insertContentAt($after.pos, { type: "paragraph" });
  // Into the heading row, its first cell, its paragraph.
  return chain.setTextSelection(table + 4).run();
}

/** How a shortcut is shown: "Ctrl+B", or "⌘B" where that is the custom. */
export function shownKeys(keys: string): string {
  const mac = isMacOS();
  const names: Record<string, string> = mac ? { Mod: "⌘", Alt: "⌥", Shift: "⇧" } : { Mod: "Ctrl" };
  return keys
    .split("-")
    .map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(mac ? "" : "+");
}

/** The same for `aria-keyshortcuts`. */
export function ariaKeys(keys: string): string {
  return keys.replace("Mod", isMacOS() ? "Meta" : "Control").replaceAll("-", "+");
}
