import type { Transform } from "@tiptap/pm/transform";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import type { DeletedBy } from "#app/document/credit.ts";
import { readDoc, textblocks, words } from "#app/document/read.ts";
import type { Range } from "#app/document/runs.ts";
import { takeBack } from "#app/document/takeback.ts";
import { check } from "#app/document/validate.ts";
import { createDoc } from "#app/document/write.ts";
import { STRUCTURE, WORDS } from "./editing.ts";
import { DEEDS, lexicon, NAMES, Person, Server, wordsOf } from "./people.ts";
import { type Random, random, SEED } from "./random.ts";

const RUNS = Number(process.env.RUNS ?? 60);

const copyOf = (doc: Y.Doc) => {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
};

/** Who took a clock out, by what the server saw; the first of several. */
function remover(deleted: readonly [string, Range][]): DeletedBy {
  const byClient = new Map<number, [string, Range][]>();
  for (const one of deleted) {
    const list = byClient.get(one[1].client);
    if (list) list.push(one);
    else byClient.set(one[1].client, [one]);
  }
  return (client, clock) =>
    byClient.get(client)?.find(([, { from, to }]) => from <= clock && clock < to)?.[0] ?? null;
}

let lastId = 0;

/** As the editor does: each block has an id of its own. */
function giveIds(tr: Transform) {
  const taken = new Set<string>();
  tr.doc.descendants((node, pos) => {
    if (!("id" in (node.type.spec.attrs ?? {}))) return;
    const { id } = node.attrs;
    if (typeof id === "string" && id !== "" && !taken.has(id)) taken.add(id);
    else tr.setNodeMarkup(pos, undefined, { ...node.attrs, id: `u${++lastId}` });
  });
}

const base = (r: Random, word: () => string) =>
  createDoc({
    type: "doc",
    content: Array.from({ length: 8 }, (_, at) => ({
      type: "paragraph",
      attrs: { id: `p${at}` },
      content: [{ type: "text", text: Array.from({ length: r.int(6, 20) }, word).join(" ") }],
    })),
  });

/** Three people write; the state in between is kept. Everything that editors do, with unique words. */
function session(seed: number, vandal: boolean) {
  const r = random(seed);
  const { authors, by } = lexicon(r);
  const server = new Server(base(r, by(null)));
  const people = ["ana", "ben", "vic"].map((name) => new Person(name, r.int(1, 2 ** 31), server));
  const step = (who: Person, name: string) => {
    server.now += r.int(200, 8_000);
    who.hear();
    const deed = DEEDS[name];
    if (deed) deed(who, r, by(who.name));
    else who.edit((tr) => (STRUCTURE[name] ?? WORDS[name])?.(tr, r, by(who.name)));
    who.edit(giveIds);
    who.say();
  };
  for (let at = 0; at < 15; at++) step(r.pick(people), r.pick(NAMES));
  const then = copyOf(server.shadow.doc);
  const calm = NAMES.filter((name) => name !== "paste" && name !== "undo" && name !== "redo");
  for (let at = 0; at < 30; at++) {
    const who = r.pick(people);
    const clears = vandal && who.name === "vic" && r.chance(0.7);
    step(who, clears ? r.pick(["erase", "cut", "erase", "deleteBlock"]) : r.pick(calm));
  }
  return { r, server, then, authors, deletedBy: remover(server.deleted) };
}

/** The words that stand, and whether somebody else than vic wrote every letter of one of them. */
function standing({ shadow, runs }: Server) {
  const words = new Map<string, { others: boolean }>();
  for (const { word, ids } of wordsOf(shadow.doc)) {
    const others = ids.every(
      ({ client, clock }) => runs.authorOf(client, clock).authorId !== "vic",
    );
    words.set(word, { others: others || words.get(word)?.others === true });
  }
  return words;
}

describe("Taking back", () => {
  it(`everything: reads as it did (seed ${SEED})`, { timeout: 120_000 }, () => {
    for (let run = 0; run < RUNS; run++) {
      const { server, then } = session(SEED + run, run % 2 === 0);
      const doc = copyOf(server.shadow.doc);
      const authorOf = server.runs.authorOf;
      const { left } = takeBack(doc, then, { people: null, authorOf, deletedBy: () => null });
      expect(left, `seed ${SEED + run}`).toEqual([]);
      const text = (of: Y.Doc) => textblocks(readDoc(of)).map(({ text }) => text);
      expect(text(doc), `seed ${SEED + run}`).toEqual(text(then));
      expect(check(readDoc(doc)), `seed ${SEED + run}`).toBeNull();
    }
  });

  it(`one person's: no word of others vanishes (seed ${SEED})`, { timeout: 120_000 }, () => {
    const gone: string[] = [];
    const total = { words: 0, gone: 0, back: 0, stays: 0, left: 0, changed: 0 };
    for (let run = 0; run < RUNS; run++) {
      const seed = SEED + run;
      const { server, then, authors, deletedBy } = session(seed, run % 2 === 0);
      const before = standing(server);
      const doc = copyOf(server.shadow.doc);
      const { authorOf } = server.runs;
      const { left, changed } = takeBack(doc, then, {
        people: new Set(["vic"]),
        authorOf,
        deletedBy,
      });
      expect(check(readDoc(doc)), `seed ${seed}`).toBeNull();
      const after = new Set(words(readDoc(doc)));
      const text = textblocks(readDoc(doc))
        .map(({ text }) => text)
        .join("\n");
      for (const [word, { others }] of before) {
        if (!others || !authors.has(word)) continue;
        total.words += 1;
        // Letters that come back may stand right beside it.
        if (!text.includes(word)) gone.push(`seed ${seed}: ${word}`);
      }
      total.left += left.length;
      total.changed += changed;
      // What vic alone took out of what stood then is back, unless it is said to be left.
      for (const { word, ids } of wordsOf(then)) {
        if (before.has(word)) continue;
        const removers = new Set(ids.map(({ client, clock }) => deletedBy(client, clock)));
        if (removers.size > 1 || !removers.has("vic")) continue;
        total.gone += 1;
        if (after.has(word)) total.back += 1;
        else if (left.length > 0) total.stays += 1;
      }
    }
    console.log(`seed ${SEED}: ${JSON.stringify(total)}`);
    expect(gone).toEqual([]);
    // What doesn't come back is said.
    expect((total.back + total.stays) / total.gone).toBeGreaterThan(0.98);
  });

  it(`a vandal's: all is back, and what others wrote (seed ${SEED})`, { timeout: 120_000 }, () => {
    for (let run = 0; run < RUNS; run++) {
      const seed = SEED + run;
      const r = random(seed);
      const { authors, by } = lexicon(r);
      const server = new Server(base(r, by(null)));
      const [ana, vic] = ["ana", "vic"].map((name) => new Person(name, r.int(1, 2 ** 31), server));
      const then = copyOf(server.shadow.doc);
      for (let step = 0; step < 25; step++) {
        const who = (r.chance(0.6) ? vic : ana) as Person;
        const name =
          who === vic ? r.pick(["erase", "deleteBlock"]) : r.pick(["type", "insertBlock"]);
        server.now += 60_000;
        who.hear();
        who.edit((tr) => WORDS[name]?.(tr, r, by(who.name)));
        who.edit(giveIds);
        who.say();
      }
      const { shadow, runs } = server;
      const before = words(readDoc(shadow.doc));
      const doc = copyOf(shadow.doc);
      const { left } = takeBack(doc, then, {
        people: new Set(["vic"]),
        authorOf: runs.authorOf,
        deletedBy: remover(server.deleted),
      });
      const after = words(readDoc(doc)).join(" ");
      const anas = before.filter((word) => authors.get(word) === "ana");
      const missing = [...words(readDoc(then)), ...anas].filter((word) => !after.includes(word));
      expect(missing, `seed ${seed}`).toEqual([]);
      expect(left, `seed ${seed}`).toEqual([]);
      expect(check(readDoc(doc)), `seed ${seed}`).toBeNull();
    }
  });
});
