// What a fresh checkout needs before anything of ours can run. Plain JavaScript, no dependencies:
// this is what runs when nothing is installed yet.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const say = (text) => console.log(text);

/** Runs a program with our terminal; rejects when it fails. */
export function run(command, args, { env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: quiet ? ["ignore", "pipe", "inherit"] : "inherit",
      env: { ...process.env, ...env },
    });
    child.stdout?.resume();
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args.join(" ")} ended with ${code}`)),
    );
  });
}

export const bin = (name) => join(root, "node_modules/.bin", name);

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Groundwork needs Node 20.19 or newer; this is ${process.versions.node}.`);
  console.error("Install a newer one from https://nodejs.org and try again.");
  process.exit(1);
}

/** Installs what package-lock.json names, unless the last installation still fits it. */
export async function ensureInstalled() {
  const stamp = "node_modules/.groundwork";
  const wanted = createHash("sha256")
    .update(readFileSync("package-lock.json"))
    .update(process.versions.modules)
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("Installing what Groundwork is built on. The first time takes two to four minutes:");
  say("where no ready-made SQLite fits this machine, it is compiled here.");
  await run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(stamp, wanted);
}

const SOURCES = [
  "app",
  "server",
  "db",
  "public",
  "package-lock.json",
  "vite.config.ts",
  "remix.config.js",
  "scripts/build.mjs",
];

/** Builds, unless the last build was made from what is here now. */
export async function ensureBuilt() {
  const stamp = "build/.stamp";
  const wanted = sourcesHash();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("Building. This takes about half a minute.");
  await run(process.execPath, ["scripts/build.mjs"]);
  mkdirSync("build", { recursive: true });
  writeFileSync(stamp, wanted);
}

function sourcesHash() {
  const hash = createHash("sha256");
  const add = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) add(join(path, name));
    } else {
      hash.update(path).update("\0").update(readFileSync(path)).update("\0");
    }
  };
  SOURCES.forEach(add);
  return hash.digest("hex");
}
