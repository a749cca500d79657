import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL("../peers/", import.meta.url));
const modules = `${directory}node_modules/`;

/**
 * Installs the servers that ours is measured against, unless they are there. They live in a package
 * of their own, with exact versions, so that nothing of ours ever depends on them.
 */
export function ensurePeers(): void {
  const stamp = `${modules}.groundwork`;
  const wanted = createHash("sha256")
    .update(readFileSync(`${directory}package-lock.json`))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.error("Installing the servers to compare with …");
  const { status } = spawnSync(
    "npm",
    ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      cwd: directory,
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  if (status !== 0) throw new Error("The servers to compare with couldn't be installed");
  // Node finds ours, of the same version and compiled already, one floor up.
  rmSync(`${modules}better-sqlite3`, { recursive: true, force: true });
  writeFileSync(stamp, wanted);
}

/** What was installed, for the record. */
export function versions(): Record<string, string> {
  const names = [
    "@y/websocket-server",
    "y-leveldb",
    "@hocuspocus/server",
    "@hocuspocus/extension-sqlite",
    "yjs",
    "ws",
  ];
  return Object.fromEntries(
    names.map((name) => {
      const { version } = JSON.parse(readFileSync(`${modules}${name}/package.json`, "utf8"));
      return [name, String(version)];
    }),
  );
}
