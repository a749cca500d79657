import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bench } from "./collab/bench.ts";
import { PARTS } from "./collab/options.ts";

/**
 * All figures: `npm run bench`. A part of them, or smaller: `npm run bench -- document`,
 * `npm run bench -- fan-out rooms --quick`. Kept under docs/bench with `--write`.
 */
const args = process.argv.slice(2);
const named = args.filter(
  (arg) => arg === "document" || (PARTS as readonly string[]).includes(arg),
);
const rest = args.filter((arg) => arg !== "document");

if (named.length === 0 || named.includes("document")) {
  const document = fileURLToPath(new URL("document.ts", import.meta.url));
  const flags = rest.filter((arg) => arg.startsWith("--"));
  const { status } = spawnSync(process.execPath, ["--import", "tsx", document, ...flags], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(1);
}
if (named.length === 0 || named.some((name) => name !== "document")) {
  try {
    await bench(rest);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
process.exit();
