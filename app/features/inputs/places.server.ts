import type { AppContext } from "../../context.ts";
import { textblocks } from "../../document/read.ts";
import type { DocJSON } from "../../document/schema.ts";
import { doubtOf, searched } from "./doubtful.server.ts";
import { ANCHOR_COLUMNS, anchorOf } from "./passages.server.ts";
import { draftFor, type Repairable, revOf } from "./repair.server.ts";

/** The paragraphs of a section, to choose one from. */
export type Section = { id: string; title: string; paragraphs: { id: string; text: string }[] };

/** How people compare words: case and accents aside. */
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** A draft's paragraphs by section; with words to look for, only those that hold all of them. */
export function placesOf(json: DocJSON, words: string): Section[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  const sections: Section[] = [{ id: "", title: "", paragraphs: [] }];
  for (const { id, type, node, text } of textblocks(json)) {
    if (type === "heading" && node.attrs?.level === 2) {
      sections.push({ id, title: text, paragraphs: [] });
      continue;
    }
    const here = plain(text);
    if (id === "" || text.trim() === "" || !wanted.every((word) => here.includes(word))) continue;
    sections.at(-1)?.paragraphs.push({ id, text });
  }
  return sections.filter(({ paragraphs }) => paragraphs.length > 0);
}

/**
 * All that choosing a place for an input takes: what it was about, and the paragraphs of its draft as
 * it stands, or those with the words looked for (`q`). Three queries and a cached read.
 */
export async function placesFor(ctx: AppContext, input: Repairable, address: URLSearchParams) {
  const said = await ctx.db
    .selectFrom("inputs")
    .leftJoin("anchors", "anchors.input_id", "inputs.id")
    .select(["inputs.body", "inputs.language", ...ANCHOR_COLUMNS])
    .where("inputs.id", "=", input.id)
    .executeTakeFirstOrThrow();
  const documentId = await draftFor(ctx, input, address.get("text") ?? undefined);
  const { language } = await ctx.db
    .selectFrom("documents")
    .select("language")
    .where("id", "=", documentId)
    .executeTakeFirstOrThrow();
  const view = await ctx.collab.read(documentId);
  const anchor = anchorOf(said);
  const doubt = anchor && doubtOf(searched(view), anchor);
  const likely = doubt ? (doubt.now ?? doubt.candidates[0])?.blockId : anchor?.blockId;
  const q = (address.get("q") ?? "").slice(0, 200);
  const sections = placesOf(view.json, q);
  const near = sections.find(({ paragraphs }) => paragraphs.some(({ id }) => id === likely));
  return {
    quote: input.anchor?.quote ?? "",
    body: said.body,
    bodyLanguage: said.language,
    language,
    rev: await revOf(ctx.db, input.id),
    hasPlace: input.anchor !== null,
    q,
    sections,
    near: near?.id ?? null,
  };
}
