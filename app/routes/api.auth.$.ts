import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { AppError } from "../errors.ts";
import { contextOf } from "../request.server.ts";

export function loader(args: LoaderFunctionArgs) {
  return contextOf(args).auth.handler(args.request);
}

/** Passkey ceremonies. Each finished one counts as a try to sign in. */
export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  try {
    await ctx.limits.hit("signIn", ctx.clientKey);
  } catch (error) {
    if (error instanceof AppError) return new Response(null, { status: error.status });
    throw error;
  }
  return ctx.auth.handler(args.request);
}
