// `npm run dev`: the server restarts when its own files change, pages reload by themselves.
import { bin, checkNode, ensureInstalled, run } from "./steps.mjs";

checkNode();
await ensureInstalled();
await run(bin("tsx"), ["watch", "--clear-screen=false", "server/index.ts", "--demo"], {
  env: { NODE_ENV: "development" },
}).catch(() => process.exit(1));
