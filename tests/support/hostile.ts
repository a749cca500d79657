import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { GUARD_LIMITS } from "#app/document/guard.ts";
import { FRAGMENT } from "#app/document/schema.ts";
import { append } from "./collab.ts";

export const element = (name: string, children: (Y.XmlElement | Y.XmlText)[] = []) => {
  const made = new Y.XmlElement(name);
  made.insert(0, children);
  return made;
};
export const words = (text: string, marks?: Record<string, unknown>) => {
  const made = new Y.XmlText();
  made.insert(0, text, marks as Record<string, object>);
  return made;
};
export const body = (doc: Y.Doc) => doc.getXmlFragment(FRAGMENT);
export const block = (doc: Y.Doc, n: number) => body(doc).get(n) as Y.XmlElement;
export const inside = (doc: Y.Doc, n: number) => block(doc, n).get(0) as Y.XmlText;
export const set = (target: Y.XmlElement, name: string, value: unknown) =>
  target.setAttribute(name, value as string);

export function nested(depth: number): Y.XmlElement {
  let made = element("paragraph", [words("deep")]);
  for (let level = 0; level < depth; level++) made = element("blockquote", [made]);
  return made;
}

/** Each writes into a copy of the document what no client may write. */
export const HOSTILE: [string, (doc: Y.Doc) => void, string][] = [
  ["an unknown node", (doc) => body(doc).push([element("script")]), "invalid"],
  [
    "an unknown node deep inside",
    (doc) => body(doc).push([element("callout", [element("x")])]),
    "invalid",
  ],
  ["a node named like a property", (doc) => body(doc).push([element("constructor")]), "invalid"],
  ["a node in the wrong place", (doc) => body(doc).push([element("listItem")]), "invalid"],
  ["a block in a paragraph", (doc) => block(doc, 1).push([element("paragraph")]), "invalid"],
  ["text beside blocks", (doc) => body(doc).push([words("loose")]), "invalid"],
  ["an unknown attribute", (doc) => set(block(doc, 1), "onclick", "x()"), "invalid"],
  ["a wrong attribute", (doc) => set(block(doc, 0), "level", 9), "invalid"],
  ["an attribute of a wrong kind", (doc) => set(block(doc, 0), "level", { a: 1 }), "invalid"],
  [
    "an attribute that names the prototype",
    (doc) => set(block(doc, 0), "__proto__", { level: 9 }),
    "invalid",
  ],
  ["an unknown mark", (doc) => inside(doc, 1).format(0, 3, { blink: {} }), "invalid"],
  [
    "a mark that names the prototype",
    (doc) => inside(doc, 1).format(0, 3, { ["__proto__"]: { link: {} } }),
    "invalid",
  ],
  [
    "a link to a script",
    (doc) => inside(doc, 1).format(0, 3, { link: { href: "javascript:alert(1)" } }),
    "invalid",
  ],
  [
    "a hashed mark that hides a bad link",
    (doc) => inside(doc, 1).format(0, 3, { "link--abcdefgh": { href: "data:x" } }),
    "invalid",
  ],
  ["an embed in the text", (doc) => inside(doc, 1).insertEmbed(0, { image: "x" }), "invalid"],
  ["attributes on a text", (doc) => inside(doc, 1).setAttribute("a", "b" as never), "invalid"],
  ["a hook", (doc) => body(doc).push([new Y.XmlHook("x") as never]), "invalid"],
  ["another root", (doc) => void doc.getText("other").insert(0, "x"), "invalid"],
  ["a map as another root", (doc) => void doc.getMap("config").set("a", 1), "invalid"],
  [
    "a key on the root",
    (doc) => (body(doc) as unknown as Y.XmlElement).doc && setOnRoot(doc),
    "invalid",
  ],
  ["a subdocument", (doc) => void doc.getMap("docs").set("sub", new Y.Doc()), "invalid"],
  ["a subdocument as attribute", (doc) => set(block(doc, 0), "level", new Y.Doc()), "invalid"],
  ["a type as attribute", (doc) => set(block(doc, 0), "level", new Y.Map()), "invalid"],
  ["bytes as attribute", (doc) => set(block(doc, 0), "part", new Uint8Array(3)), "invalid"],
  ["a deep tree", (doc) => body(doc).push([nested(45)]), "tooDeep"],
  ["a very deep tree", (doc) => dig(doc, 4_000), "tooDeep"],
  [
    "too many pieces",
    (doc) =>
      body(doc).push(
        Array.from({ length: GUARD_LIMITS.draft.structs + 1 }, () => element("paragraph")),
      ),
    "tooLarge",
  ],
  ["too many bytes", (doc) => append(doc, "x".repeat(GUARD_LIMITS.draft.bytes)), "tooLarge"],
];

/** Level by level: building it first would exhaust the stack of Yjs itself. */
function dig(doc: Y.Doc, depth: number) {
  let at: Y.XmlFragment = body(doc);
  for (let level = 0; level < depth; level++) {
    const next = new Y.XmlElement("blockquote");
    at.push([next]);
    at = next;
  }
}

function setOnRoot(doc: Y.Doc) {
  Y.Map.prototype.set.call(body(doc) as never, "level", 1);
}

/** Builds updates that no library call makes. */
function handMade(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}
const numbers = (...values: number[]) =>
  handMade((encoder) => {
    for (const value of values) encoding.writeVarUint(encoder, value);
  });

/** One client's pieces, encoded as they are, and no deletions. */
const pieces = (client: number, clock: number, count: number, rest: number[]) =>
  numbers(1, count, client, clock, ...rest, 0);

export const MALFORMED: [string, Uint8Array][] = [
  ["nothing", new Uint8Array()],
  ["one byte", new Uint8Array([255])],
  ["more clients than bytes", numbers(2 ** 40)],
  ["more pieces than bytes", numbers(1, 2 ** 40, 7, 0)],
  ["a piece of no length", pieces(7, 0, 1, [0, 0])],
  ["a clock beyond 32 bits", pieces(7, 0, 1, [0, 2 ** 33])],
  ["a client beyond 32 bits", pieces(2 ** 40, 0, 1, [0, 1])],
  ["a content of no kind", pieces(7, 0, 1, [31, 1])],
];
