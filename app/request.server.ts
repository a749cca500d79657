import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { data } from "@remix-run/node";
import { AppError } from "./errors.ts";
import type { RequestContext } from "./context.ts";

type Args = LoaderFunctionArgs | ActionFunctionArgs;

/** The context the server handed to this request. */
export function contextOf({ context }: Args): RequestContext {
  return context as unknown as RequestContext;
}

/**
 * Runs a loader or action and turns what the features refuse into an answer the error page shows
 * in words. Anything else stays an error: the server logs it and shows the general page.
 */
export async function answer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw data(error.text, { status: error.status });
    throw error;
  }
}
