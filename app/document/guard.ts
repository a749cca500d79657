import * as Y from "yjs";
import { readElement } from "./read.ts";
import { FRAGMENT, type NodeJSON, schema } from "./schema.ts";
import { checkNode, checkTree, MAX_DEPTH } from "./validate.ts";

/**
 * The most that one update may bring: new bytes, and new pieces as Yjs counts them. Whoever deletes
 * a module of fifty pages and takes it back sends 520 KiB in 10,000 pieces: that must fit.
 */
export const MAX_UPDATE_BYTES = 768 * 1024;
export const MAX_UPDATE_STRUCTS = 20_000;
/** PostgreSQL keeps clocks in 32 bits; Yjs makes client ids of 32. */
const MAX_CLOCK = 2 ** 31 - 1;
const MAX_CLIENT = 2 ** 32 - 1;

export type Reason =
  /** Too many bytes, or too many pieces. */
  | "tooLarge"
  /** It can't be read to its end, or isn't a Yjs update. */
  | "malformed"
  /** It builds on something we don't have. */
  | "missing"
  /** It writes under a client id that is somebody else's. */
  | "foreign"
  /** The document would no longer fit the schema, or holds what no editor writes. */
  | "invalid"
  /** Blocks nested too deeply. */
  | "tooDeep";

/** A range of one client's clock, `to` not included. */
export type Range = { client: number; from: number; to: number };

export type Verdict =
  /** `update` holds what was new, and only that; null when nothing was. */
  | { ok: true; update: Uint8Array | null; ranges: Range[] }
  /** `spoiled`: the shadow holds the refused update now and must be thrown away. */
  | { ok: false; reason: Reason; spoiled: boolean };

export type Rules = {
  author: string | null;
  /** Who a client id belongs to; undefined when nobody is known. */
  ownerOf: (client: number) => string | null | undefined;
  /** How long the encoded update may be. A first sync repeats every deletion there ever was. */
  maxBytes?: number;
};

type Deletions = Map<number, { clock: number; len: number }[]>;
type Decoded = { structs: (Y.Item | Y.GC | Y.Skip)[]; ds: { clients: Deletions } };

const CONTENTS = new Set<unknown>([
  Y.ContentString,
  Y.ContentFormat,
  Y.ContentAny,
  Y.ContentType,
  Y.ContentDeleted,
]);

const no = (reason: Reason, spoiled = false): Verdict => ({ ok: false, reason, spoiled });

/**
 * Decides whether an update may be written, and applies it to `shadow` when it may. It is decoded
 * whole before anything is touched; then applied; then only the types it changed are checked, by a
 * reader that never writes. Bytes in, a verdict out; never throws.
 * Cost: the update, plus the textblocks it touches, plus the child names of changed containers.
 */
export function admit(shadow: Y.Doc, update: Uint8Array, rules: Rules): Verdict {
  if (update.length > (rules.maxBytes ?? MAX_UPDATE_BYTES)) return no("tooLarge");
  try {
    const decoded = Y.decodeUpdate(update) as unknown as Decoded;
    const reason = checkDecoded(shadow, decoded, rules);
    if (reason) return no(reason);
  } catch {
    return no("malformed");
  }
  try {
    return applyAndCheck(shadow, update);
  } catch {
    return no("malformed", true);
  }
}

/** What can be seen before anything is applied. */
function checkDecoded(shadow: Y.Doc, { structs, ds }: Decoded, rules: Rules): Reason | null {
  if (structs.length > MAX_UPDATE_STRUCTS) return "tooLarge";
  shadow.getXmlFragment(FRAGMENT);
  const ends = new Map<number, number>();
  const endOf = (client: number) => ends.get(client) ?? Y.getState(shadow.store, client);

  for (const struct of structs) {
    const { client, clock } = struct.id;
    const end = clock + struct.length;
    if (client > MAX_CLIENT || end > MAX_CLOCK || struct.length <= 0) return "malformed";
    if (struct instanceof Y.Skip || clock > endOf(client)) return "missing";
    ends.set(client, Math.max(end, endOf(client)));
    if (struct instanceof Y.Item && !CONTENTS.has(struct.content.constructor)) return "invalid";
  }

  for (const [client, end] of ends) {
    const known = Y.getState(shadow.store, client);
    if (end <= known) continue;
    const owner = rules.ownerOf(client);
    if (owner === undefined ? known > 0 : owner !== rules.author) return "foreign";
  }

  const has = (id: unknown) => !(id instanceof Y.ID) || id.clock < endOf(id.client);
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) continue;
    // Before it is integrated, an item names its parent: a root by name, anything else by its id.
    const parent: unknown = struct.parent;
    if (typeof parent === "string" && parent !== FRAGMENT) return "invalid";
    if (!has(struct.origin) || !has(struct.rightOrigin) || !has(parent)) return "missing";
  }
  for (const [client, deletions] of ds.clients) {
    for (const { clock, len } of deletions) if (clock + len > endOf(client)) return "missing";
  }
  return null;
}

function applyAndCheck(shadow: Y.Doc, update: Uint8Array): Verdict {
  let written: Uint8Array | null = null;
  let transaction: Y.Transaction | undefined;
  const onUpdate = (bytes: Uint8Array, _origin: unknown, _doc: Y.Doc, done: Y.Transaction) => {
    written = bytes;
    transaction = done;
  };
  shadow.on("update", onUpdate);
  try {
    Y.applyUpdate(shadow, update);
  } finally {
    shadow.off("update", onUpdate);
  }
  if (shadow.store.pendingStructs || shadow.store.pendingDs) return no("missing", true);
  if (!written || !transaction) return { ok: true, update: null, ranges: [] };
  if ((written as Uint8Array).length > MAX_UPDATE_BYTES) return no("tooLarge", true);
  const ranges = rangesOf(transaction);
  const reason = checkChanges(shadow, transaction, ranges);
  return reason ? no(reason, true) : { ok: true, update: written, ranges };
}

type States = { beforeState: Map<number, number>; afterState: Map<number, number> };

/** The clocks that a transaction added, client by client. */
export function rangesOf({ beforeState, afterState }: States): Range[] {
  const ranges: Range[] = [];
  for (const [client, to] of afterState) {
    const from = beforeState.get(client) ?? 0;
    if (to > from) ranges.push({ client, from, to });
  }
  return ranges;
}

/** Checks what a transaction changed: each new piece, and each element it touched. */
function checkChanges(doc: Y.Doc, transaction: Y.Transaction, ranges: Range[]): Reason | null {
  if (doc.share.size > 1 || doc.subdocs.size > 0) return "invalid";
  const touched = new Set<unknown>();
  for (const type of transaction.changed.keys()) touched.add(containerOf(type));
  for (const { client, from } of ranges) {
    const structs = doc.store.clients.get(client) ?? [];
    for (let index = Y.findIndexSS(structs, from); index < structs.length; index++) {
      const struct = structs[index];
      if (!(struct instanceof Y.Item) || struct.deleted) continue;
      if (!fits(struct)) return "invalid";
      touched.add(containerOf(struct.parent));
      if (struct.content instanceof Y.ContentType) {
        if (depthOf(struct) > MAX_DEPTH) return "tooDeep";
        touched.add(containerOf(struct.content.type));
      }
    }
  }
  const root = doc.getXmlFragment(FRAGMENT);
  for (const element of touched) {
    if (element === root) {
      if (checkNode({ type: "doc", content: childTypes(root) })) return "invalid";
    } else if (!(element instanceof Y.XmlElement)) return "invalid";
    else if (!element._item?.deleted && checkElement(element)) return "invalid";
  }
  return null;
}

/** Whether a piece is of a kind that an editor puts where it stands. */
function fits(item: Y.Item): boolean {
  const { content, parent, parentSub } = item;
  if (content instanceof Y.ContentString) return parent instanceof Y.XmlText && parentSub === null;
  if (content instanceof Y.ContentFormat) {
    // A key that names the prototype would be invisible here and inherited in the editor.
    return parent instanceof Y.XmlText && parentSub === null && content.key !== "__proto__";
  }
  if (content instanceof Y.ContentAny) {
    return parent instanceof Y.XmlElement && parentSub !== null && parentSub !== "__proto__";
  }
  if (content instanceof Y.ContentType) {
    const kind = content.type.constructor;
    const block = kind === Y.XmlElement || kind === Y.XmlText;
    return block && parentSub === null && parent instanceof Y.XmlFragment;
  }
  return content instanceof Y.ContentDeleted;
}

/** The element whose content a type is: a text's is the block around it. */
const containerOf = (type: unknown) => (type instanceof Y.XmlText ? type.parent : type);

function depthOf(item: Y.Item): number {
  let depth = 0;
  for (let parent = item.parent; parent instanceof Y.AbstractType; depth++) {
    if (!parent._item || depth > MAX_DEPTH) break;
    parent = parent._item.parent;
  }
  return depth;
}

/** A textblock is read whole, for its marks; of a container only attributes and child names. */
function checkElement(element: Y.XmlElement): string | null {
  const { nodes } = schema();
  const type = Object.hasOwn(nodes, element.nodeName) ? nodes[element.nodeName] : undefined;
  if (!type) return "unknown node";
  if (type.inlineContent) return checkTree(readElement(element));
  return checkNode({
    type: element.nodeName,
    attrs: element.getAttributes() as Record<string, unknown>,
    content: childTypes(element),
  });
}

function childTypes(parent: Y.XmlFragment): NodeJSON[] {
  return parent.toArray().map((child) => {
    if (child instanceof Y.XmlElement) return { type: child.nodeName };
    return { type: child instanceof Y.XmlText ? "text" : "unknown" };
  });
}
