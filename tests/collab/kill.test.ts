import { expect, it } from "vitest";
import { SEED } from "../document/random.ts";
import { DATABASES } from "../support/databases.ts";
import { killWhileWriting } from "./scenarios/kill.ts";

it(`A killed server has everything that it acknowledged, in every room (seed ${SEED})`, {
  timeout: 120_000,
}, async () => {
  const { acknowledged, written } = await killWhileWriting({
    seed: SEED,
    kills: 3,
    ...DATABASES[0],
  });
  expect(acknowledged).toBeGreaterThan(20);
  expect(acknowledged).toBeLessThanOrEqual(written);
});
