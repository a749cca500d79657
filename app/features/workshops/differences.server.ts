import * as Y from "yjs";
import type { AppContext, DocView } from "../../context.ts";
import { type Credit, creditOf, type DeletedBy } from "../../document/credit.ts";
import { diff, type Hunk } from "../../document/diff.ts";
import type { Deletion } from "../../document/logged.ts";
import { readDoc } from "../../document/read.ts";
import type { AuthorOf } from "../../document/runs.ts";
import { Runs } from "../../document/runs.ts";
import type { DocJSON } from "../../document/schema.ts";
import { authorshipOf } from "../drafts/authorship.server.ts";

/** A state of a text, to look at and never to write to. */
export type State = { doc: Y.Doc; json: DocJSON };

/** A state as the database keeps it. Cost: reading the document once. */
export function stateOf(bytes: Uint8Array): State {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, bytes);
  return { doc, json: readDoc(doc) };
}

/** Who wrote and who took out what in a document. */
export type Whose = { authorOf: AuthorOf; deletedBy: DeletedBy };

/** Looks up whose everything in a document is, as far as it is committed. */
export async function whoseIn(ctx: AppContext, documentId: string): Promise<Whose> {
  const { runs, deletions } = await authorshipOf(ctx.db, documentId);
  return { authorOf: runs.authorOf, deletedBy: removersIn(deletions) };
}

const TOOK = "took";

/** What two took out at once counts for the first. */
function removersIn(deletions: readonly Deletion[]): DeletedBy {
  const ends = new Map<number, number>();
  const ordered = [...deletions].sort((a, b) => a.from - b.from);
  const apart = ordered.flatMap(({ client, from, to, authorId }) => {
    const start = Math.max(from, ends.get(client) ?? 0);
    if (start >= to) return [];
    ends.set(client, to);
    return [{ client, from: start, to, authorId, via: TOOK, writerId: null }];
  });
  const { authorOf } = new Runs(apart);
  return (client, clock) => authorOf(client, clock).authorId;
}

/** What a workshop copy is compared with: the draft as it stood when it was copied or refreshed. */
export async function baseOf(ctx: AppContext, id: string): Promise<State> {
  const { base } = await ctx.db
    .selectFrom("workshops")
    .select("base")
    .where("document_id", "=", id)
    .executeTakeFirstOrThrow();
  return stateOf(base);
}

export type Differences = {
  base: State;
  copy: DocView;
  hunks: Hunk[];
  /** Whose each is, most words first. */
  credit: Map<string, Credit[]>;
};

/** How a workshop copy differs from its base now, and whose each difference is. */
export async function differencesIn(ctx: AppContext, id: string): Promise<Differences> {
  const [base, copy] = await Promise.all([baseOf(ctx, id), ctx.collab.read(id)]);
  const whose = await whoseIn(ctx, id);
  const hunks = diff(base.json, copy.json);
  const credit = creditOf(hunks, { base: base.doc, copy: copy.doc, ...whose });
  return { base, copy, hunks, credit };
}
