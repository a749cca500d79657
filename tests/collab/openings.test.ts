import { expect, it } from "vitest";
import { SEED } from "../document/random.ts";
import { MIB } from "../support/process.ts";
import { openAndClose } from "./scenarios/openings.ts";

it(`Rooms that were opened and closed leave nothing behind (seed ${SEED})`, {
  timeout: 60_000,
}, async () => {
  const { growth } = await openAndClose({ seed: SEED, openings: 300 });
  expect(growth).toBeLessThan(5 * MIB);
});
