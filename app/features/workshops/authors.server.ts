import * as Y from "yjs";
import type { AppContext } from "../../context.ts";
import { authorshipOf } from "../drafts/authorship.server.ts";
import { colourOf } from "../people/colour.server.ts";
import type { Actor } from "../people/people.ts";
import { standingIn } from "./standing.server.ts";
import type { AuthoredRange, WorkshopAuthors } from "./workshops.ts";

/**
 * Who wrote and who took out what in a workshop copy since the draft was copied, under the names
 * they chose here, for whoever may look into it. Whoever was taken out keeps their name. Seven
 * queries; cost: decoding what was written since the log was merged last.
 */
export async function authorsOf(
  ctx: AppContext,
  actor: Actor,
  id: string,
): Promise<WorkshopAuthors> {
  const { workshop } = await standingIn(ctx.db, actor, id);
  const [{ runs, deletions }, { fork_vector }, members] = await Promise.all([
    authorshipOf(ctx.db, id),
    ctx.db
      .selectFrom("workshops")
      .select("fork_vector")
      .where("document_id", "=", workshop.id)
      .executeTakeFirstOrThrow(),
    ctx.db
      .selectFrom("workshop_members")
      .select(["person_id", "name"])
      .where("document_id", "=", id)
      .execute(),
  ]);
  const known = fork_vector ? Y.decodeStateVector(fork_vector) : new Map<number, number>();
  const names = new Map(members.map(({ person_id, name }) => [person_id, name]));
  /** A draft's authors have no name here: their words are the draft's. */
  const whose = (authorId: string | null) =>
    authorId !== null && names.has(authorId) ? authorId : null;
  return {
    people: Object.fromEntries(
      members.map(({ person_id, name }) => [person_id, { name, colour: colourOf(person_id) }]),
    ),
    runs: [...runs]
      .map((run) => ({ ...run, from: Math.max(run.from, known.get(run.client) ?? 0) }))
      .filter(({ from, to }) => from < to)
      .map(({ client, from, to, authorId, via }) => [client, from, to, whose(authorId), via]),
    deletions: deletions.map(
      ({ client, from, to, authorId }): AuthoredRange => [client, from, to, whose(authorId)],
    ),
  };
}
