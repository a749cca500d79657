import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";

/** The cores: servers have one to themselves, all clients share the other. */
export const CORES = { server: "0", clients: "1" } as const;

/** Kernel ticks a second in /proc/<pid>/stat. */
const TICKS = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

export const canPin =
  cpus().length > 1 && spawnSync("taskset", ["--version"], { stdio: "ignore" }).status === 0;

/** Keeps this process, which is all clients, on the clients' core. */
export function pinClients(): void {
  if (!canPin) return;
  execFileSync("taskset", ["-a", "-cp", CORES.clients, String(process.pid)], { stdio: "ignore" });
}

/** Something that wants all of the servers' core, at the same priority, until it is sent away. */
export function neighbour(): () => void {
  const node = [process.execPath, "-e", "for (;;);"];
  const [command = "", ...rest] = canPin ? ["taskset", "-c", CORES.server, ...node] : node;
  const child = spawn(command, rest, { stdio: "ignore" });
  return () => void child.kill("SIGKILL");
}

/** Processor time of a process and all its threads so far, in microseconds; steps of one tick. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in brackets may hold anything: the numbers start behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1e6;
}

/** What a process has in memory, in bytes. */
export function rssOf(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}

/** How many files one process may open, sockets included. */
export function openFiles(): number {
  const line = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
  return Number(line?.[1] ?? 1024);
}

/** What was measured on. */
export function machine() {
  const git = (...args: string[]) => {
    const { stdout, status } = spawnSync("git", args, { encoding: "utf8" });
    return status === 0 ? stdout.trim() : "";
  };
  return {
    date: new Date().toISOString(),
    commit: git("rev-parse", "--short", "HEAD") || "unknown",
    changed: git("status", "--porcelain", "--", "app", "server", "db") !== "",
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    kernel: readFileSync("/proc/version", "utf8").split(" ")[2] ?? "",
    node: process.version,
    pinned: canPin,
    openFiles: openFiles(),
  };
}
