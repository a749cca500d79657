import { Buffer } from "node:buffer";
import { parentPort, workerData } from "node:worker_threads";
import { strFromU8, Unzip, UnzipInflate, type Unzipped, zipSync } from "fflate";
import mammoth from "mammoth";

/**
 * Reads one DOCX, in a thread of its own: server/files.ts gives it memory and time, and ends it
 * when it takes more. What is unpacked is counted as it streams, whatever the file claims; mammoth
 * then gets an archive of what was counted and nothing else.
 */

const MAX_INFLATED = 64 * 1024 * 1024;
const MAX_TEXT = 24 * 1024 * 1024;
const MAX_ENTRIES = 2_000;
/** Small steps: one may inflate a thousandfold before it is counted. */
const STEP = 8 * 1024;

export type Answer =
  | { ok: true; html: string; notKept: string[] }
  | { ok: false; key: "drafts:notDocx" | "drafts:tooMuchInside" };

class Refused extends Error {
  readonly key: "drafts:notDocx" | "drafts:tooMuchInside";
  constructor(key: Refused["key"]) {
    super(key);
    this.key = key;
  }
}

async function read(file: Uint8Array): Promise<Answer> {
  try {
    const parts = unpack(file);
    const types = parts["[Content_Types].xml"];
    if (!types || !strFromU8(types).includes("wordprocessingml.document.main+xml")) {
      throw new Refused("drafts:notDocx");
    }
    const buffer = Buffer.from(zipSync(parts, { level: 0 }));
    const { value } = await mammoth.convertToHtml(
      { buffer },
      {
        styleMap: [
          "p[style-name='Title'] => h1:fresh",
          "p[style-name='Quote'] => blockquote > p:fresh",
          "u => u",
        ],
        convertImage: mammoth.images.imgElement(async () => ({ src: "" })),
        externalFileAccess: false,
      },
    );
    return { ok: true, html: value, notKept: lost(parts) };
  } catch (error) {
    return { ok: false, key: error instanceof Refused ? error.key : "drafts:notDocx" };
  }
}

/** The XML parts of an archive; its other parts are counted and left out. */
function unpack(file: Uint8Array): Unzipped {
  const parts: Unzipped = {};
  let inflated = 0;
  let text = 0;
  let entries = 0;
  const unzip = new Unzip((entry) => {
    entries += 1;
    if (entries > MAX_ENTRIES) throw new Refused("drafts:tooMuchInside");
    const wanted = /\.(xml|rels)$/.test(entry.name);
    const chunks: Uint8Array[] = [];
    entry.ondata = (error, chunk, final) => {
      if (error) throw error;
      inflated += chunk.length;
      if (wanted) text += chunk.length;
      if (inflated > MAX_INFLATED || text > MAX_TEXT) throw new Refused("drafts:tooMuchInside");
      if (wanted) chunks.push(chunk);
      if (final && wanted) parts[entry.name] = new Uint8Array(Buffer.concat(chunks));
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  for (let at = 0; at < file.length; at += STEP) {
    unzip.push(file.subarray(at, at + STEP), at + STEP >= file.length);
  }
  return parts;
}

const LOST: readonly [kind: string, part: RegExp, sign: RegExp][] = [
  ["chart", /^word\/document\.xml$/, /<(?:c:chart|dgm:relIds|o:OLEObject)\b/g],
  ["equation", /^word\/document\.xml$/, /<m:oMath>/g],
  ["comment", /^word\/comments\.xml$/, /<w:comment /g],
  ["trackedChange", /^word\/document\.xml$/, /<w:(?:ins|del) /g],
  ["pageHeader", /^word\/(?:header|footer)\d*\.xml$/, /<w:t[ >]/],
];

/** What a Word file holds that the text of a module can't: the kind, once for each piece. */
function lost(parts: Unzipped): string[] {
  return Object.entries(parts).flatMap(([name, bytes]) => {
    const signs = LOST.filter(([, part]) => part.test(name));
    const xml = signs.length > 0 ? strFromU8(bytes) : "";
    return signs.flatMap(([kind, , sign]) => (xml.match(sign) ?? []).map(() => kind));
  });
}

parentPort?.postMessage(await read(workerData as Uint8Array));
