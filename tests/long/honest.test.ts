process.env.RUNS ??= "20000";
await import("#tests/collab/honest.test.ts");

export {};
