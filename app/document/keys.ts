import type { Hunk } from "./hunk.ts";

/**
 * A key made of what a change says, the same wherever it is computed: 106 bits of two FNV-like
 * mixes (cyrb53, public domain), in base 36. Not for secrets.
 */
export function keyOf(kind: Hunk["kind"], ...parts: unknown[]): string {
  const text = JSON.stringify(parts);
  return `${kind}-${mixed(text, 0).toString(36)}${mixed(text, 1).toString(36)}`;
}

function mixed(text: string, seed: number): number {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    a = Math.imul(a ^ sign, 2654435761);
    b = Math.imul(b ^ sign, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}

/** Tells hunks of one key apart by how many came before: the same change made twice. */
export function distinctKeys(hunks: readonly Hunk[]): Hunk[] {
  const seen = new Map<string, number>();
  return hunks.map((hunk) => {
    const count = (seen.get(hunk.key) ?? 0) + 1;
    seen.set(hunk.key, count);
    return count === 1 ? hunk : { ...hunk, key: `${hunk.key}.${count}` };
  });
}
