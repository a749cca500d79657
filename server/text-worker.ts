import { parentPort, workerData } from "node:worker_threads";
import { fromHtml, fromMarkdown, type Imported } from "#app/document/import.ts";
import { textblocks } from "#app/document/read.ts";

/**
 * Reads one text, in a thread of its own: server/files.ts gives it memory and time, and ends it
 * when it takes more. A few bytes of HTML or Markdown can cost any parser minutes.
 */

/** More paragraphs than any module has: a page of them could not be shown, or edited. */
const MAX_BLOCKS = 10_000;

export type TextAnswer =
  | { ok: true; imported: Imported }
  | { ok: false; key: "drafts:notSound" | "drafts:tooLong" };

function read({ text, kind }: { text: string; kind: "html" | "markdown" }): TextAnswer {
  try {
    const imported = kind === "html" ? fromHtml(text) : fromMarkdown(text);
    const tooLong = textblocks(imported.doc).length > MAX_BLOCKS;
    return tooLong ? { ok: false, key: "drafts:tooLong" } : { ok: true, imported };
  } catch {
    // Nested so deeply that a stack ran out.
    return { ok: false, key: "drafts:notSound" };
  }
}

parentPort?.postMessage(read(workerData as Parameters<typeof read>[0]));
