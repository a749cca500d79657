import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type RunningServer = {
  origin: string;
  dataDir: string;
  process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  stop(): Promise<void>;
  /** Ends it as a power cut would. The data stays: start again with the same `dataDir`. */
  kill(): Promise<void>;
};

/** The demonstration community, seeded once for all tests of a run and copied for each server. */
const TEMPLATE = "build/.demo-data";

/**
 * Starts the built server on a free port with data of its own. With `demo`, the demonstration
 * community is there. The caller stops it.
 */
export async function startServer(
  options: { demo?: boolean; dataDir?: string; port?: number; env?: Record<string, string> } = {},
): Promise<RunningServer> {
  const { demo = true, dataDir = mkdtempSync(join(tmpdir(), "groundwork-data-")) } = options;
  if (demo && readdirSync(dataDir).length === 0) {
    if (!existsSync(join(TEMPLATE, "groundwork.sqlite"))) await seedTemplate();
    cpSync(TEMPLATE, dataDir, { recursive: true });
  }
  return launch(dataDir, demo, options.port ?? 0, options.env);
}

/** Seeds the demonstration community once; every server of the run then starts from a copy. */
export async function seedTemplate(): Promise<void> {
  rmSync(TEMPLATE, { recursive: true, force: true });
  const server = await launch(TEMPLATE, true, 0);
  await server.stop();
}

async function launch(
  dataDir: string,
  demo: boolean,
  port: number,
  env: Record<string, string> = {},
): Promise<RunningServer> {
  const child = spawn(process.execPath, ["build/index.js", ...(demo ? ["--demo"] : [])], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      DATABASE_URL: "",
      ORIGIN: "",
      SMTP_URL: "",
      HOST: "127.0.0.1",
      PORT: String(port),
      DATA_DIR: dataDir,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  child.stderr.on("data", (chunk) => {
    printed += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const origin = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const match = /Groundwork is open at (\S+)/.exec(printed);
      if (match?.[1]) resolve(match[1]);
    };
    child.stdout.on("data", look);
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}:\n${printed}`)));
  });
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    child.kill(signal);
    await ended;
  };
  return {
    origin,
    dataDir,
    process: child,
    output: () => printed,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** The mails an installation without SMTP has put into its outbox, oldest first. */
export async function outbox(dataDir: string, atLeast = 1): Promise<string[]> {
  const dir = join(dataDir, "outbox");
  for (let attempt = 0; attempt < 100; attempt++) {
    const files = existsSync(dir) ? readdirSync(dir).sort() : [];
    if (files.length >= atLeast) return files.map((file) => readFileSync(join(dir, file), "utf8"));
    await sleep(50);
  }
  throw new Error(`The outbox has fewer than ${atLeast} mails`);
}
