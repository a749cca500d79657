import type { Kysely, Transaction } from "kysely";
import type * as Y from "yjs";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { type Applied, applyHunk, applyText, blockOf, textIn } from "../../document/apply.ts";
import { diff } from "../../document/diff.ts";
import type { Hunk } from "../../document/hunk.ts";
import { idOf, readDoc, textblocks } from "../../document/read.ts";
import { replacedBy } from "../../document/replaced.ts";
import { FRAGMENT } from "../../document/schema.ts";
import type { Person } from "../people/people.ts";

/** A change of a draft, to be tried on the draft as it stands. */
export type DraftChange = {
  make: (doc: Y.Doc) => Applied;
  /** The blocks that must be free of carets, besides those it replaces. */
  blocks: readonly string[];
};

/** What a change did. `blockId` is where it shows now; null where it left no passage. */
export type Made =
  | { status: "applied"; before: string; after: string; blockId: string | null; inverse: Hunk[] }
  | { status: "already" }
  | { status: "conflict"; current: string | null };

/** Nothing was written: these colleagues write in passages that the change would replace. */
export type HeldBack = { status: "held"; writers: string[] };

/** Kinds of change that only write in blocks: what is typed there meanwhile merges. */
const WRITES_WITHIN = new Set<Hunk["kind"]>(["text", "format", "attrs"]);

/** Thrown inside the edit, so that nothing of it is kept. */
class Occupied extends Error {
  readonly personIds: string[];

  constructor(personIds: string[]) {
    super("occupied");
    this.personIds = personIds;
  }
}

/** Part of a change was made when another part didn't fit: thrown, so that none of it is kept. */
class Unfit extends Error {
  readonly made: Extract<Made, { status: "conflict" }>;

  constructor(applied: Applied) {
    super("unfit");
    this.made = { status: "conflict", current: "current" in applied ? applied.current : null };
  }
}

/**
 * Makes a change in the live draft, in the transaction that writes what `commit` says. A change that
 * replaces blocks waits while a colleague's caret stands in one: what they type at that moment would
 * be lost. The person who decides isn't typing, so that their own carets don't count. A caret that
 * comes between the look and the change is caught by the rescue of swallowed words. `via` is what the
 * words are known to come by, wherever they are carried later.
 */
export async function changeDraft(
  ctx: AppContext,
  person: Person,
  documentId: string,
  { make, blocks }: DraftChange,
  commit: (trx: Transaction<Database>, made: Made, seq: number | null) => Promise<void>,
  via = "decision",
): Promise<Made | HeldBack> {
  const carets = await othersIn(ctx, person, documentId);
  try {
    return await ctx.collab.edit(
      documentId,
      { personId: person.personId, via },
      (doc) => tryChange(doc, make, (replaced) => refuseIn(carets, replaced, blocks)),
      commit,
    );
  } catch (error) {
    if (error instanceof Occupied)
      return { status: "held", writers: await namesOf(ctx.db, error.personIds) };
    if (!(error instanceof Unfit)) throw error;
    const { made } = error;
    await ctx.db.transaction().execute((trx) => commit(trx, made, null));
    return made;
  }
}

function tryChange(
  doc: Y.Doc,
  make: DraftChange["make"],
  refuse: (replaced: ReadonlySet<string>) => void,
): Made {
  const before = readDoc(doc);
  const { result, replaced } = replacedBy(doc, () => make(doc));
  if (result.status === "gone") return { status: "conflict", current: null };
  if (result.status !== "applied") return result;
  refuse(replaced);
  const after = readDoc(doc);
  const inverse = diff(after, before);
  const there = new Set(textblocks(after).map(({ id }) => id));
  const touched = inverse.flatMap((hunk) => hunk.blocks);
  return {
    status: "applied",
    before: result.before,
    after: result.after,
    blockId: touched.find((id) => there.has(id)) ?? null,
    inverse,
  };
}

type Caret = { personId: string; blockId: string };

async function othersIn(ctx: AppContext, person: Person, documentId: string): Promise<Caret[]> {
  const carets = await ctx.collab.carets(documentId);
  return carets.filter(({ personId }) => personId !== person.personId);
}

function refuseIn(
  carets: readonly Caret[],
  replaced: ReadonlySet<string>,
  blocks: readonly string[],
): void {
  const there = carets.filter(({ blockId }) => replaced.has(blockId) || blocks.includes(blockId));
  if (there.length > 0) throw new Occupied(there.map(({ personId }) => personId));
}

async function namesOf(db: Kysely<Database>, personIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom("people")
    .select("name")
    .where("id", "in", [...new Set(personIds)])
    .orderBy("name")
    .execute();
  return rows.map(({ name }) => name);
}

/** Who would have to leave before this change can be made: chosen names of colleagues. */
export async function writersIn(
  ctx: AppContext,
  person: Person,
  documentId: string,
  hunk: Hunk,
): Promise<string[]> {
  const blocks = holdFor(hunk);
  if (blocks.length === 0) return [];
  const there = (await othersIn(ctx, person, documentId)).filter(({ blockId }) =>
    blocks.includes(blockId),
  );
  return there.length === 0
    ? []
    : namesOf(
        ctx.db,
        there.map(({ personId }) => personId),
      );
}

function holdFor({ kind, blocks }: Hunk): string[] {
  return WRITES_WITHIN.has(kind) ? [] : blocks;
}

/** Another wording of one block. `exact`: only if it reads as the person saw it. */
export function rewording(
  change: { blockId: string; base: string; proposed: string },
  { exact = false } = {},
): DraftChange {
  return {
    blocks: [],
    make(doc) {
      const block = exact ? blockOf(doc.getXmlFragment(FRAGMENT), change.blockId) : null;
      const current = block && textIn(block);
      if (current !== null && current !== change.base) return { status: "conflict", current };
      return applyText(doc, change);
    },
  };
}

/** A suggestion from a workshop copy, as it was written there. */
export function asSuggested(hunk: Hunk): DraftChange {
  return { blocks: holdFor(hunk), make: (doc) => applyHunk(doc, hunk) };
}

/** A new passage from a workshop copy, in the trainer's own words. */
export function insertedAs(hunk: Hunk, wording: string): DraftChange {
  return {
    blocks: [],
    make(doc) {
      const inserted = applyHunk(doc, hunk);
      if (inserted.status !== "applied") return inserted;
      const [op] = hunk.ops;
      const blockId = op?.op === "insert" ? idOf(op.node) : "";
      const reworded = applyText(doc, { blockId, base: inserted.after, proposed: wording });
      if (reworded.status !== "applied") throw new Unfit(reworded);
      return { ...inserted, after: reworded.after };
    },
  };
}

/** All of these or none: the first that doesn't fit is the answer. */
export function allOf(hunks: readonly Hunk[]): DraftChange {
  return {
    blocks: hunks.flatMap(holdFor),
    make(doc) {
      const made: Extract<Applied, { status: "applied" }>[] = [];
      for (const hunk of hunks) {
        const next = applyHunk(doc, hunk);
        if (next.status === "applied") made.push(next);
        else if (next.status !== "already") throw new Unfit(next);
      }
      const [first, last] = [made[0], made.at(-1)];
      if (!first || !last) return { status: "already" };
      return { status: "applied", before: first.before, after: last.after };
    },
  };
}
