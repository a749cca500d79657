import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import { collectDefaultMetrics } from "prom-client";
import type { AppContext } from "#app/context.ts";
import { createSetupLink } from "#app/features/people/setup.server.ts";
import { keepRegularly } from "#app/features/workshops/checkpoints.server.ts";
import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { createAuth } from "./auth.ts";
import { createCollab } from "./collab/collab.ts";
import { DEMO_ACCOUNTS, DEMO_PASSWORD, seedDemo } from "./demo.ts";
import { type Env, readEnv, SettingError } from "./env.ts";
import { createFiles } from "./files.ts";
import { createHttp } from "./http.ts";
import { createClientKeys, createLimits } from "./limits.ts";
import { createLog } from "./logger.ts";
import { createMailer } from "./mailer.ts";
import { actorOfUpgrade } from "./upgrade.ts";

const SHUTDOWN_MS = 8_000;
/** How often it is looked which workshop copies are to be kept. */
const KEEPING_MS = 60_000;
/** `npm start` serves the demonstration community; `npm run serve` an installation of one's own. */
const DEMO = process.argv.includes("--demo");

/** Puts the parts together and serves. The only place that knows them all. */
async function serve(env: Env, demo: boolean): Promise<void> {
  const log = createLog(env.mode === "test" ? "error" : "info");
  const server = createServer();
  server.on("request", notYet);
  const port = await listen(server, env);
  const origin = env.origin ?? `http://localhost:${port}`;

  const db = connect(env.database);
  await migrate(db).catch((error: unknown) => {
    throw databaseTrouble(error, env.database) ?? error;
  });
  const clock = () => new Date();
  const mailer = createMailer({
    smtpUrl: env.smtpUrl,
    from: env.mailFrom,
    outbox: join(env.dataDir, "outbox"),
  });
  const auth = await createAuth({ db, origin, secret: env.secret });
  const collab = createCollab({ db, clock, log });
  const ctx: AppContext = {
    db,
    collab,
    auth,
    mailer,
    files: createFiles(),
    limits: createLimits(),
    clock,
    hash: (purpose, ...parts) =>
      createHmac("sha256", env.secret)
        .update([purpose, ...parts].join("\0"))
        .digest("base64url"),
    origin,
    log,
  };

  const clientKey = createClientKeys(env.trustProxy);
  if (env.metricsToken) collectDefaultMetrics({ register: collab.metrics });

  if (demo) await seedDemo(ctx);
  const setup = await createSetupLink(ctx);

  const buildDir = dirname(fileURLToPath(import.meta.url));
  const vite =
    env.mode === "development"
      ? await (await import("vite")).createServer({
          server: { middlewareMode: true, hmr: { server } },
          appType: "custom",
        })
      : null;
  const build = vite
    ? () => vite.ssrLoadModule("virtual:remix/server-build") as Promise<ServerBuild>
    : ((await import(pathToFileURL(join(buildDir, "server/index.js")).href)) as ServerBuild);

  collab.attach(server, {
    origin,
    actorOf: actorOfUpgrade(ctx),
    limit: (request) => ctx.limits.hit("upgrade", clientKey(request)),
    alone: vite === null,
  });
  server.off("request", notYet);
  server.on(
    "request",
    createHttp({
      ctx,
      trustProxy: env.trustProxy,
      clientKey,
      metrics: env.metricsToken ? { token: env.metricsToken, registry: collab.metrics } : null,
      clientDir: join(buildDir, "client"),
      build,
      vite,
    }),
  );
  announce({ origin, setup, demo });
  const keeping = setInterval(() => {
    keepRegularly(ctx).catch((error) => log.error("workshops.keep", error));
  }, KEEPING_MS);
  if (origin.startsWith("https:") && !env.trustProxy) {
    console.warn(
      "ORIGIN is https, so something in front of Groundwork speaks it. Set TRUST_PROXY=1, or all\npeople share the limits of one address.",
    );
  }

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    clearInterval(keeping);
    server.close();
    server.closeIdleConnections();
    await collab.close();
    await vite?.close();
    await db.destroy();
    process.exit(0);
  };
  // One failure that nobody awaited is one failure: the rooms of everybody else go on.
  process.on("unhandledRejection", (error) => log.error("unhandled", error));
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

/** What is answered until everything is put together: migrating and seeding may take a while. */
function notYet(_req: IncomingMessage, res: ServerResponse) {
  res.writeHead(503, { "Content-Type": "text/plain", "Retry-After": "2" });
  res.end("Groundwork is starting. Try again in a moment.\n");
}

/** Takes the port first: a taken one is said at once, before anything is migrated. */
function listen(server: ReturnType<typeof createServer>, env: Env): Promise<number> {
  server.headersTimeout = 15_000;
  server.requestTimeout = 120_000;
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") {
        reject(
          new SettingError(
            `Port ${env.port} is taken: another program, or another Groundwork, is using it.\nStop that one, or choose another: PORT=${env.port + 1} npm ${DEMO ? "start" : "run serve"}`,
          ),
        );
      } else if (error.code === "EACCES" || error.code === "EADDRNOTAVAIL") {
        reject(
          new SettingError(
            `Groundwork may not listen on ${env.host}:${env.port} (${error.code}). Choose another HOST or PORT.`,
          ),
        );
      } else reject(error);
    });
    server.listen(env.port, env.host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : env.port);
    });
  });
}

/** A database that can't be used, in words; null when something else is wrong. */
function databaseTrouble(error: unknown, database: string): SettingError | null {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (/^SQLITE_(NOTADB|CORRUPT|CANTOPEN|READONLY|PERM)/.test(code)) {
    return new SettingError(
      `Groundwork can't use its database ${database} (${code}). Look at the file and at who may write it, or give another DATA_DIR.`,
    );
  }
  // No connection, wrong name or password, no such database, not up yet.
  if (!/^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET|28|3D000|42501|57P03)/.test(code)) return null;
  const { host, pathname } = new URL(database);
  return new SettingError(
    `Groundwork can't use the database at ${host}${pathname} (${code}). Is it running, and are the name, the password and the database in DATABASE_URL right?`,
  );
}

function announce({
  origin,
  setup,
  demo,
}: {
  origin: string;
  setup: string | null;
  demo: boolean;
}) {
  const lines = [`\nGroundwork is open at ${origin}\n`];
  if (setup) {
    lines.push(
      "Nobody looks after this installation yet. Open this link once to become its steward:",
      `  ${origin}/setup/${setup}\n`,
    );
  }
  if (demo) {
    lines.push(
      "The demonstration community of Alder Falls lives here. Read and comment without signing in,",
      `or sign in at ${origin}/sign-in with the password "${DEMO_PASSWORD}" as:`,
      ...DEMO_ACCOUNTS.map(({ role, email }) => `  ${role.padEnd(12)} ${email}`),
      "",
    );
  }
  lines.push("Press Ctrl+C to stop.");
  console.log(lines.join("\n"));
}

try {
  await serve(readEnv(), DEMO);
} catch (error) {
  console.error(error instanceof SettingError ? `\n${error.message}\n` : error);
  process.exit(1);
}
