/** In milliseconds. */
const SHORTEST = 100;
const FIRST = 1_000;
const LONGEST = 4_000;

/**
 * How long to wait before the nth attempt in a row to connect, in milliseconds: anything up to a
 * bound that doubles ("full jitter"). After a restart a thousand pages come back spread over the
 * first second or more, and one person still waits half a second on average.
 */
export function waitBefore(attempt: number, random: () => number = Math.random): number {
  const most = Math.min(LONGEST, FIRST * 2 ** (attempt - 1));
  return SHORTEST + random() * (most - SHORTEST);
}
