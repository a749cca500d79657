import { setTimeout as sleep } from "node:timers/promises";
import { keep, type Results, stored } from "./keep.ts";
import { canPin, machine, pinClients } from "./machine.ts";
import type { Outcome } from "./measure.ts";
import { type Options, type Part, readOptions } from "./options.ts";
import { ensurePeers, versions } from "./peers.ts";
import { carets } from "./scenarios/carets.ts";
import { fanOut } from "./scenarios/fan-out.ts";
import { kills } from "./scenarios/kills.ts";
import { memory } from "./scenarios/memory.ts";
import { mostReaders, mostReadersOnHalf } from "./scenarios/most-readers.ts";
import { open } from "./scenarios/open.ts";
import { rooms } from "./scenarios/rooms.ts";
import type { Kind } from "./servers.ts";
import { table } from "./table.ts";

type Case = { part: Part; size: number; kinds: readonly Kind[]; run(kind: Kind): Promise<Outcome> };

function cases(options: Options): Case[] {
  const { seed, timing, step, most, edits, restarts, people, servers } = options;
  const keepers = servers.filter((kind) => kind !== "relay");
  const atMost = (warmup: number, measured: number) => ({
    warmup: Math.min(warmup, timing.warmup),
    measured: Math.min(measured, timing.measured),
  });
  const all: Case[] = [
    ...options.readers.map((readers) => ({
      part: "fan-out" as const,
      size: readers,
      kinds: servers,
      run: (kind: Kind) => fanOut(kind, { readers, timing, seed }),
    })),
    {
      part: "most-readers",
      size: most,
      kinds: servers,
      run: (kind) => mostReaders(kind, { step, most, timing: atMost(2, 8), seed }),
    },
    {
      part: "half-core",
      size: most,
      kinds: servers,
      run: (kind) => mostReadersOnHalf(kind, { step, most, timing: atMost(2, 8), seed }),
    },
    ...options.rooms.map((count) => ({
      part: "rooms" as const,
      size: count,
      kinds: servers,
      run: (kind: Kind) => rooms(kind, { count, timing: atMost(5, 15), seed }),
    })),
    {
      part: "open",
      size: edits,
      kinds: keepers,
      run: (kind) => open(kind, { edits, restarts, seed }),
    },
    {
      part: "memory",
      size: options.memoryRooms,
      kinds: keepers,
      run: (kind) => memory(kind, { rooms: options.memoryRooms, edits: options.memoryEdits, seed }),
    },
    {
      part: "carets",
      size: people,
      kinds: servers,
      run: (kind) => carets(kind, { people, timing: atMost(5, 15), seed }),
    },
    {
      part: "kills",
      size: options.kills,
      kinds: keepers,
      run: (kind) => kills(kind, { times: options.kills, seed }),
    },
  ];
  return all.filter(({ part }) => options.parts.includes(part));
}

/** Runs the parts asked for, one server after the other, and prints what came out as one table. */
export async function bench(args: string[]): Promise<void> {
  const options = readOptions(args);
  if (process.platform !== "linux") throw new Error("This bench reads /proc: it needs Linux.");
  ensurePeers();
  pinClients();
  if (!canPin)
    console.error("Servers and clients share their cores: taskset or a second core is missing.");
  const about = { ...machine(), peers: versions(), options };
  const results: Results = {};
  for (const { part, size, kinds, run } of cases(options)) {
    const outcomes: Partial<Record<Kind, Outcome>> = {};
    for (const kind of kinds) {
      const began = performance.now();
      const outcome = await run(kind).catch((error) => ({ figures: {}, failed: String(error) }));
      outcomes[kind] = outcome;
      const seconds = ((performance.now() - began) / 1_000).toFixed(0);
      console.error(`${part} ${size}, ${kind}, ${seconds} s: ${line(outcome)}`);
      await sleep(500);
    }
    results[part] ??= { about, cases: [] };
    results[part].cases.push({ size, outcomes });
  }
  const shown = options.write ? { ...stored(), ...results } : results;
  console.log(table(shown));
  if (options.write) keep(shown, table(shown));
}

const line = ({ figures, failed }: Outcome) =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${Number(value.toFixed(2))}`)
    .concat(failed ? [`FAILED: ${failed}`] : [])
    .join(", ");
