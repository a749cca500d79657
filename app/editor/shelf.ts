import { createStores, getAllKeysValues, openDB } from "lib0/indexeddb";

/** Words that can't be put into the text any more. */
export type Lost = {
  /**
   * `refused` by the server; `missing`: what they build on is gone; `removed`: somebody took the
   * passage around them away while they were on their way.
   */
  why: "refused" | "missing" | "removed";
  /** One string a block, in reading order where it is known. */
  words: string[];
};

/** What is kept: an edit that is still to be saved, as a Yjs update, or words to be copied. */
export type Kept = { edit: Uint8Array } | { lost: Lost };

/** Whose, by which page, and the page's how many-th. Sorts in the order of making. */
export type Key = readonly [whose: string, page: number, number: number];

/** The place for what one person wrote in one document and the server hasn't acknowledged. */
export type Shelf = {
  /** Everything that is kept, by whichever page. */
  all(): Promise<{ key: Key; kept: Kept }[]>;
  /** Keeps one thing more. `written` rejects when the device can't. */
  put(kept: Kept): { key: Key; written: Promise<void> };
  remove(keys: readonly Key[]): Promise<void>;
};

const DATABASE = "groundwork";
const STORE = "unsaved";

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  if (!opened) {
    opened = openDB(DATABASE, (db) => createStores(db, [[STORE]]));
    opened.catch(() => {
      opened = undefined;
    });
  }
  return opened;
}

/**
 * The shelf on this device: IndexedDB, where it survives the tab and the browser. One small row an
 * edit, so that a keystroke costs its own bytes; nothing at all once everything is saved. A person
 * finds only what they wrote themselves. Rejects where there is no IndexedDB, or no room in it.
 */
export function openShelf(person: string, docId: string): Shelf {
  const whose = `${person} ${docId}`;
  const page = Date.now() + Math.random();
  let count = 0;
  return {
    async all() {
      const store = (await open()).transaction(STORE).objectStore(STORE);
      const range = IDBKeyRange.bound([whose], [whose, []]);
      return (await getAllKeysValues(store, range)).map(({ k, v }) => ({ key: k, kept: v }));
    },
    put(kept) {
      const key = [whose, page, ++count] as const;
      return { key, written: write((store) => store.put(kept, [...key])) };
    },
    remove: (keys) =>
      write((store) => {
        for (const key of keys) store.delete([...key]);
      }),
  };
}

/** Resolves when it is committed. Transactions run in the order of these calls. */
async function write(work: (store: IDBObjectStore) => void): Promise<void> {
  const db = await open();
  try {
    const transaction = db.transaction(STORE, "readwrite");
    work(transaction.objectStore(STORE));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
      // Without waiting for answers: the tab may be gone before they come.
      transaction.commit?.();
    });
  } catch (error) {
    // It may be the connection: the next one is a new one.
    opened = undefined;
    throw error;
  }
}
