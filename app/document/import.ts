import { Lexer, Marked, type Tokens } from "marked";
import { type DefaultTreeAdapterTypes, parse, parseFragment } from "parse5";
import { sameMarks } from "./read.ts";
import {
  CALLOUT_KINDS,
  type DocJSON,
  type MarkJSON,
  type NodeJSON,
  OBJECTIVE_LEVELS,
  PARTS,
  SAFE_LINK,
} from "./schema.ts";

/** Something a draft has no place for: which kind, a taste of it, and how often it came. */
export type NotKept = {
  what:
    | "image"
    | "link"
    | "footnote"
    | "script"
    | "style"
    | "media"
    | "form"
    | "math"
    | "nestedTable"
    | "raised"
    | "title"
    | "frontMatter";
  text: string;
  count: number;
};

/** `title` is the one level 1 heading of the source; its words are in the document as well. */
export type Imported = { doc: DocJSON; notKept: NotKept[]; title: string | null };

type HtmlNode = DefaultTreeAdapterTypes.ChildNode;
type HtmlElement = DefaultTreeAdapterTypes.Element;
type Shell = { type: string; attrs?: Record<string, unknown> };
type Context = { marks: MarkJSON[]; kind: Shell; pre: boolean; blocks: number; depth: number };
type Run = NodeJSON & { pre?: boolean };

const DEEPEST_ELEMENT = 800;
const DEEPEST_BLOCK = 24;
const LONGEST_ATTRIBUTE = 2000;
const PARAGRAPH: Shell = { type: "paragraph" };

const INLINE_MARKS: Record<string, string> = {
  b: "bold",
  strong: "bold",
  em: "italic",
  i: "italic",
  cite: "italic",
  dfn: "italic",
  var: "italic",
  u: "underline",
  ins: "underline",
  s: "strike",
  strike: "strike",
  del: "strike",
  code: "code",
  kbd: "code",
  samp: "code",
  tt: "code",
};
const MARK_ORDER = ["link", "bold", "italic", "underline", "strike", "code"];

const DROPPED: Record<string, NotKept["what"]> = {
  script: "script",
  style: "style",
  template: "script",
  iframe: "media",
  object: "media",
  embed: "media",
  video: "media",
  audio: "media",
  canvas: "media",
  map: "media",
};
const INLINE = new Set(
  "a abbr acronym b bdi bdo big br button cite code data del dfn em font i img input ins kbd label mark math meter output progress q rp rt ruby s samp small span strike strong sub sup svg time tt u var wbr noscript o:p".split(
    " ",
  ),
);

/**
 * Makes a document of HTML, whatever its state. Every word of the text is kept; what has no place
 * in a draft is listed. Level 1 headings become level 2, and the others follow within 2 to 4.
 */
export function fromHtml(html: string): Imported {
  const reader = new HtmlReader(parse(html, { scriptingEnabled: false }).childNodes);
  return reader.read();
}

class HtmlReader {
  private out: NodeJSON[] = [];
  private run: Run[] = [];
  private inCell = false;
  private readonly lost = new Map<NotKept["what"], NotKept>();
  private readonly levelOf: (level: number) => number;
  private readonly title: string | null;

  constructor(private readonly roots: HtmlNode[]) {
    const headings: { level: number; text: string }[] = [];
    eachElement(roots, (element) => {
      const level = headingLevel(element);
      if (level) headings.push({ level, text: tidyText(textContent([element])) });
    });
    this.levelOf = levels(headings.map(({ level }) => level));
    const tops = headings.filter(({ level }) => level === 1);
    this.title = tops.length === 1 ? (tops[0]?.text ?? null) : null;
  }

  read(): Imported {
    const context = { marks: [], kind: PARAGRAPH, pre: false, blocks: 0, depth: 0 };
    this.walk(this.roots, context);
    this.flush(PARAGRAPH);
    return {
      doc: { type: "doc", content: this.out },
      notKept: [...this.lost.values()],
      title: this.title,
    };
  }

  private note(what: NotKept["what"], text: string) {
    const known = this.lost.get(what);
    const taste = tidyText(text).slice(0, 120);
    if (!known) this.lost.set(what, { what, text: taste, count: 1 });
    else {
      known.count += 1;
      if (known.text === "") known.text = taste;
    }
  }

  /** Ends the textblock being filled. */
  private flush(kind: Shell) {
    const content = tidy(this.run);
    this.run = [];
    if (content.length > 0) this.out.push({ ...kind, content });
  }

  private text(value: string, { marks, pre }: Context) {
    const clean = value.replace(UNPRINTABLE, "");
    if (!pre) {
      this.run.push(withMarks(clean, marks));
      return;
    }
    clean.split(/\r\n?|\n/).forEach((line, index) => {
      if (index > 0) this.run.push({ type: "hardBreak" });
      if (line !== "") this.run.push({ ...withMarks(line, marks), pre: true });
    });
  }

  private walk(nodes: HtmlNode[], context: Context) {
    if (context.depth > DEEPEST_ELEMENT) {
      this.text(textContent(nodes), context);
      return;
    }
    const inner = { ...context, depth: context.depth + 1 };
    for (const node of nodes) {
      if ("value" in node) this.text(node.value, context);
      else if ("tagName" in node) this.element(node, inner);
    }
  }

  private element(element: HtmlElement, context: Context) {
    const tag = element.tagName;
    const dropped = DROPPED[tag];
    if (dropped) {
      this.note(dropped, dropped === "media" ? (attr(element, "src") ?? "") : "");
      if (dropped === "media" && tag !== "iframe") this.walk(element.childNodes, context);
      return;
    }
    if (tag === "title" || tag === "meta" || tag === "link" || tag === "base") return;
    if (tag === "br") this.run.push({ type: "hardBreak" });
    else if (tag === "img") this.image(element, context);
    else if (tag === "svg") this.note("image", textContent([element]));
    else if (tag === "input") this.input(element, context);
    else if (tag === "a") this.link(element, context);
    else if (INLINE.has(tag)) this.inline(element, context);
    else this.block(element, context);
  }

  private image(element: HtmlElement, context: Context) {
    const alt = attr(element, "alt") ?? "";
    this.note("image", alt || (attr(element, "src") ?? "").slice(0, 80));
    if (alt.trim() !== "") this.text(alt, context);
    this.hint(element);
  }

  private input(element: HtmlElement, context: Context) {
    if (attr(element, "type") === "checkbox") {
      this.text(attr(element, "checked") === undefined ? "☐ " : "☑ ", context);
    } else {
      this.note("form", attr(element, "value") ?? "");
      this.text(` ${attr(element, "value") ?? ""} `, context);
    }
  }

  /** A title attribute shows only under a mouse; it has no place in a text for everybody. */
  private hint(element: HtmlElement) {
    const title = attr(element, "title");
    if (title?.trim()) this.note("title", title);
  }

  private link(element: HtmlElement, context: Context) {
    this.hint(element);
    const href = (attr(element, "href") ?? "").replace(/[\t\n\r]/g, "").trim();
    const safe = SAFE_LINK.test(href) && href.length <= LONGEST_ATTRIBUTE;
    if (href !== "" && !safe) this.note(/^#.*note/i.test(href) ? "footnote" : "link", href);
    const marks = safe ? addMark(context.marks, { type: "link", attrs: { href } }) : context.marks;
    this.walk(element.childNodes, { ...context, marks });
  }

  private inline(element: HtmlElement, context: Context) {
    const tag = element.tagName;
    this.hint(element);
    if (tag === "sup" || tag === "sub") this.note("raised", textContent([element]));
    if (tag === "math") this.note("math", textContent([element]));
    if (tag === "wbr") return;
    let { marks } = context;
    for (const type of marksOf(element)) marks = addMark(marks, { type });
    this.walk(element.childNodes, { ...context, marks });
  }

  private block(element: HtmlElement, context: Context) {
    const tag = element.tagName;
    this.flush(context.kind);
    const level = headingLevel(element);
    if (level) this.textblock(element, context, this.heading(element, level));
    else if (tag === "p" && attr(element, "data-objective") !== undefined) {
      this.objective(element, context);
    } else if (tag === "pre" || tag === "listing" || tag === "xmp" || tag === "textarea") {
      const marks = tag === "textarea" ? context.marks : addMark(context.marks, { type: "code" });
      this.textblock(element, { ...context, marks, pre: true }, PARAGRAPH);
    } else if (tag === "dt") {
      const marks = addMark(context.marks, { type: "bold" });
      this.textblock(element, { ...context, marks }, PARAGRAPH);
    } else if (tag === "hr") this.out.push({ type: "horizontalRule" });
    else if (tag === "ul" || tag === "menu" || tag === "dir") {
      this.list(element, context, { type: "bulletList" });
    } else if (tag === "ol") this.list(element, context, orderedList(element));
    else if (tag === "blockquote") this.container(element, context, { type: "blockquote" });
    else if (tag === "aside" && oneOf(CALLOUT_KINDS, attr(element, "data-kind"))) {
      const kind = attr(element, "data-kind");
      this.container(element, context, { type: "callout", attrs: { kind } });
    } else if (tag === "table") this.table(element, context);
    else this.textblock(element, context, tag === "p" ? PARAGRAPH : context.kind);
  }

  private textblock(element: HtmlElement, context: Context, kind: Shell) {
    this.walk(element.childNodes, { ...context, kind });
    this.flush(kind);
  }

  private heading(element: HtmlElement, level: number): Shell {
    const part = attr(element, "data-part");
    const minutes = Number(attr(element, "data-minutes"));
    return {
      type: "heading",
      attrs: {
        level: this.levelOf(level),
        part: oneOf(PARTS, part) ? part : null,
        minutes: isMinutes(minutes) ? minutes : null,
      },
    };
  }

  private objective(element: HtmlElement, context: Context) {
    const level = attr(element, "data-level");
    const attrs: Record<string, unknown> = {
      level: oneOf(OBJECTIVE_LEVELS, level) ? level : "enabling",
    };
    const tooLong: string[] = [];
    for (const name of ["condition", "standard", "assessed"]) {
      const value = tidyText(attr(element, `data-${name}`) ?? "");
      attrs[name] = value.length > LONGEST_ATTRIBUTE ? "" : value;
      if (value.length > LONGEST_ATTRIBUTE) tooLong.push(value);
    }
    this.textblock(element, context, { type: "objective", attrs });
    for (const value of tooLong) {
      this.text(value, context);
      this.flush(PARAGRAPH);
    }
  }

  /** Reads an element's content into blocks of their own. */
  private inside(nodes: HtmlNode[], context: Context): NodeJSON[] {
    const outer = this.out;
    this.out = [];
    this.walk(nodes, { ...context, kind: PARAGRAPH, blocks: context.blocks + 1 });
    this.flush(PARAGRAPH);
    const made = this.out;
    this.out = outer;
    return made;
  }

  private container(element: HtmlElement, context: Context, shell: Shell) {
    const content = this.inside(element.childNodes, context);
    if (context.blocks > DEEPEST_BLOCK) this.out.push(...content);
    else if (content.length > 0) this.out.push({ ...shell, content });
  }

  private list(element: HtmlElement, context: Context, shell: Shell) {
    const items: NodeJSON[] = [];
    let loose: HtmlNode[] = [];
    const add = (content: NodeJSON[]) => {
      if (content.length > 0) items.push({ type: "listItem", content });
    };
    const settle = () => {
      const content = this.inside(loose, { ...context, blocks: context.blocks + 1 });
      // A list written straight into a list belongs to the item before it.
      const own = content.findIndex(({ type }) => !type.endsWith("List"));
      const before = items.at(-1) ? content.slice(0, own < 0 ? content.length : own) : [];
      items.at(-1)?.content?.push(...before);
      add(content.slice(before.length));
      loose = [];
    };
    for (const node of element.childNodes) {
      if ("tagName" in node && node.tagName === "li") {
        settle();
        add(this.inside(node.childNodes, { ...context, blocks: context.blocks + 1 }));
      } else loose.push(node);
    }
    settle();
    if (context.blocks > DEEPEST_BLOCK)
      this.out.push(...items.flatMap((item) => item.content ?? []));
    else if (items.length > 0) this.out.push({ ...shell, content: items });
  }

  private table(element: HtmlElement, context: Context) {
    if (context.blocks > 0 && this.inCell) {
      this.note("nestedTable", textContent([element]));
      this.walk(element.childNodes, context);
      this.flush(context.kind);
      return;
    }
    const rows: NodeJSON[] = [];
    const visit = (nodes: HtmlNode[]) => {
      for (const node of nodes) {
        if (!("tagName" in node)) continue;
        if (node.tagName === "caption") this.textblock(node, context, PARAGRAPH);
        else if (node.tagName === "tr") rows.push(this.row(node, context));
        else visit(node.childNodes);
      }
    };
    visit(element.childNodes);
    const sound = rectangular(rows);
    if (sound.length > 0) this.out.push({ type: "table", content: sound });
  }

  private row(element: HtmlElement, context: Context): NodeJSON {
    const cells: NodeJSON[] = [];
    for (const node of element.childNodes) {
      if (!("tagName" in node)) continue;
      this.inCell = true;
      const content = this.inside([node], { ...context, blocks: context.blocks + 2 });
      this.inCell = false;
      cells.push({
        type: node.tagName === "th" ? "tableHeader" : "tableCell",
        attrs: {
          colspan: span(node, "colspan", 100),
          rowspan: span(node, "rowspan", 1000),
          colwidth: null,
          align: alignOf(node),
        },
        content: content.length > 0 ? content : [{ type: "paragraph" }],
      });
    }
    return { type: "tableRow", content: cells };
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get in
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000e-\u001f\u007f\ufffe\uffff]/g;
const BLANKS = /[ \t\n\r\f]+/g;

function tidyText(text: string): string {
  return text.replace(UNPRINTABLE, "").replace(BLANKS, " ").trim();
}

/** Collapses blanks as a browser does, joins equal runs, drops line breaks at the ends. */
function tidy(run: Run[]): NodeJSON[] {
  const content: Run[] = [];
  const trimEnd = () => {
    for (let last = content.at(-1); last?.type === "text" && !last.pre; last = content.at(-1)) {
      last.text = last.text?.replace(/ $/, "");
      if (last.text !== "") return;
      content.pop();
    }
  };
  for (const piece of run) {
    const last = content.at(-1);
    if (piece.type === "hardBreak") {
      trimEnd();
      if (content.length > 0) content.push(piece);
      continue;
    }
    let text = piece.pre ? piece.text : piece.text?.replace(BLANKS, " ");
    const atBlank = last?.type !== "text" || last.text?.endsWith(" ");
    if (!piece.pre && atBlank) text = text?.replace(/^ /, "");
    if (!text) continue;
    if (last?.type === "text" && last.pre === piece.pre && sameMarks(last.marks, piece.marks)) {
      last.text = `${last.text}${text}`;
    } else content.push({ ...piece, text });
  }
  trimEnd();
  while (content.at(-1)?.type === "hardBreak") {
    content.pop();
    trimEnd();
  }
  const blank = content.every(({ text }) => (text ?? "").trim() === "");
  return blank ? [] : content.map(({ pre: _, ...node }) => node);
}

function withMarks(text: string, marks: MarkJSON[]): Run {
  return marks.length > 0 ? { type: "text", text, marks } : { type: "text", text };
}

function addMark(marks: MarkJSON[], mark: MarkJSON): MarkJSON[] {
  return [...marks.filter(({ type }) => type !== mark.type), mark].sort(
    (a, b) => MARK_ORDER.indexOf(a.type) - MARK_ORDER.indexOf(b.type),
  );
}

function marksOf(element: HtmlElement): string[] {
  const style = (attr(element, "style") ?? "").toLowerCase();
  const found = new Set<string>();
  const own = INLINE_MARKS[element.tagName];
  // Some programs wrap a whole page in <b style="font-weight:normal">.
  if (own && !/font-weight:\s*normal/.test(style)) found.add(own);
  if (/font-weight:\s*(bold|[6-9]00)/.test(style)) found.add("bold");
  if (/font-style:\s*italic/.test(style)) found.add("italic");
  if (/text-decoration[^;]*underline/.test(style)) found.add("underline");
  if (/text-decoration[^;]*line-through/.test(style)) found.add("strike");
  return [...found];
}

/**
 * How heading levels map into 2 to 4. A single level 1 heading is the title: what follows starts at
 * 2 as well. Several are the sections themselves. Levels that fit already stay as they are.
 */
function levels(used: number[]): (level: number) => number {
  const tops = used.filter((level) => level === 1).length;
  const rest = used.filter((level) => level > 1);
  const least = rest.length > 0 ? Math.min(...rest) : 2;
  const fits = tops === 0 && rest.every((level) => level <= 4);
  const shift = tops > 1 ? 1 : fits ? 0 : 2 - least;
  return (level) => (level === 1 ? 2 : Math.min(4, Math.max(2, level + shift)));
}

function headingLevel({ tagName }: HtmlElement): number {
  return /^h[1-6]$/.test(tagName) ? Number(tagName[1]) : 0;
}

function orderedList(element: HtmlElement): Shell {
  const start = Number.parseInt(attr(element, "start") ?? "1", 10);
  const type = attr(element, "type");
  return {
    type: "orderedList",
    attrs: {
      start: start >= 0 && start <= 1_000_000 ? start : 1,
      type: type && /^[1aAiI]$/.test(type) ? type : null,
    },
  };
}

function span(element: HtmlElement, name: string, most: number): number {
  const value = Number.parseInt(attr(element, name) ?? "1", 10);
  return value >= 1 && value <= most ? value : 1;
}

function alignOf(element: HtmlElement): string | null {
  const said =
    attr(element, "align") ?? /text-align:\s*(\w+)/.exec(attr(element, "style") ?? "")?.[1];
  return said && ["left", "center", "right"].includes(said) ? said : null;
}

/**
 * Makes each row as wide as the widest, so that an editor finds nothing to mend. Where spans run
 * into each other or out of the table, cells lose theirs.
 */
function rectangular(rows: NodeJSON[]): NodeJSON[] {
  const filled = rows.filter((row) => row.content?.length);
  const taken = filled.map((): boolean[] => []);
  let clash = false;
  filled.forEach((row, y) => {
    let x = 0;
    for (const cell of row.content ?? []) {
      while (taken[y]?.[x]) x += 1;
      const { colspan, rowspan } = cell.attrs as { colspan: number; rowspan: number };
      if (y + rowspan > filled.length) clash = true;
      for (let down = y; down < Math.min(y + rowspan, filled.length); down++) {
        for (let right = x; right < x + colspan; right++) {
          const line = taken[down] as boolean[];
          if (line[right]) clash = true;
          line[right] = true;
        }
      }
    }
  });
  const narrow = clash
    ? filled.map((row) => ({
        ...row,
        content: row.content?.map((cell) => ({
          ...cell,
          attrs: { ...cell.attrs, colspan: 1, rowspan: 1 },
        })),
      }))
    : filled;
  const widths = clash
    ? narrow.map((row) => row.content?.length ?? 0)
    : taken.map((line) => line.filter(Boolean).length);
  const widest = Math.max(0, ...widths);
  return narrow.map((row, y) => ({
    ...row,
    content: [
      ...(row.content ?? []),
      ...Array.from({ length: widest - (widths[y] ?? 0) }, () => ({
        type: "tableCell",
        attrs: { colspan: 1, rowspan: 1, colwidth: null, align: null },
        content: [{ type: "paragraph" }],
      })),
    ],
  }));
}

function isMinutes(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 1440;
}

function attr(element: HtmlElement, name: string): string | undefined {
  return element.attrs.find((found) => found.name === name)?.value;
}

function oneOf<T extends string>(values: readonly T[], value: string | undefined): value is T {
  return values.includes(value as T);
}

function eachElement(roots: HtmlNode[], visit: (element: HtmlElement) => void) {
  const queue = [...roots].reverse();
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (!("childNodes" in node)) continue;
    if ("tagName" in node) visit(node);
    for (let index = node.childNodes.length - 1; index >= 0; index--) {
      queue.push(node.childNodes[index] as HtmlNode);
    }
  }
}

function textContent(roots: HtmlNode[]): string {
  const texts: string[] = [];
  const queue = [...roots].reverse();
  for (let node = queue.pop(); node; node = queue.pop()) {
    if ("value" in node) texts.push(node.value);
    if (!("childNodes" in node)) continue;
    for (let index = node.childNodes.length - 1; index >= 0; index--) {
      queue.push(node.childNodes[index] as HtmlNode);
    }
  }
  return texts.join("");
}

const ALERT = /^\[!(NOTE|TIP|IMPORTANT|CAUTION|WARNING|INSTRUCTOR)\][ \t]*(?:\n|$)/i;
const ALERT_KIND: Record<string, string> = {
  CAUTION: "caution",
  WARNING: "caution",
  INSTRUCTOR: "instructor",
};
const FACTS = /\s*\{((?:part=[a-z]+|minutes=\d+)(?:\s+(?:part=[a-z]+|minutes=\d+))*)\}\s*$/;
const OBJECTIVE = /^\[objective (terminal|enabling)\]\s*/;
const FIELD = /\s+\|\s+(condition|standard|assessed):\s*/;
const FRONT_MATTER = /^\uFEFF?---\r?\n(?=[\w-]+:)([\s\S]*?)\r?\n---(?:\r?\n|$)/;

/**
 * GitHub's Markdown, and three forms of ours:
 * - `## Title {part=scenario minutes=25}`: the part a section opens, and its minutes;
 * - `> [!NOTE]`, `> [!CAUTION]`, `> [!INSTRUCTOR]` alone on a quote's first line: a callout;
 * - `- [objective terminal] What they will do | condition: … | standard: … | assessed: …`.
 */
export function fromMarkdown(markdown: string): Imported {
  const front = FRONT_MATTER.exec(markdown);
  const source = front ? markdown.slice(front[0].length) : markdown;
  const imported = fromHtml(markdownToHtml(source));
  const footnotes = source.match(/^ {0,3}\[\^[^\]]+\]:.*$/gm);
  if (front) imported.notKept.push({ what: "frontMatter", text: front[1] ?? "", count: 1 });
  if (footnotes) {
    imported.notKept.push({
      what: "footnote",
      text: (footnotes[0] ?? "").trim().slice(0, 120),
      count: footnotes.length,
    });
  }
  return imported;
}

function markdownToHtml(markdown: string): string {
  const marked = new Marked({ gfm: true });
  marked.use({
    tokenizer: {
      // A footnote is no link definition: its words stay.
      def: (src) => (/^ {0,3}\[\^/.test(src) ? undefined : false),
    },
    renderer: {
      heading({ tokens, depth }) {
        const data = takeFacts(tokens);
        return `<h${depth}${data}>${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      blockquote({ tokens }) {
        const kind = takeAlert(tokens);
        const body = this.parser.parse(tokens);
        return kind
          ? `<aside data-kind="${kind}">\n${body}</aside>\n`
          : `<blockquote>\n${body}</blockquote>\n`;
      },
      list({ items, ordered, start }) {
        const tag = ordered ? "ol" : "ul";
        const first = ordered && start !== 1 ? ` start="${start}"` : "";
        let html = "";
        let open = false;
        for (const item of items) {
          const objective = !ordered && OBJECTIVE.exec(item.text);
          if (objective) {
            if (open) html += `</${tag}>\n`;
            open = false;
            const inline = (text: string) => this.parser.parseInline(Lexer.lexInline(text));
            html += objectiveHtml(item, objective, inline);
            html += this.parser.parse(item.tokens.slice(1));
          } else {
            if (!open) html += `<${tag}${first}>\n`;
            open = true;
            html += this.listitem(item);
          }
        }
        return open ? `${html}</${tag}>\n` : html;
      },
    },
  });
  return marked.parse(markdown, { async: false });
}

/** Takes `{part=… minutes=…}` off a heading's end and answers it as HTML attributes. */
function takeFacts(tokens: Tokens.Heading["tokens"]): string {
  const last = tokens.at(-1);
  const facts = last?.type === "text" ? FACTS.exec(last.text) : null;
  if (last?.type !== "text" || !facts) return "";
  const said = Object.fromEntries((facts[1] ?? "").split(/\s+/).map((fact) => fact.split("=")));
  const { part, minutes } = said as { part?: string; minutes?: string };
  if (part !== undefined && !oneOf(PARTS, part)) return "";
  if (minutes !== undefined && !isMinutes(Number(minutes))) return "";
  last.text = last.text.slice(0, facts.index);
  return Object.entries(said)
    .map(([name, value]) => ` data-${name}="${value}"`)
    .join("");
}

/** Takes `[!NOTE]` off a quote's first line and answers which callout it asks for. */
function takeAlert(tokens: Tokens.Blockquote["tokens"]): string | null {
  const inside = tokens[0]?.type === "paragraph" ? (tokens[0].tokens ?? []) : [];
  const [first, next] = inside;
  const alert = first?.type === "text" ? ALERT.exec(first.text) : null;
  if (first?.type !== "text" || !alert) return null;
  // `[!NOTE] **words**` on one line is a quote that happens to begin so.
  const alone = alert[0].endsWith("\n") || !next || next.type === "br";
  if (!alone) return null;
  first.text = first.text.slice(alert[0].length);
  return ALERT_KIND[(alert[1] ?? "").toUpperCase()] ?? "note";
}

function objectiveHtml(
  item: Tokens.ListItem,
  [marker, level]: RegExpExecArray,
  inline: (markdown: string) => string,
): string {
  const block = item.tokens[0];
  const source = (block && "text" in block ? String(block.text) : item.text).slice(marker.length);
  const [action = "", ...fields] = source.split(FIELD);
  const said = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? "";
    const value = tidyText(textContent(parseFragment(inline(fields[index + 1] ?? "")).childNodes));
    said.set(name, [said.get(name), value].filter(Boolean).join("; "));
  }
  const data = [...said].map(
    ([name, value]) => ` data-${name}="${value.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}"`,
  );
  return `<p data-objective data-level="${level}"${data.join("")}>${inline(action)}</p>\n`;
}
