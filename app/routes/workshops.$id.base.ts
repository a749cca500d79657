import type { LoaderFunctionArgs } from "@remix-run/node";
import { actorOf } from "../features/people/people.server.ts";
import { baseFor } from "../features/workshops/workshops.server.ts";
import { answerAsText, contextOf } from "../request.server.ts";

/** The draft a copy is compared with, as a Yjs update. */
export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const { id = "" } = args.params;
  return answerAsText(args, async () => {
    const base = await baseFor(ctx, await actorOf(ctx, args.request), id);
    return new Response(Uint8Array.from(base), {
      headers: {
        "Content-Type": "application/octet-stream",
        // Its members' alone, and another after the next refresh.
        "Cache-Control": "private, no-cache",
      },
    });
  });
}
