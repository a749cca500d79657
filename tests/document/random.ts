import type { DocJSON, MarkJSON, NodeJSON } from "#app/document/schema.ts";

/** A seed for this run: fixed through SEED, else new; tests put it into their names. */
export const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

export type Random = {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  pick<T>(from: readonly T[]): T;
  chance(probability: number): boolean;
};

/** mulberry32: small, fast, the same everywhere. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    pick: (from) => from[int(0, from.length - 1)] as (typeof from)[number],
    chance: (probability) => next() < probability,
  };
}

const VOCABULARY =
  "officer resident calm voice slow distance cover time contact crisis listen respect explain reason choice safety call partner street home family question answer report review trust fear pain help doctor nurse night morning camera radio plan team leave stay move wait speak clear plain fair treat dignity policía señora niño Žižek 911 24 don't co-worker".split(
    " ",
  );
const ODD =
  "*star* _under_ [x] (a|b) `tick` <tag> &amp; a\\b #1 {part=break} https://example.org www.example.org me@example.org ~~no~~ [!NOTE] = + - > 1. 2) ![i](u) [^1] <br> $5 50% 🙂".split(
    " ",
  );

/** Words, some of them awkward for Markdown and HTML. */
export function sentence(r: Random, words = r.int(1, 14), odd = 0.15): string {
  return Array.from({ length: words }, () => r.pick(r.chance(odd) ? ODD : VOCABULARY)).join(" ");
}

const MARKS: MarkJSON[] = [
  { type: "link", attrs: { href: "https://example.org/a?b=1&c=(d)" } },
  { type: "bold" },
  { type: "italic" },
  { type: "underline" },
  { type: "strike" },
  { type: "code" },
];

/** Inline content as an editor leaves it: no blank ends, no blanks beside a line break. */
export function inline(r: Random, odd = 0.15): NodeJSON[] {
  const nodes: NodeJSON[] = [];
  const lines = r.chance(0.15) ? r.int(2, 3) : 1;
  for (let line = 0; line < lines; line++) {
    if (line > 0) nodes.push({ type: "hardBreak" });
    const runs = r.int(1, 4);
    for (let run = 0; run < runs; run++) {
      const marks = r.chance(0.4) ? MARKS.filter(() => r.chance(0.3)) : [];
      const glue = run < runs - 1 && r.chance(0.8) ? " " : "";
      const text = sentence(r, r.int(1, 6), odd) + glue;
      const last = nodes.at(-1);
      if (last?.type === "text" && JSON.stringify(last.marks ?? []) === JSON.stringify(marks)) {
        last.text += text;
      } else nodes.push(marks.length > 0 ? { type: "text", text, marks } : { type: "text", text });
    }
  }
  return nodes;
}

function block(r: Random, depth: number): NodeJSON {
  const kind = r.next();
  if (kind < 0.5 || depth > 3) return { type: "paragraph", content: inline(r) };
  if (kind < 0.6) {
    return {
      type: "heading",
      attrs: {
        level: r.int(2, 4),
        part: r.chance(0.3) ? r.pick(["scenario", "debrief", "intro"]) : null,
        minutes: r.chance(0.3) ? r.int(1, 90) : null,
      },
      content: inline(r),
    };
  }
  if (kind < 0.67) {
    const field = () => (r.chance(0.5) ? sentence(r, r.int(1, 5)) : "");
    return {
      type: "objective",
      attrs: {
        level: r.pick(["terminal", "enabling"]),
        condition: field(),
        standard: field(),
        assessed: field(),
      },
      content: inline(r),
    };
  }
  if (kind < 0.82) {
    const ordered = r.chance(0.4);
    return {
      type: ordered ? "orderedList" : "bulletList",
      ...(ordered ? { attrs: { start: r.chance(0.7) ? 1 : r.int(2, 12), type: null } } : {}),
      content: Array.from({ length: r.int(1, 4) }, () => ({
        type: "listItem",
        content: r.chance(0.7) ? [{ type: "paragraph", content: inline(r) }] : blocks(r, depth + 1),
      })),
    };
  }
  if (kind < 0.87) return { type: "blockquote", content: blocks(r, depth + 1) };
  if (kind < 0.92) {
    return {
      type: "callout",
      attrs: { kind: r.pick(["note", "caution", "instructor"]) },
      content: blocks(r, depth + 1),
    };
  }
  if (kind < 0.94) return { type: "horizontalRule" };
  // A table in a table has no place in a draft.
  return depth < 2 ? table(r, depth) : { type: "paragraph", content: inline(r) };
}

function blocks(r: Random, depth: number): NodeJSON[] {
  return Array.from({ length: r.int(1, 3) }, () => block(r, depth));
}

function table(r: Random, depth: number): NodeJSON {
  const columns = r.int(1, 3);
  const rows = r.int(1, 3);
  const plain = r.chance(0.6);
  return {
    type: "table",
    content: Array.from({ length: rows }, (_, row) => ({
      type: "tableRow",
      content: Array.from({ length: columns }, () => ({
        type: row === 0 && (plain || r.chance(0.5)) ? "tableHeader" : "tableCell",
        attrs: { colspan: 1, rowspan: 1, colwidth: null, align: null },
        content:
          plain || depth > 1 ? [{ type: "paragraph", content: inline(r) }] : blocks(r, depth + 2),
      })),
    })),
  };
}

/** A document of every kind of block, with no empty textblock. */
export function randomDocument(r: Random, size = r.int(1, 12)): DocJSON {
  return { type: "doc", content: Array.from({ length: size }, () => block(r, 0)) };
}

/** A module of about `words` words in headed sections of paragraphs and lists. */
export function largeDocument(r: Random, words: number): DocJSON {
  const content: NodeJSON[] = [];
  const text = (length: number): NodeJSON[] => [{ type: "text", text: sentence(r, length, 0) }];
  for (let written = 0; written < words; ) {
    if (content.length % 12 === 0) {
      content.push({ type: "heading", attrs: { level: 2 }, content: text(5) });
      written += 5;
    } else if (content.length % 5 === 0) {
      content.push({
        type: "bulletList",
        content: Array.from({ length: 4 }, () => ({
          type: "listItem",
          content: [{ type: "paragraph", content: text(12) }],
        })),
      });
      written += 48;
    } else {
      const length = r.int(20, 60);
      content.push({ type: "paragraph", content: text(length) });
      written += length;
    }
  }
  return { type: "doc", content };
}

/** The same document without ids and without attributes that only say the default. */
export function bare(node: NodeJSON): NodeJSON {
  const { id: _, ...attrs } = node.attrs ?? {};
  const said = Object.fromEntries(
    Object.entries(attrs).filter(
      ([, value]) => value !== null && value !== "" && value !== undefined,
    ),
  );
  return {
    type: node.type,
    ...(Object.keys(said).length > 0 ? { attrs: said } : {}),
    ...(node.content?.length ? { content: node.content.map(bare) } : {}),
    ...(node.text === undefined ? {} : { text: node.text }),
    ...(node.marks?.length
      ? { marks: node.marks.map(({ type, attrs }) => (attrs ? { type, attrs } : { type })) }
      : {}),
  };
}
