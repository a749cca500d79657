import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";
import type { People } from "./collab.ts";

export type Memory = { heap: number; external: number; rss: number; peak: number };

export type CollabProcess = Awaited<ReturnType<typeof startCollabProcess>>;

const PROGRAM = fileURLToPath(new URL("./collab-process.ts", import.meta.url));

/** A collaboration server in a process of its own; resolves when it takes sockets. */
export async function startCollabProcess(
  address: string,
  people: Partial<People>,
  options: { linger?: number } = {},
) {
  const child = spawn(
    process.execPath,
    ["--expose-gc", bundle(PROGRAM), address, JSON.stringify(people), JSON.stringify(options)],
    { stdio: ["ignore", "pipe", "inherit", "ipc"] },
  );
  const ended = once(child, "exit");
  const [line] = (await Promise.race([
    once(child.stdout as NodeJS.ReadableStream, "data"),
    ended.then(([code]) => Promise.reject(new Error(`The server ended with ${code}`))),
  ])) as [Buffer];

  let asked = 0;
  function ask<T>(what: string, docId?: string): Promise<T> {
    const id = String(++asked);
    return new Promise((resolve, reject) => {
      const done = () => child.off("message", hear).off("exit", gone);
      const hear = (message: { id: string; answer: T }) => {
        if (message.id !== id) return;
        done();
        resolve(message.answer);
      };
      const gone = () => {
        done();
        reject(new Error("The server is gone"));
      };
      child.on("message", hear as (message: unknown) => void).on("exit", gone);
      child.send({ id, what, docId });
    });
  }

  return {
    url: line.toString().trim(),
    child,
    memory: () => ask<Memory>("memory"),
    count: () => ask<{ rooms: number; sockets: number }>("count"),
    text: (docId: string) => ask<string>("text", docId),
    get alive() {
      return child.exitCode === null && child.signalCode === null;
    },
    /** Ends it as a power cut would. */
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

export const MIB = 1024 * 1024;
export const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
