import * as Y from "yjs";

/** Where one person's caret is. */
export type Caret = { personId: string; blockId: string };

/**
 * The blocks that carets stand in, by the presence that editors send: y-tiptap's relative positions
 * of both ends of a selection. What isn't one stands nowhere. Each block once a person.
 */
export function caretsIn(
  doc: Y.Doc,
  presences: Iterable<{ personId: string; state: string }>,
): Caret[] {
  const carets = new Map<string, Caret>();
  for (const { personId, state } of presences) {
    const { cursor } = (JSON.parse(state) ?? {}) as { cursor?: Record<string, unknown> | null };
    for (const end of [cursor?.anchor, cursor?.head]) {
      const blockId = blockAt(doc, end);
      if (blockId !== null) carets.set(`${personId} ${blockId}`, { personId, blockId });
    }
  }
  return [...carets.values()];
}

/** The innermost standing block round what a position names. */
function blockAt({ store }: Y.Doc, position: unknown): string | null {
  try {
    const { item, type } = Y.createRelativePositionFromJSON(position);
    const id = item ?? type;
    if (!id || id.clock >= Y.getState(store, id.client)) return null;
    const found: Y.Item | Y.GC = Y.getItem(store, id);
    return found instanceof Y.Item ? blockRound(found) : null;
  } catch {
    // Whoever writes a client of their own may send anything.
    return null;
  }
}

/** The id of the innermost standing block that an item is in, or is itself. */
export function blockRound(item: Y.Item): string | null {
  for (let at: Y.Item | null = item; at; at = parentOf(at)) {
    const block = at.content instanceof Y.ContentType && !at.deleted ? at.content.type : null;
    const id = block instanceof Y.XmlElement ? block.getAttribute("id") : undefined;
    if (typeof id === "string") return id;
  }
  return null;
}

export const parentOf = ({ parent }: Y.Item): Y.Item | null =>
  parent instanceof Y.AbstractType ? parent._item : null;
