// `npm run test:long`: the tests that take minutes. `npm run test:long -- kill` runs one file;
// `SEED=… npm run test:long -- converge` repeats a run.
import { bin, checkNode, ensureInstalled, run } from "./steps.mjs";

checkNode();
await ensureInstalled();
try {
  await run(bin("vitest"), ["run", "--config", "vitest.long.config.ts", ...process.argv.slice(2)]);
} catch {
  process.exit(1);
}
