import * as Y from "yjs";
import type { Author } from "#app/context.ts";
import { type Changes, track } from "#app/document/authorship.ts";
import type { Attribution } from "#app/document/guard.ts";
import { readDoc } from "#app/document/read.ts";
import { check } from "#app/document/validate.ts";

/** What a change answered, and what it wrote; `update` is null when it wrote nothing. */
type Tried<T> = { result: T; update: Uint8Array | null; changes: Changes };

/**
 * Runs an author's change on a scratch copy, which is thrown away. Throws what the change throws,
 * and when the result isn't valid. Cost: reading the whole document once.
 */
export function tryOut<T>(
  scratch: Y.Doc,
  { personId, via, carried }: Author,
  change: (doc: Y.Doc) => T,
  attribution: Attribution,
): Tried<T> {
  const updates: Uint8Array[] = [];
  scratch.on("update", (update: Uint8Array) => updates.push(update));
  const tracked = track(scratch);
  try {
    const result = change(scratch);
    const changes = tracked.end({ authorId: personId, via, ...attribution });
    if (carried) changes.carried = carried(scratch, changes.ranges);
    if (updates.length === 0) return { result, update: null, changes };
    const wrong = check(readDoc(scratch));
    if (wrong) throw new Error(`The edit would leave an invalid document: ${wrong}`);
    return { result, update: Y.mergeUpdates(updates), changes };
  } finally {
    scratch.destroy();
  }
}
