import { expect, it } from "vitest";
import { limitedDatabase } from "../support/disk.ts";
import { fullDisk } from "./scenarios/full-disk.ts";

it("A full disk costs nobody a word, and nobody is told otherwise", async () => {
  const disk = await limitedDatabase();
  try {
    const { unsaved } = await fullDisk(disk, 2);
    expect(unsaved).toBeGreaterThan(1);
  } finally {
    await disk.close();
  }
});
