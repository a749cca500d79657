import { describe, expect, it } from "vitest";
import { applyHunk } from "#app/document/apply.ts";
import { diff } from "#app/document/diff.ts";
import { readDoc } from "#app/document/read.ts";
import { check } from "#app/document/validate.ts";
import { type Case, caseOf, failing, reduced, worldOf } from "./cases.ts";
import { bare, random, SEED } from "./random.ts";

const RUNS = Number(process.env.RUNS ?? 2_000);

function property(name: string, options: { draft: boolean }, holds: (one: Case) => string | null) {
  it(name, { timeout: 1_800_000 }, () => {
    for (let run = 0; run < RUNS; run++) {
      const found = reduced(caseOf(SEED + run, options), (one) => failing(() => holds(one)));
      expect(found).toBeNull();
    }
  });
}

describe(`Hunks (seed ${SEED})`, () => {
  property("make the copy of an unchanged draft, in any order", { draft: false }, (one) => {
    const { base, copy, draft } = worldOf(one);
    const hunks = diff(base, copy);
    const r = random(one.seed);
    const order = hunks
      .map((hunk) => ({ hunk, at: r.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ hunk }) => hunk);
    for (const hunk of order) {
      const { status } = applyHunk(draft, hunk);
      if (status !== "applied")
        return `${hunk.kind} is ${status}: ${JSON.stringify(hunk)}\nall: ${order.map(({ key }) => key)}`;
      const again = applyHunk(draft, hunk).status;
      if (again !== "already") return `${hunk.kind} again is ${again}: ${JSON.stringify(hunk)}`;
    }
    const result = readDoc(draft);
    const wrong = check(result);
    if (wrong) return wrong;
    const [is, should] = [bare(result), bare(copy)].map((node) => JSON.stringify(node));
    if (is !== should) return `got  ${is}\nwant ${should}\nhunks ${JSON.stringify(order)}`;
    const rest = diff(result, copy);
    return rest.length === 0 ? null : `left over: ${JSON.stringify(rest)}`;
  });
});
