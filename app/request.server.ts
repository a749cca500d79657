import type { Submission } from "@conform-to/react";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { data } from "@remix-run/node";
import type { RequestContext } from "./context.ts";
import { AppError, Invalid } from "./errors.ts";
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
 * Runs a loader or action and turns what the features refuse into an answer the error page shows
 * in words. Anything else stays an error: the server logs it and shows the general page.
 */
export async function answer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw data(error.text, { status: error.status });
    if (isFull(error)) throw data({ key: "errors:diskFull" }, { status: 507 });
    throw error;
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
    if (!(error instanceof AppError)) throw error;
    const { key, params } = error.text;
    const words = translator(languageOf(request))(key as "errors:notFound", params);
    return new Response(`${words}\n`, { status: error.status });
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
  const full = isFull(error);
  if (!full && !(error instanceof AppError)) throw error;
  const { key, status } = full
    ? { key: "errors:diskFull", status: 507 }
    : { key: (error as AppError).text.key, status: (error as AppError).status };
  const field = error instanceof Invalid ? error.field : undefined;
  const reply = submission.reply({
    hideFields,
    ...(field ? { fieldErrors: { [field]: [key] } } : { formErrors: [key] }),
  });
  return data(reply, { status });
}
