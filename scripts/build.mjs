// Builds the pages with Remix, then the server and the reading pages' script with esbuild
// (in that order: Remix empties build/), and reports how much script each page loads.
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { bin, run } from "./steps.mjs";

await run(bin("remix"), ["vite:build", "--logLevel", "error"], { env: { NODE_ENV: "production" } });

await build({
  entryPoints: [
    "server/index.ts",
    "server/docx-worker.ts",
    "server/text-worker.ts",
    "server/import.ts",
  ],
  outdir: "build",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  packages: "external",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});
await build({
  entryPoints: ["app/enhance/index.ts"],
  outfile: "build/client/enhance.js",
  bundle: true,
  format: "esm",
  target: "es2020",
  minify: true,
  logLevel: "warning",
});

const gzipped = (path) => gzipSync(readFileSync(path)).length;
const { entry, routes } = manifest();
const rows = Object.values(routes)
  .filter((route) => route.hasLoader || route.path !== undefined || route.index)
  .map((route) => {
    const source = readFileSync(routeFile(route.id), "utf8");
    if (!/export default/.test(source)) return null;
    if (/hydrate: false/.test(source)) return [route.id, gzipped("build/client/enhance.js")];
    const files = new Set([entry.module, ...entry.imports, route.module, ...route.imports]);
    for (const layout of [routes.root]) {
      for (const file of [layout.module, ...layout.imports]) files.add(file);
    }
    let bytes = 0;
    for (const file of files) bytes += gzipped(`build/client${file}`);
    return [route.id, bytes];
  })
  .filter((row) => row !== null)
  .sort((a, b) => a[0].localeCompare(b[0]));
const report = rows.map(([id, bytes]) => `${(bytes / 1000).toFixed(1).padStart(8)} kB  ${id}`);
writeFileSync("build/script-sizes.txt", `${report.join("\n")}\n`);
console.log(`Script per page, gzipped (before what is loaded lazily):\n${report.join("\n")}`);

function manifest() {
  const server = readFileSync("build/server/index.js", "utf8");
  const match = /const serverManifest = (\{.*?\});\n/s.exec(server);
  if (!match) throw new Error("The build has no manifest.");
  return new Function(`return ${match[1]}`)();
}

function routeFile(id) {
  for (const ending of [".tsx", ".ts"]) {
    try {
      readFileSync(`app/${id}${ending}`);
      return `app/${id}${ending}`;
    } catch {}
  }
  throw new Error(`No file for the route ${id}`);
}
