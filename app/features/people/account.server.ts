import type { AppContext, RequestContext } from "../../context.ts";
import { Forbidden, Invalid } from "../../errors.ts";
import { requirePerson } from "./people.server.ts";

/** A session this young may set a password without knowing the old one. */
const FRESH_MS = 60 * 60 * 1000;

/** The signed-in person with their account. Only ever shown to themselves. */
export async function accountOf(ctx: AppContext, request: Request) {
  const person = await requirePerson(ctx, request);
  const session = await ctx.auth.session(request.headers);
  const account = session && (await ctx.auth.account(session.accountId));
  if (!session || !account) throw new Forbidden("people:signInFirst");
  const fresh = ctx.clock().getTime() - session.since.getTime() < FRESH_MS;
  return { person, account, fresh };
}

/**
 * Sets a password and signs out every other device. A session that isn't fresh must know the
 * password in use. Returns the cookies of the new session.
 */
export async function choosePassword(
  ctx: RequestContext,
  request: Request,
  { current = "", password }: { current?: string | undefined; password: string },
): Promise<Headers> {
  const { person, account, fresh } = await accountOf(ctx, request);
  if (!fresh) {
    if (!account.hasPassword) throw new Forbidden("people:account.passwordStale");
    await ctx.limits.hit("signIn", ctx.clientKey);
    if (!(await ctx.auth.passwordFits(account.id, current)))
      throw new Invalid("people:account.passwordCurrentWrong", undefined, "current");
  }
  await ctx.auth.setPassword(account.id, password);
  await ctx.auth.signOutEverywhere(account.id);
  ctx.collab.disconnect(person.personId);
  const signedIn = await ctx.auth.signIn(request.headers, account.email, password);
  return signedIn.ok ? signedIn.headers : new Headers();
}

/** Ends all sessions of the person, on this device too, and closes their open sockets. */
export async function signOutEverywhere(ctx: AppContext, request: Request): Promise<Headers> {
  const { person, account } = await accountOf(ctx, request);
  const headers = await ctx.auth.signOut(request.headers);
  await ctx.auth.signOutEverywhere(account.id);
  ctx.collab.disconnect(person.personId);
  return headers;
}
