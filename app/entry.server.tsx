import { PassThrough } from "node:stream";
import type { EntryContext } from "@remix-run/node";
import { createReadableStreamFromReadable } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { I18nextProvider } from "react-i18next";
import type { RequestContext } from "./context.ts";
import { i18nFor, languageOf } from "./i18n/language.server.ts";
import { NonceContext } from "./ui/nonce.ts";

const ABORT_AFTER_MS = 10_000;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  context: unknown,
) {
  const { nonce, log } = context as RequestContext;
  // Crawlers, and error pages, get the whole page at once.
  const ready =
    isbot(request.headers.get("User-Agent")) || status >= 400 ? "onAllReady" : "onShellReady";
  return new Promise<Response>((resolve, reject) => {
    let shown = false;
    const { pipe, abort } = renderToPipeableStream(
      <I18nextProvider i18n={i18nFor(languageOf(request))}>
        <NonceContext.Provider value={nonce}>
          <RemixServer context={remix} url={request.url} nonce={nonce} />
        </NonceContext.Provider>
      </I18nextProvider>,
      {
        nonce,
        [ready]() {
          shown = true;
          const body = new PassThrough();
          headers.set("Content-Type", "text/html; charset=utf-8");
          keepPrivate(headers);
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status }));
          pipe(body);
        },
        onShellError: reject,
        onError(error: unknown) {
          if (shown) log.error("render failed", error);
        },
      },
    );
    setTimeout(abort, ABORT_AFTER_MS).unref();
  });
}

/** What single-page navigation reads instead of a page. */
export function handleDataRequest(response: Response): Response {
  keepPrivate(response.headers);
  return response;
}

/** Every page depends on who asks, and in which language: no cache may show one person's to another. */
function keepPrivate(headers: Headers): void {
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "private, no-cache");
}

/**
 * Remix hands every unexpected error here: the log gets it, the page shows words. A page or method
 * that isn't there is nobody's mistake but the asker's.
 */
export function handleError(
  error: unknown,
  { request, context }: { request: Request; context: unknown },
) {
  if (isRouteErrorResponse(error) && error.status < 500) return;
  if (!request.signal.aborted) (context as RequestContext).log.error("request failed", error);
}
