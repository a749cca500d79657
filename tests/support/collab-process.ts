import { FRAGMENT } from "#app/document/schema.ts";
import { connect } from "#db/connect.ts";
import { type People, serveCollab } from "./collab.ts";

/**
 * A collaboration server in a process of its own, to be killed and measured: address, people and
 * options as arguments, questions as messages.
 */
const [address = "", people = "{}", options = "{}"] = process.argv.slice(2);
const db = connect(address);
const { url, collab } = await serveCollab(
  db,
  JSON.parse(people) as People,
  JSON.parse(options) as { linger?: number },
);

let peak = 0;
const watch = () => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
setInterval(watch, 50).unref();

/** Memory in bytes, after collecting what is garbage; `peak` is the most since the last question. */
function memory() {
  watch();
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { heapUsed: heap, external, rss } = process.memoryUsage();
  const answer = { heap, external, rss, peak };
  peak = 0;
  return answer;
}

process.on("message", async ({ id, what, docId = "" }: Record<string, string>) => {
  const answer =
    what === "memory"
      ? memory()
      : what === "count"
        ? collab.count()
        : (await collab.read(docId)).doc.getXmlFragment(FRAGMENT).toString();
  process.send?.({ id, answer });
});
// Whoever asked is gone: nobody else would end this process.
process.on("disconnect", () => process.exit());

process.stdout.write(`${url}\n`);
