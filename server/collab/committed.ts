import * as Y from "yjs";
import type { Row } from "./log.ts";
import { SYNC, step2Frame, updateFrame, wire, wireUncopied } from "./protocol.ts";

/** Nobody's state: how a client asks that has nothing yet. */
const NOTHING = 1;
/** After a restart everybody asks from the same state: a few answers serve them all. */
const ANSWERS = 8;

/**
 * What the database has of a document: a snapshot and the updates since, as bytes. Whoever only
 * reads is served from these; a Y.Doc is made for those who must look inside, and let go again.
 */
export class Committed {
  /** The last sequence number in it. */
  seq: number;

  #snapshot: Uint8Array | null;
  /** The last sequence number that the snapshot holds. */
  #from: number;
  #tail: Row[];
  #bytes: number;
  /** The tail as one update, and answers by state vector: good until something is committed. */
  #merged: Uint8Array | null = null;
  #answers = new Map<string, Uint8Array[]>();

  constructor(snapshot: Uint8Array | null, from: number, tail: Row[]) {
    this.#snapshot = snapshot;
    this.#from = from;
    this.#tail = tail;
    this.#bytes = bytesOf(tail);
    this.seq = tail.at(-1)?.seq ?? from;
  }

  get tail(): readonly Row[] {
    return this.#tail;
  }

  /** How long all of it is, in bytes: what was taken out since the snapshot counts too. */
  get bytes(): number {
    return (this.#snapshot?.length ?? 0) + this.#bytes;
  }

  /** How long the tail is, in bytes. */
  get tailBytes(): number {
    return this.#bytes;
  }

  /** Takes what a commit wrote. */
  took(rows: readonly Row[], seq: number): void {
    this.#tail.push(...rows);
    this.#bytes += bytesOf(rows);
    this.seq = seq;
    this.#merged = null;
    this.#answers.clear();
  }

  /** The database merged everything up to `seq` into `snapshot`. */
  compacted(snapshot: Uint8Array, seq: number): void {
    this.#snapshot = snapshot;
    this.#from = seq;
    this.#tail = this.#tail.filter((row) => row.seq > seq);
    this.#bytes = bytesOf(this.#tail);
    this.#merged = null;
    this.#answers.clear();
  }

  /** Everything, in order, to be applied to a document later: later commits don't change it. */
  updates(): Uint8Array[] {
    const tail = this.#tail.map(({ bytes }) => bytes);
    return this.#snapshot ? [this.#snapshot, ...tail] : tail;
  }

  /** A new document with everything in it. Cost: as many steps as it has pieces. */
  toDoc(): Y.Doc {
    return docOf(this.updates());
  }

  /** The state vector. Cost: reading everything once, unless `doc` holds the same. */
  stateVector(doc: Y.Doc | null): Uint8Array {
    return doc ? Y.encodeStateVector(doc) : Y.encodeStateVectorFromUpdate(this.#all());
  }

  /**
   * What to send that answers sync step 1. Who has nothing gets the snapshot as it is; for anybody
   * else it is cut to what is missing. `doc`, if there is one, holds exactly what is committed.
   */
  answer(stateVector: Uint8Array, doc: Y.Doc | null): Uint8Array[] {
    if (stateVector.length === NOTHING) return this.#everything();
    const key = Buffer.from(stateVector).toString("latin1");
    const known = this.#answers.get(key);
    if (known) return known;
    const missing = doc
      ? Y.encodeStateAsUpdate(doc, stateVector)
      : Y.diffUpdate(this.#all(), stateVector);
    const frames = [wire(step2Frame(missing))];
    if (this.#answers.size < ANSWERS) this.#answers.set(key, frames);
    return frames;
  }

  /** What to send that brings somebody up to date who has everything up to `seq`. */
  since(seq: number): Uint8Array[] {
    if (seq < this.#from) return this.#everything();
    const missed = this.#tail.filter((row) => row.seq > seq).map(({ bytes }) => bytes);
    return missed.length > 0 ? [wire(updateFrame(merge(missed)))] : [];
  }

  /** The snapshot isn't copied: it may be megabytes, and wanted by thousands at once. */
  #everything(): Uint8Array[] {
    if (!this.#snapshot) return [wire(step2Frame(this.#mergedTail()))];
    if (this.#tail.length === 0) return wireUncopied(SYNC.step2, this.#snapshot);
    return [...wireUncopied(SYNC.update, this.#snapshot), wire(step2Frame(this.#mergedTail()))];
  }

  #mergedTail(): Uint8Array {
    this.#merged ??= merge(this.#tail.map(({ bytes }) => bytes));
    return this.#merged;
  }

  #all(): Uint8Array {
    return merge(this.updates());
  }
}

const EMPTY = Y.encodeStateAsUpdate(new Y.Doc());

/** Updates as one, without a document. */
export function merge(updates: Uint8Array[]): Uint8Array {
  const [first] = updates;
  if (!first) return EMPTY;
  return updates.length === 1 ? first : Y.mergeUpdates(updates);
}

/** A new document with all these updates in it; `gc: false` keeps what they deleted. */
export function docOf(updates: readonly Uint8Array[], { gc = true } = {}): Y.Doc {
  const doc = new Y.Doc({ gc });
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  return doc;
}

const bytesOf = (rows: readonly Row[]) => rows.reduce((sum, { bytes }) => sum + bytes.length, 0);
