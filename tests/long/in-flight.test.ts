process.env.RUNS ??= "20000";
await import("#tests/document/in-flight.test.ts");

export {};
