import { v7 as uuidv7 } from "uuid";
import * as Y from "yjs";
import type { AppContext } from "../../context.ts";
import { textblocks } from "../../document/read.ts";
import { FRAGMENT } from "../../document/schema.ts";
import { Conflict, NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { auditActor, requireRole } from "../people/people.server.ts";
import { type Actor, type CurriculumRole, holds } from "../people/people.ts";
import type { Rescued, RescueForm } from "./rescues.ts";

/** Who looks after a document's words: its trainers; of a workshop copy, its facilitators too. */
const CARERS = {
  draft: ["trainer"],
  workshop: ["facilitator", "trainer"],
} as const satisfies Record<string, readonly CurriculumRole[]>;

/**
 * The words that wait to be placed in a document, oldest first, for those who look after it. Throws
 * Forbidden. Two queries and one read of the document.
 */
export async function rescuesOf(
  ctx: AppContext,
  actor: Actor,
  documentId: string,
): Promise<Rescued[]> {
  const { carers, curriculumId } = await documentOf(ctx, documentId);
  requireRole(actor, carers, curriculumId);
  const rows = await ctx.db
    .selectFrom("rescues")
    .innerJoin("people", "people.id", "rescues.person_id")
    .leftJoin("workshop_members", (join) =>
      join
        .onRef("workshop_members.person_id", "=", "rescues.person_id")
        .onRef("workshop_members.document_id", "=", "rescues.document_id"),
    )
    .select([
      "rescues.id",
      "rescues.text",
      "rescues.block_id",
      "rescues.at",
      "people.name",
      "workshop_members.name as name_here",
    ])
    .where("rescues.document_id", "=", documentId)
    .where("rescues.status", "=", "open")
    .orderBy("rescues.at")
    .orderBy("rescues.id")
    .execute();
  if (rows.length === 0) return [];
  const { json } = await ctx.collab.read(documentId);
  const texts = new Map(textblocks(json).map(({ id, text }) => [id, text]));
  return rows.map((row) => {
    const text = row.block_id === null ? undefined : texts.get(row.block_id);
    return {
      id: row.id,
      text: row.text,
      by: row.name_here ?? row.name,
      at: row.at,
      near:
        row.block_id === null || text === undefined
          ? null
          : { blockId: row.block_id, words: firstWords(text) },
    };
  });
}

function firstWords(text: string, most = 60): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\s\p{P}]+\S*$/u, "")}…`;
}

/**
 * Puts rescued words back as a passage of their own after the nearest one, or at the end, under their
 * writer's name; or dismisses them. Text, status and audit event commit together. Returns the id of
 * the new passage; null for a dismissal. Throws NotFound, Forbidden, and Conflict when somebody else
 * saw to it first, or nothing is written in a workshop copy any more.
 */
export async function settleRescue(
  ctx: AppContext,
  actor: Actor,
  { rescueId, what }: RescueForm,
): Promise<{ documentId: string; language: string; blockId: string | null }> {
  const rescue = await ctx.db
    .selectFrom("rescues")
    .select(["document_id", "person_id", "block_id", "text"])
    .where("id", "=", rescueId)
    .executeTakeFirst();
  if (!rescue) throw new NotFound("drafts:rescue.notFound");
  const documentId = rescue.document_id;
  const { carers, curriculumId, language } = await documentOf(ctx, documentId);
  const carer = requireRole(actor, carers, curriculumId);
  const role = carers.find((one) => holds(actor, one, curriculumId)) ?? "trainer";
  const settle = async (trx: Parameters<typeof record>[0], status: "used" | "dismissed") => {
    const at = ctx.clock();
    await record(trx, {
      at,
      actor: auditActor(carer, role),
      verb: `rescue.${status}`,
      subject: `document:${documentId}`,
      data: { rescue: rescueId },
    });
    // The audit log's lock is held: nobody closes the copy meanwhile.
    const closed = await trx
      .selectFrom("workshops")
      .select("document_id")
      .where("document_id", "=", documentId)
      .where("status", "=", "closed")
      .executeTakeFirst();
    if (closed && status === "used") throw new Conflict("workshops:errors.closed");
    const { numUpdatedRows } = await trx
      .updateTable("rescues")
      .set({ status, settled_by: carer.personId, settled_at: at.toISOString() })
      .where("id", "=", rescueId)
      .where("status", "=", "open")
      .executeTakeFirst();
    if (Number(numUpdatedRows) === 0) throw new Conflict("drafts:rescue.someoneWasFirst");
  };
  if (what === "dismiss") {
    await ctx.db.transaction().execute((trx) => settle(trx, "dismissed"));
    return { documentId, language, blockId: null };
  }
  const blockId = uuidv7();
  await ctx.collab.edit(
    documentId,
    { personId: rescue.person_id, via: "restore" },
    (doc) => insertAfter(doc, rescue.block_id, blockId, rescue.text),
    (trx) => settle(trx, "used"),
  );
  return { documentId, language, blockId };
}

async function documentOf(ctx: AppContext, documentId: string) {
  const row = await ctx.db
    .selectFrom("documents")
    .innerJoin("modules", "modules.id", "documents.module_id")
    .select(["documents.kind", "documents.language", "modules.curriculum_id"])
    .where("documents.id", "=", documentId)
    .executeTakeFirst();
  if (!row) throw new NotFound("drafts:none");
  return { carers: CARERS[row.kind], curriculumId: row.curriculum_id, language: row.language };
}

/** Writes a paragraph after the block with this id, beside it in its container; else at the end. */
function insertAfter(doc: Y.Doc, near: string | null, id: string, text: string): void {
  const root = doc.getXmlFragment(FRAGMENT);
  const place = near === null ? null : placeAfter(root, near);
  const paragraph = new Y.XmlElement("paragraph");
  const words = new Y.XmlText();
  doc.transact(() => {
    if (place) place.parent.insert(place.index, [paragraph]);
    else root.push([paragraph]);
    paragraph.setAttribute("id", id);
    paragraph.insert(0, [words]);
    words.insert(0, text.replace(/\s+/g, " ").trim());
  });
}

/** Containers that hold passages; lists hold items, and tables rows and cells. */
const HOLDS_PASSAGES = new Set(["blockquote", "callout", "listItem", "tableCell", "tableHeader"]);

function placeAfter(
  parent: Y.XmlFragment,
  id: string,
): { parent: Y.XmlFragment; index: number } | null {
  const children = parent.toArray();
  for (const [index, child] of children.entries()) {
    if (!(child instanceof Y.XmlElement)) continue;
    const holds = !(parent instanceof Y.XmlElement) || HOLDS_PASSAGES.has(parent.nodeName);
    if (child.getAttribute("id") === id && holds) return { parent, index: index + 1 };
    const inside = placeAfter(child, id);
    if (inside) return inside;
  }
  return null;
}
