import { diffWords, type WordChange } from "../document/words.ts";

/** So many characters of what stayed are shown on either side of a change. */
const AROUND = 36;

export type Piece = WordChange | { op: "gap" };

/**
 * A change with a few words around it: what stayed is cut at a word's edge, with a gap where words
 * are left out. Cost: a word diff of the two texts.
 */
export function piecesOf(before: string, after: string): Piece[] {
  if (before === after) return beginning(after);
  const changes = diffWords(before, after);
  const last = changes.length - 1;
  return changes.flatMap((change, index): Piece[] => {
    if (change.op !== "same") return [change];
    const head = index === 0 ? "" : start(change.text);
    const tail = index === last ? "" : end(change.text);
    if (head.length + tail.length >= change.text.length) return [change];
    const kept = (text: string): Piece[] => (text ? [{ op: "same", text }] : []);
    return [...kept(head), { op: "gap" }, ...kept(tail)];
  });
}

/** Of a passage whose words stayed, so much that one knows it again. */
function beginning(text: string): Piece[] {
  const head = start(text, 2 * AROUND);
  return head === text ? [{ op: "same", text }] : [{ op: "same", text: head }, { op: "gap" }];
}

function start(text: string, most = AROUND): string {
  const cut = text.slice(0, most);
  return text.length <= most ? text : cut.slice(0, edge(cut.lastIndexOf(" "), most));
}

function end(text: string): string {
  const cut = text.slice(-AROUND);
  return text.length <= AROUND ? text : cut.slice(edge(cut.indexOf(" "), 0));
}

/** The word's edge, if there is one near. */
function edge(space: number, otherwise: number): number {
  return space < 0 ? otherwise : space;
}
