import { asBlock, plain } from "./blocks.ts";
import { rangesIn, shiftBefore } from "./flow.ts";
import { boundary, type Flow, type Hunk, type Op, type TextEdit } from "./hunk.ts";
import { textblocks } from "./read.ts";

/** What to draw in a copy to show one of its differences. */
export type Mark = {
  /** The key of its hunk. */
  hunk: string;
} & (
  | {
      /** Offsets in the block's text as `textOf` gives it. */
      type: "inserted";
      blockId: string;
      from: number;
      to: number;
    }
  | { type: "deleted"; blockId: string; at: number; text: string }
  | { type: "formatted"; blockId: string; from: number; to: number }
  /** The whole block; its id may be a container's. */
  | { type: "block"; blockId: string; what: "inserted" | "moved" | "changed" }
  /** A deleted block, shown before the copy's block `before`; at the end of `parent` when null. */
  | { type: "gone"; before: string | null; parent: string | null; text: string; name: string }
);

type Drawn = Mark extends infer Each ? (Each extends Mark ? Omit<Each, "hunk"> : never) : never;

/**
 * What to draw in the copy for hunks that `diff` found in it, in their order. What went from one
 * block into another is drawn where it is, not where it was. Cost: microseconds a hunk, once.
 */
export function marksOf(hunks: readonly Hunk[]): Mark[] {
  return hunks.flatMap((hunk) => {
    const marks = known.get(hunk) ?? marksOfOne(hunk);
    known.set(hunk, marks);
    return marks;
  });
}

/** A `Differ` gives the same hunk again and again. */
const known = new WeakMap<Hunk, Mark[]>();

function marksOfOne({ key, ops }: Hunk): Mark[] {
  const flowing = new Set(ops.flatMap((op) => (op.op === "text" ? op.flow.ids : [])));
  return ops.flatMap((op) => drawn(op, flowing).map((mark) => ({ hunk: key, ...mark }) as Mark));
}

function drawn(op: Op, flowing: ReadonlySet<string>): Drawn[] {
  switch (op.op) {
    case "text":
      return editDrawn(op.flow, op.mine);
    case "format": {
      const ranges = rangesIn(op.flow, op.ranges, shownText(op.flow));
      return ranges.flatMap(({ from, to }): Drawn[] =>
        pointsOf(op.flow, from, to).map((point) => ({ type: "formatted", ...point })),
      );
    }
    case "insert":
      return [{ type: "block", blockId: asBlock(op.node).id, what: "inserted" }];
    case "move":
      return [{ type: "block", blockId: op.shown, what: "moved" }];
    case "attr":
    case "retype":
      return [{ type: "block", blockId: op.shown, what: "changed" }];
    case "delete": {
      const { before, parent, node } = op;
      const { type: name, isText, words } = asBlock(node);
      const texts = textblocks(node);
      // A container whose blocks live on elsewhere leaves nothing to show.
      const livesOn = texts.every(({ id }) => flowing.has(id));
      if (livesOn && (isText || texts.length > 0 || name !== "horizontalRule")) return [];
      return [{ type: "gone", before, parent, text: words, name }];
    }
  }
}

function editDrawn(flow: Flow, mine: number): Drawn[] {
  const { from, to, insert } = flow.edits[mine] as TextEdit;
  const at = from + shiftBefore(flow.edits, mine);
  const end = at + plain(insert).length;
  const marks: Drawn[] = [];
  const lost = readable(flow.base.slice(from, to));
  const [place] = pointsOf(flow, at, at);
  if (lost !== "" && place) {
    marks.push({ type: "deleted", blockId: place.blockId, at: place.from, text: lost });
  }
  for (const point of pointsOf(flow, at, end)) {
    if (point.from < point.to) marks.push({ type: "inserted", ...point });
  }
  return marks;
}

/** A flow's text in the copy. */
function shownText({ base, edits }: Flow): string {
  let text = "";
  let at = 0;
  for (const { from, to, insert } of edits) {
    text += base.slice(at, from) + plain(insert);
    at = to;
  }
  return text + base.slice(at);
}

/** Where in the copy's blocks a stretch of a flow's text in the copy is: in one, or in several. */
function pointsOf(
  flow: Flow,
  from: number,
  to: number,
): { blockId: string; from: number; to: number }[] {
  if (flow.ids.length === 1) return [{ blockId: flow.shown, from, to }];
  const text = shownText(flow);
  const starts = flow.ids
    .map((id, index) => {
      const sign = index > 0 ? text.indexOf(boundary(index)) : -1;
      return { id: index > 0 ? id : flow.shown, sign, stands: index === 0 || sign >= 0 };
    })
    .filter(({ stands }) => stands)
    .sort((a, b) => a.sign - b.sign);
  return starts.flatMap(({ id, sign }, index) => {
    const start = sign + 1;
    const end = starts[index + 1]?.sign ?? text.length;
    const [first, last] = [Math.max(from, start), Math.min(to, end)];
    return first <= last ? [{ blockId: id, from: first - start, to: last - start }] : [];
  });
}

/** A text with its boundaries as people know them. */
function readable(text: string): string {
  return text.replace(/[\ue000-\uf8ff]/g, "¶");
}
