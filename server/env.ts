import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";

const settings = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  PORT: z.coerce
    .number({ error: "PORT must be a number, for example 3000." })
    .int()
    .min(0)
    .max(65535, { error: "PORT must be at most 65535." })
    .default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATA_DIR: z.string().min(1).default("data"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, {
      error: "DATABASE_URL must start with postgres:// (leave it out to use SQLite in DATA_DIR).",
    })
    .optional(),
  ORIGIN: z
    .url({
      protocol: /^https?$/,
      error: "ORIGIN must be the address people open, for example https://groundwork.example.org",
    })
    .optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, { error: "SMTP_URL must start with smtp:// or smtps://" })
    .optional(),
  MAIL_FROM: z.string().default("Groundwork <groundwork@localhost>"),
  SECRET: z.string().min(32, { error: "SECRET must have at least 32 characters." }).optional(),
  METRICS_TOKEN: z
    .string()
    .min(16, { error: "METRICS_TOKEN must have at least 16 characters." })
    .optional(),
  TRUST_PROXY: z
    .enum(["0", "1"], { error: "TRUST_PROXY is 1 behind your own reverse proxy, else 0." })
    .default("0"),
});

export type Env = {
  mode: "development" | "production" | "test";
  port: number;
  host: string;
  dataDir: string;
  /** A PostgreSQL address, or the path of the SQLite file. */
  database: string;
  /** Null until the port is known, when none was configured. */
  origin: string | null;
  smtpUrl: string | null;
  mailFrom: string;
  secret: string;
  /** What `/metrics` asks for; null when there is no such page. */
  metricsToken: string | null;
  trustProxy: boolean;
};

/** A setting that can't be used. Its message is for the person at the terminal. */
export class SettingError extends Error {}

/**
 * The only reader of the environment. Creates DATA_DIR, and in it the installation's secret when
 * none is given. Throws SettingError in words when a setting is missing or wrong.
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new SettingError(`These settings can't be used:\n${lines.join("\n")}`);
  }
  const env = parsed.data;
  const dataDir = resolve(env.DATA_DIR);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return {
      mode: env.NODE_ENV,
      port: env.PORT,
      host: env.HOST,
      dataDir,
      database: env.DATABASE_URL ?? join(dataDir, "groundwork.sqlite"),
      origin: env.ORIGIN ? new URL(env.ORIGIN).origin : null,
      smtpUrl: env.SMTP_URL ?? null,
      mailFrom: env.MAIL_FROM,
      secret: env.SECRET ?? keptSecret(join(dataDir, "secret")),
      metricsToken: env.METRICS_TOKEN ?? null,
      trustProxy: env.TRUST_PROXY === "1",
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingError(
      `Groundwork can't write in DATA_DIR (${dataDir}): ${code ?? error}. Give it a folder it may write in.`,
    );
  }
}

/** Made once, at the first start: there is no default secret that anyone could know. */
function keptSecret(file: string): string {
  if (!existsSync(file))
    writeFileSync(file, randomBytes(48).toString("base64url"), { mode: 0o600 });
  return readFileSync(file, "utf8").trim();
}

/** The folder a command was given in: npm moves to the project's own. */
export function folderOfCaller(source: NodeJS.ProcessEnv = process.env): string {
  return source.GROUNDWORK_FROM || process.cwd();
}
