import { parseArgs } from "node:util";
import { openFiles } from "./machine.ts";
import type { Timing } from "./measure.ts";
import { KINDS, type Kind } from "./servers.ts";

/** The parts of this bench, in the order they run. */
export const PARTS = [
  "fan-out",
  "most-readers",
  "half-core",
  "rooms",
  "open",
  "memory",
  "carets",
  "kills",
] as const;
export type Part = (typeof PARTS)[number];

const FULL = {
  readers: "1000,4000",
  seconds: "20",
  warmup: "5",
  step: "2000",
  most: "16000",
  rooms: "200,400",
  edits: "100000",
  restarts: "5",
  "memory-rooms": "100",
  "memory-edits": "20000",
  people: "300",
  kills: "30",
};

/** The same shape, small: whether everything runs, not how fast. */
const QUICK: typeof FULL = {
  ...FULL,
  readers: "500",
  seconds: "4",
  warmup: "1",
  step: "500",
  most: "1000",
  rooms: "50",
  edits: "10000",
  restarts: "1",
  "memory-rooms": "20",
  "memory-edits": "2000",
  people: "100",
  kills: "3",
};

export type Options = {
  parts: Part[];
  servers: Kind[];
  write: boolean;
  quick: boolean;
  seed: number;
  readers: number[];
  rooms: number[];
  timing: Timing;
  step: number;
  most: number;
  edits: number;
  restarts: number;
  memoryRooms: number;
  memoryEdits: number;
  people: number;
  kills: number;
};

/** What was asked for: parts by name, sizes by flag; without names, all parts. Throws in words. */
export function readOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      servers: { type: "string", default: KINDS.join() },
      seed: { type: "string", default: "1" },
      ...Object.fromEntries(Object.keys(FULL).map((name) => [name, { type: "string" as const }])),
    },
  });
  const sizes = { ...(values.quick ? QUICK : FULL), ...values } as Record<string, unknown>;
  const numbers = (name: string) => {
    const list = String(sizes[name]).split(",").map(Number);
    if (list.some((n) => !(n > 0))) throw new Error(`--${name} wants numbers above zero`);
    return list;
  };
  const number = (name: string) => numbers(name)[0] ?? 0;
  return {
    parts: known(positionals, PARTS),
    servers: known(String(values.servers).split(","), KINDS),
    write: values.write === true,
    quick: values.quick === true,
    seed: number("seed"),
    readers: numbers("readers"),
    rooms: numbers("rooms"),
    timing: { warmup: number("warmup"), measured: number("seconds") },
    step: number("step"),
    // A process needs some files besides its sockets.
    most: Math.min(number("most"), openFiles() - 500),
    edits: number("edits"),
    restarts: number("restarts"),
    memoryRooms: number("memory-rooms"),
    memoryEdits: number("memory-edits"),
    people: number("people"),
    kills: number("kills"),
  };
}

function known<T extends string>(names: readonly string[], all: readonly T[]): T[] {
  for (const name of names) {
    if (!(all as readonly string[]).includes(name)) {
      throw new Error(`There is no ${name}; there are ${all.join(", ")}`);
    }
  }
  return names.length > 0 ? all.filter((name) => names.includes(name)) : [...all];
}
