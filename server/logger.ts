import pino, { type Logger } from "pino";
import type { Log } from "#app/context.ts";

/** Errors are logged by what they are, never with the data they were about. */
function describe(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as NodeJS.ErrnoException;
  return { name: error.name, code, message: error.message, stack: error.stack };
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
