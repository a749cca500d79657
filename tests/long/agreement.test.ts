process.env.RUNS ??= "20000";
await import("#tests/collab/agreement.test.ts");

export {};
