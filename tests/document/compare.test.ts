import { describe, expect, it } from "vitest";
import { type Compared, compare, fold } from "#app/document/compare.ts";
import { textblocks } from "#app/document/read.ts";
import type { DocJSON, NodeJSON } from "#app/document/schema.ts";
import { withIds } from "#app/document/write.ts";
import { random, randomDocument, SEED, sentence } from "./random.ts";

const p = (id: string, text: string): NodeJSON => ({
  type: "paragraph",
  attrs: { id },
  content: text === "" ? [] : [{ type: "text", text }],
});
const doc = (...content: NodeJSON[]): DocJSON => ({ type: "doc", content });
const brief = (hunks: Compared[]) =>
  hunks.map(({ op, id, moved }) => `${op}${moved && op !== "moved" ? "+moved" : ""} ${id}`);

describe("documents compared", () => {
  it("says what was changed, inserted, deleted and moved, in reading order", () => {
    const before = doc(
      p("a", "first"),
      p("b", "second one"),
      p("c", "third"),
      p("d", "fourth"),
      p("e", "fifth"),
    );
    const after = doc(
      p("d", "fourth"),
      p("a", "first"),
      p("b", "second two"),
      p("n", "brand new"),
      p("e", "fifth"),
    );
    const hunks = compare(before, after);
    expect(brief(hunks)).toEqual([
      "moved d",
      "same a",
      "changed b",
      "deleted c",
      "inserted n",
      "same e",
    ]);
    expect(hunks[2]?.words).toEqual([
      { op: "same", text: "second " },
      { op: "delete", text: "one" },
      { op: "insert", text: "two" },
    ]);
  });

  it("knows a rewritten block by its words, between the same neighbours", () => {
    const before = doc(p("a", "x"), p("b", "listen to the person in crisis"), p("c", "z"));
    const after = doc(p("a", "x"), p("n", "listen to the person in distress"), p("c", "z"));
    expect(brief(compare(before, after))).toEqual(["same a", "changed n", "same c"]);
    const elsewhere = doc(p("n", "listen to the person in distress"), p("a", "x"), p("c", "z"));
    expect(brief(compare(before, elsewhere))).toEqual([
      "inserted n",
      "same a",
      "deleted b",
      "same c",
    ]);
  });

  it("sees formatting, attributes and kinds", () => {
    const heading = (level: number, minutes: number | null): NodeJSON => ({
      type: "heading",
      attrs: { id: "h", level, minutes },
      content: [{ type: "text", text: "Title" }],
    });
    const [hunk] = compare(doc(heading(2, null)), doc(heading(3, 20)));
    expect(hunk).toMatchObject({
      op: "changed",
      attrs: [
        { name: "level", before: 2, after: 3 },
        { name: "minutes", before: null, after: 20 },
      ],
      words: [{ op: "same", text: "Title" }],
    });
    const bold = p("a", "x");
    bold.content = [{ type: "text", text: "x", marks: [{ type: "bold" }] }];
    expect(compare(doc(p("a", "x")), doc(bold))[0]).toMatchObject({ op: "changed", format: true });
    expect(compare(doc(p("h", "Title")), doc(heading(2, null)))[0]?.op).toBe("changed");
  });

  it("folds what stayed the same", () => {
    const ids = Array.from({ length: 9 }, (_, index) => `b${index}`);
    const before = doc(...ids.map((id) => p(id, id)));
    const after = doc(...ids.map((id) => p(id, id === "b4" ? "new" : id)));
    expect(
      fold(compare(before, after)).map((part) => (part.folded ? part.hunks.length : part.hunk.id)),
    ).toEqual([3, "b3", "b4", "b5", 3]);
    expect(fold(compare(before, before)).map((part) => part.folded)).toEqual([true]);
  });

  it(`gives every block of both documents once (seed ${SEED})`, () => {
    const r = random(SEED);
    for (let run = 0; run < 200; run++) {
      const before = withIds(randomDocument(r));
      const blocks = [...(before.content ?? [])];
      for (let change = r.int(0, 6); change > 0; change--) {
        const kind = r.int(0, 3);
        const at = r.int(0, blocks.length);
        if (kind === 0) blocks.splice(at, 1);
        else if (kind === 1) blocks.splice(at, 0, p(`n${change}`, sentence(r)));
        else if (kind === 2 && blocks.length > 0) {
          const [moved] = blocks.splice(r.int(0, blocks.length - 1), 1);
          if (moved) blocks.splice(r.int(0, blocks.length), 0, moved);
        } else blocks.splice(at, 1, p(`r${change}`, sentence(r)));
      }
      const after = doc(...blocks);
      const hunks = compare(before, after);
      expect(hunks.flatMap(({ after }) => after?.id ?? [])).toEqual(
        textblocks(after).map(({ id }) => id),
      );
      expect(hunks.flatMap(({ before }) => before?.id ?? []).sort()).toEqual(
        textblocks(before)
          .map(({ id }) => id)
          .sort(),
      );
      expect(compare(before, before).every(({ op }) => op === "same")).toBe(true);
    }
  });
});
