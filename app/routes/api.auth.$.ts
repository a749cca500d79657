import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { AppError } from "../errors.ts";
import { contextOf } from "../request.server.ts";

/** Passkey ceremonies. Each one begun is kept for a while, so beginning them has its limit. */
export function loader(args: LoaderFunctionArgs) {
  return limited(args, "passkey");
}

/** Each finished one counts as a try to sign in. */
export function action(args: ActionFunctionArgs) {
  return limited(args, "signIn");
}

async function limited(
  args: LoaderFunctionArgs | ActionFunctionArgs,
  what: "passkey" | "signIn",
): Promise<Response> {
  const ctx = contextOf(args);
  try {
    await ctx.limits.hit(what, ctx.clientKey);
  } catch (error) {
    if (error instanceof AppError) return new Response(null, { status: error.status });
    throw error;
  }
  return ctx.auth.handler(args.request);
}
