import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type NextFunction, type Request, type Response } from "express";
import helmet from "helmet";
import type { Registry } from "prom-client";
import type { ViteDevServer } from "vite";
import type { AppContext, RequestContext } from "#app/context.ts";
import { languageOf, translator } from "#app/i18n/language.server.ts";

const FORM_BYTES = 1024 * 1024;
const UPLOAD_BYTES = 20 * 1024 * 1024;
/** The only page that takes files. */
const UPLOADS = /^\/curricula\/[^/]+\/import(?:\.data)?$/;

type Options = {
  ctx: AppContext;
  trustProxy: boolean;
  /** What limits count a request by. */
  clientKey: (req: IncomingMessage) => string;
  /** Numbers for who runs this; null when none were asked for. */
  metrics: { token: string; registry: Registry } | null;
  /** Where the browser's files were built to; unused in development. */
  clientDir: string;
  build: ServerBuild | (() => Promise<ServerBuild>);
  vite: ViteDevServer | null;
};

/** The HTTP side: headers, limits, origin check, static files, health, then Remix. */
export function createHttp(options: Options) {
  const { ctx, trustProxy, clientKey, metrics, clientDir, build, vite } = options;
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", trustProxy ? 1 : false);

  app.get("/healthz", (_req, res) => {
    res.type("text").send("ok");
  });
  if (metrics) app.get("/metrics", answerMetrics(metrics));
  app.use(oneAddress(ctx.origin));
  const { host } = new URL(ctx.origin);
  app.use((req, res, next) => {
    // People reach us at one address, whatever a proxy or an asker calls us: Remix compares it with
    // the Origin of forms, and builds addresses of it.
    req.headers.host = host;
    delete req.headers["x-forwarded-host"];
    if (!trustProxy) {
      for (const name of Object.keys(req.headers)) {
        if (name === "forwarded" || name.startsWith("x-forwarded-")) delete req.headers[name];
      }
    }
    res.locals.nonce = randomBytes(16).toString("base64");
    next();
  });
  app.use(securityHeaders(ctx.origin.startsWith("https:"), vite !== null));
  app.use(soundRequest);
  app.use(compression());

  if (vite) {
    app.use(vite.middlewares);
    app.get("/enhance.js", developmentScript);
    app.use(express.static("public", { redirect: false }));
  } else {
    const assets = join(clientDir, "assets");
    app.use("/assets", express.static(assets, { immutable: true, maxAge: "1y", redirect: false }));
    app.use(express.static(clientDir, { maxAge: 0, index: false, redirect: false }));
  }

  app.use(sameOrigin(ctx.origin));
  app.use(bodyLimit);
  app.use(otherFormats);

  app.all(
    "*",
    createRequestHandler({
      build,
      mode: vite ? "development" : "production",
      getLoadContext: (req, res): RequestContext & Record<string, unknown> => ({
        ...ctx,
        nonce: res.locals.nonce,
        clientKey: clientKey(req),
      }),
    }),
  );
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    ctx.log.error("request failed", error);
    if (res.headersSent) res.destroy();
    else refuse(req, res, 500, "unexpected");
  });
  return app;
}

/** Prometheus' text format, for whoever knows the token. */
function answerMetrics({ token, registry }: NonNullable<Options["metrics"]>) {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const expected = digest(`Bearer ${token}`);
  return async (req: Request, res: Response) => {
    if (!timingSafeEqual(digest(req.headers.authorization ?? ""), expected)) {
      res.set("WWW-Authenticate", "Bearer").status(401).end();
      return;
    }
    res.type(registry.contentType).send(await registry.metrics());
  };
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * This machine has several names. Forms and cookies know only the one that was printed, so whoever
 * comes by another is led there.
 */
function oneAddress(origin: string) {
  const { host } = new URL(origin);
  return (req: Request, res: Response, next: NextFunction) => {
    const asked = req.headers.host ?? host;
    const other = asked !== host && LOOPBACK.test(asked) && LOOPBACK.test(host);
    if (other && req.method === "GET") res.redirect(302, origin + req.originalUrl);
    else next();
  };
}

function securityHeaders(https: boolean, development: boolean) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: [(_req, res) => `'nonce-${(res as Response).locals.nonce}'`, "'strict-dynamic'"],
        // Vite's development client adds <style> elements as it goes.
        styleSrc: ["'self'", ...(development ? ["'unsafe-inline'"] : [])],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'", ...(development ? ["ws:"] : [])],
        manifestSrc: ["'self'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
      },
    },
    // Addresses carry receipts and invitation codes: other sites never see them. "no-referrer" would
    // make browsers send our own forms with `Origin: null`.
    referrerPolicy: { policy: "same-origin" },
    strictTransportSecurity: https,
    xDownloadOptions: false,
  });
}

const METHODS = new Set(["GET", "HEAD", "POST"]);

/** What no browser of ours sends: an address that can't be read, a null in it, another method. */
function soundRequest(req: Request, res: Response, next: NextFunction) {
  if (!METHODS.has(req.method)) return refuse(req, res, 405, "refused");
  try {
    decodeURIComponent(new URL(req.originalUrl, "http://localhost").pathname);
    if (!req.originalUrl.includes("%00")) return next();
  } catch {}
  refuse(req, res, 400, "refused");
}

/**
 * Remix compares Origin to Host for documents only and trusts forwarded headers; this holds for
 * every address: whatever isn't GET or HEAD must come from our own pages.
 */
function sameOrigin(origin: string) {
  return (req: Request, res: Response, next: NextFunction) => {
    if (req.method === "GET" || req.method === "HEAD") return next();
    const sent = req.headers.origin;
    const ours = sent ? sent === origin : req.headers["sec-fetch-site"] === "same-origin";
    if (ours) next();
    else refuse(req, res, 403, "origin");
  };
}

/** Node holds a body to its declared length, so a declared length within bounds is a bound. */
function bodyLimit(req: Request, res: Response, next: NextFunction) {
  if (req.method === "GET" || req.method === "HEAD") return next();
  const declared = req.headers["content-length"];
  if (declared === undefined && req.headers["transfer-encoding"]) {
    return refuse(req, res, 411, "tooLarge");
  }
  const upload = UPLOADS.test(req.path);
  if (Number(declared ?? 0) > (upload ? UPLOAD_BYTES : FORM_BYTES)) {
    return refuse(req, res, 413, "tooLarge");
  }
  next();
}

/** `/curricula/x.json` is the same thing as `/curricula/x` in another format. */
function otherFormats(req: Request, _res: Response, next: NextFunction) {
  const match = /^(\/curricula\/[^?]+)\.(json|md)(\?.*)?$/.exec(req.originalUrl);
  if (match && (req.method === "GET" || req.method === "HEAD")) {
    req.url = `/as/${match[2]}${match[1]}${match[3] ?? ""}`;
    req.originalUrl = req.url;
  }
  next();
}

/** A refusal before any page could be rendered: short, in the reader's language. */
function refuse(
  req: Request,
  res: Response,
  status: number,
  key: "origin" | "refused" | "tooLarge" | "unexpected",
) {
  const headers = new Headers();
  for (const name of ["cookie", "accept-language"]) {
    const value = req.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const t = translator(languageOf(new globalThis.Request("http://localhost/", { headers })));
  // The rest of a refused body isn't read: the connection can't be used again.
  res
    .set("Connection", "close")
    .status(status)
    .type("text")
    .send(t(`errors:${key}`));
}

async function developmentScript(_req: Request, res: Response) {
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: ["app/enhance/index.ts"],
    bundle: true,
    format: "esm",
    target: "es2020",
    write: false,
  });
  res.type("js").send(result.outputFiles[0]?.text);
}
