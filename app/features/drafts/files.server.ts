import type { Files } from "../../context.ts";
import type { Imported } from "../../document/import.ts";
import { textblocks } from "../../document/read.ts";
import type { DocJSON } from "../../document/schema.ts";
import { check } from "../../document/validate.ts";
import { Invalid } from "../../errors.ts";
import { type Lost, WORD_ONLY } from "./drafts.ts";

/** A text for one module: some 150,000 words. Parsing it must not hold up everybody else. */
const MAX_BYTES = 1024 * 1024;

export type ReadFile = { doc: DocJSON; title: string; notKept: Lost[] };

const refuse = (key: string) => new Invalid(key, undefined, "file");

/**
 * Reads a file into a document. What it is, is seen from its content: a Word file, a web page, or
 * else Markdown, unless its name says that it should be more than plain text. Throws Invalid in
 * words for anything else. `title` is its title or first heading, else its name.
 */
export async function readFile(
  files: Files,
  { name, bytes }: { name: string; bytes: Uint8Array },
): Promise<ReadFile> {
  if (bytes.length === 0) throw refuse("drafts:empty");
  const { imported, lost } = startsWith(bytes, "PK\u0003\u0004")
    ? await readWord(files, bytes)
    : { imported: await readText(files, name, bytes), lost: [] };
  if (check(imported.doc)) throw refuse("drafts:notSound");
  const blocks = textblocks(imported.doc);
  if (!blocks.some(({ text }) => text.trim() !== "")) throw refuse("drafts:empty");
  const heading = blocks.find(({ type }) => type === "heading")?.text;
  const title = imported.title || heading || name.replace(/\.[^.]*$/, "") || "—";
  return {
    doc: imported.doc,
    title: title.slice(0, 200),
    notKept: [...imported.notKept, ...lost],
  };
}

async function readWord(files: Files, bytes: Uint8Array) {
  const { html, notKept } = await files.docxToHtml(bytes);
  if (html.length > MAX_BYTES) throw refuse("drafts:tooLong");
  const lost = WORD_ONLY.map((what) => ({
    what,
    text: "",
    count: notKept.filter((kind) => kind === what).length,
  })).filter(({ count }) => count > 0);
  return { imported: await files.textToDoc(html, "html"), lost };
}

async function readText(files: Files, name: string, bytes: Uint8Array): Promise<Imported> {
  if (bytes.length > MAX_BYTES) throw refuse("drafts:tooLong");
  const text = decode(bytes);
  // A page, a rich text or a PDF has signs of its own; a NUL is in no text at all.
  if (text === null || text.includes("\0") || /^\s*(?:%PDF|\{\\rtf)/.test(text)) {
    throw refuse("drafts:notText");
  }
  if (isHtml(text)) return files.textToDoc(text, "html");
  if (/^\s*<\?xml/.test(text)) throw refuse("drafts:notText");
  if (/\.docx?$/i.test(name) && text.trim()) throw refuse("drafts:notDocx");
  return files.textToDoc(text, "markdown");
}

/** UTF-8, UTF-16 by its mark, or what a web page says of itself; null when it is none of them. */
function decode(bytes: Uint8Array): string | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 2048));
  const said = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1];
  const marked = head.startsWith("\u00ff\u00fe")
    ? "utf-16le"
    : head.startsWith("\u00fe\u00ff")
      ? "utf-16be"
      : null;
  for (const encoding of marked ? [marked] : ["utf-8", said]) {
    if (!encoding) continue;
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Not this one, or an encoding nobody knows: the next, or none.
    }
  }
  return null;
}

const FIRST_TAG =
  /^<(?:!doctype\s+html|html|head|body|main|article|section|header|div|h[1-6]|p|ul|ol|table|meta|title)[\s>]/i;

function isHtml(text: string): boolean {
  let rest = text.trimStart().replace(/^<\?xml[^>]*\?>\s*/, "");
  while (rest.startsWith("<!--")) {
    const end = rest.indexOf("-->");
    if (end < 0) return false;
    rest = rest.slice(end + 3).trimStart();
  }
  return FIRST_TAG.test(rest);
}

function startsWith(bytes: Uint8Array, sign: string): boolean {
  return [...sign].every((character, index) => bytes[index] === character.charCodeAt(0));
}
