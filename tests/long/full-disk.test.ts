import { expect, it } from "vitest";
import { fullDisk } from "../collab/scenarios/full-disk.ts";
import { limitedDatabase, smallDisk } from "../support/disk.ts";
import { report } from "../support/report.ts";

it("A full disk costs nobody a word, time and again", async () => {
  const disk = (await smallDisk()) ?? (await limitedDatabase());
  try {
    const found = await fullDisk(disk, 10);
    report("full disk", { on: disk.kind, ...found });
    expect(found.unsaved).toBeGreaterThan(10);
  } finally {
    await disk.close();
  }
});
