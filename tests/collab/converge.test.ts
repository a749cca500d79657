import { expect, it } from "vitest";
import { SEED } from "../document/random.ts";
import { DATABASES } from "../support/databases.ts";
import { converge } from "./scenarios/converge.ts";

it.each(DATABASES)(
  `Everybody comes to the same text over a bad network, on $name (seed ${SEED})`,
  { timeout: 120_000 },
  async ({ open }) => {
    const found = await converge({ seed: SEED, runs: 100, open });
    expect(found.cuts).toBeGreaterThan(0);
    expect(found.acknowledged).toBeGreaterThan(1_000);
  },
);
