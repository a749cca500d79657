import { prosemirrorJSONToYDoc } from "@tiptap/y-tiptap";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { objectives, outline, readDoc, textblocks, textOf, words } from "#app/document/read.ts";
import { type DocJSON, FRAGMENT, type NodeJSON, schema } from "#app/document/schema.ts";
import { check } from "#app/document/validate.ts";
import { createDoc, withIds } from "#app/document/write.ts";
import { random, randomDocument, SEED } from "./random.ts";

const paragraph = (text: string, id?: string): NodeJSON => ({
  type: "paragraph",
  attrs: { id },
  content: [{ type: "text", text }],
});

describe(`reading a document (seed ${SEED})`, () => {
  it("gives back what was written, and writes nothing", () => {
    for (let run = 0; run < 80; run++) {
      const json = withIds(randomDocument(random(SEED + run)));
      const doc = createDoc(json);
      const before = Y.encodeStateAsUpdate(doc);
      let updates = 0;
      doc.on("update", () => {
        updates += 1;
      });
      const read = readDoc(doc);
      expect(schema().nodeFromJSON(read).eq(schema().nodeFromJSON(json))).toBe(true);
      expect(read).toEqual(schema().nodeFromJSON(json).toJSON());
      expect(check(read)).toBeNull();
      expect(updates).toBe(0);
      expect(Y.encodeStateAsUpdate(doc)).toEqual(before);
    }
  });

  it("writes nothing when the document is empty or can't be read by the editor", () => {
    expect(readDoc(new Y.Doc())).toEqual({ type: "doc", content: [] });
    const doc = new Y.Doc();
    const fragment = doc.getXmlFragment(FRAGMENT);
    fragment.insert(0, [new Y.XmlElement("script"), new Y.XmlElement("listItem")]);
    const before = Y.encodeStateAsUpdate(doc);
    const read = readDoc(doc);
    expect(check(read)).toMatch(/script/);
    expect(Y.encodeStateAsUpdate(doc)).toEqual(before);
  });

  it("joins neighbouring pieces of text and reads the hashed names of marks", () => {
    const doc = new Y.Doc();
    const element = new Y.XmlElement("paragraph");
    doc.getXmlFragment(FRAGMENT).insert(0, [element]);
    const first = new Y.XmlText();
    const second = new Y.XmlText();
    element.insert(0, [first, second]);
    first.insert(0, "calm ");
    second.insert(0, "voice");
    second.insert(5, "!", { "bold--abcdef12": {}, link: { href: "https://a.org" } });
    expect(readDoc(doc).content?.[0]?.content).toEqual([
      { type: "text", text: "calm voice" },
      {
        type: "text",
        text: "!",
        marks: [{ type: "link", attrs: { href: "https://a.org" } }, { type: "bold" }],
      },
    ]);
  });

  it("tells textblocks, sections, objectives and words", () => {
    const json: DocJSON = {
      type: "doc",
      content: [
        {
          type: "heading",
          attrs: { id: "h1", level: 2, part: "scenario", minutes: 25 },
          content: [{ type: "text", text: "The call" }],
        },
        {
          type: "objective",
          attrs: {
            id: "o1",
            level: "terminal",
            condition: "on a call",
            standard: "",
            assessed: "role play",
          },
          content: [{ type: "text", text: "Slow it down" }],
        },
        {
          type: "bulletList",
          attrs: { id: "l" },
          content: [
            { type: "listItem", attrs: { id: "i" }, content: [paragraph("Don’t rush", "p1")] },
          ],
        },
        { type: "heading", attrs: { id: "h2", level: 2, minutes: 5 }, content: [] },
      ],
    };
    expect(textblocks(json).map(({ id, path, within }) => [id, path, within.length])).toEqual([
      ["h1", [0], 0],
      ["o1", [1], 0],
      ["p1", [2, 0, 0], 2],
      ["h2", [3], 0],
    ]);
    expect(outline(json)).toEqual({
      sections: [
        { id: "h1", title: "The call", part: "scenario", minutes: 25 },
        { id: "h2", title: "", part: null, minutes: 5 },
      ],
      minutes: 30,
    });
    expect(objectives(json)).toEqual([
      {
        id: "o1",
        level: "terminal",
        text: "Slow it down",
        condition: "on a call",
        standard: "",
        assessed: "role play",
      },
    ]);
    expect(words(json).join(" ")).toBe("The call Slow it down on a call role play Don’t rush");
    expect(
      textOf({
        type: "paragraph",
        content: [{ type: "text", text: "a" }, { type: "hardBreak" }, { type: "text", text: "b" }],
      }),
    ).toBe("a\nb");
  });
});

describe("writing a document", () => {
  it("gives every block an id, keeps sound ones, repairs twins", () => {
    const json: DocJSON = {
      type: "doc",
      content: [
        paragraph("one", "same"),
        paragraph("two", "same"),
        { type: "bulletList", content: [{ type: "listItem", content: [paragraph("three")] }] },
      ],
    };
    const ids: string[] = [];
    const visit = (node: NodeJSON) => {
      if (node.type !== "doc" && node.type !== "text") ids.push(String(node.attrs?.id));
      node.content?.forEach(visit);
    };
    visit(withIds(json));
    expect(ids[0]).toBe("same");
    expect(new Set(ids).size).toBe(5);
    for (const id of ids.slice(1)) expect(id).toMatch(/^[a-z2-7]{10}$/);
    expect(json.content?.[1]?.attrs?.id).toBe("same");
  });

  it("writes as the editor's binding does", () => {
    const json = withIds(randomDocument(random(SEED)));
    expect(createDoc(json).getXmlFragment(FRAGMENT).toString()).toBe(
      prosemirrorJSONToYDoc(schema(), json, FRAGMENT).getXmlFragment(FRAGMENT).toString(),
    );
  });

  it("refuses what isn't sound", () => {
    const text = [{ type: "text", text: "x" }];
    const wrong: [NodeJSON, RegExp][] = [
      [{ type: "heading", attrs: { level: 1 }, content: text }, /level/],
      [{ type: "heading", attrs: { level: 2, minutes: 0 } }, /minutes/],
      [{ type: "heading", attrs: { level: 2, minutes: 1.5 } }, /minutes/],
      [{ type: "heading", attrs: { level: 2, part: "lunch" } }, /part/],
      [{ type: "callout", attrs: { kind: "<b>" } }, /kind/],
      [{ type: "objective", attrs: { condition: 7 } }, /condition/],
      [{ type: "paragraph", attrs: { id: "x".repeat(41) } }, /id/],
      [{ type: "paragraph", attrs: { id: 'a"onclick' } }, /id/],
      [{ type: "paragraph", attrs: { style: "color:red" } }, /style/],
      [{ type: "paragraph", attrs: { constructor: 1 } }, /constructor/],
      [{ type: "constructor" }, /constructor/],
      [{ type: "paragraph", content: [{ type: "text", text: "" }] }, /characters/],
      [{ type: "paragraph", content: [paragraph("in")] }, /hold/],
      [{ type: "listItem", content: [] }, /hold/],
      [{ type: "bulletList", content: [paragraph("in")] }, /hold/],
      [{ type: "table", content: [{ type: "tableCell" }] }, /hold/],
      [
        { type: "paragraph", content: [{ ...text[0], type: "text", marks: [{ type: "blink" }] }] },
        /mark/,
      ],
      ...["javascript:alert(1)", " https://x.org", "data:text/html,x", "//x.org", null].map(
        (href): [NodeJSON, RegExp] => [
          {
            type: "paragraph",
            content: [{ type: "text", text: "x", marks: [{ type: "link", attrs: { href } }] }],
          },
          /link/,
        ],
      ),
    ];
    for (const [node, reason] of wrong) {
      expect(check({ type: "doc", content: [node] })).toMatch(reason);
      expect(() => createDoc({ type: "doc", content: [node] })).toThrow();
    }
    let deep: NodeJSON = paragraph("x");
    for (let depth = 0; depth < 60; depth++) deep = { type: "blockquote", content: [deep] };
    expect(check({ type: "doc", content: [deep] })).toMatch(/deep/);
  });
});
