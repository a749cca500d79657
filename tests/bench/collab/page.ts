import type { Measured } from "./keep.ts";
import type { Part } from "./options.ts";

/** What a reader of the table must know: what each part does, with whom, on which machine. */
export function page(table: string, measured: readonly [Part, Measured][]): string {
  const [first] = measured;
  if (!first) return "Nothing was measured.\n";
  const { about } = first[1];
  const { peers } = about;
  const runs = new Map<string, Part[]>();
  for (const [part, { about }] of measured) {
    const run = `${about.date.slice(0, 16).replace("T", " ")} UTC at commit ${about.commit}${about.changed ? " with changes" : ""}${about.options.quick ? ", small sizes (--quick)" : ""}`;
    runs.set(run, [...(runs.get(run) ?? []), part]);
  }
  return `# The collaboration server beside its peers

${[...runs].map(([run, parts]) => `- ${runs.size > 1 ? `${parts.join(", ")}: ` : ""}${run}`).join("\n")}
- ${about.cpu}, ${about.cores} cores, Linux ${about.kernel}, Node ${about.node}, ${about.openFiles.toLocaleString("en")} open files a process
- ${about.pinned ? "each server alone on one core, all clients in one process on the other" : "servers and clients not pinned to cores: compare with care"}

${table}

Ratios are what counts: absolute figures belong to this machine. The ratio is ours to the better of the two
peers; for rooms, to Hocuspocus.

## Who runs

| | version | keeps what is written |
|---|---|---|
| ours | this commit; guard, authorship and roles on | SQLite in WAL mode with \`synchronous=FULL\`: on the disk before anybody sees it |
| y-websocket-server | @y/websocket-server ${peers["@y/websocket-server"]}, ws ${peers.ws}, yjs ${peers.yjs} | in memory; for open, memory and kills in LevelDB (y-leveldb ${peers["y-leveldb"]}) as \`YPERSISTENCE\` has it: after it is sent, without fsync |
| Hocuspocus | @hocuspocus/server ${peers["@hocuspocus/server"]}, yjs ${peers.yjs} | @hocuspocus/extension-sqlite ${peers["@hocuspocus/extension-sqlite"]} with a file: the whole document, 2 to 10 s after a change |
| \`ws\` relay | ws as in our own package.json | nothing: passes on whatever comes; a yardstick of the machine |

The peers run with their own settings, as their documentation starts them; Hocuspocus asks for Node 22 and is run on the
Node above. Every server is started anew for every line, on the same text: 30 paragraphs of 40 words, and
1,000 of 25 for open and memory. Clients are the same for all: bare sockets that do the WebSocket
handshake by hand. Writers send the very bytes Yjs would: one word of ten characters at the end of their paragraph. Each word
carries its number, so that updates are counted and timed, not frames. Processor time is that of the whole server process
over the measured time, without joins. A figure counts only if every update reached everybody, and a
whole Yjs client that comes afterwards finds every word once; else it says FAILED.

## What each part does

- **Fan-out**: 5 writers, 5 words a second each, into one room of readers. 200 readers, spread over the order of joining, read at once and are timed; the others read once a second and are counted.
- **Most readers**: the same with more and more readers, in steps of ${about.options.step.toLocaleString("en")} up to ${about.options.most.toLocaleString("en")} (a process may open ${about.openFiles.toLocaleString("en")} files), then half a step back; ≥ where the bench ended before the server did. Once more on half a core, where servers end before the files do: beside a process that wants the whole core at the same priority.
- **Rooms**: 4 writers in each, 3 words a second each; everybody receives the other three's. Every client is timed.
- **Open**: 3 people put their carets somewhere at random, type some ten words there, one edit a word, and go elsewhere; one edit in ten takes out ten characters. Given edit by edit through each server's own socket; to ours, which slows a socket down to 200 updates a second, fifty edits in one. Then SIGTERM; and the median of ${about.options.restarts}: a copy of the files as left, a start, and the time from connecting until a whole Yjs client holds everything. y-leveldb merges its log when a document is first opened, hence the second line. The client's own work is what Yjs needs to read the document from one update.
- **Memory**: resident memory with all rooms open minus before, by their number, ${about.options.memoryEdits.toLocaleString("en")} edits in each, one reader in each, after a restart; garbage is collected before both readings.
- **Carets**: everybody moves twice a second. A position has arrived when it, or a newer one of the same person, has.
- **Kills**: 4 clients type 50 words a second each; \`kill -9\` at a random moment within 0.3 to 2 s; a new start on what is left; a client with an empty copy looks. Nobody who typed returns with a copy.
`;
}
