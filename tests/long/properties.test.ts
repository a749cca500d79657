import { properties } from "#tests/document/properties.ts";

properties(Number(process.env.RUNS ?? 20_000));
