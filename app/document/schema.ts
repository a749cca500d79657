import { Extension, type Extensions, getSchema, mergeAttributes, Node } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { HorizontalRule } from "@tiptap/extension-horizontal-rule";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";
import { BulletList } from "@tiptap/extension-list/bullet-list";
import { ListItem } from "@tiptap/extension-list/item";
import { OrderedList } from "@tiptap/extension-list/ordered-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Strike } from "@tiptap/extension-strike";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import { Text } from "@tiptap/extension-text";
import { Underline } from "@tiptap/extension-underline";
import type { Schema } from "@tiptap/pm/model";

/** A document, a block or a piece of text, as ProseMirror writes it to JSON. */
export type NodeJSON = {
  type: string;
  attrs?: Record<string, unknown>;
  content?: NodeJSON[];
  text?: string;
  marks?: MarkJSON[];
};
export type MarkJSON = { type: string; attrs?: Record<string, unknown> };
export type DocJSON = NodeJSON & { type: "doc" };

/** The Y.XmlFragment that holds the text: the only root type a document may have. */
export const FRAGMENT = "default";

export const HEADING_LEVELS = [2, 3, 4] as const;

/** The parts a module is made of. A level 2 heading may say which part it opens, and its minutes. */
export const PARTS = [
  "intro",
  "presentation",
  "activity",
  "scenario",
  "break",
  "summary",
  "debrief",
] as const;
export type Part = (typeof PARTS)[number];

export const CALLOUT_KINDS = ["note", "caution", "instructor"] as const;
export type CalloutKind = (typeof CALLOUT_KINDS)[number];

export const OBJECTIVE_LEVELS = ["terminal", "enabling"] as const;
export type ObjectiveLevel = (typeof OBJECTIVE_LEVELS)[number];

/**
 * Content expressions use `*`, never `+`: two honest edits made at once can empty a container, and
 * an invalid document would make the editor binding delete it on every screen.
 */
const Callout = Node.create({
  name: "callout",
  group: "block",
  content: "block*",
  defining: true,
  addAttributes() {
    return {
      kind: {
        default: "note",
        parseHTML: (element) => element.getAttribute("data-kind") ?? "note",
        renderHTML: ({ kind }) => ({ "data-kind": kind }),
      },
    };
  },
  parseHTML: () => [{ tag: "aside[data-kind]" }],
  renderHTML: ({ HTMLAttributes }) => [
    "aside",
    mergeAttributes({ class: "callout", role: "note" }, HTMLAttributes),
    0,
  ],
});

/** A learning objective: what somebody will do, under which condition, to which standard. */
const Objective = Node.create({
  name: "objective",
  group: "block",
  content: "inline*",
  defining: true,
  addAttributes() {
    const text = (name: string) => ({
      default: "",
      parseHTML: (element: HTMLElement) => element.getAttribute(`data-${name}`) ?? "",
      renderHTML: (attrs: Record<string, unknown>) => ({ [`data-${name}`]: attrs[name] }),
    });
    return {
      level: { ...text("level"), default: "enabling" },
      condition: text("condition"),
      standard: text("standard"),
      assessed: text("assessed"),
    };
  },
  // Before the rule of plain paragraphs, or a copied objective would be pasted as one.
  parseHTML: () => [{ tag: "p[data-objective]", priority: 60 }],
  renderHTML: ({ HTMLAttributes }) => [
    "p",
    mergeAttributes({ "data-objective": "", class: "objective" }, HTMLAttributes),
    0,
  ],
});

const SectionHeading = Heading.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      level: { default: HEADING_LEVELS[0], rendered: false },
      part: {
        default: null,
        parseHTML: (element) => element.getAttribute("data-part"),
        renderHTML: ({ part }) => (part ? { "data-part": part } : {}),
      },
      minutes: {
        default: null,
        parseHTML: (element) => Number(element.getAttribute("data-minutes")) || null,
        renderHTML: ({ minutes }) => (minutes ? { "data-minutes": minutes } : {}),
      },
    };
  },
}).configure({ levels: [...HEADING_LEVELS] });

/** Every node that carries an `id`: all blocks, list items, rows and cells. */
export const BLOCKS_WITH_ID = [
  "paragraph",
  "heading",
  "objective",
  "blockquote",
  "callout",
  "bulletList",
  "orderedList",
  "listItem",
  "table",
  "tableRow",
  "tableCell",
  "tableHeader",
  "horizontalRule",
] as const;

/** Blocks whose content is text. */
export const TEXTBLOCKS = new Set(["paragraph", "heading", "objective"]);

/** Addresses a link may have. Anything else is dropped on import, refused from a client. */
export const SAFE_LINK = /^(https?:\/\/|mailto:)/i;

/** What the text of a module is made of. The editor adds behaviour; the server needs only this. */
export const nodesAndMarks: Extensions = [
  Document.extend({ content: "block*" }),
  Text,
  Paragraph,
  SectionHeading,
  Objective,
  Callout,
  Blockquote.extend({ content: "block*" }),
  BulletList.extend({ content: "listItem*" }),
  OrderedList.extend({ content: "listItem*" }),
  ListItem.extend({ content: "block*" }),
  Table.extend({ content: "tableRow*" }).configure({ resizable: false }),
  TableRow.extend({ content: "(tableCell | tableHeader)*" }),
  TableCell.extend({ content: "block*" }),
  TableHeader.extend({ content: "block*" }),
  HorizontalRule,
  HardBreak,
  Bold,
  Italic,
  Underline,
  Strike,
  Code.extend({ excludes: "code" }),
  Link.extend({ addAttributes: () => ({ href: { default: null } }) }).configure({
    openOnClick: false,
    autolink: true,
    protocols: ["http", "https", "mailto"],
    isAllowedUri: (uri) => SAFE_LINK.test(uri ?? ""),
    HTMLAttributes: { rel: "noopener noreferrer nofollow", target: null },
  }),
];

/** Gives every block its `id` attribute; the editor's unique-id extension fills it. */
const BlockIds = Extension.create({
  name: "blockIds",
  addGlobalAttributes: () => [
    {
      types: [...BLOCKS_WITH_ID],
      attributes: {
        id: {
          default: null,
          keepOnSplit: false,
          parseHTML: (element) => element.getAttribute("data-id"),
          renderHTML: ({ id }) => (id ? { "data-id": id } : {}),
        },
      },
    },
  ],
});

let built: Schema | undefined;

/** The ProseMirror schema, built once. */
export function schema(): Schema {
  built ??= getSchema([...nodesAndMarks, BlockIds]);
  return built;
}
