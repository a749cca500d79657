import { EditorState, TextSelection, type Transaction } from "@tiptap/pm/state";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { describe, expect, it } from "vitest";
import { type NodeJSON, schema } from "#app/document/schema.ts";
import { fillEmptyPlugin } from "#app/editor/fill-empty.ts";

const text = (words: string): NodeJSON => ({
  type: "paragraph",
  content: words ? [{ type: "text", text: words }] : [],
});
const box = (type: string, ...content: NodeJSON[]): NodeJSON => ({ type, content });

function editing(...content: NodeJSON[]) {
  return EditorState.create({
    doc: schema().nodeFromJSON({ type: "doc", content }),
    plugins: [fillEmptyPlugin()],
  });
}

/** The types of all nodes but text, nested in brackets. */
function shape(state: EditorState): string {
  const of = (node: typeof state.doc): string =>
    node.isTextblock || node.childCount === 0
      ? node.type.name
      : `${node.type.name}[${node.content.content.map(of).join(" ")}]`;
  return of(state.doc);
}

function emptied(state: EditorState, type: string, remote = false): EditorState {
  let tr: Transaction = state.tr;
  state.doc.descendants((node, pos) => {
    if (node.type.name === type) tr = state.tr.delete(pos + 1, pos + node.nodeSize - 1);
  });
  if (remote) tr.setMeta(ySyncPluginKey, { isChangeOrigin: true });
  return state.apply(tr);
}

describe("a container this person emptied", () => {
  it.each(["callout", "blockquote"])("gets a paragraph: %s", (type) => {
    const state = emptied(editing(box(type, text("Words"))), type);
    expect(shape(state)).toBe(`doc[${type}[paragraph]]`);
    expect(state.selection.$head.parent.type.name).toBe("paragraph");
  });

  it("gets a paragraph: list items and cells", () => {
    const list = emptied(editing(box("bulletList", box("listItem", text("Words")))), "listItem");
    expect(shape(list)).toBe("doc[bulletList[listItem[paragraph]]]");
    const table = box("table", box("tableRow", box("tableHeader", text("a"))));
    expect(shape(emptied(editing(table), "tableHeader"))).toBe(
      "doc[table[tableRow[tableHeader[paragraph]]]]",
    );
  });

  it("gets a paragraph where a new one was put in without", () => {
    const state = editing(text("Words"));
    const cell = schema().node("tableCell");
    const table = schema().node("table", null, schema().node("tableRow", null, [cell, cell]));
    expect(shape(state.apply(state.tr.insert(0, table)))).toBe(
      "doc[table[tableRow[tableCell[paragraph] tableCell[paragraph]]] paragraph]",
    );
  });

  it("goes when it only holds others, with what that leaves empty", () => {
    const list = box("callout", box("bulletList", box("listItem", text("Words"))));
    expect(shape(emptied(editing(list), "bulletList"))).toBe("doc[callout[paragraph]]");
    const table = box("table", box("tableRow", box("tableCell", text("a"))));
    expect(shape(emptied(editing(table, text("b")), "tableRow"))).toBe("doc[paragraph]");
  });

  it("is the whole text: a paragraph stays, and the caret is in it", () => {
    const state = editing(text("One"), text("Two"));
    const cleared = state.apply(state.tr.delete(0, state.doc.content.size));
    expect(shape(cleared)).toBe("doc[paragraph]");
    expect(cleared.selection).toBeInstanceOf(TextSelection);
    expect(cleared.selection.head).toBe(1);
  });
});

it("leaves alone what somebody else emptied, and what isn't empty", () => {
  const state = editing(box("callout", text("Words")), text("More"));
  expect(shape(emptied(state, "callout", true))).toBe("doc[callout paragraph]");
  expect(shape(state.apply(state.tr.insertText("x", 2)))).toBe("doc[callout[paragraph] paragraph]");
});
