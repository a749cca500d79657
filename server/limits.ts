import { createHmac, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Limits } from "#app/context.ts";
import { TooMany } from "#app/errors.ts";

/**
 * How many tries, in how many seconds: from one place, which a meeting room shares, or at one
 * account, wherever they come from.
 */
const RATES: Record<Parameters<Limits["hit"]>[0], { points: number; duration: number }> = {
  signIn: { points: 30, duration: 300 },
  passkey: { points: 240, duration: 300 },
  account: { points: 10, duration: 300 },
  input: { points: 60, duration: 600 },
  reply: { points: 60, duration: 600 },
  support: { points: 240, duration: 600 },
  receipt: { points: 30, duration: 300 },
  // Thirty people in one room share an address; of 26 thousand million codes this tries few.
  join: { points: 120, duration: 300 },
  // Into one workshop copy, wherever they come from.
  joined: { points: 300, duration: 600 },
  upload: { points: 30, duration: 600 },
  upgrade: { points: 1_200, duration: 60 },
};

/** Counts in memory; a restart forgets, and nothing about anyone is kept. */
export function createLimits(): Limits {
  const limiters = Object.fromEntries(
    Object.entries(RATES).map(([what, rate]) => [what, new RateLimiterMemory(rate)]),
  );
  return {
    async hit(what, key) {
      try {
        await limiters[what]?.consume(key);
      } catch {
        throw new TooMany();
      }
    },
  };
}

/**
 * What limits count by: a hash of the address under a key that lives in memory and changes every
 * day, so that it can't be kept, compared or led back. Behind our own proxy the address is the one
 * that it saw.
 */
export function createClientKeys(trustProxy: boolean) {
  let key = randomBytes(32);
  setInterval(() => {
    key = randomBytes(32);
  }, 86_400_000).unref();
  return ({ headers, socket }: IncomingMessage): string => {
    const forwarded =
      trustProxy &&
      String(headers["x-forwarded-for"] ?? "")
        .split(",")
        .at(-1);
    const address = (forwarded || socket.remoteAddress || "").trim();
    return createHmac("sha256", key).update(networkOf(address)).digest("base64url");
  };
}

/** What one client counts as: its address, or of IPv6 the network, in which it has 2^64 of them. */
export function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = [], tail = []] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros: string[] = new Array(Math.max(0, 8 - head.length - tail.length)).fill("0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}
