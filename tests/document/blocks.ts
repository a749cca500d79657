import type { DocJSON, NodeJSON } from "#app/document/schema.ts";

/** Documents written by hand, each block under an id. */
export const doc = (...content: NodeJSON[]): DocJSON => ({ type: "doc", content });

const text = (part: string | NodeJSON): NodeJSON[] =>
  typeof part === "string" ? (part === "" ? [] : [{ type: "text", text: part }]) : [part];

export const p = (id: string, ...content: (string | NodeJSON)[]): NodeJSON => ({
  type: "paragraph",
  attrs: { id },
  content: content.flatMap(text),
});

export const h = (id: string, title: string, attrs: object = {}): NodeJSON => ({
  type: "heading",
  attrs: { id, level: 2, part: null, minutes: null, ...attrs },
  content: text(title),
});

const container =
  (type: string) =>
  (id: string, ...content: NodeJSON[]): NodeJSON => ({ type, attrs: { id }, content });

export const ul = container("bulletList");
export const ol = container("orderedList");
export const li = container("listItem");
export const quote = container("blockquote");
export const table = container("table");
export const row = container("tableRow");
export const cell = container("tableCell");

export const bold = (text: string): NodeJSON => ({ type: "text", text, marks: [{ type: "bold" }] });
export const linked = (text: string, href = "https://a.org"): NodeJSON => ({
  type: "text",
  text,
  marks: [{ type: "link", attrs: { href } }],
});
