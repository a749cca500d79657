import * as Y from "yjs";
import type { Kept, Key, Lost, Shelf } from "./shelf.ts";
import { createStore, type Store } from "./store.ts";
import { fits, type Since, wordsIn, wordsSwallowed } from "./words.ts";

/** What came of edits that weren't saved when they were made. */
export type Rescued = {
  /** Changes that an earlier page had kept are in the text now. */
  restored: boolean;
  /**
   * Words that can't be. They stay on this device until somebody says that they may go; those that
   * are `kept` the server has, for whoever looks after the text.
   */
  lost: readonly (Lost | { why: "kept"; words: string[] })[];
};

export type Rescue = {
  rescued: Pick<Store<Rescued>, "get" | "subscribe">;
  /**
   * Shows words that can't be put into the text, and keeps them until they may go. Resolves when
   * they are kept; rejects when they are on the screen alone.
   */
  lose(lost: Lost): Promise<void>;
  /** Says that the server keeps these words; the same id again brings all of them. */
  kept(id: string, text: string): void;
  /**
   * Applies what earlier pages kept, as ordinary changes, so that they are sent. Call when the
   * document is as the server has it. Answers with what isn't saved now; null when nothing is.
   */
  bringBack(kept: readonly Left[]): { keys: readonly Key[]; since: Since } | null;
  /** Removes the lost words from this device. They stay on the screen. */
  forget(): void;
  /** Takes the news off the screen. */
  dismiss(): void;
};

export type Left = { key: Key; kept: Kept };

/** Origin of the transactions that bring edits back. */
export const RESTORING = "restoring";
/** Well within what the server takes as one update (document/guard.ts). */
const BATCH_BYTES = 128 * 1024;

export function createRescue(doc: Y.Doc, shelf: Shelf | null): Rescue {
  const rescued = createStore<Rescued>({ restored: false, lost: [] });
  /** Words that are here alone, each with where it is kept; and those that the server has. */
  let here: { lost: Lost; keys: readonly Key[] }[] = [];
  const there = new Map<string, string>();

  function publish(): void {
    const kept = [...there.values()].map((text) => ({ why: "kept" as const, words: [text] }));
    rescued.set({ ...rescued.get(), lost: [...here.map(({ lost }) => lost), ...kept] });
  }

  function show(lost: Lost, keys: readonly Key[]): void {
    here.push({ lost, keys });
    publish();
  }

  async function lose(lost: Lost): Promise<void> {
    if (lost.words.length === 0) return;
    const kept = shelf?.put({ lost });
    show(lost, kept ? [kept.key] : []);
    await kept?.written;
  }

  /** What was taken for removed, and the server has after all, needn't be kept here. */
  function kept(id: string, text: string): void {
    there.set(id, text);
    const has = ({ lost }: (typeof here)[number]) =>
      lost.why === "removed" && lost.words.every((words) => text.includes(words.trim()));
    remove(here.filter(has).flatMap(({ keys }) => keys));
    here = here.filter((one) => !has(one));
    publish();
  }

  const remove = (keys: readonly Key[]) => void shelf?.remove(keys).catch(() => {});

  return {
    rescued,
    lose,
    kept,
    bringBack(left) {
      const edits: Uint8Array[] = [];
      const keys: Key[] = [];
      for (const { key, kept } of left) {
        if ("lost" in kept) show(kept.lost, [key]);
        else {
          edits.push(kept.edit);
          keys.push(key);
        }
      }
      if (edits.length === 0) return null;
      const whole = Y.mergeUpdates(edits);
      if (!fits(doc, whole)) {
        lose({ why: "missing", words: wordsIn(whole, () => true) }).then(
          () => remove(keys),
          () => {},
        );
        return null;
      }
      const known = Y.decodeStateVector(Y.encodeStateVector(doc));
      if (!applyAll(doc, inBatches(edits))) {
        remove(keys);
        return null;
      }
      rescued.set({ ...rescued.get(), restored: true });
      lose({ why: "removed", words: wordsSwallowed(doc, whole, known) }).catch(() => {});
      const since = new Map<number, number>();
      for (const [client, clock] of Y.parseUpdateMeta(whole).from)
        since.set(client, Math.max(clock, known.get(client) ?? 0));
      return { keys, since };
    },
    forget() {
      remove(here.flatMap(({ keys }) => keys));
      here = here.map(({ lost }) => ({ lost, keys: [] }));
    },
    dismiss() {
      here = [];
      there.clear();
      rescued.set({ restored: false, lost: [] });
    },
  };
}

/** True when there was something new in them. */
function applyAll(doc: Y.Doc, updates: readonly Uint8Array[]): boolean {
  let isNew = false;
  const onUpdate = () => {
    isNew = true;
  };
  doc.on("update", onUpdate);
  for (const update of updates) Y.applyUpdate(doc, update, RESTORING);
  doc.off("update", onUpdate);
  return isNew;
}

/** The same edits in fewer updates, none of them too large. */
function inBatches(edits: readonly Uint8Array[]): Uint8Array[] {
  const batches: Uint8Array[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const edit of edits) {
    bytes += edit.length;
    if (bytes > BATCH_BYTES) {
      batches.push([]);
      bytes = edit.length;
    }
    batches.at(-1)?.push(edit);
  }
  return batches.map((batch) => Y.mergeUpdates(batch));
}
