import { expect, it } from "vitest";
import { converge } from "../collab/scenarios/converge.ts";
import { SEED } from "../document/random.ts";
import { DATABASES } from "../support/databases.ts";
import { report } from "../support/report.ts";

const RUNS = process.env.RUNS;
const RUNS_ON = { SQLite: Number(RUNS ?? 5_000), PostgreSQL: Number(RUNS ?? 1_000) };

it.each(DATABASES)(
  "Thousands of rooms on a bad network come to the same text, on $name",
  async ({ name, open }) => {
    const began = performance.now();
    const found = await converge({ seed: SEED, runs: RUNS_ON[name], open });
    const seconds = Math.round((performance.now() - began) / 1000);
    report(`converge on ${name}`, { seed: SEED, ...found, seconds });
    expect(found.cuts).toBeGreaterThan(found.runs);
    expect(found.acknowledged).toBeGreaterThan(found.runs * 10);
  },
);
