import { describe, expect, it } from "vitest";
import { compare, diffWords, edits, fold, type Hunk } from "#app/document/diff.ts";
import { textblocks } from "#app/document/read.ts";
import type { DocJSON, NodeJSON } from "#app/document/schema.ts";
import { withIds } from "#app/document/write.ts";
import { random, randomDocument, SEED, sentence } from "./random.ts";

const shown = (before: string, after: string) =>
  diffWords(before, after)
    .map(({ op, text }) => (op === "same" ? text : op === "insert" ? `{+${text}+}` : `[-${text}-]`))
    .join("");

const p = (id: string, text: string): NodeJSON => ({
  type: "paragraph",
  attrs: { id },
  content: text === "" ? [] : [{ type: "text", text }],
});
const doc = (...content: NodeJSON[]): DocJSON => ({ type: "doc", content });
const brief = (hunks: Hunk[]) =>
  hunks.map(({ op, id, moved }) => `${op}${moved && op !== "moved" ? "+moved" : ""} ${id}`);

describe(`words that changed (seed ${SEED})`, () => {
  it("reads like a person's corrections", () => {
    expect(shown("Speak in a calm voice.", "Speak in a slow, calm voice.")).toBe(
      "Speak in a {+slow, +}calm voice.",
    );
    expect(shown("Officers must wait.", "Officers should wait.")).toBe(
      "Officers [-must-]{+should+} wait.",
    );
    expect(shown("one two three", "one TWO THREE")).toBe("one [-two three-]{+TWO THREE+}");
    expect(shown("don't rush", "do not rush")).toBe("[-don't-]{+do not+} rush");
    expect(shown("same", "same")).toBe("same");
    expect(shown("", "new")).toBe("{+new+}");
    expect(shown("old", "")).toBe("[-old-]");
    expect(shown("el niño llegó", "la niña llegó")).toBe("[-el niño-]{+la niña+} llegó");
    expect(shown("a 🙂 b", "a 🙃 b")).toBe("a [-🙂-]{+🙃+} b");
    expect(
      shown(
        "The officer will tell the person to sit down at once.",
        "Ask whether it would help them to rest somewhere quiet first.",
      ),
    ).toBe(
      "[-The officer will tell the person to sit down at once-]{+Ask whether it would help them to rest somewhere quiet first+}.",
    );
  });

  it("adds up to both texts, always", () => {
    const r = random(SEED);
    for (let run = 0; run < 500; run++) {
      const before = sentence(r, r.int(0, 30));
      const after = mutate(before);
      const list = diffWords(before, after);
      const join = (...ops: string[]) =>
        list
          .filter(({ op }) => ops.includes(op))
          .map(({ text }) => text)
          .join("");
      expect(join("same", "delete")).toBe(before);
      expect(join("same", "insert")).toBe(after);
      let text = before;
      for (const { from, to, text: by } of edits(before, after).reverse()) {
        text = text.slice(0, from) + by + text.slice(to);
      }
      expect(text).toBe(after);
    }
    function mutate(text: string): string {
      const list = text.split(" ");
      for (let change = r.int(0, 5); change > 0; change--) {
        list.splice(r.int(0, list.length), r.int(0, 3), ...sentence(r, r.int(0, 3)).split(" "));
      }
      return list.join(" ");
    }
  });
});

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
