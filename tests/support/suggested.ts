import { diff, textsOf } from "#app/document/diff.ts";
import type { Hunk } from "#app/document/hunk.ts";
import type { DocJSON, NodeJSON } from "#app/document/schema.ts";
import type { Review } from "./review.ts";

export function paragraph(id: string, text: string): NodeJSON {
  return { type: "paragraph", attrs: { id }, content: [{ type: "text", text }] };
}

/** The differences that a copy of the draft has once these blocks were changed in it. */
export async function changesIn(
  review: Review,
  change: (blocks: NodeJSON[]) => NodeJSON[],
): Promise<{ hunks: Hunk[]; base: DocJSON }> {
  const base = (await review.ctx.collab.read(review.documentId)).json;
  const copy = structuredClone(base);
  copy.content = change(copy.content ?? []);
  return { hunks: diff(base, copy), base };
}

/** The one difference between the draft and what became of it. */
export async function changeIn(
  review: Review,
  change: (blocks: NodeJSON[]) => NodeJSON[],
): Promise<{ hunk: Hunk; base: DocJSON }> {
  const { hunks, base } = await changesIn(review, change);
  const [hunk] = hunks;
  if (!hunk || hunks.length !== 1) throw new Error(`${hunks.length} differences, not one`);
  return { hunk, base };
}

/** Suggests a change as it comes out of a workshop copy: approved, and open to a decision. */
export async function suggestChange(
  review: Review,
  { hunk, base }: { hunk: Hunk; base: DocJSON },
): Promise<string> {
  const { blockId, before, after } = textsOf(hunk, base);
  return review.input({
    status: "approved",
    suggestion: { block: blockId || "h1", base: before, proposed: after, hunk },
  });
}
