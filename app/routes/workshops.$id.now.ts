import type { LoaderFunctionArgs } from "@remix-run/node";
import { actorOf } from "../features/people/people.server.ts";
import { authorsOf } from "../features/workshops/authors.server.ts";
import { newsOf } from "../features/workshops/news.ts";
import { workshopOf } from "../features/workshops/workshops.server.ts";
import { answerAsText, contextOf } from "../request.server.ts";

/** The news of a copy, for the pages that have it open. */
export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const { id = "" } = args.params;
  return answerAsText(args, async () => {
    const actor = await actorOf(ctx, args.request);
    const [page, authors] = await Promise.all([
      workshopOf(ctx, actor, id),
      authorsOf(ctx, actor, id),
    ]);
    return Response.json(newsOf(page, authors), { headers: { "Cache-Control": "no-store" } });
  });
}
