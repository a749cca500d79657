import { properties } from "./properties.ts";

properties(Number(process.env.RUNS ?? 2_000));
