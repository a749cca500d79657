import { expect, it } from "vitest";
import { SEED } from "../document/random.ts";
import { garbage } from "./scenarios/garbage.ts";

it(`Broken frames change nothing, end nothing and disturb nobody (seed ${SEED})`, {
  timeout: 60_000,
}, async () => {
  const { frames } = await garbage({ seed: SEED, frames: 1_000 });
  expect(frames).toBeGreaterThanOrEqual(1_000);
});
