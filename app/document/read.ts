import * as Y from "yjs";
import {
  type DocJSON,
  FRAGMENT,
  type MarkJSON,
  type NodeJSON,
  type ObjectiveLevel,
  type Part,
  schema,
  TEXTBLOCKS,
} from "./schema.ts";

/** A paragraph, heading or objective: where words are. `within` are its containers, outermost first. */
export type TextBlock = {
  id: string;
  type: string;
  text: string;
  node: NodeJSON;
  path: number[];
  within: NodeJSON[];
};

export type Section = { id: string; title: string; part: Part | null; minutes: number | null };
export type Outline = { sections: Section[]; minutes: number };
export type ObjectiveText = {
  id: string;
  level: ObjectiveLevel;
  text: string;
  condition: string;
  standard: string;
  assessed: string;
};

/** y-tiptap names a mark that may overlap itself `name--hash`. */
const HASHED = /^(.*)--[a-zA-Z0-9+/=]{8}$/;

/**
 * Reads a document without ever writing to it: y-tiptap's own conversion deletes what it can't
 * read. What isn't in the schema is kept as it is, so that `check` can refuse it.
 */
export function readDoc(doc: Y.Doc): DocJSON {
  return { type: "doc", content: readChildren(doc.getXmlFragment(FRAGMENT)) };
}

/** Reads one element as `readDoc` does. */
export function readElement(element: Y.XmlElement): NodeJSON {
  const attrs = { ...defaultsOf(element.nodeName), ...element.getAttributes() };
  const content = readChildren(element);
  const node: NodeJSON = { type: element.nodeName };
  if (Object.keys(attrs).length > 0) node.attrs = attrs;
  if (content.length > 0) node.content = content;
  return node;
}

let defaults: Map<string, Record<string, unknown>> | undefined;

/** The attributes a node of this type has when nothing is said. */
export function defaultsOf(type: string): Record<string, unknown> | undefined {
  defaults ??= new Map(
    Object.values(schema().nodes).map(({ name, spec }) => [
      name,
      Object.fromEntries(
        Object.entries(spec.attrs ?? {}).map(([key, attr]) => [key, attr.default]),
      ),
    ]),
  );
  return defaults.get(type);
}

function readChildren(parent: Y.XmlFragment): NodeJSON[] {
  const nodes: NodeJSON[] = [];
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlText) {
      for (const node of readText(child)) {
        const last = nodes.at(-1);
        if (last?.type === "text" && node.type === "text" && sameMarks(last.marks, node.marks)) {
          last.text = `${last.text}${node.text}`;
        } else nodes.push(node);
      }
    } else if (child instanceof Y.XmlElement) nodes.push(readElement(child));
    else nodes.push({ type: "unknown" });
  }
  return nodes;
}

function readText(text: Y.XmlText): NodeJSON[] {
  return (text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]).map(
    ({ insert, attributes }) => {
      if (typeof insert !== "string") return { type: "unknown" };
      const marks = readMarks(attributes);
      return marks.length > 0
        ? { type: "text", text: insert, marks }
        : { type: "text", text: insert };
    },
  );
}

function readMarks(attributes: Record<string, unknown> = {}): MarkJSON[] {
  return sortedMarks(
    Object.entries(attributes).map(([name, value]): MarkJSON => {
      const type = HASHED.exec(name)?.[1] ?? name;
      const attrs = value !== null && typeof value === "object" ? { ...value } : {};
      return Object.keys(attrs).length > 0 ? { type, attrs } : { type };
    }),
  );
}

let markOrder: string[] | undefined;

/** Marks as ProseMirror keeps them: in the order of the schema. */
export function sortedMarks(marks: readonly MarkJSON[]): MarkJSON[] {
  return [...marks].sort((a, b) => rank(a) - rank(b));
}

function rank({ type }: MarkJSON): number {
  markOrder ??= Object.keys(schema().marks);
  const order = markOrder.indexOf(type);
  return order < 0 ? markOrder.length : order;
}

/** Whether two pieces of text are formatted alike. */
export function sameMarks(a: MarkJSON[] = [], b: MarkJSON[] = []): boolean {
  return a.length === b.length && (a.length === 0 || JSON.stringify(a) === JSON.stringify(b));
}

/** The plain text of a textblock. A line break is one "\n", so offsets count it as one. */
export function textOf(node: NodeJSON): string {
  if (node.type === "text") return node.text ?? "";
  if (node.type === "hardBreak") return "\n";
  return (node.content ?? []).map(textOf).join("");
}

/** All textblocks in reading order. */
export function textblocks(json: NodeJSON): TextBlock[] {
  const found: TextBlock[] = [];
  const visit = (node: NodeJSON, path: number[], within: NodeJSON[]) => {
    if (TEXTBLOCKS.has(node.type)) {
      found.push({ id: idOf(node), type: node.type, text: textOf(node), node, path, within });
      return;
    }
    const inner = node.type === "doc" ? within : [...within, node];
    node.content?.forEach((child, index) => {
      visit(child, [...path, index], inner);
    });
  };
  visit(json, [], []);
  return found;
}

/** A block's id, or "" for one that has none yet. */
export function idOf(node: NodeJSON): string {
  return typeof node.attrs?.id === "string" ? node.attrs.id : "";
}

/** One word: letters and figures, with the apostrophes and hyphens inside it. */
export const WORD = /[\p{L}\p{M}\p{N}]+(?:['’\-‐‑][\p{L}\p{M}\p{N}]+)*/gu;

/** Every word a reader sees, in order; an objective's condition, standard and assessment included. */
export function words(json: NodeJSON): string[] {
  return textblocks(json).flatMap(({ text, node, type }) => {
    const also = type === "objective" ? Object.values(objectiveOf(node)).slice(3) : [];
    return [text, ...also].flatMap((part) => part.match(WORD) ?? []);
  });
}

/** The sections of a module (level 2 headings) with their parts, and the minutes they add up to. */
export function outline(json: DocJSON): Outline {
  const sections = textblocks(json)
    .filter(({ node, type }) => type === "heading" && node.attrs?.level === 2)
    .map(({ id, text, node }) => ({
      id,
      title: text,
      part: (node.attrs?.part ?? null) as Part | null,
      minutes: (node.attrs?.minutes ?? null) as number | null,
    }));
  return { sections, minutes: sections.reduce((sum, { minutes }) => sum + (minutes ?? 0), 0) };
}

/** The learning objectives of a module in reading order. */
export function objectives(json: DocJSON): ObjectiveText[] {
  return textblocks(json)
    .filter(({ type }) => type === "objective")
    .map(({ node }) => objectiveOf(node));
}

function objectiveOf(node: NodeJSON): ObjectiveText {
  const attr = (name: string) => String(node.attrs?.[name] ?? "");
  return {
    id: idOf(node),
    level: (node.attrs?.level ?? "enabling") as ObjectiveLevel,
    text: textOf(node),
    condition: attr("condition"),
    standard: attr("standard"),
    assessed: attr("assessed"),
  };
}
