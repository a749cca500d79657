import { expect, it } from "vitest";
import { garbage } from "../collab/scenarios/garbage.ts";
import { SEED } from "../document/random.ts";
import { MIB, mib } from "../support/process.ts";
import { report } from "../support/report.ts";

const FRAMES = Number(process.env.FRAMES ?? 10_000);

it.each([SEED, SEED + 1, SEED + 2])(
  "10,000 broken frames change nothing and leave no memory behind (seed %i)",
  async (seed) => {
    const { frames, sockets, heap, rss } = await garbage({ seed, frames: FRAMES });
    report("garbage", { seed, frames, sockets, "memory after gc": mib(heap), rss: mib(rss) });
    expect(heap).toBeLessThan(100 * MIB);
    expect(rss).toBeLessThan(100 * MIB);
  },
);
