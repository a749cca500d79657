import { createRequire } from "node:module";
import type { Node, Schema } from "@tiptap/pm/model";
import { diff } from "#app/document/diff.ts";
import { textblocks } from "#app/document/read.ts";
import { type DocJSON, schema } from "#app/document/schema.ts";
import { measure } from "./measure.ts";

/** What one of them makes of a pair of documents. */
export type Compared = { who: string; version: string; ms: number; changes: number; what: string };

const peers = createRequire(new URL("../peers/package.json", import.meta.url));

const versionOf = (name: string): string => {
  const { packages } = peers("./package-lock.json") as {
    packages: Record<string, { version: string }>;
  };
  return packages[`node_modules/${name}`]?.version ?? "";
};

type Peer = { name: string; what: string; run(base: DocJSON, copy: DocJSON): () => number };

/** Each as its documentation has it, on documents that are read already. */
function all(): Peer[] {
  const model = peers("prosemirror-model") as { Schema: new (spec: object) => Schema };
  const { nodes, marks } = schema();
  const specs = (types: Record<string, { spec: unknown }>) =>
    Object.fromEntries(Object.entries(types).map(([name, { spec }]) => [name, spec]));
  const theirs = new model.Schema({ nodes: specs(nodes), marks: specs(marks) });
  const read = (json: DocJSON): Node => theirs.nodeFromJSON(json);
  return [
    {
      name: "prosemirror-changeset",
      what: "changed ranges of positions",
      run(base, copy) {
        const { ChangeSet, simplifyChanges } = peers("prosemirror-changeset");
        const { Transform } = peers("prosemirror-transform");
        const [before, after] = [read(base), read(copy)];
        return () => {
          const { mapping } = new Transform(before).replaceWith(
            0,
            before.content.size,
            after.content,
          );
          const set = ChangeSet.create(before).addSteps(after, mapping.maps, null);
          return simplifyChanges(set.changes, after).length;
        };
      },
    },
    {
      name: "diff",
      what: "words added and removed, of the text alone",
      run(base, copy) {
        const { diffWords } = peers("diff");
        const [before, after] = [base, copy].map((json) =>
          textblocks(json)
            .map(({ text }) => text)
            .join("\n"),
        );
        return () =>
          diffWords(before, after).filter(
            ({ added, removed }: { added?: boolean; removed?: boolean }) => added || removed,
          ).length;
      },
    },
    {
      name: "@technik-sde/prosemirror-recreate-transform",
      what: "steps that make the copy; a move is a deletion and an insertion",
      run(base, copy) {
        const { recreateTransform } = peers("@technik-sde/prosemirror-recreate-transform");
        const [before, after] = [read(base), read(copy)];
        return () => recreateTransform(before, after, { complexSteps: true }).steps.length;
      },
    },
  ];
}

/** Ours and each of the peers on one pair, some after the other, the slow ones once. */
export function besidePeers(base: DocJSON, copy: DocJSON): Compared[] {
  const compared = (who: string, version: string, what: string, run: () => number): Compared => {
    let changes = 0;
    const once = () => {
      changes = run();
    };
    const first = measure(1, once, () => undefined).p50;
    const ms = first > 1_000 ? first : measure(9, once, () => undefined).p50;
    return { who, version, ms, changes, what };
  };
  const pairs = Array.from({ length: 12 }, () => [structuredClone(base), structuredClone(copy)]);
  const ours = compared("ours", "", "changes to take one by one", () => {
    const [one, other] = pairs.pop() ?? [base, copy];
    return diff(one as DocJSON, other as DocJSON).length;
  });
  return [
    ours,
    ...all().map(({ name, what, run }) => compared(name, versionOf(name), what, run(base, copy))),
  ];
}
