import type { Node } from "@tiptap/pm/model";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import type { Mark } from "../document/marks.ts";

/** Somebody who wrote in the copy, as the others see them. */
export type Whose = { name: string; color: string };

/** How changes are shown: whose they are, what is said of them, and which one is looked at. */
export type Look = {
  whose: (hunk: string) => readonly Whose[];
  /** What is said of a change to whoever can't see it; also its tip. */
  say: (what: Said, whose: readonly Whose[]) => string;
  /** The few words that stand at a block: "Moved". */
  label: (what: BlockChange, whose: readonly Whose[]) => string;
  current: string | null;
};

export type BlockChange = "inserted" | "moved" | "changed" | "gone";
export type Said = "inserted" | "deleted" | "formatted" | BlockChange;

/** What a decoration knows of itself, to be found and placed again. */
export type Drawn = {
  hunk: string;
  /** The block it is placed by; null for the document itself. */
  blockId: string | null;
  /** It stands at that block's end, wherever that is. */
  atEnd: boolean;
  /** The same decoration elsewhere. */
  at: (from: number, to: number) => Decoration;
};

type Place = { pos: number; node: Node };

const NO_COLOR = "#666666";

/** Blocks that can't hold a label where text would stand: it goes before them. */
const NO_ROOM = new Set(["bulletList", "orderedList", "table", "horizontalRule"]);

let known: { doc: Node; places: Map<string, Place> } | null = null;

/** Where each block stands. Kept for the newest document: a draw asks several times. */
export function placesIn(doc: Node): Map<string, Place> {
  if (known?.doc === doc) return known.places;
  const places = new Map<string, Place>();
  doc.descendants((node, pos) => {
    if (typeof node.attrs.id === "string") places.set(node.attrs.id, { pos, node });
    return !node.isTextblock;
  });
  known = { doc, places };
  return places;
}

/**
 * The differences as decorations of the copy: display only, the text isn't touched. What points at
 * a block that isn't there, or past its end, is left out or cut: the next draw follows soon.
 * Cost: once over the document, and n log n for n marks.
 */
export function drawChanges(doc: Node, marks: readonly Mark[], look: Look): DecorationSet {
  const places = placesIn(doc);
  return DecorationSet.create(
    doc,
    marks.flatMap((mark) => draw(doc, places, mark, look)),
  );
}

function draw(doc: Node, places: Map<string, Place>, mark: Mark, look: Look): Decoration[] {
  const whose = look.whose(mark.hunk);
  const isCurrent = mark.hunk === look.current;
  const color = whose[0]?.color ?? NO_COLOR;
  const classes = (name: string) => (isCurrent ? `${name} current` : name);
  if (mark.type === "gone") {
    const parent = mark.parent === null ? null : places.get(mark.parent);
    const before = mark.before === null ? null : places.get(mark.before);
    if (parent === undefined || before === undefined) return [];
    const atEnd = before === null;
    const end = parent ? parent.pos + parent.node.nodeSize - 1 : doc.content.size;
    return widget(before ? before.pos : end, {
      hunk: mark.hunk,
      blockId: mark.before ?? mark.parent,
      atEnd,
      key: [mark.text, mark.name],
      look: [color, isCurrent, look.label("gone", whose)],
      dom: () => goneBlock(mark, classes("change-gone"), color, look.label("gone", whose)),
    });
  }
  const place = places.get(mark.blockId);
  if (!place) return [];
  const { pos, node } = place;
  const { hunk, blockId } = mark;
  if (mark.type === "block") {
    const label = look.label(mark.what, whose);
    const attrs = {
      class: classes(`change-block change-block-${mark.what}`),
      style: `--who: ${color}`,
      "data-hunk": hunk,
    };
    const drawn: Omit<Drawn, "at"> = { hunk, blockId, atEnd: false };
    const at: Drawn["at"] = (from, to) => Decoration.node(from, to, attrs, { ...drawn, at });
    const block = at(pos, pos + node.nodeSize);
    if (node.type.name === "tableRow") return [block];
    const inside = !NO_ROOM.has(node.type.name);
    return [
      block,
      ...widget(inside ? pos + 1 : pos, {
        ...drawn,
        key: ["label", mark.what],
        look: [color, isCurrent, label],
        dom: () => blockLabel(classes("change-label"), color, label),
      }),
    ];
  }
  if (!node.isTextblock) return [];
  const within = (offset: number) => pos + 1 + Math.min(offset, node.content.size);
  if (mark.type === "deleted") {
    return widget(within(mark.at), {
      hunk,
      blockId,
      atEnd: false,
      key: [mark.text],
      look: [color, isCurrent, look.say("deleted", whose)],
      dom: () => deletedWords(mark.text, classes("change-del"), color, look.say("deleted", whose)),
    });
  }
  const [from, to] = [within(mark.from), within(mark.to)];
  if (from >= to) return [];
  const isInsert = mark.type === "inserted";
  const attrs = {
    nodeName: isInsert ? "ins" : "span",
    class: classes(isInsert ? "change-ins" : "change-format"),
    style: `--who: ${color}`,
    title: look.say(mark.type, whose),
    "data-hunk": hunk,
  };
  const drawn: Omit<Drawn, "at"> = { hunk, blockId, atEnd: false };
  const at: Drawn["at"] = (start, end) => Decoration.inline(start, end, attrs, { ...drawn, at });
  return [at(from, to)];
}

type Widget = Omit<Drawn, "at"> & { key: string[]; look: unknown[]; dom: () => HTMLElement };

function widget(pos: number, { key, look, dom, ...drawn }: Widget): Decoration[] {
  const at: Drawn["at"] = (from) =>
    Decoration.widget(
      from,
      () => {
        const element = dom();
        element.dataset.hunk = drawn.hunk;
        return element;
      },
      {
        ...drawn,
        at,
        // The same key, the same element: what others type must not make it flicker.
        key: JSON.stringify([drawn.hunk, ...key, ...look]),
        side: drawn.atEnd ? 1 : -1,
        marks: [],
        ignoreSelection: true,
        stopEvent: () => false,
      },
    );
  return [at(pos, pos)];
}

/**
 * The same decorations in a document that others' edits have made anew: each goes with its block,
 * at the same distance from its start. Cost: as `drawChanges`.
 */
export function follow(set: DecorationSet, before: Node, after: Node): DecorationSet {
  const drawn = set.find();
  if (drawn.length === 0) return set;
  const old = new Map(placesIn(before));
  const places = placesIn(after);
  const moved = drawn.flatMap((decoration) => {
    const { blockId, atEnd, at } = decoration.spec as Drawn;
    if (blockId === null) return [at(after.content.size, after.content.size)];
    const from = old.get(blockId);
    const to = places.get(blockId);
    if (!from || !to) return [];
    if (atEnd) {
      const end = to.pos + to.node.nodeSize - 1;
      return [at(end, end)];
    }
    const isBlock = decoration.from === from.pos && decoration.to > from.pos;
    if (isBlock) return [at(to.pos, to.pos + to.node.nodeSize)];
    const last = to.pos + to.node.nodeSize - 1;
    const shift = (pos: number) => Math.min(pos - from.pos + to.pos, last);
    const [start, end] = [shift(decoration.from), shift(decoration.to)];
    // Only a widget may be empty.
    return start === end && decoration.from !== decoration.to ? [] : [at(start, end)];
  });
  return DecorationSet.create(after, moved);
}

function element(tag: string, className: string, color: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.style.setProperty("--who", color);
  return made;
}

function hidden(words: string): HTMLElement {
  const span = document.createElement("span");
  span.className = "visually-hidden";
  span.textContent = `${words} `;
  return span;
}

function deletedWords(text: string, className: string, color: string, said: string): HTMLElement {
  const del = element("del", className, color);
  del.title = said;
  del.append(hidden(`${said}:`), text);
  return del;
}

function blockLabel(className: string, color: string, label: string): HTMLElement {
  const span = element("span", className, color);
  span.textContent = label;
  return span;
}

/** A block that isn't there any more. In a list or a table it must be an item or a row, as all are. */
function goneBlock(
  mark: Extract<Mark, { type: "gone" }>,
  className: string,
  color: string,
  label: string,
): HTMLElement {
  const inner = document.createElement("del");
  inner.textContent = mark.text;
  const caption = blockLabel("change-label", color, label);
  const wrap = (tag: string, ...children: HTMLElement[]) => {
    const made = element(tag, className, color);
    made.append(...children);
    return made;
  };
  if (mark.name === "listItem") return wrap("li", caption, inner);
  if (mark.name === "tableCell" || mark.name === "tableHeader") return wrap("td", caption, inner);
  if (mark.name === "tableRow") {
    const cell = document.createElement("td");
    cell.colSpan = 100;
    cell.append(caption, inner);
    return wrap("tr", cell);
  }
  return wrap("div", caption, inner);
}
