process.env.RUNS ??= "20000";
await import("#tests/document/sources.test.ts");

export {};
