import type { Kept, Key, Shelf } from "#app/editor/shelf.ts";

/** A device as IndexedDB is one: writes take a moment, and it may have no room. */
export function createDevice() {
  const rows: { key: Key; kept: Kept; whose: string }[] = [];
  const device = {
    full: false,
    /** Everything that is kept, whosever. */
    rows,
    /** A new page's shelf on it. */
    shelf(whose: string, page: number): Shelf {
      let count = 0;
      return {
        all: async () => rows.filter((row) => row.whose === whose),
        put(kept) {
          const key: Key = [whose, page, ++count];
          const write = async () => {
            await Promise.resolve();
            if (device.full) throw new Error("QuotaExceededError");
            rows.push({ key, kept, whose });
          };
          return { key, written: write() };
        },
        async remove(keys) {
          await Promise.resolve();
          for (const key of keys) {
            const index = rows.findIndex((row) => row.key.join() === key.join());
            if (index >= 0) rows.splice(index, 1);
          }
        },
      };
    },
  };
  return device;
}
