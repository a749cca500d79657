import type { Node } from "@tiptap/pm/model";
import { EditorState } from "@tiptap/pm/state";
import type { DecorationSet } from "@tiptap/pm/view";
import { describe, expect, test } from "vitest";
import type { Mark } from "#app/document/marks.ts";
import { type NodeJSON, schema } from "#app/document/schema.ts";
import { type Drawn, drawChanges, follow, type Look } from "#app/editor/change-drawing.ts";

const p = (id: string, text: string): NodeJSON => ({
  type: "paragraph",
  attrs: { id },
  content: text ? [{ type: "text", text }] : [],
});
const item = (id: string, ...content: NodeJSON[]): NodeJSON => ({
  type: "listItem",
  attrs: { id },
  content,
});
const docOf = (...content: NodeJSON[]): Node => schema().nodeFromJSON({ type: "doc", content });

const ANA = { name: "Ana", color: "#146c5b" };
const LOOK: Look = {
  whose: () => [ANA],
  say: (what, whose) => `${what} by ${whose.map(({ name }) => name).join()}`,
  label: (what) => what,
  current: null,
};
const draw = (doc: Node, marks: Mark[], look = LOOK) => drawChanges(doc, marks, look);

/** What is drawn where, as the words it stands on or before. */
function seen(set: DecorationSet, doc: Node): string[] {
  return set
    .find()
    .map(({ from, to, spec }) => {
      const words =
        from === to
          ? `|${doc.textBetween(from, Math.min(from + 5, doc.content.size), "/")}`
          : doc.textBetween(from, to, "/");
      return `${(spec as Drawn).hunk}: ${words}`;
    })
    .sort();
}

describe("changes drawn in the text", () => {
  const doc = docOf(p("a", "One two three"), p("b", "Four five"), {
    type: "bulletList",
    attrs: { id: "l" },
    content: [item("i", p("c", "Six")), item("j", p("d", "Seven"))],
  });

  test("stand where the engine says, counted in the block's own text", () => {
    const marks: Mark[] = [
      { hunk: "in", type: "inserted", blockId: "a", from: 4, to: 7 },
      { hunk: "out", type: "deleted", blockId: "b", at: 5, text: "and " },
      { hunk: "bold", type: "formatted", blockId: "c", from: 0, to: 3 },
    ];
    expect(seen(draw(doc, marks), doc)).toEqual(["bold: Six", "in: two", "out: |five"]);
  });

  test("count a line break as one character", () => {
    const broken = docOf({
      type: "paragraph",
      attrs: { id: "a" },
      content: [
        { type: "text", text: "One" },
        { type: "hardBreak" },
        { type: "text", text: "two" },
      ],
    });
    const marks: Mark[] = [{ hunk: "in", type: "inserted", blockId: "a", from: 4, to: 7 }];
    expect(seen(draw(broken, marks), broken)).toEqual(["in: two"]);
  });

  test("mark whole blocks, each with a word that says what", () => {
    const marks: Mark[] = [
      { hunk: "new", type: "block", blockId: "b", what: "inserted" },
      { hunk: "list", type: "block", blockId: "l", what: "moved" },
    ];
    expect(seen(draw(doc, marks), doc)).toEqual([
      "list: Six/Seven",
      "list: |Si",
      "new: Four five",
      "new: |Four ",
    ]);
  });

  test("show deleted blocks where they stood: before a block, in a list, at the end", () => {
    const gone = { type: "gone" as const, text: "Old", name: "paragraph" };
    const marks: Mark[] = [
      { hunk: "first", ...gone, before: "b", parent: null },
      { hunk: "item", ...gone, name: "listItem", before: null, parent: "l" },
      { hunk: "last", ...gone, before: null, parent: null },
    ];
    const set = draw(doc, marks);
    const at = (hunk: string) =>
      set.find(undefined, undefined, (one) => one.hunk === hunk)[0]?.from;
    expect(at("first")).toBe(doc.child(0).nodeSize);
    expect(at("item")).toBe(doc.content.size - 1);
    expect(at("last")).toBe(doc.content.size);
  });

  test("leave out what points at a block that isn't there, and cut what is too long", () => {
    const marks: Mark[] = [
      { hunk: "nowhere", type: "inserted", blockId: "z", from: 0, to: 3 },
      { hunk: "none", type: "gone", before: "z", parent: null, text: "Old", name: "paragraph" },
      { hunk: "past", type: "inserted", blockId: "b", from: 5, to: 99 },
      { hunk: "empty", type: "inserted", blockId: "b", from: 98, to: 99 },
    ];
    expect(seen(draw(doc, marks), doc)).toEqual(["past: five"]);
  });

  test("follow their blocks when others' edits make the document anew", () => {
    const marks: Mark[] = [
      { hunk: "in", type: "inserted", blockId: "a", from: 4, to: 7 },
      { hunk: "out", type: "deleted", blockId: "b", at: 5, text: "and " },
      { hunk: "new", type: "block", blockId: "d", what: "inserted" },
      { hunk: "item", type: "gone", before: null, parent: "l", text: "Old", name: "listItem" },
      { hunk: "end", type: "gone", before: null, parent: null, text: "Old", name: "paragraph" },
    ];
    const set = draw(doc, marks);
    const after = docOf(
      p("x", "Somebody wrote above"),
      p("b", "Four five"),
      {
        type: "bulletList",
        attrs: { id: "l" },
        content: [item("j", p("d", "Seven")), item("k", p("e", "Nine"))],
      },
      p("a", "One two three"),
    );
    const followed = follow(set, doc, after);
    expect(seen(followed, after)).toEqual([
      "end: |",
      "in: two",
      "item: |One",
      "new: Seven",
      "new: |Seven",
      "out: |five",
    ]);
  });

  test("keep what was typed here meanwhile in its place", () => {
    const set = draw(doc, [{ hunk: "in", type: "inserted", blockId: "a", from: 4, to: 7 }]);
    const typed = EditorState.create({ doc }).tr.insertText("Zero ", 1);
    const mapped = set.map(typed.mapping, typed.doc);
    const after = docOf(p("x", "Above"), p("a", "Zero One two three"));
    expect(seen(follow(mapped, typed.doc, after), after)).toEqual(["in: two"]);
  });

  test("go with a block that was taken away", () => {
    const set = draw(doc, [{ hunk: "in", type: "inserted", blockId: "a", from: 4, to: 7 }]);
    const after = docOf(p("b", "Four five"));
    expect(seen(follow(set, doc, after), after)).toEqual([]);
  });
});
