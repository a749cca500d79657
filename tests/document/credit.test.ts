import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { carriedFrom } from "#app/document/carried.ts";
import { creditOf } from "#app/document/credit.ts";
import { diff } from "#app/document/diff.ts";
import { readDoc, textblocks, WORD } from "#app/document/read.ts";
import { Runs, rangesOf } from "#app/document/runs.ts";
import { type DocJSON, schema } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { STRUCTURE, WORDS } from "./editing.ts";
import { DEEDS, find, lexicon, NAMES, Person, Server, wordsOf } from "./people.ts";
import { random, SEED } from "./random.ts";

const DOCUMENTS = Number(process.env.RUNS ?? 25);

const paragraph = (id: string, text: string) => ({
  type: "paragraph",
  attrs: { id },
  content: [{ type: "text", text }],
});
const BASE: DocJSON = {
  type: "doc",
  content: [
    { ...paragraph("h", "Time and distance"), type: "heading", attrs: { id: "h", level: 2 } },
    paragraph("a", "Slow down when nobody is in danger."),
    paragraph("b", "Say who you are and why you came."),
    paragraph("c", "Ask the cat for its name."),
  ],
};

/** A copy of `BASE` with people who write in it. */
function copying() {
  const base = createDoc(BASE);
  const server = new Server(base);
  let last = 1;
  const person = (name: string) => {
    const one = new Person(name, ++last, server);
    return {
      does(change: Parameters<Person["edit"]>[0]) {
        one.hear();
        one.edit(change);
        one.say();
      },
    };
  };
  return {
    base,
    server,
    ana: person("ana"),
    ben: person("ben"),
    cleo: person("cleo"),
    /** Whose each difference is, by its kind: "text: ana+ben". */
    credit: () => {
      const { hunks, credit } = credited(base, server);
      return hunks.map(
        ({ key, kind }) =>
          `${kind}: ${(credit.get(key) ?? []).map(({ personId }) => personId).join("+")}`,
      );
    },
  };
}

function credited(base: Y.Doc, { shadow, runs, deleted }: Server) {
  const hunks = diff(readDoc(base), readDoc(shadow.doc));
  const deletedBy = (client: number, clock: number) =>
    deleted.find(
      ([, range]) => range.client === client && range.from <= clock && clock < range.to,
    )?.[0] ?? null;
  const sides = { base, copy: shadow.doc, authorOf: runs.authorOf, deletedBy };
  return { hunks, credit: creditOf(hunks, sides) };
}

const put =
  (text: string, before: string) =>
  (tr: Parameters<Parameters<Person["edit"]>[0]>[0]): void => {
    tr.insert(find(tr.doc, before).from, schema().text(text));
  };
const erase =
  (words: string) =>
  (tr: Parameters<Parameters<Person["edit"]>[0]>[0]): void => {
    const { from, to } = find(tr.doc, words);
    tr.delete(from, to);
  };
const drop =
  (words: string) =>
  (tr: Parameters<Parameters<Person["edit"]>[0]>[0]): void => {
    const place = tr.doc.resolve(find(tr.doc, words).from);
    tr.delete(place.before(), place.after());
  };

describe("Whose a difference is", () => {
  it("words put in are their writer's, words taken out their remover's", () => {
    const { ana, ben, credit } = copying();
    ana.does(put("very ", "Slow"));
    ben.does(erase("who you are and "));
    expect(credit()).toEqual(["text: ana", "text: ben"]);
  });

  it("one change of two people is both's, most words first", () => {
    const { ana, ben, credit } = copying();
    ana.does(erase("nobody is"));
    ben.does(put("you and all the others are safe and ", "in danger"));
    expect(credit()).toEqual(["text: ben+ana"]);
  });

  it("the letters of a word that were there before count for nobody", () => {
    const { ana, ben, credit } = copying();
    ana.does(put("s", " for its"));
    expect(credit()).toEqual(["text: ana"]);
    ben.does(erase("Slow d"));
    expect(credit()).toEqual(["text: ben", "text: ana"]);
  });

  it("a new passage is its writers', and its maker's", () => {
    const { ana, ben, credit } = copying();
    ana.does((tr) => {
      const place = tr.doc.resolve(find(tr.doc, "Slow").from);
      const node = schema().nodes.paragraph?.create({ id: "n" }, schema().text("New."));
      if (node) tr.insert(place.after(), node);
    });
    expect(credit()).toEqual(["insert: ana"]);
    ben.does(put("Never mind what anybody says about it. ", "New."));
    expect(credit()).toEqual(["insert: ben+ana"]);
  });

  it("a passage is gone by who took it out, and by who had cut in it", () => {
    const { ana, ben, credit } = copying();
    ana.does(erase("Say "));
    ben.does(drop("who you are"));
    expect(credit()).toEqual(["delete: ben+ana"]);
  });

  it("a move, another kind and a setting are whose hand made them, not whose words they are", () => {
    const { ana, ben, cleo, credit } = copying();
    ana.does((tr) => {
      const place = tr.doc.resolve(find(tr.doc, "Ask the cat").from);
      const node = place.parent;
      tr.delete(place.before(), place.after());
      tr.insert(0, node);
    });
    expect(credit()).toEqual(["move: ana"]);
    ben.does((tr) => {
      const { from, to } = find(tr.doc, "Say who");
      const type = schema().nodes.heading;
      if (type) tr.setBlockType(from, to, type, { id: "b", level: 3 });
    });
    cleo.does((tr) => {
      const place = tr.doc.resolve(find(tr.doc, "Time and").from);
      tr.setNodeMarkup(place.before(), undefined, { ...place.parent.attrs, level: 4 });
    });
    expect(credit().sort()).toEqual(["attrs: cleo", "move: ana", "retype: ben"]);
  });

  it("a format is whose hand set it", () => {
    const { ana, ben, credit } = copying();
    ben.does(put("very ", "danger"));
    ana.does((tr) => {
      const { from, to } = find(tr.doc, "Slow down");
      const mark = schema().marks.bold?.create();
      if (mark) tr.addMark(from, to, mark);
    });
    expect(credit().sort()).toEqual(["format: ana", "text: ben"]);
  });

  it("what one splits and another cuts is the other's", () => {
    const { ana, ben, credit } = copying();
    ana.does((tr) => {
      const { from } = find(tr.doc, "and why");
      tr.split(from, 1, [{ type: tr.doc.resolve(from).parent.type, attrs: { id: "s" } }]);
    });
    ben.does(erase("why "));
    const said = credit();
    expect(said.find((one) => one.startsWith("split"))).toBe("split: ana");
    expect(said.find((one) => one.startsWith("text"))).toBe("text: ben");
  });

  it("what was typed and taken back again is no trace in it", () => {
    const { ana, ben, credit } = copying();
    ana.does(put("oh well ", "who you"));
    ana.does(erase("oh well "));
    ben.does(erase("who "));
    expect(credit()).toEqual(["text: ben"]);
  });

  it("what came back and is taken out again is the last one's", () => {
    const { server, base, ana, ben, credit } = copying();
    ana.does(erase("who you are and "));
    const doc = server.shadow.doc;
    let changes = { beforeState: new Map<number, number>(), afterState: new Map<number, number>() };
    doc.once("afterTransaction", (transaction: Y.Transaction) => {
      changes = transaction;
    });
    const words = (doc.getXmlFragment("default").get(2) as Y.XmlElement).get(0) as Y.XmlText;
    words.insert(4, "who you are and ");
    const ranges = rangesOf(changes);
    const carried = carriedFrom(doc, ranges, base, server.runs.authorOf);
    server.runs.add(ranges, carried, { authorId: "fay", via: "restore" });
    expect(credit()).toEqual([]);
    for (const person of server.people) {
      Y.applyUpdate(person.doc, Y.encodeStateAsUpdate(doc), server);
    }
    ben.does(erase("who you are and "));
    expect(credit()).toEqual(["text: ben"]);
  });

  it("nobody's when nothing is known", () => {
    const { base, server, ana } = copying();
    ana.does(put("very ", "Slow"));
    ana.does(drop("Say who"));
    const hunks = diff(readDoc(base), readDoc(server.shadow.doc));
    const credit = creditOf(hunks, {
      base,
      copy: server.shadow.doc,
      authorOf: new Runs().authorOf,
      deletedBy: () => null,
    });
    for (const list of credit.values())
      expect(list.every(({ personId }) => personId === null)).toBe(true);
  });

  it(`has every word's writer, whatever editors do (seed ${SEED})`, { timeout: 120_000 }, () => {
    const r = random(SEED);
    const total = { words: 0, right: 0, hunks: 0, known: 0 };
    for (let run = 0; run < DOCUMENTS; run++) {
      const { authors, by } = lexicon(r);
      const base = createDoc({
        type: "doc",
        content: Array.from({ length: 6 }, (_, at) =>
          paragraph(`p${at}`, Array.from({ length: r.int(8, 30) }, by(null)).join(" ")),
        ),
      });
      const server = new Server(base);
      const people = ["ana", "ben", "cleo"].map(
        (name) => new Person(name, r.int(1, 2 ** 31), server),
      );
      for (let step = 0; step < 60; step++) {
        const who = r.pick(people);
        const name = r.pick(NAMES);
        server.now += r.int(200, 8_000);
        if (r.chance(0.9)) who.hear();
        const deed = DEEDS[name];
        const word = by(who.name);
        if (deed) deed(who, r, word);
        else who.edit((tr) => (STRUCTURE[name] ?? WORDS[name])?.(tr, r, word));
        if (r.chance(0.9)) who.say();
      }
      for (const person of people) person.say();
      const { hunks, credit } = credited(base, server);
      // Whose a word is by the letters it stands in: that they are right is authorship's to show.
      const writers = new Map<string, Set<string | null>>();
      for (const { word, ids } of wordsOf(server.shadow.doc)) {
        const known = writers.get(word) ?? new Set();
        for (const { client, clock } of ids)
          known.add(server.runs.authorOf(client, clock).authorId);
        writers.set(word, known);
      }
      for (const hunk of hunks) {
        const names = (credit.get(hunk.key) ?? []).map(({ personId }) => personId);
        total.hunks += 1;
        if (names.some((name) => name !== null)) total.known += 1;
        for (const word of wordsPutIn(hunk)) {
          const known = writers.get(word) ?? new Set();
          // Words of the base that were moved have no writer to tell.
          if (!authors.get(word) || known.has(null)) continue;
          total.words += 1;
          if (names.some((name) => known.has(name))) total.right += 1;
        }
      }
    }
    console.log(`seed ${SEED}: ${JSON.stringify(total)}`);
    expect(total.right / total.words).toBeGreaterThan(0.99);
    expect(total.known / total.hunks).toBeGreaterThan(0.97);
  });
});

/** The words a hunk puts in by a text edit or as a new block. */
function wordsPutIn({ ops }: ReturnType<typeof diff>[number]): string[] {
  return ops.flatMap((op) => {
    if (op.op === "text")
      return (op.flow.edits[op.mine]?.insert ?? []).flatMap(({ text }) => text.match(WORD) ?? []);
    if (op.op !== "insert") return [];
    return textblocks({ type: "doc", content: [op.node] }).flatMap(
      ({ text }) => text.match(WORD) ?? [],
    );
  });
}
