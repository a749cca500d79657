import { expect, it } from "vitest";
import { flood } from "../collab/scenarios/flood.ts";
import { MIB, mib } from "../support/process.ts";
import { report } from "../support/report.ts";

it("1,000 who never read and a flood of questions leave an honest pair undisturbed", async () => {
  const { growth, p50, p95, ...found } = await flood({ readers: 1_000, seconds: 30 });
  const ms = (value: number) => `${Math.round(value)} ms`;
  report("flood", { ...found, "memory at its peak": mib(growth), p50: ms(p50), p95: ms(p95) });
  expect(found.breaks).toBe(0);
  expect(growth).toBeLessThan(256 * MIB);
  expect(p95).toBeLessThan(1_000);
});
