import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { applyText, blockOf, textIn } from "#app/document/apply.ts";
import { readDoc, textblocks } from "#app/document/read.ts";
import { FRAGMENT, type NodeJSON, schema } from "#app/document/schema.ts";
import { check } from "#app/document/validate.ts";
import { createDoc } from "#app/document/write.ts";
import { type Random, random, randomDocument, SEED } from "./random.ts";

const p = (id: string, ...content: (string | NodeJSON)[]): NodeJSON => ({
  type: "paragraph",
  attrs: { id },
  content: content.map((part) => (typeof part === "string" ? { type: "text", text: part } : part)),
});
const bold = (text: string): NodeJSON => ({ type: "text", text, marks: [{ type: "bold" }] });
const linked = (text: string): NodeJSON => ({
  type: "text",
  text,
  marks: [{ type: "link", attrs: { href: "https://a.org" } }],
});
const lineBreak: NodeJSON = { type: "hardBreak" };
const docOf = (...content: NodeJSON[]) => createDoc({ type: "doc", content });
const contentOf = (doc: Y.Doc, id: string) =>
  textblocks(readDoc(doc)).find((block) => block.id === id)?.node.content;
const textIs = (doc: Y.Doc, id: string) =>
  textblocks(readDoc(doc)).find((block) => block.id === id)?.text;

describe("applying a wording", () => {
  it("writes only what differs, among what others wrote meanwhile", () => {
    const doc = docOf(p("a", "Officers must wait for help before they enter, and listen."));
    const result = applyText(doc, {
      blockId: "a",
      base: "Officers must wait before they enter.",
      proposed: "Officers should wait before they enter.",
    });
    expect(result).toEqual({
      status: "applied",
      before: "Officers must wait for help before they enter, and listen.",
      after: "Officers should wait for help before they enter, and listen.",
    });
    expect(textIs(doc, "a")).toBe("Officers should wait for help before they enter, and listen.");
  });

  it("keeps formatting and gives new words that of their surroundings", () => {
    const doc = docOf(
      p("a", "Speak ", bold("calm words"), " and wait, see ", linked("the guide"), "."),
    );
    const base = "Speak calm words and wait, see the guide.";
    const apply = (proposed: string, from = base) =>
      applyText(doc, { blockId: "a", base: from, proposed });
    apply("Speak calm and slow words and wait, see the guide.");
    apply("Speak calm words and wait quietly, see the guide.");
    apply("Speak calm words and wait, see the new guide.");
    apply("Speak calm words and wait, see the guide today.");
    expect(contentOf(doc, "a")).toEqual([
      { type: "text", text: "Speak " },
      bold("calm and slow words"),
      { type: "text", text: " and wait quietly, see " },
      linked("the new guide"),
      { type: "text", text: " today." },
    ]);
  });

  it("answers already, conflict and gone, and then writes nothing", () => {
    const doc = docOf(p("a", "Officers have to wait here."), p("b", "Other."));
    let updates = 0;
    doc.on("update", () => {
      updates += 1;
    });
    const base = "Officers must wait here.";
    const ask = (blockId: string, proposed: string, from = base) =>
      applyText(doc, { blockId, base: from, proposed });
    const current = "Officers have to wait here.";
    expect(ask("a", "Officers should wait here.")).toEqual({ status: "conflict", current });
    expect(ask("a", "Officers must not wait here.")).toEqual({ status: "conflict", current });
    expect(ask("a", "Officers have to wait here.")).toEqual({ status: "already" });
    expect(ask("a", "")).toEqual({ status: "conflict", current });
    expect(ask("nowhere", "x")).toEqual({ status: "gone" });
    expect(ask("nowhere", "")).toEqual({ status: "already" });
    expect(updates).toBe(0);
    expect(ask("a", "Officers must wait right here.").status).toBe("applied");
    expect(updates).toBe(1);
    expect(ask("a", "Officers must wait right here.")).toEqual({ status: "already" });
    expect(updates).toBe(1);
  });

  it("writes and removes line breaks", () => {
    const doc = docOf(p("a", "one two ", bold("three"), " four", lineBreak, "five"));
    const steps = [
      "one two\nthree four\nfive",
      "one two\nthree four five",
      "one\ntwo\nthree\nfour five",
      "\none five\n",
      "one five",
      "six",
    ];
    let base = "one two three four\nfive";
    for (const proposed of steps) {
      expect(applyText(doc, { blockId: "a", base, proposed }).status).toBe("applied");
      expect(textIs(doc, "a")).toBe(proposed);
      const parts = blockOf(doc.getXmlFragment(FRAGMENT), "a")?.toArray() ?? [];
      const twoTexts = parts.some(
        (part, at) => part instanceof Y.XmlText && parts[at + 1] instanceof Y.XmlText,
      );
      expect(twoTexts).toBe(false);
      base = proposed;
    }
  });

  it("takes a block out, with the item and list it alone filled", () => {
    const item = (...content: NodeJSON[]): NodeJSON => ({ type: "listItem", content });
    const doc = docOf(
      p("a", "A"),
      { type: "bulletList", content: [item(p("b", "B")), item(p("c", "C"), p("d", "D"))] },
      { type: "blockquote", content: [p("e", "E")] },
      {
        type: "table",
        content: [{ type: "tableRow", content: [{ type: "tableCell", content: [p("f", "F")] }] }],
      },
    );
    const out = (id: string) =>
      applyText(doc, { blockId: id, base: id.toUpperCase(), proposed: "" });
    const shape = (node: NodeJSON): string =>
      node.type === "text"
        ? (node.text ?? "")
        : `${node.type[0]}(${(node.content ?? []).map(shape).join("")})`;
    expect(out("b")).toEqual({ status: "applied", before: "B", after: "" });
    expect(shape(readDoc(doc))).toBe("d(p(A)b(l(p(C)p(D)))b(p(E))t(t(t(p(F)))))");
    for (const id of ["c", "e", "f"]) out(id);
    expect(shape(readDoc(doc))).toBe("d(p(A)b(l(p(D)))t(t(t(p()))))");
    out("d");
    out("a");
    expect(shape(readDoc(doc))).toBe("d(t(t(t(p()))))");
    const single = docOf({ type: "bulletList", content: [item(p("b", "B"))] });
    applyText(single, { blockId: "b", base: "B", proposed: "" });
    expect(shape(readDoc(single))).toBe("d(p())");
    expect(applyText(single, { blockId: "b", base: "B", proposed: "" })).toEqual({
      status: "already",
    });
  });

  it("keeps a two-unit character whole", () => {
    const doc = docOf(p("a", "so 🙂 now"));
    applyText(doc, { blockId: "a", base: "so 🙂 now", proposed: "so 🙃 now" });
    expect(textIs(doc, "a")).toBe("so 🙃 now");
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
    expect(textIs(copy, "a")).toBe("so 🙃 now");
  });
});

/** Changes words at random places: deletes some, puts `fresh()` words in. */
function mutate(r: Random, text: string, fresh: () => string, most = 3): string {
  const list = `${text} `.split(/(?<=\s)/).filter(Boolean);
  for (let change = r.int(1, most); change > 0; change--) {
    const at = r.int(0, list.length);
    list.splice(at, r.int(0, 2), ...Array.from({ length: r.int(0, 2) }, () => `${fresh()} `));
  }
  return list.join("").trim();
}

/** A trainer types in the block at random, straight into the shared text. */
function typeInto(r: Random, block: Y.XmlElement, fresh: () => string) {
  for (let change = r.int(1, 3); change > 0; change--) {
    const text = r.pick(block.toArray().filter((part) => part instanceof Y.XmlText));
    if (!text) return;
    const words = [...Y.Text.prototype.toString.call(text).matchAll(/\S+\s*/g)];
    const word = words.length > 0 ? r.pick(words) : null;
    if (word && r.chance(0.5)) text.delete(word.index, word[0].length);
    else text.insert(word?.index ?? 0, `${fresh()} `);
  }
}

describe(`applying wordings at random (seed ${SEED})`, () => {
  it("loses nobody's words, keeps every other anchor, and applies once", () => {
    const seen = { applied: 0, conflict: 0, already: 0 };
    for (let run = 0; run < 500; run++) {
      const r = random(SEED + run);
      let count = 0;
      const unique = (sign: string) => () => `${sign}${++count}x`;
      const written = randomDocument(r, r.int(1, 3));
      const doc = createDoc({
        type: "doc",
        content: [...(written.content ?? []), p("last", "one two three")],
      });
      const { id } = r.pick(textblocks(readDoc(doc)));
      const block = blockOf(doc.getXmlFragment(FRAGMENT), id) as Y.XmlElement;
      // Words of our own that occur once, in the formatting that the block has.
      for (const part of block.toArray()) {
        if (!(part instanceof Y.XmlText)) continue;
        const delta = part.toDelta() as { insert: string; attributes?: object }[];
        part.delete(0, part.length);
        part.applyDelta(
          delta.map((piece) => ({ ...piece, insert: piece.insert.replace(/\S+/g, unique("b")) })),
        );
      }
      const base = textIn(block);
      const proposed = mutate(r, base, unique("r"));
      if (r.chance(0.7)) typeInto(r, block, unique("t"));
      const current = textIn(block);
      const anchors = wordAnchors(doc);
      const state = Y.encodeStateAsUpdate(doc);
      const others = textblocks(readDoc(doc)).filter((other) => other.id !== id);

      const result = applyText(doc, { blockId: id, base, proposed });
      const hint = JSON.stringify({ run, base, proposed, current, result });
      if (result.status !== "applied") {
        expect(Y.encodeStateAsUpdate(doc), hint).toEqual(state);
        if (result.status === "conflict") expect(result.current).toBe(current);
        if (result.status === "conflict" || result.status === "already") seen[result.status] += 1;
        continue;
      }
      seen.applied += 1;
      if (proposed !== "") {
        const words = (text: string) => text.split(/\s+/).filter(Boolean);
        const removed = new Set(
          [proposed, current].flatMap((text) =>
            words(base).filter((word) => !words(text).includes(word)),
          ),
        );
        const expected = new Set([...words(base), ...words(proposed), ...words(current)]);
        const after = words(result.after).sort();
        expect(after, hint).toEqual([...expected].filter((word) => !removed.has(word)).sort());
        expect(result.after).toBe(textIs(doc, id));
      }
      const json = readDoc(doc);
      expect(check(json), hint).toBeNull();
      schema().nodeFromJSON(json).check();
      expect(
        textblocks(json)
          .filter((other) => other.id !== id)
          .map(({ node }) => node),
      ).toEqual(others.map(({ node }) => node));
      const after = new Set(textIs(doc, id)?.split(/\s+/));
      const lost = anchors.filter(
        ({ word, blockId, read }) =>
          (blockId !== id || (!base.includes("\n") && after.has(word))) && read() !== word,
      );
      expect(
        lost.map(({ word }) => word),
        hint,
      ).toEqual([]);
      expect(applyText(doc, { blockId: id, base, proposed }).status, hint).toBe("already");
    }
    expect(seen.applied).toBeGreaterThan(150);
    expect(seen.conflict).toBeGreaterThan(20);
  });

  it("never applies half, and never twice, even where words repeat", () => {
    for (let run = 0; run < 1000; run++) {
      const r = random(SEED + run);
      const few = () => r.pick(["a", "b", "c", "stay"]);
      const doc = docOf(p("x", Array.from({ length: r.int(1, 12) }, few).join(" ")));
      const block = blockOf(doc.getXmlFragment(FRAGMENT), "x") as Y.XmlElement;
      const base = textIn(block);
      const proposed = mutate(r, base, few, 2);
      if (r.chance(0.6)) typeInto(r, block, few);
      const before = textIn(block);
      const result = applyText(doc, { blockId: "x", base, proposed });
      const hint = JSON.stringify({ run, base, proposed, before, result });
      if (result.status === "applied" && proposed !== "") {
        expect(result.after.length - before.length, hint).toBe(proposed.length - base.length);
        const again = applyText(doc, { blockId: "x", base, proposed });
        expect(again.status, hint).not.toBe("applied");
      } else if (proposed !== "") expect(textIn(block)).toBe(before);
    }
  });
});

/** A relative position on either end of each word that occurs in a text of its own. */
function wordAnchors(doc: Y.Doc) {
  const list: { word: string; blockId: string; read: () => string | null }[] = [];
  const visit = (parent: Y.XmlFragment) => {
    for (const part of parent.toArray()) {
      if (part instanceof Y.XmlElement) visit(part);
      if (!(part instanceof Y.XmlText)) continue;
      const text = Y.Text.prototype.toString.call(part);
      for (const { 0: word, index } of text.matchAll(/\S+/g)) {
        const start = Y.createRelativePositionFromTypeIndex(part, index, 0);
        const end = Y.createRelativePositionFromTypeIndex(part, index + word.length, -1);
        const blockId = String((parent as Y.XmlElement).getAttribute("id"));
        const read = () => {
          const from = Y.createAbsolutePositionFromRelativePosition(start, doc);
          const to = Y.createAbsolutePositionFromRelativePosition(end, doc);
          if (!from || !to || from.type !== to.type) return null;
          return Y.Text.prototype.toString.call(from.type as Y.XmlText).slice(from.index, to.index);
        };
        list.push({ word, blockId, read });
      }
    }
  };
  visit(doc.getXmlFragment(FRAGMENT));
  return list;
}
