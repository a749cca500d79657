import { expect, it } from "vitest";
import { openAndClose } from "../collab/scenarios/openings.ts";
import { SEED } from "../document/random.ts";
import { MIB, mib } from "../support/process.ts";
import { report } from "../support/report.ts";

const OPENINGS = Number(process.env.OPENINGS ?? 10_000);

it("10,000 openings and closings of rooms leave nothing behind", async () => {
  const { openings, before, after, growth } = await openAndClose({
    seed: SEED,
    openings: OPENINGS,
  });
  report("openings", {
    seed: SEED,
    openings,
    "heap after a tenth": mib(before),
    "heap at the end": mib(after),
  });
  expect(growth).toBeLessThan(5 * MIB);
});
