import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const bundles = new Map<string, string>();

/** A server's file as `npm run build` bundles it, once a process: it isn't to run as a compiler does. */
export function bundle(entry: string): string {
  const known = bundles.get(entry);
  if (known) return known;
  const name = `${basename(entry, ".ts")}-${process.pid}.mjs`;
  const file = fileURLToPath(new URL(`../../test-results/${name}`, import.meta.url));
  buildSync({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  bundles.set(entry, file);
  return file;
}
