import type { Node } from "@tiptap/pm/model";
import type { Piece } from "./hunk.ts";
import { defaultsOf, sameMarks } from "./read.ts";
import { type MarkJSON, type NodeJSON, TEXTBLOCKS } from "./schema.ts";
import { type Bag, bagOf } from "./words.ts";

/** A node as ProseMirror holds it, or as JSON. */
export type Source = NodeJSON | Node;

/**
 * A block with what is in it, read once from each node: a ProseMirror document shares the nodes that
 * an edit leaves alone, so reading it again costs only what changed.
 */
export class Block {
  readonly type: string;
  readonly attrs: Record<string, unknown>;
  /** "" when it has none yet. */
  readonly id: string;
  readonly #source: Source;
  #children: Block[] | undefined;
  #pieces: Piece[] | undefined;
  #text: string | undefined;
  #words: string | undefined;
  #bag: Bag | undefined;

  constructor(source: Source) {
    this.#source = source;
    this.type = typeof source.type === "string" ? source.type : source.type.name;
    this.attrs =
      typeof source.type === "string"
        ? { ...defaultsOf(this.type), ...source.attrs }
        : (source as Node).attrs;
    this.id = typeof this.attrs.id === "string" ? this.attrs.id : "";
  }

  get isText(): boolean {
    return TEXTBLOCKS.has(this.type);
  }

  /** The blocks in it; none in a textblock. */
  get children(): readonly Block[] {
    this.#children ??= this.isText ? [] : childrenOf(this.#source).map(asBlock);
    return this.#children;
  }

  /** A textblock's text with its formatting. */
  get pieces(): readonly Piece[] {
    this.#pieces ??= this.isText ? piecesOf(childrenOf(this.#source)) : [];
    return this.#pieces;
  }

  /** A textblock's text, as `textOf` gives it. */
  get text(): string {
    this.#text ??= plain(this.pieces);
    return this.#text;
  }

  /** All the text in it. */
  get words(): string {
    this.#words ??= this.isText ? this.text : this.children.map(({ words }) => words).join("\n");
    return this.#words;
  }

  /** The words in it, with how often each occurs. */
  get bag(): Bag {
    this.#bag ??= bagOf(this.words);
    return this.#bag;
  }

  /** The node as JSON, with what is in it. */
  get json(): NodeJSON {
    return isNode(this.#source) ? (this.#source.toJSON() as NodeJSON) : this.#source;
  }
}

const isNode = (source: Source): source is Node => typeof source.type !== "string";

const read = new WeakMap<Source, Block>();

/** The block of a node, the same each time it is asked for. */
export function asBlock(source: Source): Block {
  let block = read.get(source);
  if (!block) {
    block = new Block(source);
    read.set(source, block);
  }
  return block;
}

function childrenOf(source: Source): readonly Source[] {
  return isNode(source) ? source.content.content : (source.content ?? []);
}

function piecesOf(inline: readonly Source[]): Piece[] {
  const pieces: Piece[] = [];
  for (const node of inline) {
    const type = isNode(node) ? node.type.name : node.type;
    if (type === "hardBreak") add(pieces, "\n");
    else if (type === "text") {
      const marks = isNode(node)
        ? node.marks.map((mark) => mark.toJSON() as MarkJSON)
        : (node.marks ?? []);
      add(pieces, node.text ?? "", marks);
    }
  }
  return pieces;
}

/** Adds text at the end; what is formatted alike is one piece. */
export function add(pieces: Piece[], text: string, marks: MarkJSON[] = []): void {
  if (text === "") return;
  const last = pieces.at(-1);
  if (last && sameMarks(last.marks, marks)) last.text += text;
  else pieces.push(marks.length > 0 ? { text, marks } : { text });
}

/** Pieces without their formatting. */
export function plain(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}

/** The pieces of the characters `from` to `to`. */
export function cut(pieces: readonly Piece[], from: number, to: number): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const { text, marks } of pieces) {
    if (at >= to) break;
    add(found, text.slice(Math.max(0, from - at), Math.max(0, to - at)), marks);
    at += text.length;
  }
  return found;
}

export function samePieces(a: readonly Piece[], b: readonly Piece[]): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every(
        ({ text, marks }, index) => text === b[index]?.text && sameMarks(marks, b[index]?.marks),
      ))
  );
}

/** Pieces as a textblock holds them. A line break carries no formatting. */
export function inlineOf(pieces: readonly Piece[]): NodeJSON[] {
  return pieces.flatMap(({ text, marks }) =>
    text
      .split("\n")
      .flatMap((line, index): NodeJSON[] => [
        ...(index > 0 ? [{ type: "hardBreak" }] : []),
        ...(line === "" ? [] : [{ type: "text", text: line, ...(marks ? { marks } : {}) }]),
      ]),
  );
}

/** Whether two values of an attribute say the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

export function sameAttrs(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  if (a === b) return true;
  for (const name in a) if (!sameValue(a[name], b[name])) return false;
  for (const name in b) if (!(name in a) && !sameValue(b[name], null)) return false;
  return true;
}

/** Whether two blocks are the same with all that is in them. */
export function sameBlock(a: Block, b: Block): boolean {
  return (
    a === b ||
    (a.type === b.type &&
      sameAttrs(a.attrs, b.attrs) &&
      samePieces(a.pieces, b.pieces) &&
      a.children.length === b.children.length &&
      a.children.every((child, index) => sameBlock(child, b.children[index] as Block)))
  );
}
