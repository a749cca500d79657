import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { bundle } from "#tests/support/bundle.ts";
import { type Dialect, hocuspocus, plain, silent } from "./frames.ts";
import { CORES, canPin, cpuOf, rssOf } from "./machine.ts";
import { ORIGIN, prepare } from "./servers/prepare.ts";

export const KINDS = ["ours", "y-websocket-server", "hocuspocus", "relay"] as const;
export type Kind = (typeof KINDS)[number];

/** Where a server keeps what it is given: ours always on disk, y-websocket-server when asked to. */
export type Storage = { dir: string; persistent: boolean };

type Contender = {
  dialect: Dialect;
  /** The address of a room. */
  path(room: string): string;
  /** What to run, and in which environment. */
  start(storage: Storage): { args: string[]; env: Record<string, string> };
  /** Makes the rooms before the server starts; the others make a room when somebody comes. */
  prepare?(storage: Storage, rooms: readonly string[], state: Uint8Array): Promise<void>;
};

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const root = (room: string) => `/${room}`;

const CONTENDERS: Record<Kind, Contender> = {
  ours: {
    dialect: plain(true),
    path: (room) => `/collab/${room}`,
    start: ({ dir }) => ({
      // As `npm start` does.
      args: ["--max-semi-space-size=64", bundle(here("servers/ours.ts"))],
      env: { BENCH_DIR: dir },
    }),
    prepare: ({ dir }, rooms, state) => prepare(dir, rooms, state),
  },
  "y-websocket-server": {
    dialect: plain(false),
    path: root,
    start: ({ dir, persistent }) => ({
      args: [here("../peers/node_modules/@y/websocket-server/src/server.js")],
      env: { HOST: "127.0.0.1", ...(persistent && { YPERSISTENCE: join(dir, "leveldb") }) },
    }),
  },
  hocuspocus: {
    dialect: hocuspocus,
    path: root,
    start: ({ dir }) => ({ args: [here("../peers/hocuspocus.mjs")], env: { BENCH_DIR: dir } }),
  },
  relay: {
    dialect: silent,
    path: root,
    start: () => ({ args: [here("servers/relay.mjs")], env: {} }),
  },
};

/** A directory for one scenario, gone when the process is. */
export function directory(): string {
  const dir = mkdtempSync(join(tmpdir(), "groundwork-bench-"));
  directories.add(dir);
  return dir;
}
const directories = new Set<string>();
const children = new Set<ChildProcess>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(1));
}
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  for (const dir of directories) rmSync(dir, { recursive: true, force: true });
});

export class BenchServer {
  readonly kind: Kind;
  readonly port: number;
  readonly dialect: Dialect;
  readonly #child: ChildProcess;
  readonly #pid: number;

  constructor(kind: Kind, port: number, child: ChildProcess) {
    this.kind = kind;
    this.port = port;
    this.dialect = CONTENDERS[kind].dialect;
    this.#child = child;
    this.#pid = child.pid ?? 0;
  }

  path(room: string): string {
    return CONTENDERS[this.kind].path(room);
  }

  /** What every client sends; the role is what ours lets a person do, the others don't ask. */
  headers(role: "write" | "read"): Record<string, string> {
    return { Origin: ORIGIN, Cookie: `person=${role === "write" ? "ana" : "fay"}` };
  }

  /** Processor time so far, in microseconds. */
  cpu(): number {
    return cpuOf(this.#pid);
  }

  /** Memory in bytes once garbage is collected: the least seen in two seconds. */
  async memory(): Promise<number> {
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 4; round++) {
      this.#child.kill("SIGUSR2");
      await sleep(500);
      least = Math.min(least, rssOf(this.#pid));
    }
    return least;
  }

  /** Waits until the server has done what it was given: half a second without work. */
  async idle(longest = 120_000): Promise<void> {
    const end = performance.now() + longest;
    for (let last = -1; performance.now() < end; ) {
      const now = this.cpu();
      if (now - last <= 10_000 && last >= 0) return;
      last = now;
      await sleep(500);
    }
    throw new Error(`${this.kind} is still busy`);
  }

  /** Ends it as a supervisor would, and waits until it has. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM", 15_000);
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL", 15_000);
  }

  async #end(signal: NodeJS.Signals, longest: number): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, "exit");
    this.#child.kill(signal);
    const last = setTimeout(() => this.#child.kill("SIGKILL"), longest);
    await exit;
    clearTimeout(last);
  }
}

/** Makes rooms with this content where a server needs them before it starts. */
export async function make(
  kind: Kind,
  storage: Storage,
  rooms: readonly string[],
  state: Uint8Array,
): Promise<void> {
  await CONTENDERS[kind].prepare?.(storage, rooms, state);
}

/** Starts a server on its core and waits until it listens. */
export async function start(kind: Kind, storage: Storage): Promise<BenchServer> {
  const port = await freePort();
  const { args, env } = CONTENDERS[kind].start(storage);
  const node = [process.execPath, "--expose-gc", "--import", here("servers/preload.mjs"), ...args];
  const [command = "", ...rest] = canPin ? ["taskset", "-c", CORES.server, ...node] : node;
  const child = spawn(command, rest, {
    stdio: ["pipe", "ignore", "inherit"],
    env: { ...process.env, NODE_ENV: "production", PORT: String(port), ...env },
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(20)) {
    if (child.exitCode !== null) break;
    if (await listens(port)) return new BenchServer(kind, port, child);
  }
  throw new Error(`${kind} didn't start`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
