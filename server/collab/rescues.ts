import { v7 as uuidv7 } from "uuid";
import * as Y from "yjs";
import type { Lost } from "#app/document/lost.ts";
import type { Rescue } from "./aside.ts";
import { blockRound, parentOf } from "./carets.ts";
import { LIMITS, TIMES } from "./protocol.ts";

/** PostgreSQL keeps no such letter in a text. */
const NUL = /\0/g;

/** Words on their way to a passage that is gone: one rescue for what somebody typed in one go. */
export class Rescues {
  readonly #docId: string;
  readonly #last = new Map<string, { rescue: Rescue; end: Y.ID; at: number }>();

  constructor(docId: string) {
    this.#docId = docId;
  }

  /**
   * What to keep of somebody's lost words; null when they are only blanks. `history` makes the
   * document with all it can still tell of what was deleted. `now`: monotonic, in milliseconds.
   */
  of(personId: string, lost: Lost, history: () => Y.Doc, now: number): Rescue | null {
    const text = lost.text.replace(NUL, "").slice(0, LIMITS.rescues.letters);
    const last = this.#last.get(personId);
    const goesOn = last !== undefined && Y.compareIDs(last.end, lost.beside);
    const soon = last !== undefined && now - last.at < TIMES.rescue;
    const all = last && soon ? `${last.rescue.text}${goesOn ? "" : "\n"}${text}` : "";
    let rescue: Rescue;
    if (last && soon && all.length <= LIMITS.rescues.letters)
      rescue = { ...last.rescue, text: all };
    else if (text.trim() === "") return null;
    else {
      // Who goes on and on is not looked up again: that reads the whole document.
      const blockId = last && soon ? last.rescue.blockId : nearestBlock(history(), lost.beside);
      rescue = { docId: this.#docId, personId, id: uuidv7(), blockId, text };
    }
    this.#last.set(personId, { rescue, end: lost.end, at: now });
    return rescue;
  }
}

/** The standing block nearest to where something stood; null where that is forgotten. */
export function nearestBlock({ store }: Y.Doc, beside: Y.ID | null): string | null {
  if (!beside || beside.clock >= Y.getState(store, beside.client)) return null;
  const found: Y.Item | Y.GC = Y.getItem(store, beside);
  if (!(found instanceof Y.Item)) return null;
  for (let at: Y.Item | null = found; at; at = parentOf(at)) {
    const id = at.deleted ? (neighbour(at, "left") ?? neighbour(at, "right")) : blockRound(at);
    if (id !== null) return id;
  }
  return null;
}

/** The nearest standing block on one side of an item, or in the container that stands there. */
function neighbour(item: Y.Item, side: "left" | "right"): string | null {
  for (let at = item[side]; at; at = at[side]) {
    const id = at.deleted ? null : blockAtEdge(at, side);
    if (id !== null) return id;
  }
  return null;
}

function blockAtEdge({ content }: Y.Item, side: "left" | "right"): string | null {
  const element = content instanceof Y.ContentType ? content.type : null;
  if (!(element instanceof Y.XmlElement)) return null;
  const children = element.toArray();
  const edge = side === "left" ? children.at(-1) : children[0];
  const inside = edge instanceof Y.XmlElement && edge._item && blockAtEdge(edge._item, side);
  const own = element.getAttribute("id");
  return inside || (typeof own === "string" ? own : null);
}
