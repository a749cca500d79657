// `npm start` (with the demonstration community) and `npm run serve` (without it).
import { pathToFileURL } from "node:url";
import { checkNode, ensureBuilt, ensureInstalled, root } from "./steps.mjs";

checkNode();
try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  console.error(`\nGroundwork couldn't get ready: ${error.message}`);
  process.exit(1);
}
process.env.NODE_ENV ??= "production";
await import(pathToFileURL(`${root}/build/index.js`).href);
