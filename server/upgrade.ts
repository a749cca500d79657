import type { IncomingMessage } from "node:http";
import type { AppContext } from "#app/context.ts";
import { actorOf } from "#app/features/people/people.server.ts";
import type { Actor } from "#app/features/people/people.ts";

/** Who opens a socket: the same session, by the same cookie, as on every page. */
export function actorOfUpgrade(ctx: AppContext) {
  return (req: IncomingMessage): Promise<Actor> =>
    actorOf(ctx, new Request(ctx.origin, { headers: { Cookie: req.headers.cookie ?? "" } }));
}
