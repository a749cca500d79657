import * as decoding from "lib0/decoding";
import * as Y from "yjs";
import { carry, type RecentDeletions } from "./authorship.ts";
import { type Letters, type Lost, lostIn, removedBy, unseenBy } from "./lost.ts";
import { NOTHING, type Passage, swallowed, takenOut, together } from "./passage.ts";
import { type AuthorOf, type Carried, deletedBy, type Range, rangesOf } from "./runs.ts";
import { FRAGMENT } from "./schema.ts";
import { checkAttr, checkFormat, MAX_DEPTH, mayHold } from "./validate.ts";

export { type Range, rangesOf };

/** The most that one update may bring: new bytes, and new pieces as Yjs counts them. */
export type Limits = { bytes: number; structs: number };

/**
 * Trainers alone write in drafts: whoever deletes a module of fifty pages and takes it back sends
 * 520 KiB in 10,000 pieces, which must fit. Residents write in workshop copies. Blocks nest
 * `MAX_DEPTH` deep in both.
 */
export const GUARD_LIMITS = {
  draft: { bytes: 768 * 1024, structs: 20_000 },
  workshop: { bytes: 256 * 1024, structs: 5_000 },
} as const satisfies Record<string, Limits>;

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

/** What an admitted update did. `update` holds what was new, and only that; null when nothing was. */
export type Admitted = {
  update: Uint8Array | null;
  /** The clocks it added. */
  ranges: Range[];
  /** The clocks it deleted, whoever's they were. */
  deleted: Range[];
  /** Which of the added ones hold words that are somebody else's than the author's. */
  carried: Carried[];
  /** The words it took out of the document; and which of them it doesn't name, but fell with it. */
  removed: Letters[];
  fell: Letters[];
  /** Words that arrived where the text they belong to was gone, and went with it; mostly null. */
  lost: Lost | null;
};

export type Verdict =
  | ({ ok: true } & Admitted)
  /** `spoiled`: the shadow holds the refused update now and must be thrown away. */
  | { ok: false; reason: Reason; spoiled: boolean };

/** What is needed to tell whose words an update brings. */
export type Attribution = {
  recent: RecentDeletions;
  authorOf: AuthorOf;
  /** Monotonic, in milliseconds. */
  now: number;
};

export type Rules = {
  author: string | null;
  /** How the author's words come; a socket's when not said. */
  via?: string;
  /** Who a client id belongs to; undefined when nobody is known. */
  ownerOf: (client: number) => string | null | undefined;
  /** A draft's when not said. */
  limits?: Limits;
  /** How long the encoded update may be. A first sync repeats every deletion there ever was. */
  maxBytes?: number | undefined;
  /** Without it, nothing counts as carried. */
  attribution?: Attribution;
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

/** Typed updates that a shadow gathers before it takes them in. */
const GATHERED = 100;

/**
 * A copy of a document to check updates on. What is merely typed can be judged without being taken
 * in: it gathers, and is taken in together, at a fraction of the cost, before anything else is done.
 */
export class Shadow {
  readonly #doc: Y.Doc;
  #typed: Uint8Array[] = [];
  /** Up to which clocks of which clients text has gathered. */
  readonly #ends = new Map<number, number>();

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  /** The document with everything in it. */
  get doc(): Y.Doc {
    if (this.#typed.length > 0) {
      const typed = this.#typed;
      this.#typed = [];
      this.#ends.clear();
      this.#doc.transact(() => {
        for (const update of typed) Y.applyUpdate(this.#doc, update);
      });
    }
    return this.#doc;
  }

  /** Takes an update that `readTyping` found sound. */
  type(update: Uint8Array, { client, to }: Range): void {
    this.#typed.push(update);
    this.#ends.set(client, to);
    if (this.#typed.length >= GATHERED) void this.doc;
  }

  destroy(): void {
    this.#doc.destroy();
  }

  /** How far a client's clock has come. */
  stateOf(client: number): number {
    return this.#ends.get(client) ?? Y.getState(this.#doc.store, client);
  }

  /** Whether there is such a piece, in a text that isn't deleted. */
  standsInText(client: number, clock: number): boolean {
    const { store } = this.#doc;
    // What has gathered stands where it was found to fit: nothing is deleted meanwhile.
    if (clock >= Y.getState(store, client)) return clock < this.stateOf(client);
    const item = Y.getItem(store, Y.createID(client, clock));
    if (!(item instanceof Y.Item && item.parent instanceof Y.XmlText)) return false;
    return item.parentSub === null && item.parent._item?.deleted === false;
  }
}

/**
 * Decides whether an update may be written, and applies it to `shadow` when it may. It is decoded
 * whole before anything is touched; then applied; then each new piece is checked where it stands.
 * That is enough: what a node holds depends on no order or number (see `mayHold`), a mark on its own
 * address alone, so deleting never makes a sound document unsound, and text never does in a textblock.
 * Bytes in, a verdict out; never throws. Cost: the update.
 */
export function admit(shadow: Shadow, update: Uint8Array, rules: Rules): Verdict {
  const limits = rules.limits ?? GUARD_LIMITS.draft;
  if (update.length > (rules.maxBytes ?? limits.bytes)) return no("tooLarge");
  let read: Range | Decoded;
  try {
    const typed = update.length <= limits.bytes ? readTyping(shadow, update, rules) : null;
    read = typed ?? (Y.decodeUpdate(update) as unknown as Decoded);
    if ("structs" in read) {
      if (read.structs.length > limits.structs) return no("tooLarge");
      const reason = checkDecoded(shadow.doc, read, rules);
      if (reason) return no(reason);
    }
  } catch {
    return no("malformed");
  }
  try {
    return "structs" in read
      ? applyAndCheck(shadow.doc, update, read, rules)
      : admitTyping(shadow, update.slice(), read, rules);
  } catch {
    return no("malformed", true);
  }
}

/** The first byte of an item in the update format: its content, and which neighbours it names. */
const STRING = 4;
const HAS_ORIGIN = 0x80;
const HAS_RIGHT_ORIGIN = 0x40;

/**
 * Reads the commonest update of all: one new piece of text beside text that stands, nothing else. It
 * can be taken as it is. Null when it is anything else, or wrong in any way. Cost: a few microseconds
 * less than for any other update.
 */
function readTyping(shadow: Shadow, update: Uint8Array, rules: Rules): Range | null {
  const decoder = decoding.createDecoder(update);
  const next = () => decoding.readVarUint(decoder);
  if (next() !== 1 || next() !== 1) return null;
  const client = next();
  const from = next();
  const info = decoding.readUint8(decoder);
  const [left, right] = [info & HAS_ORIGIN, info & HAS_RIGHT_ORIGIN];
  if ((info ^ left ^ right) !== STRING || (left | right) === 0) return null;
  if (left && !shadow.standsInText(next(), next())) return null;
  if (right && !shadow.standsInText(next(), next())) return null;
  const { length } = decoding.readVarString(decoder);
  if (length === 0 || next() !== 0 || decoding.hasContent(decoder)) return null;

  const to = from + length;
  if (client > MAX_CLIENT || to > MAX_CLOCK || from !== shadow.stateOf(client)) return null;
  const owner = rules.ownerOf(client);
  if (owner === undefined ? from > 0 : owner !== rules.author) return null;
  return { client, from, to };
}

function admitTyping(shadow: Shadow, update: Uint8Array, typed: Range, rules: Rules): Verdict {
  shadow.type(update, typed);
  const { author, attribution } = rules;
  // Only who took something out lately can have put it back.
  const back = attribution?.recent.of(author, attribution.now);
  const carried = back ? carriedTo(shadow.doc, [typed], rules) : [];
  return {
    ok: true,
    update,
    ranges: [typed],
    deleted: [],
    carried,
    removed: NONE,
    fell: NONE,
    lost: null,
  };
}

/** What can be seen before anything is applied. */
function checkDecoded(shadow: Y.Doc, { structs, ds }: Decoded, rules: Rules): Reason | null {
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

type Texts = { taken: Passage; removed: Letters[]; fell: Letters[]; swallowed: Passage };

const NONE: Letters[] = [];
const NO_TEXTS: Texts = { taken: NOTHING, removed: NONE, fell: NONE, swallowed: NOTHING };

/** An update as Yjs took it: what was new in it, its transaction, and what it took out, as text. */
type Applied = Texts & { written: Uint8Array; transaction: Y.Transaction };

function apply(shadow: Y.Doc, update: Uint8Array, ds: Decoded["ds"]): Applied | null {
  let applied: Applied | null = null;
  let texts: Texts | undefined;
  const onTransaction = (transaction: Y.Transaction) => {
    const removed = removedBy(transaction);
    texts = {
      taken: takenOut(transaction, transaction.beforeState, ds),
      removed,
      fell: unseenBy(removed, ds),
      swallowed: swallowed(transaction),
    };
    leaveFormats(transaction);
  };
  const onUpdate = (
    written: Uint8Array,
    _origin: unknown,
    _doc: Y.Doc,
    transaction: Y.Transaction,
  ) => {
    if (texts) applied = { written, transaction, ...texts };
  };
  shadow.on("afterTransaction", onTransaction);
  shadow.on("update", onUpdate);
  try {
    Y.applyUpdate(shadow, update);
  } finally {
    shadow.off("afterTransaction", onTransaction);
    shadow.off("update", onUpdate);
  }
  return applied;
}

/**
 * Yjs would tidy formats that say nothing new, in a transaction of its own: that is the clients' to
 * do. The shadow writes nothing by itself. Call in `afterTransaction`.
 */
function leaveFormats(transaction: Y.Transaction): void {
  (transaction as unknown as { _needFormattingCleanup: boolean })._needFormattingCleanup = false;
}

/**
 * Applies an update that is sound to a document that knows more than its author did; answers what
 * fell with it, unseen.
 */
export function follow(doc: Y.Doc, update: Uint8Array): Letters[] {
  const { ds } = Y.decodeUpdate(update);
  let fell = NONE;
  const onTransaction = (transaction: Y.Transaction) => {
    fell = unseenBy(removedBy(transaction), ds);
    leaveFormats(transaction);
  };
  doc.on("afterTransaction", onTransaction);
  try {
    Y.applyUpdate(doc, update);
  } finally {
    doc.off("afterTransaction", onTransaction);
  }
  return fell;
}

function applyAndCheck(shadow: Y.Doc, update: Uint8Array, read: Decoded, rules: Rules): Verdict {
  const { ds } = read;
  const applied = apply(shadow, update, ds);
  if (shadow.store.pendingStructs || shadow.store.pendingDs) return no("missing", true);
  const { bytes } = rules.limits ?? GUARD_LIMITS.draft;
  if (applied && applied.written.length > bytes) return no("tooLarge", true);
  const ranges = applied ? rangesOf(applied.transaction) : [];
  const reason = checkAdded(shadow, ranges);
  if (reason) return no(reason, true);

  const deleted = applied ? deletedBy(applied.transaction) : [];
  const { taken, removed, fell, swallowed } = applied ?? NO_TEXTS;
  const all = [taken];
  // Two may move the same words at once: the second finds them deleted already.
  const late = !rules.maxBytes && !deletedAll(applied?.transaction.deleteSet.clients, ds);
  if (late && rules.attribution) all.push(rules.attribution.recent.among(ds));
  const carried = carriedTo(shadow, ranges, rules, together(all), swallowed);
  const lost = applied && lostIn(read, shadow.store, applied.transaction.beforeState);
  const written = applied?.written ?? null;
  return { ok: true, update: written, ranges, deleted, carried, removed, fell, lost };
}

function carriedTo(
  shadow: Y.Doc,
  ranges: readonly Range[],
  { author, via = "socket", attribution }: Rules,
  taken = NOTHING,
  lost?: Passage,
): Carried[] {
  if (!attribution) return [];
  return carry(shadow, ranges, taken, { ...attribution, authorId: author, via }, lost);
}

/** Whether a transaction deleted all of this, or some of it was deleted before. */
function deletedAll(done: Deletions | undefined, { clients }: Decoded["ds"]): boolean {
  for (const [client, ranges] of clients) {
    const theirs = done?.get(client) ?? [];
    let index = 0;
    for (const { clock, len } of ranges) {
      const past = ({ clock: from, len }: { clock: number; len: number }) => from + len <= clock;
      while (index < theirs.length && past(theirs[index] as (typeof theirs)[number])) index++;
      const range = theirs[index];
      if (!range || range.clock > clock || range.clock + range.len < clock + len) return false;
    }
  }
  return true;
}

/** Checks each new piece where it stands. */
function checkAdded(doc: Y.Doc, ranges: readonly Range[]): Reason | null {
  if (doc.share.size > 1 || doc.subdocs.size > 0) return "invalid";
  for (const { client, from } of ranges) {
    const structs = doc.store.clients.get(client) ?? [];
    for (let index = Y.findIndexSS(structs, from); index < structs.length; index++) {
      const struct = structs[index];
      if (!(struct instanceof Y.Item) || struct.deleted) continue;
      if (!fits(struct)) return "invalid";
      if (struct.content instanceof Y.ContentType && depthOf(struct) > MAX_DEPTH) return "tooDeep";
    }
  }
  return null;
}

/** Whether a piece is one that an editor puts where it stands. */
function fits({ content, parent, parentSub }: Y.Item): boolean {
  if (content instanceof Y.ContentString) return parent instanceof Y.XmlText && parentSub === null;
  if (content instanceof Y.ContentFormat) {
    return (
      parent instanceof Y.XmlText &&
      parentSub === null &&
      checkFormat(content.key, content.value) === null
    );
  }
  if (content instanceof Y.ContentAny) {
    const [value, ...others] = content.arr;
    if (!(parent instanceof Y.XmlElement) || parentSub === null || others.length > 0) return false;
    return checkAttr(parent.nodeName, parentSub, value) === null;
  }
  if (!(content instanceof Y.ContentType)) return content instanceof Y.ContentDeleted;
  const { type } = content;
  const name =
    type.constructor === Y.XmlElement
      ? (type as Y.XmlElement).nodeName
      : type.constructor === Y.XmlText && "text";
  return name !== false && parentSub === null && mayHold(nameOf(parent), name);
}

const nameOf = (parent: unknown): string => {
  if (parent instanceof Y.XmlElement) return parent.nodeName;
  return parent instanceof Y.XmlFragment && parent._item === null ? "doc" : "";
};

function depthOf(item: Y.Item): number {
  let depth = 0;
  for (let parent = item.parent; parent instanceof Y.AbstractType; depth++) {
    if (!parent._item || depth > MAX_DEPTH) break;
    parent = parent._item.parent;
  }
  return depth;
}
