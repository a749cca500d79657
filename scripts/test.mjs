// `npm test`: installs what it needs, then checks everything. Each step says what it is; the last
// line counts. `npm test -- unit e2e` runs only the steps named.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { bin, checkNode, ensureBuilt, ensureInstalled, run } from "./steps.mjs";

const only = process.argv.slice(2);
const counts = { passed: 0, failed: 0 };
const failedSteps = [];

checkNode();
await ensureInstalled();
rmSync("test-results", { recursive: true, force: true });
mkdirSync("test-results", { recursive: true });

await step("types", () => run(bin("tsc"), ["--noEmit"]));
await step("lint", () => run(bin("biome"), ["check", "."]));
await step("imports", () =>
  run(bin("depcruise"), ["app", "server", "db", "--config", ".dependency-cruiser.cjs"]),
);
await step("build", ensureBuilt);
await step("unit", async () => {
  const output = "test-results/unit.json";
  try {
    await run(bin("vitest"), [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${output}`,
    ]);
  } finally {
    const { numPassedTests = 0, numFailedTests = 0 } = results(output);
    counts.passed += numPassedTests;
    counts.failed += numFailedTests;
  }
});
await step("e2e", async () => {
  await ensureBuilt();
  await ensureBrowser();
  try {
    await run(bin("playwright"), ["test"]);
  } finally {
    const { stats = {} } = results("test-results/e2e.json");
    counts.passed += (stats.expected ?? 0) + (stats.flaky ?? 0);
    counts.failed += stats.unexpected ?? 0;
  }
});

if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(", ")}`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exit(failedSteps.length > 0 ? 1 : 0);

async function step(name, work) {
  if (only.length > 0 && !only.includes(name)) return;
  console.log(`\n== ${name}`);
  const began = Date.now();
  try {
    await work();
    if (name !== "unit" && name !== "e2e") counts.passed++;
    console.log(`== ${name} passed in ${Math.round((Date.now() - began) / 1000)} s`);
  } catch (error) {
    failedSteps.push(name);
    if (name !== "unit" && name !== "e2e") counts.failed++;
    console.error(`== ${name} failed: ${error.message}`);
  }
}

function results(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

/** The system's Chromium, else Playwright's own, else Debian's package when we may install it. */
async function ensureBrowser() {
  const here = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  if (process.env.CHROMIUM || here.some((path) => existsSync(path))) return;
  const { chromium } = await import("@playwright/test");
  if (existsSync(chromium.executablePath())) return;
  console.log("The browser tests need Chromium; fetching Playwright's.");
  if (spawnSync(bin("playwright"), ["install", "chromium"], { stdio: "inherit" }).status === 0)
    return;
  if (process.getuid?.() !== 0) {
    throw new Error("Chromium couldn't be fetched. Install it with your system's package manager.");
  }
  console.log("That didn't work; installing Debian's package.");
  await run("apt-get", ["update", "-qq"]);
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
}
