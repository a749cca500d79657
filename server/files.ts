import { Worker } from "node:worker_threads";
import type { Files } from "#app/context.ts";
import { Invalid } from "#app/errors.ts";
import type { Answer } from "./docx-worker.ts";
import type { TextAnswer } from "./text-worker.ts";

const TIME_MS = 10_000;
const MEMORY = { maxOldGenerationSizeMb: 320, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };
/** "PK", 3, 4: how every DOCX begins. */
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** Reads uploaded files. One at a time: whoever uploads many must not take the whole machine. */
export function createFiles({ timeMs = TIME_MS } = {}): Files {
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<A extends { ok: true }>(reader: "docx" | "text", file: unknown): Promise<A> {
    const reading = last.then(() => readInWorker<A>(reader, file, timeMs));
    last = reading.catch(() => undefined);
    return reading;
  }
  return {
    async docxToHtml(file) {
      if (!ZIP.every((byte, index) => file[index] === byte)) {
        throw new Invalid("drafts:notDocx", undefined, "file");
      }
      const { html, notKept } = await inTurn<Answer & { ok: true }>("docx", file);
      return { html, notKept };
    },
    async textToDoc(text, kind) {
      const { imported } = await inTurn<TextAnswer & { ok: true }>("text", { text, kind });
      return imported;
    },
  };
}

/**
 * Runs a reader in a thread that may be ended at any moment, so that no file can stop the rest.
 * Built, it stands next to the server; from source, it runs through tsx.
 */
async function readInWorker<A extends { ok: true }>(
  name: "docx" | "text",
  file: unknown,
  timeMs: number,
): Promise<A> {
  const source = import.meta.url.endsWith(".ts");
  const reader = new URL(`./${name}-worker.${source ? "ts" : "js"}`, import.meta.url);
  const options = { workerData: file, resourceLimits: MEMORY, env: {} };
  const worker = source
    ? new Worker(
        `import("tsx/esm/api").then(({ register }) => (register(), import("${reader.href}")))`,
        { ...options, eval: true },
      )
    : new Worker(reader, options);
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<A | { ok: false; key: string }>((resolve, reject) => {
      const tooMuch = () => reject(new Invalid("drafts:tooMuchInside", undefined, "file"));
      timer = setTimeout(tooMuch, timeMs);
      worker.once("message", resolve);
      worker.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "ERR_WORKER_OUT_OF_MEMORY" ? tooMuch() : reject(error),
      );
      worker.once("exit", tooMuch);
    });
    if (!answer.ok) throw new Invalid(answer.key, undefined, "file");
    return answer;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
