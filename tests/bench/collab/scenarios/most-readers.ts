import { neighbour } from "../machine.ts";
import type { Outcome, Timing } from "../measure.ts";
import type { Kind } from "../servers.ts";
import { Audience } from "./fan-out.ts";

/** In milliseconds: what 99 in 100 deliveries must stay under. */
export const HELD = 250;

/**
 * The same five writers, and more and more readers: the most with whom p99 stays at or under 250 ms
 * and everything arrives. Up in steps, then half a step back.
 */
export async function mostReaders(
  kind: Kind,
  { step, most, timing, seed }: { step: number; most: number; timing: Timing; seed: number },
): Promise<Outcome> {
  const audience = await Audience.open(kind, seed);
  const figures: Record<string, number> = { readers: 0 };
  const holds = async (readers: number, again = true): Promise<boolean> => {
    await audience.resize(readers);
    const { figures: seen, failed } = await audience.measure(timing);
    figures[`p99 at ${readers}`] = seen.p99 ?? Number.NaN;
    figures[`server % at ${readers}`] = seen.serverPercent ?? Number.NaN;
    figures[`clients % at ${readers}`] = seen.clientPercent ?? Number.NaN;
    const p99 = seen.p99 ?? Number.NaN;
    // A hiccup of the machine is no limit: what is missed narrowly is measured once more.
    if (!failed && again && p99 > HELD && p99 <= 2 * HELD) return holds(readers, false);
    if (failed || !(p99 <= HELD)) return false;
    figures.readers = Math.max(figures.readers ?? 0, readers);
    figures.clientPercent = seen.clientPercent ?? Number.NaN;
    return true;
  };
  try {
    let readers = step;
    while (readers <= most && (await holds(readers))) readers += step;
    if (readers <= most) await holds(readers - step / 2);
    figures.limited = readers > most ? 1 : 0;
    return { figures };
  } finally {
    await audience.close();
  }
}

/**
 * The same on half a core: beside something that wants the other half. Where a process may not open
 * files enough for all the readers a whole core could serve, this still tells servers apart.
 */
export async function mostReadersOnHalf(...args: Parameters<typeof mostReaders>): Promise<Outcome> {
  const leave = neighbour();
  try {
    return await mostReaders(...args);
  } finally {
    leave();
  }
}
