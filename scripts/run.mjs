// Runs one of the built commands: `npm run import -- FILE… --curriculum SLUG`.
import { pathToFileURL } from "node:url";
import { checkNode, ensureBuilt, ensureInstalled, root } from "./steps.mjs";

// Paths in the arguments are meant from where the person stands, npm moves to the project's folder.
const from = process.env.INIT_CWD ?? process.cwd();
const [command, ...args] = process.argv.slice(2);
checkNode();
await ensureInstalled();
await ensureBuilt();
process.argv = [process.argv[0], command, ...args];
process.chdir(root);
process.env.GROUNDWORK_FROM = from;
await import(pathToFileURL(`${root}/build/${command}.js`).href);
