import pino, { type Logger } from "pino";
import type { Log } from "#app/context.ts";

/** A mail server that refuses an address repeats it. */
const ADDRESS = /[^\s<>"',;:()/]+@[^\s<>"',;:()/]+\.[a-z]{2,}/giu;

const nameless = (text = "") => text.replace(ADDRESS, "…@…");

/** Errors are logged by what they are, never with the data they were about. */
export function describe(error: unknown) {
  if (!(error instanceof Error)) return { message: nameless(String(error)) };
  const { code } = error as NodeJS.ErrnoException;
  return { name: error.name, code, message: nameless(error.message), stack: nameless(error.stack) };
}

/** Structured lines on standard output. Callers pass events and counts, never names or addresses. */
export function createLog(level: "info" | "error" | "silent" = "info"): Log & { raw: Logger } {
  const raw = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return {
    raw,
    info: (event, fields) => raw.info(fields ?? {}, event),
    error: (event, error) => raw.error({ error: describe(error) }, event),
  };
}
