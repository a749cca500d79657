import { defineConfig } from "vitest/config";

/** What holds at the sizes that TRUST names: minutes each, one after another, figures printed. */
export default defineConfig({
  test: {
    include: ["tests/long/*.test.ts"],
    globalSetup: ["tests/support/postgres.ts"],
    testTimeout: 30 * 60_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
    fileParallelism: false,
    disableConsoleIntercept: true,
  },
});
