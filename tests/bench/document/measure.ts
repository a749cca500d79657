/** How long something takes, in milliseconds of this machine. */
export type Taken = { runs: number; p50: number; p95: number; worst: number };

/** Does the work so many times; what it needs is made ready outside the clock. */
export function measure<T>(
  times: number,
  work: (ready: T) => void,
  ready: (run: number) => T,
): Taken {
  const taken: number[] = [];
  for (let run = 0; run < times; run++) {
    const made = ready(run);
    const start = performance.now();
    work(made);
    taken.push(performance.now() - start);
  }
  return summed(taken);
}

/** What of many times is the middle, and the slow end. */
export function summed(taken: number[]): Taken {
  const sorted = taken.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { runs: sorted.length, p50: at(0.5), p95: at(0.95), worst: at(1) };
}
