import type { Kept, Key, Shelf } from "./shelf.ts";

/** Keeps a page's changes on the device from when they are made until they are saved. */
export type Keeper = {
  /** How many unsaved changes are written down; null while the device can't keep any more. */
  readonly count: number | null;
  /** Keeps a change; changes are numbered from one. */
  keep(change: number, kept: Kept): void;
  /** Takes over what an earlier page kept: it goes when this change is saved. */
  adopt(change: number, keys: readonly Key[]): void;
  /** All changes up to this one are saved. `all`: and there are no others. */
  saved(change: number, all: boolean): void;
  /** Keeps this instead of everything so far. */
  replace(change: number, kept: Kept): void;
  /** Keeps nothing of this page any longer. */
  clear(): void;
};

/**
 * `tell` is called when `count` has changed by itself. A change that couldn't be kept is a gap that
 * later ones can't be read across, so from then on none is until all are saved.
 */
export function createKeeper(shelf: Shelf | null, tell: () => void): Keeper {
  const changes = new Map<number, { keys: readonly Key[]; written: boolean }>();
  let count = 0;
  let full = shelf === null;

  function take(until: number): Key[] {
    const keys: Key[] = [];
    for (const [change, entry] of changes) {
      if (change > until) continue;
      changes.delete(change);
      if (entry.written) count--;
      keys.push(...entry.keys);
    }
    return keys;
  }

  /** What stays by mistake is found to be saved by the next page that looks. */
  function remove(keys: readonly Key[]): void {
    if (keys.length > 0) shelf?.remove(keys).catch(() => {});
  }

  function keep(change: number, kept: Kept, before: readonly Key[] = []): void {
    if (!shelf || full) return;
    const { key, written } = shelf.put(kept);
    const entry = { keys: [key], written: false };
    changes.set(change, entry);
    written.then(
      () => {
        remove(before);
        if (changes.get(change) !== entry) return;
        entry.written = true;
        count++;
        tell();
      },
      () => {
        full = true;
        tell();
      },
    );
  }

  return {
    get count() {
      return full ? null : count;
    },
    keep: (change, kept) => keep(change, kept),
    adopt(change, keys) {
      changes.set(change, { keys, written: true });
      count++;
    },
    replace(change, kept) {
      if (!full) keep(change, kept, take(change));
    },
    saved(change, all) {
      remove(take(change));
      if (all) full = shelf === null;
    },
    clear: () => remove(take(Number.POSITIVE_INFINITY)),
  };
}
