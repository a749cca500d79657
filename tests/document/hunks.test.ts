import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { type Applied, applyHunk, inverse } from "#app/document/apply.ts";
import { diff, type Hunk } from "#app/document/diff.ts";
import { readDoc, textblocks } from "#app/document/read.ts";
import { type DocJSON, FRAGMENT } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { bold, doc, h, li, p, quote, ul } from "./blocks.ts";
import { caseOf, worldOf } from "./cases.ts";
import { bare, SEED } from "./random.ts";

/** The only hunk of a pair. */
function only(base: DocJSON, copy: DocJSON): Hunk {
  const [hunk, ...others] = diff(base, copy);
  expect(others).toEqual([]);
  return hunk as Hunk;
}

/** What becomes of a draft, as ids and texts. */
function shape(draft: Y.Doc): string {
  const { content = [] } = readDoc(draft);
  const visit = (node: (typeof content)[number]): string => {
    const inside = node.content ?? [];
    const isText = ["paragraph", "heading"].includes(node.type);
    const text = inside.map(({ text = "|" }) => text).join("");
    return `${node.attrs?.id}(${isText ? text : inside.map(visit).join(" ")})`;
  };
  return content.map(visit).join(" ");
}

const statuses = (draft: Y.Doc, hunks: readonly Hunk[]): Applied["status"][] =>
  hunks.map((hunk) => applyHunk(draft, hunk).status);

describe("Applying a hunk", () => {
  it("keeps what a trainer wrote beside it, and only writes its own letters", () => {
    const base = doc(p("a", "Officers must wait before they enter."));
    const hunk = only(base, doc(p("a", "Officers should wait before they enter.")));
    const draft = createDoc(doc(p("a", "Officers must wait for help before they enter.")));
    let written = 0;
    draft.on("update", (update: Uint8Array) => {
      written = update.length;
    });
    expect(applyHunk(draft, hunk)).toEqual({
      status: "applied",
      before: "Officers must wait for help before they enter.",
      after: "Officers should wait for help before they enter.",
    });
    expect(written).toBeLessThan(60);
    expect(applyHunk(draft, hunk)).toEqual({ status: "already" });
  });

  it("brings the formatting of its words", () => {
    const base = doc(p("a", "Speak calmly."));
    const copy = doc(p("a", "Speak ", bold("very calmly"), "."));
    for (const order of [diff(base, copy), diff(base, copy).reverse()]) {
      const draft = createDoc(base);
      expect(statuses(draft, order)).toEqual(order.map(() => "applied"));
      expect(bare(readDoc(draft))).toEqual(bare(copy));
    }
  });

  it("is a conflict where somebody changed the same, and then writes nothing", () => {
    const conflicts: [DocJSON, DocJSON, DocJSON][] = [
      // The same word.
      [doc(p("a", "one two")), doc(p("a", "one TWO")), doc(p("a", "one twice"))],
      // A block that was taken out has new words.
      [doc(p("a", "x"), p("b", "y")), doc(p("a", "x")), doc(p("a", "x"), p("b", "y and z"))],
      // The same attribute.
      [doc(h("a", "x")), doc(h("a", "x", { minutes: 5 })), doc(h("a", "x", { minutes: 9 }))],
      // Another kind of block for both.
      [doc(p("a", "x")), doc(h("a", "x")), doc(h("a", "x", { level: 3 }))],
      // Somewhere else for both.
      [
        doc(quote("q"), quote("r"), p("a", "x")),
        doc(quote("q", p("a", "x")), quote("r")),
        doc(quote("q"), quote("r", p("a", "x"))),
      ],
      // One into the other for both, the other way round.
      [
        doc(quote("q"), quote("r"), p("a", "x")),
        doc(quote("r", quote("q")), p("a", "x")),
        doc(quote("q", quote("r")), p("a", "x")),
      ],
      // A list to be left has one item more.
      [
        doc(ul("l", li("i", p("a", "x"))), p("z", "z")),
        doc(p("a", "x"), p("z", "z")),
        doc(ul("l", li("i", p("a", "x")), li("j", p("b", "y"))), p("z", "z")),
      ],
    ];
    for (const [base, copy, now] of conflicts) {
      const draft = createDoc(now);
      const state = Y.encodeStateAsUpdate(draft);
      expect(applyHunk(draft, only(base, copy)).status, JSON.stringify(now)).toBe("conflict");
      expect(Y.encodeStateAsUpdate(draft)).toEqual(state);
    }
  });

  it("is a conflict for a block of which there are two, until one has another id", () => {
    const base = doc(p("a", "one"), p("b", "two"), p("c", "three"));
    const hunks = diff(base, doc(p("b", "two"), h("c", "three")));
    const draft = createDoc(doc(p("a", "one"), p("b", "two"), p("c", "three"), p("d", "four")));
    for (const block of draft.getXmlFragment(FRAGMENT).toArray()) {
      if ((block as Y.XmlElement).getAttribute("id") !== "d") continue;
      (block as Y.XmlElement).setAttribute("id", "a");
      expect(statuses(draft, hunks)).toEqual(["conflict", "applied"]);
      (block as Y.XmlElement).setAttribute("id", "d");
      expect(statuses(draft, hunks)).toEqual(["applied", "already"]);
    }
    expect(shape(draft)).toBe("b(two) c(three) d(four)");
  });

  it("is gone with the block it needs", () => {
    const base = doc(p("a", "one two"), quote("q", p("b", "x")), p("c", "y"));
    const without = createDoc(doc(p("z", "z")));
    const copy = doc(p("a", "one 2"), quote("q", p("b", "x"), p("n", "new")), h("c", "y"));
    expect(statuses(without, diff(base, copy))).toEqual(["gone", "gone", "gone"]);
  });

  it("moves a block with what it says now", () => {
    const base = doc(p("a", "one"), p("b", "two"), p("c", "three"));
    const [hunk] = diff(base, doc(p("c", "three"), p("a", "one"), p("b", "two")));
    const draft = createDoc(
      doc(p("t", "new"), p("a", "one"), p("b", "two"), p("c", "three and more")),
    );
    expect(statuses(draft, [hunk as Hunk])).toEqual(["applied"]);
    expect(shape(draft)).toBe("c(three and more) t(new) a(one) b(two)");
  });

  it("splits and merges a block that a trainer wrote in", () => {
    const whole = doc(p("a", "Listen first and then ask again"), p("z", "end"));
    const parts = doc(p("a", "Listen first and"), p("n", "then ask again"), p("z", "end"));
    const split = createDoc(doc(p("a", "Listen first and then ask once again"), p("z", "end")));
    expect(statuses(split, [only(whole, parts)])).toEqual(["applied"]);
    expect(shape(split)).toBe("a(Listen first and) n(then ask once again) z(end)");
    const merged = createDoc(
      doc(p("a", "Always listen first and"), p("n", "then ask once again"), p("z", "end")),
    );
    expect(statuses(merged, [only(parts, whole)])).toEqual(["applied"]);
    expect(shape(merged)).toBe("a(Always listen first and then ask once again) z(end)");
  });

  it("puts what is new behind what stood before it, wherever that is now", () => {
    const base = doc(p("a", "one"), p("b", "two"), p("c", "three"));
    const copy = doc(p("a", "one"), p("b", "two"), p("n", "new"), p("c", "three"));
    const into = (...now: Parameters<typeof doc>) => {
      const draft = createDoc(doc(...now));
      expect(statuses(draft, [only(base, copy)])).toEqual(["applied"]);
      return shape(draft);
    };
    expect(into(p("c", "three"), p("b", "two"), p("a", "one"))).toBe(
      "c(three) b(two) n(new) a(one)",
    );
    expect(into(p("a", "one"), p("t", "t"), p("c", "three"))).toBe("a(one) n(new) t(t) c(three)");
    expect(into(p("t", "t"), p("c", "three"))).toBe("t(t) n(new) c(three)");
  });

  it("leaves alone every element that isn't its own", () => {
    const base = doc(ul("l", li("i", p("a", "x")), li("j", p("b", "y"))), p("c", "z"));
    const copy = doc(ul("l", li("i", p("a", "x"))), p("b", "y"), p("c", "z"));
    const draft = createDoc(base);
    const fragment = draft.getXmlFragment(FRAGMENT);
    const [list, last] = fragment.toArray();
    expect(statuses(draft, [only(base, copy)])).toEqual(["applied"]);
    expect(shape(draft)).toBe("l(i(a(x))) b(y) c(z)");
    const now = fragment.toArray();
    expect([now[0] === list, now[2] === last]).toEqual([true, true]);
  });

  it(`can be taken back, which keeps what was written since (seed ${SEED})`, () => {
    for (let run = 0; run < 300; run++) {
      const { base, copy } = worldOf(caseOf(SEED + run, { draft: false }));
      const hint = `seed ${SEED + run}`;
      for (const hunk of diff(base, copy).slice(0, 2)) {
        const draft = createDoc(base);
        const back = inverse(hunk, readDoc(draft));
        expect(applyHunk(draft, hunk).status, hint).toBe("applied");
        expect(statuses(draft, back), hint).toEqual(back.map(() => "applied"));
        expect(bare(readDoc(draft)), hint).toEqual(bare(base));
      }
    }
    const before = doc(p("a", "Wait here."), p("b", "Then go."));
    const hunk = only(before, doc(p("a", "Wait right here."), p("b", "Then go.")));
    const draft = createDoc(doc(p("a", "Wait right here for help."), p("b", "Then you go.")));
    expect(statuses(draft, inverse(hunk, before))).toEqual(["applied"]);
    expect(textblocks(readDoc(draft)).map(({ text }) => text)).toEqual([
      "Wait here for help.",
      "Then you go.",
    ]);
  });
});
