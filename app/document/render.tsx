import { Fragment, type ReactNode } from "react";
import { idOf, type TextBlock, textOf } from "./read.ts";
import {
  type CalloutKind,
  type DocJSON,
  type MarkJSON,
  type NodeJSON,
  type ObjectiveLevel,
  type Part,
  SAFE_LINK,
} from "./schema.ts";

/** The few words that a text needs besides its own: the caller knows the reader's language. */
export type DocLabels = {
  table: string;
  callout: Record<CalloutKind, string>;
  part: Record<Part, string>;
  minutes: (minutes: number) => string;
  objective: Record<ObjectiveLevel, string> & Record<"condition" | "standard" | "assessed", string>;
};

/** Some words of a block, as offsets in its plain text, that somebody pointed at. */
export type Highlight = { from: number; to: number; href: string; label: string };

type Block = Pick<TextBlock, "id" | "type" | "text">;

type Props = {
  json: DocJSON;
  labels: DocLabels;
  /** What stands beside a paragraph, heading or objective: its comment control, say. */
  beside?: (block: Block) => ReactNode;
  /** Highlights by block id. They may overlap: where they do, the first one leads. */
  highlights?: ReadonlyMap<string, readonly Highlight[]>;
};

/**
 * A document as semantic HTML, for pages that only read. Every textblock stands in a
 * `.passage[data-block]` with the id `p-<block id>`, so that it can be linked to. Headings keep
 * their levels (2 to 4): the page's title is level 1. Pure; cost grows with the text.
 */
export function DocText({ json, ...props }: Props) {
  return <Children nodes={json.content} {...props} />;
}

type Inner = Omit<Props, "json">;

function Children({ nodes = [], ...props }: Inner & { nodes?: NodeJSON[] | undefined }) {
  return nodes.map((node, i) => (
    // A text that is only read never reorders; blocks without an id fall back to their place.
    <BlockNode key={idOf(node) || `at-${i}`} node={node} {...props} />
  ));
}

function BlockNode({ node, ...props }: Inner & { node: NodeJSON }): ReactNode {
  const inner = <Children nodes={node.content} {...props} />;
  switch (node.type) {
    case "paragraph":
    case "heading":
    case "objective":
      return <Passage node={node} {...props} />;
    case "bulletList":
      return <ul>{inner}</ul>;
    case "orderedList": {
      const start = Number(node.attrs?.start ?? 1);
      return <ol start={start === 1 ? undefined : start}>{inner}</ol>;
    }
    case "listItem":
      return <li>{inner}</li>;
    case "blockquote":
      return <blockquote>{inner}</blockquote>;
    case "callout": {
      const kind = (node.attrs?.kind ?? "note") as CalloutKind;
      return (
        <div className="callout" data-kind={kind} role="note">
          <strong className="callout-label">{props.labels.callout[kind]}</strong>
          {inner}
        </div>
      );
    }
    case "table":
      return (
        // Wide tables scroll by themselves; the keyboard needs a stop to do it. Not a landmark: a text
        // may have many.
        // biome-ignore lint/a11y/useSemanticElements: there is no element for a group of this kind
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable
        <div className="table-scroll" role="group" aria-label={props.labels.table} tabIndex={0}>
          <table>
            <tbody>{inner}</tbody>
          </table>
        </div>
      );
    case "tableRow":
      return <tr>{inner}</tr>;
    case "tableHeader":
      return (
        <th scope="col" {...spans(node)}>
          {inner}
        </th>
      );
    case "tableCell":
      return <td {...spans(node)}>{inner}</td>;
    case "horizontalRule":
      return <hr />;
    default:
      return null;
  }
}

function spans({ attrs }: NodeJSON) {
  const span = (value: unknown) => (Number(value) > 1 ? Number(value) : undefined);
  return { colSpan: span(attrs?.colspan), rowSpan: span(attrs?.rowspan) };
}

/** One textblock with what stands beside it. */
function Passage({ node, beside, highlights, labels }: Inner & { node: NodeJSON }) {
  const id = idOf(node);
  const words = <Inline nodes={node.content} highlights={highlights?.get(id)} />;
  return (
    <div className={`passage ${node.type}-passage`} id={`p-${id}`} data-block={id}>
      <Words node={node} labels={labels}>
        {words}
      </Words>
      {beside?.({ id, type: node.type, text: textOf(node) })}
    </div>
  );
}

/** The text of a block; `data-text` marks exactly the words that offsets count in. */
function Words({
  node,
  labels,
  children,
}: {
  node: NodeJSON;
  labels: DocLabels;
  children: ReactNode;
}) {
  if (node.type === "heading") {
    const Heading = `h${node.attrs?.level ?? 2}` as "h2" | "h3" | "h4";
    const part = node.attrs?.part as Part | null | undefined;
    const minutes = Number(node.attrs?.minutes ?? 0);
    const facts = [part && labels.part[part], minutes > 0 && labels.minutes(minutes)];
    return (
      <>
        <Heading>
          <span data-text="">{children}</span>
        </Heading>
        {facts.some(Boolean) && (
          <p className="section-facts">{facts.filter(Boolean).join(" · ")}</p>
        )}
      </>
    );
  }
  if (node.type === "objective") {
    const { level, ...attrs } = node.attrs ?? {};
    const facts = (["condition", "standard", "assessed"] as const).filter((name) => attrs[name]);
    return (
      <div className="objective">
        <p className="objective-level">{labels.objective[level as ObjectiveLevel]}</p>
        <p data-text="">{children}</p>
        {facts.length > 0 && (
          <dl className="objective-facts">
            {facts.map((name) => (
              <div key={name}>
                <dt>{labels.objective[name]}</dt>
                <dd>{String(attrs[name])}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    );
  }
  return <p data-text="">{children}</p>;
}

/** Text with its marks, cut where a highlight begins or ends. */
function Inline({
  nodes = [],
  highlights = [],
}: {
  nodes?: NodeJSON[] | undefined;
  highlights?: readonly Highlight[] | undefined;
}) {
  let at = 0;
  return nodes.map((node) => {
    const from = at;
    at += textOf(node).length;
    // Offsets are unique within a block and nothing reorders.
    if (node.type === "hardBreak") return <br key={from} />;
    return (
      <Fragment key={from}>
        {cut(node.text ?? "", from, highlights).map((piece) => {
          const words = <Marked key={piece.from} text={piece.text} marks={node.marks} />;
          return piece.highlight ? (
            <mark key={piece.from}>
              {isLink(node.marks) ? (
                words
              ) : (
                <a
                  className="anchored"
                  href={piece.highlight.href}
                  aria-description={piece.highlight.label}
                >
                  {words}
                </a>
              )}
            </mark>
          ) : (
            words
          );
        })}
      </Fragment>
    );
  });
}

function cut(text: string, from: number, highlights: readonly Highlight[]) {
  const to = from + text.length;
  const edges = new Set([from, to]);
  for (const highlight of highlights) {
    for (const edge of [highlight.from, highlight.to])
      if (edge > from && edge < to) edges.add(edge);
  }
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((start, i) => {
    const end = sorted[i + 1] ?? to;
    return {
      from: start,
      text: text.slice(start - from, end - from),
      highlight: highlights.find((one) => one.from <= start && end <= one.to),
    };
  });
}

const isLink = (marks: MarkJSON[] = []) => marks.some(({ type }) => type === "link");

const TAGS: Record<string, "strong" | "em" | "u" | "s" | "code"> = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strike: "s",
  code: "code",
};

function Marked({ text, marks = [] }: { text: string; marks?: MarkJSON[] | undefined }) {
  return marks.reduceRight<ReactNode>((inner, { type, attrs }) => {
    const Tag = TAGS[type];
    if (Tag) return <Tag>{inner}</Tag>;
    const href = String(attrs?.href ?? "");
    if (type === "link" && SAFE_LINK.test(href))
      return (
        <a href={href} rel="noopener noreferrer nofollow">
          {inner}
        </a>
      );
    return inner;
  }, text);
}
