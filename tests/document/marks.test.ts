import { describe, expect, it } from "vitest";
import { diff } from "#app/document/diff.ts";
import { type Mark, marksOf } from "#app/document/marks.ts";
import { textblocks } from "#app/document/read.ts";
import type { DocJSON } from "#app/document/schema.ts";
import { bold, doc, h, li, p, quote, ul } from "./blocks.ts";
import { caseOf, worldOf } from "./cases.ts";
import { SEED } from "./random.ts";

const drawn = (base: DocJSON, copy: DocJSON) =>
  marksOf(diff(base, copy)).map(({ hunk: _, ...mark }) => mark);

describe("What is drawn in a copy", () => {
  it("is what was put in and taken out, where it stands in the copy", () => {
    const base = doc(p("a", "Officers must wait here, and listen."));
    const copy = doc(p("a", "All officers should wait, and listen ", bold("well"), "."));
    expect(drawn(base, copy)).toEqual([
      { type: "deleted", blockId: "a", at: 0, text: "Officers must" },
      { type: "inserted", blockId: "a", from: 0, to: 19 },
      { type: "deleted", blockId: "a", at: 24, text: " here" },
      { type: "inserted", blockId: "a", from: 36, to: 41 },
    ]);
  });

  it("shows formatting beside edits, and a rewritten block under its id in the copy", () => {
    const base = doc(p("a", "listen to the person in crisis"));
    const copy = doc(p("n", "always listen to ", bold("the person"), " in crisis"));
    expect(drawn(base, copy)).toEqual([
      { type: "inserted", blockId: "n", from: 0, to: 7 },
      { type: "formatted", blockId: "n", from: 17, to: 27 },
    ]);
  });

  it("shows whole blocks that are new, stand elsewhere or are of another kind, and those gone", () => {
    const base = doc(p("a", "one"), p("b", "two"), p("c", "three"), p("d", "four"));
    const copy = doc(p("d", "four"), h("a", "one"), p("n", "new words"), p("c", "three"));
    expect(drawn(base, copy)).toEqual([
      { type: "block", blockId: "d", what: "moved" },
      { type: "block", blockId: "a", what: "changed" },
      { type: "gone", before: "c", parent: null, text: "two", name: "paragraph" },
      { type: "block", blockId: "n", what: "inserted" },
    ]);
    const list = doc(ul("l", li("i", p("a", "one")), li("j", p("b", "two"))));
    expect(drawn(list, doc(ul("l", li("i", p("a", "one")))))).toEqual([
      { type: "gone", before: null, parent: "l", text: "two", name: "listItem" },
    ]);
  });

  it("doesn't show as new or gone what went from one block into another", () => {
    const whole = doc(p("a", "Listen first and then ask again"));
    const parts = doc(p("a", "Listen first and"), p("n", "then you ask again"));
    expect(drawn(whole, parts)).toEqual([
      { type: "deleted", blockId: "a", at: 16, text: " " },
      { type: "block", blockId: "n", what: "inserted" },
      { type: "inserted", blockId: "n", from: 5, to: 9 },
    ]);
    expect(drawn(parts, whole)).toEqual([
      { type: "deleted", blockId: "a", at: 16, text: "¶" },
      { type: "inserted", blockId: "a", from: 16, to: 17 },
      { type: "deleted", blockId: "a", at: 22, text: "you " },
    ]);
    expect(drawn(doc(quote("q", p("a", "one"))), doc(p("a", "one")))).toEqual([
      { type: "block", blockId: "a", what: "moved" },
    ]);
  });

  it(`stands in the copy's blocks, always (seed ${SEED})`, () => {
    for (let run = 0; run < 500; run++) {
      const { base, copy } = worldOf(caseOf(SEED + run, { draft: false }));
      const texts = new Map(textblocks(copy).map(({ id, text }) => [id, text]));
      const all = JSON.stringify(copy).match(/"id":("[^"]*"|null)/g) ?? [];
      const ids = new Set(all);
      // What was just wrapped or split: the editor gives it an id of its own in a moment.
      if (ids.size < all.length || ids.has('"id":null')) continue;
      const isIn = (id: string | null) => id === null || ids.has(`"id":"${id}"`);
      const fits = (mark: Mark): boolean => {
        const length = "blockId" in mark ? (texts.get(mark.blockId)?.length ?? -1) : -1;
        if (mark.type === "gone") return isIn(mark.before) && isIn(mark.parent);
        if (mark.type === "block") return isIn(mark.blockId);
        if (mark.type === "deleted") return mark.at >= 0 && mark.at <= length;
        return mark.from >= 0 && mark.from < mark.to && mark.to <= length;
      };
      const wrong = marksOf(diff(base, copy)).filter((mark) => !fits(mark));
      expect(wrong, `seed ${SEED + run}`).toEqual([]);
    }
  });
});
