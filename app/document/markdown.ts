import type { DocJSON, MarkJSON, NodeJSON } from "./schema.ts";

/**
 * The document as GitHub's Markdown with the forms `fromMarkdown` reads, so that it comes back the
 * same. Tables that Markdown can't write (merged cells, lists in cells) are written as HTML.
 */
export function toMarkdown(json: DocJSON): string {
  const text = blocks(json.content ?? []);
  return text === "" ? "" : `${text}\n`;
}

const RULES: [MarkJSON["type"], string | null, string][] = [
  ["link", null, "a"],
  ["bold", "**", "strong"],
  ["italic", "*", "em"],
  ["underline", null, "u"],
  ["strike", "~~", "s"],
  ["code", null, "code"],
];

function blocks(nodes: NodeJSON[]): string {
  let text = "";
  let previous: NodeJSON | undefined;
  for (const node of nodes) {
    const written = block(node);
    if (written === "") continue;
    if (previous) text += between(previous, node);
    text += written;
    previous = node;
  }
  return text;
}

function between(before: NodeJSON, after: NodeJSON): string {
  if (before.type === "objective" && after.type === "objective") return "\n";
  // Two lists in a row would be read as one.
  if (/List$/.test(before.type) && before.type === after.type) return "\n\n<!-- -->\n\n";
  return "\n\n";
}

function block(node: NodeJSON): string {
  const content = node.content ?? [];
  switch (node.type) {
    case "paragraph":
      return paragraph(content);
    case "heading":
      return heading(node);
    case "objective":
      return objective(node);
    case "bulletList":
      return list(content, () => "- ");
    case "orderedList":
      return list(content, (index) => `${Number(node.attrs?.start ?? 1) + index}. `);
    case "blockquote":
      return quote(blocks(content));
    case "callout": {
      const marker = `[!${String(node.attrs?.kind ?? "note").toUpperCase()}]`;
      const gap = content[0]?.type === "paragraph" ? "\n" : "\n\n";
      return quote(`${marker}${gap}${blocks(content)}`.trimEnd());
    }
    case "table":
      return isPlain(node) ? table(content) : html(node);
    case "horizontalRule":
      return "---";
    default:
      return blocks(content);
  }
}

function paragraph(content: NodeJSON[]): string {
  return inline(content, "\\\n")
    .split("\n")
    .map((line) =>
      line.replace(/^(?:[-+=>#|:]|(\d+)(?=[.)]))/, (at, digits) =>
        digits ? `${digits}\\` : `\\${at}`,
      ),
    )
    .join("\n");
}

function heading({ attrs, content = [] }: NodeJSON): string {
  const facts = [
    attrs?.part ? `part=${attrs.part}` : "",
    attrs?.minutes ? `minutes=${attrs.minutes}` : "",
  ].filter(Boolean);
  const title = inline(content, "<br>").replace(/#/g, "\\#").replace(/\{/g, "\\{");
  return [
    "#".repeat(Number(attrs?.level ?? 2)),
    title,
    facts.length > 0 ? `{${facts.join(" ")}}` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function objective({ attrs, content = [] }: NodeJSON): string {
  const fields = ["condition", "standard", "assessed"]
    .filter((name) => attrs?.[name])
    .map((name) => ` | ${name}: ${pipes(escaped(String(attrs?.[name])))}`);
  const level = attrs?.level ?? "enabling";
  return `- [objective ${level}] ${pipes(inline(content, "<br>"))}${fields.join("")}`;
}

function list(items: NodeJSON[], marker: (index: number) => string): string {
  const tight = items.every(
    ({ content = [] }) =>
      content[0]?.type === "paragraph" &&
      content.slice(1).every(({ type }, index) => index === 0 && type === "bulletList"),
  );
  return items
    .map((item, index) => {
      const mark = marker(index);
      const content = item.content ?? [];
      const inside = tight ? content.map(block).filter(Boolean).join("\n") : blocks(content);
      // "- ---" would be a rule and not a rule in a list.
      const safe = inside.replace(/^---(?=\n|$)/, "***");
      return `${mark}${indent(safe, " ".repeat(mark.length))}`.trimEnd();
    })
    .join(tight ? "\n" : "\n\n");
}

function indent(text: string, by: string): string {
  return text.replace(/\n(?=[^\n])/g, `\n${by}`);
}

function quote(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n");
}

/** Whether Markdown's own tables can say it: one row of headers, then cells of one paragraph. */
function isPlain(node: NodeJSON): boolean {
  const rows = node.content ?? [];
  const columns = rows[0]?.content?.length ?? 0;
  return (
    columns > 0 &&
    rows.every(
      (row, y) =>
        row.content?.length === columns &&
        row.content.every(
          (cell, x) =>
            cell.type === (y === 0 ? "tableHeader" : "tableCell") &&
            (cell.attrs?.colspan ?? 1) === 1 &&
            (cell.attrs?.rowspan ?? 1) === 1 &&
            (cell.attrs?.align ?? null) === (rows[0]?.content?.[x]?.attrs?.align ?? null) &&
            (cell.content?.length ?? 0) <= 1 &&
            (cell.content ?? []).every(({ type }) => type === "paragraph"),
        ),
    )
  );
}

const RULER: Record<string, string> = { left: ":--", center: ":-:", right: "--:" };

function table(rows: NodeJSON[]): string {
  const lines = rows.map(
    ({ content = [] }) =>
      `| ${content.map((cell) => pipes(inline(cell.content?.[0]?.content ?? [], "<br>"))).join(" | ")} |`,
  );
  const ruler = (rows[0]?.content ?? []).map((cell) => RULER[String(cell.attrs?.align)] ?? "---");
  return [lines[0], `| ${ruler.join(" | ")} |`, ...lines.slice(1)].join("\n");
}

function pipes(text: string): string {
  return text.replace(/\|/g, "\\|");
}

/** Escapes what Markdown would read as more than characters. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]~]/g, "\\$&")
    .replace(/&(?=#?\w+;)/g, "\\&")
    .replace(/<(?=[a-zA-Z/!?])/g, "\\<")
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/(www)\./gi, "$1\\.")
    .replace(/@/g, "\\@");
}

function inline(nodes: NodeJSON[], lineBreak: string): string {
  const whole = nodes.map(({ text }) => text ?? "\n").join("");
  return spans(nodes, 0, { whole, at: 0, lineBreak, emphasised: false });
}

type Place = { whole: string; at: number; lineBreak: string; emphasised: boolean };

/** Writes runs of text as nested spans: the outermost mark first, over as many runs as carry it. */
function spans(nodes: NodeJSON[], rule: number, place: Place): string {
  const now = RULES[rule];
  if (!now) {
    return nodes.map(({ text }) => (text === undefined ? place.lineBreak : escaped(text))).join("");
  }
  let written = "";
  let { at } = place;
  for (let from = 0; from < nodes.length; ) {
    const mark = markOf(nodes[from], now[0]);
    const key = JSON.stringify(mark);
    let to = from + 1;
    while (to < nodes.length && JSON.stringify(markOf(nodes[to], now[0])) === key) to += 1;
    const group = nodes.slice(from, to);
    const length = group.reduce((sum, { text }) => sum + (text?.length ?? 1), 0);
    written += mark
      ? span(group, rule, mark, { ...place, at }, length)
      : spans(group, rule + 1, { ...place, at });
    at += length;
    from = to;
  }
  return written;
}

function markOf(node: NodeJSON | undefined, type: string): MarkJSON | undefined {
  return node?.marks?.find((mark) => mark.type === type);
}

const LETTER = /[\p{L}\p{N}]/u;
const OPEN = /^$|[\s("'“‘¿¡—–]/;
const CLOSE = /^$|[\s.,;:!?)"'”’—–]/;

function span(
  group: NodeJSON[],
  rule: number,
  mark: MarkJSON,
  place: Place,
  length: number,
): string {
  const [type, sign, tag] = RULES[rule] as (typeof RULES)[number];
  const text = place.whole.slice(place.at, place.at + length);
  if (type === "link") {
    const href = String(mark.attrs?.href ?? "");
    const inner = spans(group, rule + 1, { ...place, emphasised: true });
    // Readers of Markdown differ about blanks at the ends and brackets in a link's text.
    const plain = text.trim() === text && text !== "" && !/[[\]]/.test(text);
    return !plain
      ? `<a href="${attribute(href)}">${inner}</a>`
      : `[${inner}](<${href.replace(/[\\<>]/g, encodeURIComponent)}>)`.replace(
          /\(<([^\s<>()\\&*_~[\]|]+)>\)$/,
          "($1)",
        );
  }
  if (
    type === "code" &&
    !place.emphasised &&
    /^[^\s`|\\&<>{#](?:[^`|\\&<>{#]*[^\s`|\\&<>{#])?$/.test(text)
  ) {
    return text.includes("\n") ? tagged(group, rule, tag, place) : `\`${text}\``;
  }
  const before = place.whole.slice(0, place.at).slice(-1);
  const after = place.whole.slice(place.at + length)[0] ?? "";
  const flanked =
    LETTER.test(text[0] ?? "") &&
    LETTER.test(text.at(-1) ?? "") &&
    OPEN.test(before) &&
    CLOSE.test(after);
  if (!sign || place.emphasised || !flanked) return tagged(group, rule, tag, place);
  return `${sign}${spans(group, rule + 1, { ...place, emphasised: true })}${sign}`;
}

function tagged(group: NodeJSON[], rule: number, tag: string, place: Place): string {
  return `<${tag}>${spans(group, rule + 1, { ...place, emphasised: true })}</${tag}>`;
}

function attribute(value: string): string {
  return value.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}

const TAGS: Record<string, string> = {
  paragraph: "p",
  bulletList: "ul",
  listItem: "li",
  blockquote: "blockquote",
  table: "table",
  tableRow: "tr",
};

/** A table as one line of HTML. */
function html(node: NodeJSON): string {
  const { attrs = {}, type } = node;
  const inside = () => (node.content ?? []).map(html).join("");
  const facts = (names: Record<string, unknown>) =>
    Object.entries(names)
      .filter(
        ([, value]) => value !== null && value !== undefined && value !== "" && value !== false,
      )
      .map(([name, value]) => ` ${name}="${attribute(String(value))}"`)
      .join("");
  switch (type) {
    case "text": {
      let text = attribute(node.text ?? "").replace(/&quot;/g, '"');
      for (const [mark, , tag] of [...RULES].reverse()) {
        const found = markOf(node, mark);
        if (found) text = `<${tag}${facts({ href: found.attrs?.href })}>${text}</${tag}>`;
      }
      return text;
    }
    case "hardBreak":
      return "<br>";
    case "horizontalRule":
      return "<hr>";
    case "heading":
      return `<h${attrs.level}${facts({ "data-part": attrs.part, "data-minutes": attrs.minutes })}>${inside()}</h${attrs.level}>`;
    case "objective":
      return `<p data-objective="yes"${facts({
        "data-level": attrs.level,
        "data-condition": attrs.condition,
        "data-standard": attrs.standard,
        "data-assessed": attrs.assessed,
      })}>${inside()}</p>`;
    case "callout":
      return `<aside${facts({ "data-kind": attrs.kind })}>${inside()}</aside>`;
    case "orderedList":
      return `<ol${facts({ start: attrs.start === 1 ? null : attrs.start, type: attrs.type })}>${inside()}</ol>`;
    case "tableCell":
    case "tableHeader": {
      const tag = type === "tableCell" ? "td" : "th";
      const { colspan, rowspan, align } = attrs;
      return `<${tag}${facts({ colspan: colspan === 1 ? null : colspan, rowspan: rowspan === 1 ? null : rowspan, align })}>${inside()}</${tag}>`;
    }
    default:
      return `<${TAGS[type] ?? "div"}>${inside()}</${TAGS[type] ?? "div"}>`;
  }
}
