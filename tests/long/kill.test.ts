import { expect, it } from "vitest";
import { killWhileWriting } from "../collab/scenarios/kill.ts";
import { SEED } from "../document/random.ts";
import { percentile, report } from "../support/report.ts";

const KILLS = Number(process.env.KILLS ?? 200);

it("200 kills while people write lose nothing, and everybody is back in five seconds", async () => {
  const { upMs, ...found } = await killWhileWriting({ seed: SEED, kills: KILLS });
  const ms = (share: number) => `${Math.round(percentile(upMs, share))} ms`;
  report("kill", { seed: SEED, ...found, "up again p50": ms(0.5), "up again at most": ms(1) });
  expect(found.acknowledged).toBeGreaterThan(KILLS * 10);
  expect(Math.max(...upMs)).toBeLessThan(5_000);
});
