import * as Y from "yjs";
import { type Range, rangesOf } from "#app/document/guard.ts";
import { readDoc } from "#app/document/read.ts";
import { check } from "#app/document/validate.ts";

/** What a change answered, and what it wrote; `update` is null when it wrote nothing. */
type Tried<T> = { result: T; update: Uint8Array | null; ranges: Range[] };

/**
 * Runs a change on a scratch copy, which is thrown away. Throws what the change throws, and when
 * the result isn't valid. Cost: reading the whole document once.
 */
export function tryOut<T>(scratch: Y.Doc, change: (doc: Y.Doc) => T): Tried<T> {
  const updates: Uint8Array[] = [];
  const beforeState = stateOf(scratch);
  scratch.on("update", (update: Uint8Array) => updates.push(update));
  try {
    const result = change(scratch);
    if (updates.length === 0) return { result, update: null, ranges: [] };
    const wrong = check(readDoc(scratch));
    if (wrong) throw new Error(`The edit would leave an invalid document: ${wrong}`);
    const ranges = rangesOf({ beforeState, afterState: stateOf(scratch) });
    return { result, update: Y.mergeUpdates(updates), ranges };
  } finally {
    scratch.destroy();
  }
}

const stateOf = (doc: Y.Doc) => Y.decodeStateVector(Y.encodeStateVector(doc));
