import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { SEED } from "#tests/document/random.ts";
import { machine } from "./collab/machine.ts";
import { ensurePeers } from "./collab/peers.ts";
import { figuresOf } from "./document/figures.ts";
import { page } from "./document/page.ts";
import { besidePeers } from "./document/peers.ts";
import { reworded, sceneOf } from "./document/scene.ts";

/**
 * What the change engine costs on a module of 50 pages, beside others: `npm run bench -- document`.
 * `--quick` for a look whether it runs; kept in docs/bench/document.md with `--write`. Figures to
 * read, not to pass: a slow machine fails nobody.
 */
const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
  strict: false,
});
const small = values.quick === true;
const words = small ? 2_500 : 25_000;

ensurePeers();
console.error(`Making a module of ${words} words and its copies (seed ${SEED}) …`);
const scene = sceneOf(SEED, words);
const figures = figuresOf(scene, SEED, small);
console.error("Beside its peers …");
const pairs = [
  { what: "200 edits, structure among them", compared: besidePeers(scene.base, scene.copy) },
  {
    what: "200 edits of words alone",
    compared: besidePeers(scene.base, reworded(scene, SEED, 200)),
  },
];
const text = page({ about: machine(), seed: SEED, words, small, figures, pairs });
console.log(text);
if (values.write) {
  const directory = fileURLToPath(new URL("../../docs/bench/", import.meta.url));
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}document.md`, text);
}
