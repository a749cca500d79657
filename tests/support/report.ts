/** Prints what a long test found, on one line: `garbage: seed 7, 10000 frames, +3.2 MiB`. */
export function report(what: string, figures: Record<string, string | number>): void {
  const said = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  console.log(`${what}: ${said.join(", ")}`);
}

/** The value below which `share` of all lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
