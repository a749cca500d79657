import type { Kysely, Transaction } from "kysely";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { Conflict, Invalid, NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";
import { draftsOf } from "../drafts/drafts.server.ts";
import { auditActor, requireRole } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";
import { hourOf, isPublic } from "./inputs.ts";
import { anchorAt, passageOf, Stale } from "./passages.server.ts";
import type { RepairForm } from "./repair.ts";

/** An input that is about some passage, and who may say where that is now. */
export type Repairable = {
  id: string;
  curriculumId: string;
  moduleId: string;
  /** Null when it has no place any more. */
  anchor: { documentId: string; quote: string } | null;
  /** The draft that a suggestion would change; null for a comment: it may be about any of them. */
  draftId: string | null;
  by: { role: "trainer" | "resident"; name: string | null; personId: string | null };
};

/**
 * An input whose place a trainer of its curriculum may repair. Throws NotFound for one that isn't
 * public or can have no place, Forbidden for everybody else.
 */
export async function repairableByTrainer(
  ctx: AppContext,
  actor: Actor,
  inputId: string,
): Promise<Repairable> {
  const row = await rowOf(ctx.db).where("inputs.id", "=", inputId).executeTakeFirst();
  if (!row || !isPublic(row.status)) throw new NotFound("inputs:errors.notFound");
  const { personId } = requireRole(actor, "trainer", row.curriculum_id);
  return repairable(row, { ...auditActor(actor, "trainer"), role: "trainer", personId });
}

/**
 * An input whose author may repair its place: whoever holds the receipt. Nothing of them is kept
 * with it. Throws NotFound.
 */
export async function repairableByAuthor(ctx: AppContext, receipt: string): Promise<Repairable> {
  const row = await rowOf(ctx.db).where("inputs.receipt", "=", receipt).executeTakeFirst();
  if (!row || row.status === "withdrawn" || row.status === "rejected")
    throw new NotFound("inputs:errors.noReceipt");
  return repairable(row, { role: "resident", name: null, personId: null });
}

function rowOf(db: Kysely<Database>) {
  return db
    .selectFrom("inputs")
    .leftJoin("anchors", "anchors.input_id", "inputs.id")
    .leftJoin("suggestions", "suggestions.input_id", "inputs.id")
    .select([
      "inputs.id",
      "inputs.curriculum_id",
      "inputs.module_id",
      "inputs.status",
      "suggestions.document_id as suggested_in",
      "anchors.document_id",
      "anchors.quote",
    ])
    .where("inputs.kind", "<>", "reply");
}

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof rowOf>["executeTakeFirst"]>>>;

function repairable(row: Row, by: Repairable["by"]): Repairable {
  if (row.module_id === null) throw new NotFound("inputs:errors.notFound");
  return {
    id: row.id,
    curriculumId: row.curriculum_id,
    moduleId: row.module_id,
    anchor:
      row.document_id === null || row.quote === null
        ? null
        : { documentId: row.document_id, quote: row.quote },
    draftId: row.suggested_in,
    by,
  };
}

/** The last that was said of an input's anchor; 0 for nothing yet. */
export async function revOf(db: Kysely<Database>, inputId: string): Promise<number> {
  const { seq } = await db
    .selectFrom("anchor_events")
    .select((eb) => eb.fn.max("seq").as("seq"))
    .where("input_id", "=", inputId)
    .executeTakeFirstOrThrow();
  return Number(seq ?? 0);
}

/**
 * Says where an input belongs: still here, there, or nowhere any more, and then it is about the
 * module as a whole. Anchor, event and audit entry commit together. Throws Conflict when the
 * paragraph isn't what the form showed, somebody else settled it since (`rev`), or a decision answered
 * it; Invalid when nothing was chosen.
 */
export async function repairAnchor(
  ctx: AppContext,
  input: Repairable,
  form: RepairForm,
): Promise<void> {
  const anchor = form.action === "lost" ? null : await anchorFor(ctx, input, form);
  const { role, name, personId } = input.by;
  const now = ctx.clock();
  const at = role === "resident" ? hourOf(now) : now;
  await ctx.db.transaction().execute(async (trx) => {
    // Locks the log's head: of two who settle it at once, the second finds the first's event.
    await record(trx, {
      at,
      actor: { role, name },
      verb: `anchor.${form.action}`,
      subject: `input:${input.id}`,
    });
    if ((await revOf(trx, input.id)) !== form.rev)
      throw new Conflict("repair:errors.someoneWasFirst");
    if (await isDecided(trx, input.id)) throw new Conflict("repair:errors.decided");
    await write(trx, input, anchor);
    await trx
      .insertInto("anchor_events")
      .values({
        input_id: input.id,
        action: form.action,
        from_quote: input.anchor?.quote ?? "",
        to_quote: anchor?.quote ?? "",
        block_id: anchor?.block_id ?? null,
        person_id: personId,
        version_id: null,
        at: at.toISOString(),
      })
      .execute();
  });
}

/** What was decided keeps its place in the record. */
async function isDecided(trx: Transaction<Database>, inputId: string): Promise<boolean> {
  const decided = await trx
    .selectFrom("decision_inputs")
    .select("decision_id")
    .where("input_id", "=", inputId)
    .executeTakeFirst();
  return decided !== undefined;
}

type Anchored = ReturnType<typeof anchorAt>;

async function anchorFor(
  ctx: AppContext,
  input: Repairable,
  { block, start, end, quote, base, text }: RepairForm,
): Promise<Anchored> {
  if (!block) throw new Invalid("repair:errors.choose", undefined, "block");
  const documentId = await draftFor(ctx, input, text);
  const { doc, json } = await ctx.collab.read(documentId);
  try {
    const passage = passageOf(json, { block, start, end, quote, base });
    // Words that are gone must not become the whole paragraph behind somebody's back.
    if (quote && passage.scope === "paragraph") throw new Stale(passage.text);
    return anchorAt(doc, documentId, passage);
  } catch (error) {
    throw error instanceof Stale ? new Conflict("repair:errors.textMoved") : error;
  }
}

/** Where an input has its place, or may have one: for a comment without, in a language. */
export async function draftFor(
  ctx: AppContext,
  { anchor, draftId, moduleId }: Repairable,
  language?: string,
): Promise<string> {
  return anchor?.documentId ?? draftId ?? draftIn(ctx, moduleId, language);
}

/** The module's draft in a language, else its leading one. */
async function draftIn(ctx: AppContext, moduleId: string, language?: string): Promise<string> {
  const module = await ctx.db
    .selectFrom("modules")
    .select(["id", "language"])
    .where("id", "=", moduleId)
    .executeTakeFirst();
  const drafts = module ? await draftsOf(ctx.db, module) : [];
  const draft = drafts.find((one) => one.language === language) ?? drafts[0];
  if (!draft) throw new NotFound("drafts:none");
  return draft.id;
}

async function write(
  trx: Transaction<Database>,
  { id }: Repairable,
  anchor: Anchored | null,
): Promise<void> {
  await trx.deleteFrom("anchors").where("input_id", "=", id).execute();
  if (anchor)
    await trx
      .insertInto("anchors")
      .values({ input_id: id, ...anchor })
      .execute();
  await trx
    .updateTable("inputs")
    .set({ document_id: anchor?.document_id ?? null })
    .where("id", "=", id)
    .execute();
}
