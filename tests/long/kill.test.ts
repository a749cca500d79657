import { expect, it } from "vitest";
import { killWhileWriting } from "../collab/scenarios/kill.ts";
import { SEED } from "../document/random.ts";
import { DATABASES } from "../support/databases.ts";
import { percentile, report } from "../support/report.ts";

const KILLS = process.env.KILLS;
const KILLS_ON = { SQLite: Number(KILLS ?? 200), PostgreSQL: Number(KILLS ?? 20) };

it.each(DATABASES)(
  "A server killed while people write loses nothing, and all are back in five seconds, on $name",
  async ({ name, open }) => {
    const kills = KILLS_ON[name];
    const { upMs, ...found } = await killWhileWriting({ seed: SEED, kills, name, open });
    const ms = (share: number) => `${Math.round(percentile(upMs, share))} ms`;
    report(`kill on ${name}`, { seed: SEED, ...found, "up p50": ms(0.5), "up at most": ms(1) });
    expect(found.acknowledged).toBeGreaterThan(kills * 10);
    expect(Math.max(...upMs)).toBeLessThan(5_000);
  },
);
