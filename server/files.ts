import { Worker } from "node:worker_threads";
import type { Files } from "#app/context.ts";
import { Invalid } from "#app/errors.ts";
import type { Answer } from "./docx-worker.ts";

const TIME_MS = 10_000;
const MEMORY = { maxOldGenerationSizeMb: 320, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };
/** "PK", 3, 4: how every DOCX begins. */
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** Reads uploaded files. One at a time: whoever uploads many must not take the whole machine. */
export function createFiles({ timeMs = TIME_MS } = {}): Files {
  let last: Promise<unknown> = Promise.resolve();
  return {
    docxToHtml(file) {
      if (!ZIP.every((byte, index) => file[index] === byte)) {
        return Promise.reject(new Invalid("drafts:notDocx", undefined, "file"));
      }
      const reading = last.then(() => readInWorker(file, timeMs));
      last = reading.catch(() => undefined);
      return reading;
    },
  };
}

/**
 * Runs the reader in a thread that may be ended at any moment, so that no file can stop the rest.
 * Built, it stands next to the server; from source, it runs through tsx.
 */
async function readInWorker(file: Uint8Array, timeMs: number) {
  const source = import.meta.url.endsWith(".ts");
  const reader = new URL(source ? "./docx-worker.ts" : "./docx-worker.js", import.meta.url);
  const options = { workerData: file, resourceLimits: MEMORY, env: {} };
  const worker = source
    ? new Worker(
        `import("tsx/esm/api").then(({ register }) => (register(), import("${reader.href}")))`,
        { ...options, eval: true },
      )
    : new Worker(reader, options);
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      const tooMuch = () => reject(new Invalid("drafts:tooMuchInside", undefined, "file"));
      timer = setTimeout(tooMuch, timeMs);
      worker.once("message", resolve);
      worker.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "ERR_WORKER_OUT_OF_MEMORY" ? tooMuch() : reject(error),
      );
      worker.once("exit", tooMuch);
    });
    if (!answer.ok) throw new Invalid(answer.key, undefined, "file");
    return { html: answer.html, notKept: answer.notKept };
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
