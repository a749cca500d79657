import type { Submission } from "@conform-to/react";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { data } from "@remix-run/node";
import type { RequestContext } from "./context.ts";
import { AppError, Conflict, Invalid } from "./errors.ts";
import { languageOf, translator } from "./i18n/language.server.ts";

type Args = LoaderFunctionArgs | ActionFunctionArgs;

/** The context the server handed to this request. */
export function contextOf({ context }: Args): RequestContext {
  return context as unknown as RequestContext;
}

/** Our forms are flat: no field of theirs has dots or brackets in its name. */
const FIELD = /^[a-z]\w*$/i;

/**
 * The form a request carries. Names are held to those a form of ours can have, before anything is
 * built of them: `x[999999999]` would be a list of that length. Null characters go: no keyboard
 * makes them, and PostgreSQL keeps none. Throws an answer in words for what is no form.
 */
export async function formOf(request: Request): Promise<FormData> {
  const refusal = data({ key: "errors:refused" }, { status: 400 });
  const sent = await request.formData().catch(() => {
    throw refusal;
  });
  const form = new FormData();
  for (const [name, value] of sent) {
    if (!FIELD.test(name)) throw refusal;
    form.append(name, typeof value === "string" ? value.replaceAll("\0", "") : value);
  }
  return form;
}

/** What databases and disks say when there is no room left. */
const FULL = new Set(["SQLITE_FULL", "SQLITE_IOERR_WRITE", "ENOSPC", "EDQUOT", "53100"]);

/**
 * What databases say when two people did the same at once, or what one of them built on is gone:
 * taken names, missing rows, and writers who waited for each other.
 */
const COLLIDED = new Set([
  "SQLITE_CONSTRAINT_UNIQUE",
  "SQLITE_CONSTRAINT_PRIMARYKEY",
  "SQLITE_CONSTRAINT_FOREIGNKEY",
  "23503",
  "23505",
  "40001",
  "40P01",
]);

/** A refusal in words for what a feature, the database or the disk threw; null for anything else. */
export function refusalOf(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (isFull(error)) return new AppError(507, "errors:diskFull");
  const { code = "" } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return COLLIDED.has(code) ? new Conflict() : null;
}

/**
 * Runs a loader or action and turns what the features refuse into an answer the error page shows
 * in words. Anything else stays an error: the server logs it and shows the general page.
 */
export async function answer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal ? data(refusal.text, { status: refusal.status }) : error;
  }
}

/** As `answer`, for addresses that programs read: what is refused is said in words, as plain text. */
export async function answerAsText(
  { request }: Args,
  work: () => Promise<Response>,
): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    const { key, params } = refusal.text;
    const words = translator(languageOf(request))(key as "errors:notFound", params);
    return new Response(`${words}\n`, { status: refusal.status });
  }
}

/** True when an error means that nothing can be written any more. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && FULL.has((error as NodeJS.ErrnoException).code ?? "");
}

/**
 * What a form's action answers when a feature refuses: the form again, with the reason next to its
 * field or at the top, and everything typed except `hideFields`. Anything else stays an error.
 */
export function refused<T>(
  submission: Submission<T, string[]>,
  error: unknown,
  hideFields: string[] = [],
) {
  const refusal = refusalOf(error);
  if (!refusal) throw error;
  const { status } = refusal;
  const { key } = refusal.text;
  const field = error instanceof Invalid ? error.field : undefined;
  const reply = submission.reply({
    hideFields,
    ...(field ? { fieldErrors: { [field]: [key] } } : { formErrors: [key] }),
  });
  return data(reply, { status });
}
