import { expect, it } from "vitest";
import { SEED } from "../document/random.ts";
import { garbage } from "./scenarios/garbage.ts";

it(`Broken frames change nothing, end nothing and disturb nobody (seed ${SEED})`, {
  timeout: 60_000,
}, async () => {
  const { frames } = await garbage({ seed: SEED, frames: 600 });
  expect(frames).toBeGreaterThanOrEqual(600);
});
