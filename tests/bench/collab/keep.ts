import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { machine } from "./machine.ts";
import type { Outcome } from "./measure.ts";
import type { Options, Part } from "./options.ts";
import type { Kind } from "./servers.ts";

/** What was measured, on what: each part on its own, so that one can be measured again. */
export type Measured = {
  about: ReturnType<typeof machine> & { peers: Record<string, string>; options: Options };
  cases: { size: number; outcomes: Partial<Record<Kind, Outcome>> }[];
};

export type Results = Partial<Record<Part, Measured>>;

const directory = fileURLToPath(new URL("../../../docs/bench/", import.meta.url));
const raw = `${directory}collaboration.json`;

/** The results kept last. */
export function stored(): Results {
  return existsSync(raw) ? JSON.parse(readFileSync(raw, "utf8")) : {};
}

export function keep(results: Results, page: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(raw, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(`${directory}collaboration.md`, page);
  // In the shape the linter wants of every file here.
  const biome = fileURLToPath(new URL("../../../node_modules/.bin/biome", import.meta.url));
  spawnSync(biome, ["format", "--write", raw], { stdio: "ignore" });
}
