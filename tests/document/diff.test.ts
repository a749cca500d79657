import { describe, expect, it } from "vitest";
import { applyHunk } from "#app/document/apply.ts";
import { Differ, diff, textsOf } from "#app/document/diff.ts";
import { readDoc, textblocks } from "#app/document/read.ts";
import { schema } from "#app/document/schema.ts";
import { edits } from "#app/document/words.ts";
import { createDoc } from "#app/document/write.ts";
import { bold, cell, doc, h, li, linked, ol, p, quote, row, table, ul } from "./blocks.ts";
import { caseOf, worldOf } from "./cases.ts";
import { SEED } from "./random.ts";

const kinds = (...pair: [Parameters<typeof diff>[0], Parameters<typeof diff>[1]]) =>
  diff(...pair).map(({ kind, blocks }) => [kind, ...blocks].join(" "));

/** What each hunk says, as people read it. */
const said = (base: ReturnType<typeof doc>, copy: ReturnType<typeof doc>) =>
  diff(base, copy).map((hunk) => ({ kind: hunk.kind, ...textsOf(hunk, base) }));

describe("What differs", () => {
  it("is nothing between a document and itself", () => {
    const { base } = worldOf(caseOf(SEED, { draft: false }));
    expect(diff(base, structuredClone(base))).toEqual([]);
  });

  it("is one hunk for each edit, and one where no word stands between", () => {
    const base = doc(p("a", "Officers must wait here, and speak to the person in a calm voice."));
    const copy = doc(
      p("a", "Officers should wait here, and talk with the person in a slow voice."),
    );
    expect(said(base, copy).map(({ after }) => after)).toEqual([
      "Officers should wait here, and speak to the person in a calm voice.",
      "Officers must wait here, and talk with the person in a calm voice.",
      "Officers must wait here, and speak to the person in a slow voice.",
    ]);
    expect(kinds(base, copy)).toEqual(["text a", "text a", "text a"]);
  });

  it("joins edits that nobody could tell apart", () => {
    const before = "b a b b a b b b b a b a";
    const after = "b b a b b a a";
    expect(edits(before, after)).toHaveLength(4);
    const joined = diff(doc(p("a", before)), doc(p("a", after)));
    expect(joined.length).toBeLessThan(4);
    for (const order of [joined, [...joined].reverse()]) {
      const draft = createDoc(doc(p("a", before)));
      const statuses = order.flatMap((hunk) => [1, 2].map(() => applyHunk(draft, hunk).status));
      expect(statuses).toEqual(order.flatMap(() => ["applied", "already"]));
      expect(textblocks(readDoc(draft))[0]?.text).toBe(after);
    }
  });

  it("knows blocks by their ids, and a rewritten one by its words", () => {
    const base = doc(p("a", "one"), p("b", "listen to the person in crisis"), p("c", "three"));
    const copy = doc(p("c", "three"), p("a", "one"), p("n", "listen to the person in distress"));
    expect(kinds(base, copy)).toEqual(["move c", "text b"]);
    expect(kinds(base, doc(p("a", "one"), p("x", "brand new"), p("c", "three")))).toEqual([
      "delete b",
      "insert",
    ]);
  });

  it("sees formatting, attributes and other kinds of block", () => {
    const base = doc(p("a", "Speak in a calm voice."), h("b", "Title"), p("c", "Next"));
    const copy = doc(
      p("a", "Speak in a ", bold("calm"), " voice."),
      h("b", "Title", { minutes: 20, level: 3 }),
      h("c", "Next"),
    );
    expect(kinds(base, copy)).toEqual(["format a", "attrs b", "attrs b", "retype c"]);
    const link = (href: string) => doc(p("a", "see ", linked("this", href)));
    expect(diff(link("https://a.org"), link("https://b.org"))[0]?.ops).toMatchObject([
      {
        ranges: [{ from: 4, to: 8 }],
        add: [{ type: "link", attrs: { href: "https://b.org" } }],
        remove: [{ type: "link", attrs: { href: "https://a.org" } }],
      },
    ]);
  });

  it("is one hunk where blocks split or merge", () => {
    const whole = doc(p("a", "Listen first. Then ask what would help."), p("z", "End."));
    const parts = doc(p("a", "Listen first."), p("n", "Then ask what would help."), p("z", "End."));
    expect(said(whole, parts)).toEqual([
      {
        kind: "split",
        blockId: "a",
        before: "Listen first. Then ask what would help.",
        after: "Listen first.\n\nThen ask what would help.",
      },
    ]);
    expect(kinds(parts, whole)).toEqual(["merge a n"]);
    const edited = doc(
      p("a", "Listen first."),
      p("n", "Then ask what could help."),
      p("z", "End."),
    );
    expect(kinds(whole, edited)).toEqual(["split a", "text a"]);
  });

  it("splits a list item with what it stands in", () => {
    const base = doc(ul("l", li("i", p("a", "Listen first then ask again"))));
    const copy = doc(ul("l", li("i", p("a", "Listen first")), li("j", p("n", "then ask again"))));
    expect(kinds(base, copy)).toEqual(["split a"]);
    expect(kinds(copy, base)).toEqual(["merge a n j"]);
  });

  it("is one hunk where a container appears round blocks, or leaves them", () => {
    const plain = doc(p("a", "one"), p("b", "two"), p("c", "three"));
    const listed = doc(p("a", "one"), ul("l", li("i", p("b", "two")), li("j", p("c", "three"))));
    expect(kinds(plain, listed)).toEqual(["wrap b c"]);
    expect(kinds(listed, plain)).toEqual(["unwrap l i j b c"]);
    expect(kinds(plain, doc(p("a", "one"), quote("q", p("b", "TWO")), p("c", "three")))).toEqual([
      "wrap b",
      "text b",
    ]);
  });

  it("keeps together what alone would be no document", () => {
    const base = doc(ul("l", li("i", p("a", "one"))), p("z", "end"));
    expect(kinds(base, doc(ol("l", li("i", p("a", "one"))), p("z", "end")))).toEqual([
      "retype l i a",
    ]);
    const inQuote = doc(quote("l", p("a", "one")), p("z", "end"));
    expect(diff(base, inQuote)).toHaveLength(1);
    const nested = doc(quote("q", quote("r", p("a", "one"))));
    expect(kinds(nested, doc(quote("r", quote("q", p("a", "one")))))).toEqual([
      "move r a q",
      "move a",
    ]);
    const columns = (...names: string[]) =>
      doc(
        table(
          "t",
          ...["1", "2"].map((n) =>
            row(`r${n}`, ...names.map((name) => cell(`${name}${n}`, p(`p${name}${n}`, name)))),
          ),
        ),
      );
    expect(kinds(columns("a", "b"), columns("a", "x", "b"))).toEqual(["insert"]);
    expect(diff(columns("a", "b"), columns("b"))).toHaveLength(1);
  });

  it("replaces a long text that shares nothing", () => {
    const words = (sign: string) => Array.from({ length: 1600 }, (_, n) => `${sign}${n}`).join(" ");
    expect(kinds(doc(p("a", words("x"))), doc(p("a", words("y"))))).toEqual(["replace a"]);
  });

  it("copes with blocks that have no id, or another's", () => {
    const bare = { type: "paragraph", content: [{ type: "text", text: "new" }] };
    const copy = doc(p("a", "one"), p("a", "two"), bare);
    const hunks = diff(doc(p("a", "one")), copy);
    expect(hunks.map(({ kind }) => kind)).toEqual(["insert", "insert"]);
    expect(new Set(hunks.map(({ key }) => key)).size).toBe(2);
  });

  it("has the same keys whatever else is changed or adopted", () => {
    const first = doc(
      p("a", "Officers must wait here for help."),
      p("b", "Two."),
      p("c", "Three."),
    );
    const copy = doc(
      p("n", "New."),
      p("a", "Officers should wait here for backup."),
      quote("q", p("b", "Two.")),
      p("c", "Three."),
    );
    const keys = diff(first, copy).map(({ key }) => key);
    expect(keys).toHaveLength(4);
    const adopted = doc(
      p("a", "Officers should wait here for help."),
      p("t", "Trainers wrote this."),
      p("b", "Two."),
      p("c", "Three."),
    );
    const refreshed = doc(
      p("n", "New."),
      p("a", "Officers should wait here for backup."),
      p("t", "Trainers wrote this."),
      quote("q", p("b", "Two.")),
      p("c", "Three."),
    );
    const [inserted, , backup, wrapped] = keys;
    expect(diff(adopted, refreshed).map(({ key }) => key)).toEqual([inserted, backup, wrapped]);
  });
});

describe("Differ", () => {
  it(`says of every state what diff says, whatever it was asked before (seed ${SEED})`, () => {
    for (let run = 0; run < 200; run++) {
      const one = caseOf(SEED + run, { draft: false });
      const { base } = worldOf({ ...one, copy: [] });
      const differ = new Differ(base);
      for (let steps = 0; steps <= one.copy.length; steps++) {
        const { copy } = worldOf({ ...one, copy: one.copy.slice(0, steps) });
        const fresh = diff(base, copy);
        expect(differ.hunks(copy)).toEqual(fresh);
        expect(differ.hunks(schema().nodeFromJSON(copy)).map(({ kind }) => kind)).toEqual(
          fresh.map(({ kind }) => kind),
        );
      }
    }
  });
});
