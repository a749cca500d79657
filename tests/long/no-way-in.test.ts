process.env.RUNS ??= "20000";
await import("#tests/collab/no-way-in.test.ts");

export {};
