import type { AppContext } from "../../context.ts";
import { actorOf, setDevice } from "../people/people.server.ts";
import type { Actor } from "../people/people.ts";

/**
 * Whoever speaks or supports: signed in, or known by their browser's key alone. A browser that has
 * none is given one; `headers` go with the answer.
 */
export async function speakerOf(
  ctx: AppContext,
  request: Request,
): Promise<{ actor: Actor; headers: Record<string, string> }> {
  const actor = await actorOf(ctx, request);
  if (actor.personId || actor.deviceKey) return { actor, headers: {} };
  const { deviceKey, cookie } = setDevice(ctx);
  return { actor: { ...actor, deviceKey }, headers: { "Set-Cookie": cookie } };
}
