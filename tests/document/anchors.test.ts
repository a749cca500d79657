import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import {
  type Anchor,
  candidates,
  createAnchor,
  createParagraphAnchor,
  isDoubtful,
  locate,
  resolve,
  textIndex,
} from "#app/document/anchors.ts";
import { applyText } from "#app/document/apply.ts";
import { readDoc, textblocks } from "#app/document/read.ts";
import type { DocJSON, NodeJSON } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { editing, STRUCTURE, WORDS } from "./editing.ts";
import { type Random, random, SEED } from "./random.ts";

const p = (id: string, text: string): NodeJSON => ({
  type: "paragraph",
  attrs: { id },
  content: text === "" ? [] : [{ type: "text", text }],
});
const docOf = (...content: NodeJSON[]) => createDoc({ type: "doc", content });

function anchorOn(doc: Y.Doc, blockId: string, quote: string): Anchor {
  const text = textblocks(readDoc(doc)).find(({ id }) => id === blockId)?.text ?? "";
  const offset = text.indexOf(quote);
  const anchor = createAnchor(doc, {
    start: { blockId, offset },
    end: { blockId, offset: offset + quote.length },
  });
  if (!anchor) throw new Error(`no anchor on ${quote}`);
  return anchor;
}
const seek = (doc: Y.Doc, anchor: Anchor) => resolve(doc, textIndex(doc), anchor);

const LISTEN = "Listen to the person in crisis before you say what you want them to do.";
const WAIT = "If nobody is in danger, wait: time is the best tool that an officer has.";

describe("anchors", () => {
  it("says which words, where, and what stands around them", () => {
    const doc = docOf(p("a", LISTEN), p("b", WAIT));
    const anchor = anchorOn(doc, "a", "person in crisis");
    expect(anchor).toMatchObject({
      blockId: "a",
      quote: "person in crisis",
      prefix: "Listen to the ",
      suffix: " before you say what you want th",
    });
    expect(seek(doc, anchor)).toEqual({
      status: "exact",
      start: { blockId: "a", offset: 14 },
      end: { blockId: "a", offset: 30 },
      text: "person in crisis",
    });
  });

  it("spans blocks and line breaks", () => {
    const doc = docOf(
      {
        type: "paragraph",
        attrs: { id: "a" },
        content: [
          { type: "text", text: "one" },
          { type: "hardBreak" },
          { type: "text", text: "two" },
        ],
      },
      p("b", "three"),
    );
    const whole = createAnchor(doc, {
      start: { blockId: "a", offset: 3 },
      end: { blockId: "b", offset: 2 },
    });
    expect(whole?.quote).toBe("\ntwo\nth");
    expect(seek(doc, whole as Anchor)).toMatchObject({
      status: "exact",
      start: { blockId: "a", offset: 3 },
      end: { blockId: "b", offset: 2 },
    });
    const lineBreak = createAnchor(doc, {
      start: { blockId: "a", offset: 2 },
      end: { blockId: "a", offset: 4 },
    });
    expect(seek(doc, lineBreak as Anchor)).toMatchObject({ status: "exact", text: "e\n" });
  });

  it("makes none on what isn't there", () => {
    const doc = docOf(p("a", "short"));
    const at = (from: number, to: number, blockId = "a") =>
      createAnchor(doc, { start: { blockId, offset: from }, end: { blockId, offset: to } });
    expect([at(0, 9), at(-1, 2), at(3, 2), at(2, 2), at(0, 1, "z")]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(createParagraphAnchor(doc, "z")).toBeNull();
  });

  it("moves with the text while others type around it and in other copies", () => {
    const doc = docOf(p("a", LISTEN), p("b", WAIT));
    const anchor = anchorOn(doc, "b", "wait: time");
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
    applyText(copy, { blockId: "b", base: WAIT, proposed: WAIT.replace("nobody", "no person") });
    expect(seek(copy, anchor)).toMatchObject({ status: "exact", text: "wait: time" });
  });

  it("finds the words again when their positions are lost", () => {
    const quote = "person in crisis";
    const before = docOf(p("a", LISTEN), p("b", WAIT));
    const anchor = anchorOn(before, "a", quote);
    const damaged = { ...anchor, startPos: new Uint8Array([9, 9, 9, 9]), endPos: new Uint8Array() };
    const cases: [string, NodeJSON[], string, string][] = [
      ["same block", [p("a", `Always: ${LISTEN}`), p("b", WAIT)], "moved", quote],
      ["another block", [p("b", WAIT), p("z", LISTEN)], "moved", quote],
      [
        "over a break",
        [p("a", "Listen to the person"), p("z", " in crisis before you say what")],
        "moved",
        "person\n in crisis",
      ],
      [
        "changed a little",
        [p("a", LISTEN.replace("person in crisis", "person in a crisis"))],
        "changed",
        "person in a crisis",
      ],
      [
        "changed a lot",
        [p("a", LISTEN.replace("person in crisis", "caller"))],
        "changed",
        "caller",
      ],
      ["deleted", [p("a", LISTEN.replace("person in crisis ", "")), p("b", WAIT)], "gone", ""],
      ["another text", [p("a", "Budget for the next year."), p("b", WAIT)], "gone", ""],
      ["nothing", [], "gone", ""],
    ];
    for (const [name, content, status, text] of cases) {
      for (const lost of [anchor, damaged]) {
        const result = seek(docOf(...content), lost);
        expect(result.status, name).toBe(status);
        if ("text" in result) expect(result.text, name).toBe(text);
      }
    }
  });

  it("rather says it doesn't know than shows a wrong place", () => {
    const doc = docOf(p("a", LISTEN), p("b", WAIT));
    const anchor = anchorOn(doc, "a", "person in crisis");
    const twice = docOf(p("x", LISTEN), p("y", LISTEN));
    expect(seek(twice, anchor)).toEqual({ status: "ambiguous" });
    const calm = docOf(p("a", "Stay calm, and calm others; keep calm."));
    const first = anchorOn(calm, "a", "calm");
    applyText(calm, {
      blockId: "a",
      base: "Stay calm, and calm others; keep calm.",
      proposed: "Stay put, and calm others; keep calm.",
    });
    expect(seek(calm, first)).toMatchObject({ status: "changed", text: "put" });
    applyText(calm, {
      blockId: "a",
      base: "Stay put, and calm others; keep calm.",
      proposed: "And calm others; keep calm.",
    });
    expect(seek(calm, first)).toEqual({ status: "gone" });
  });

  it("follows a whole paragraph, however its words change", () => {
    const doc = docOf(p("a", LISTEN), p("b", WAIT));
    const anchor = createParagraphAnchor(doc, "a") as Anchor;
    expect(seek(doc, anchor)).toMatchObject({ status: "exact", text: LISTEN });
    const longer = `${LISTEN} Then ask what would help.`;
    applyText(doc, { blockId: "a", base: LISTEN, proposed: longer });
    expect(seek(doc, anchor)).toMatchObject({
      status: "changed",
      text: longer,
      start: { blockId: "a", offset: 0 },
    });
    const rewritten = "Listen first, then say what you want the person to do.";
    applyText(doc, { blockId: "a", base: longer, proposed: rewritten });
    expect(seek(doc, anchor)).toMatchObject({ status: "changed", text: rewritten });
    applyText(doc, { blockId: "a", base: rewritten, proposed: "" });
    expect(seek(doc, anchor)).toEqual({ status: "gone" });
    const empty = docOf(p("e", ""));
    expect(seek(empty, createParagraphAnchor(empty, "e") as Anchor)).toMatchObject({
      status: "exact",
      text: "",
    });
  });

  it("asks a person where its words stand twice, are gone, or were rewritten", () => {
    const doc = docOf(p("a", LISTEN), p("b", WAIT));
    const anchor = anchorOn(doc, "a", "person in crisis");
    const asked = (...content: NodeJSON[]) => {
      const now = docOf(...content);
      const index = textIndex(now);
      const places = candidates(index, anchor);
      return [
        isDoubtful(anchor, resolve(now, index, anchor)),
        ...places.map(({ status, start }) => `${status} ${start.blockId} ${start.offset}`),
      ];
    };
    expect(asked(p("a", `Now: ${LISTEN}`))).toEqual([false, "moved a 19"]);
    expect(asked(p("x", LISTEN), p("y", LISTEN))).toEqual([true, "moved x 14", "moved y 14"]);
    expect(asked(p("a", LISTEN.replace("person in crisis", "caller")))[0]).toBe(true);
    expect(asked(p("a", "Budget for the next year."))).toEqual([true]);
    expect(asked(p("z", "Somebody in crisis is a person too."))).toEqual([true, "changed z 0"]);
  });

  it("asks nobody about a paragraph that still says much the same", () => {
    const doc = docOf(p("a", LISTEN), p("b", WAIT));
    const anchor = createParagraphAnchor(doc, "a") as Anchor;
    const doubtful = (text: string) =>
      isDoubtful(anchor, seek(docOf(p("a", text), p("b", WAIT)), anchor));
    expect(doubtful(LISTEN.replace("before", "long before"))).toBe(false);
    expect(doubtful("Listen, and then say what happens next to the people around.")).toBe(true);
    expect(candidates(textIndex(doc), anchor)).toMatchObject([
      { start: { blockId: "a", offset: 0 } },
    ]);
  });

  it("places what was selected on an older page", () => {
    const doc = docOf(p("a", "wait, listen, wait, speak"), p("b", "and leave"));
    const at = (blockId: string, quote: string, offset?: number) => {
      const place = locate(doc, { blockId, quote, ...(offset === undefined ? {} : { offset }) });
      return (
        place && [place.start.blockId, place.start.offset, place.end.blockId, place.end.offset]
      );
    };
    expect(at("a", "wait", 12)).toEqual(["a", 14, "a", 18]);
    expect(at("a", "wait")).toEqual(["a", 0, "a", 4]);
    expect(at("old", "leave")).toEqual(["b", 4, "b", 9]);
    expect(at("old", "wait")).toBeNull();
    expect(at("a", "speak\nand", 20)).toEqual(["a", 20, "b", 3]);
    expect(at("a", "nowhere")).toBeNull();
    expect(at("a", "")).toBeNull();
  });
});

/** A document in which every word occurs once, and anchors on words all over it. */
function uniqueWords(r: Random) {
  let count = 0;
  const word = () => `${r.pick(["calm", "voice", "listen", "respect", "time"])}${++count}`;
  const text = (length: number) => Array.from({ length }, word).join(" ");
  const json: DocJSON = {
    type: "doc",
    content: Array.from(
      { length: r.int(3, 7) },
      (_, index): NodeJSON =>
        r.chance(0.3)
          ? {
              type: "bulletList",
              content: [1, 2].map((item) => ({
                type: "listItem",
                content: [p(`i${index}-${item}`, text(r.int(4, 10)))],
              })),
            }
          : p(`p${index}`, text(r.int(4, 25))),
    ),
  };
  const doc = createDoc(json);
  const anchors = Array.from({ length: 12 }, () => {
    const block = r.pick(textblocks(readDoc(doc)));
    const words = [...block.text.matchAll(/\S+/g)];
    const first = r.int(0, words.length - 1);
    const last = Math.min(words.length - 1, first + r.int(0, 6));
    const end = words[last] as RegExpExecArray;
    return createAnchor(doc, {
      start: { blockId: block.id, offset: words[first]?.index ?? 0 },
      end: { blockId: block.id, offset: end.index + end[0].length },
    }) as Anchor;
  });
  return { doc, word, anchors };
}

const wordsOf = (text: string) => text.match(/[a-z]+\d+/g) ?? [];

describe(`anchors while people edit (seed ${SEED})`, () => {
  it("keeps all of them through splits, joins, wraps, lifts, headings, moves and marks", () => {
    let [standing, kept] = [0, 0];
    for (let run = 0; run < 150; run++) {
      const r = random(SEED + run);
      const { doc, anchors } = uniqueWords(r);
      const editor = editing(doc);
      const done: string[] = [];
      for (let step = r.int(1, 8); step > 0; step--) {
        const name = r.pick(Object.keys(STRUCTURE));
        done.push(name);
        editor.edit((tr) => STRUCTURE[name]?.(tr, r));
      }
      const index = textIndex(doc);
      const flat = index.flat.replace(/\n/g, "");
      for (const anchor of anchors) {
        const result = resolve(doc, index, anchor);
        const hint = JSON.stringify({ run, done, anchor, result, flat: index.flat });
        // A moved block may now stand between two halves of what was one passage.
        if (!flat.includes(anchor.quote)) continue;
        standing += 1;
        if (!("text" in result)) continue;
        kept += 1;
        expect(["exact", "moved"], hint).toContain(result.status);
        expect(result.text.replace(/\n/g, ""), hint).toBe(anchor.quote);
      }
    }
    // Lost is only what was cut inside a word and carried away from all its neighbours.
    expect(kept / standing).toBeGreaterThan(0.99);
  });

  it("never shows one on unrelated words", () => {
    const seen: Record<string, number> = {};
    let [standing, kept] = [0, 0];
    for (let run = 0; run < 300; run++) {
      const r = random(SEED + run);
      const { doc, word, anchors } = uniqueWords(r);
      const editor = editing(doc);
      const done: string[] = [];
      for (let step = r.int(1, 12); step > 0; step--) {
        const [kind, name] = r.chance(0.6)
          ? [WORDS, r.pick(Object.keys(WORDS))]
          : [STRUCTURE, r.pick(Object.keys(STRUCTURE))];
        done.push(name);
        editor.edit((tr) => kind[name]?.(tr, r, word));
      }
      const index = textIndex(doc);
      for (const anchor of anchors) {
        const result = resolve(doc, index, anchor);
        seen[result.status] = (seen[result.status] ?? 0) + 1;
        const hint = `${anchor.quote} ${anchor.prefix}|${anchor.suffix} ${JSON.stringify({ run, done, result, flat: index.flat })}`;
        const quoted = wordsOf(anchor.quote);
        // Half a word between two counts too: a split may have cut one that stood there.
        const words = index.flat.match(/[a-z]+\d*|\d+/g) ?? [];
        const intact = ` ${words.join(" ")} `.includes(` ${quoted.join(" ")} `);
        if (intact) {
          standing += 1;
          // A short quote whose neighbours are all gone can't be told from another of its kind.
          if ("text" in result && result.text.includes(anchor.quote)) kept += 1;
          else if (result.status !== "moved") expect(result.status, hint).toMatch(/gone|ambiguous/);
        }
        if (result.status === "gone" || result.status === "ambiguous") continue;
        const shown = wordsOf(result.text);
        const letters = (text: string) => text.replace(/\s/g, "");
        if (result.status !== "changed")
          expect(letters(result.text), hint).toBe(letters(anchor.quote));
        else if (
          !anchor.quote.includes(result.text.trim()) &&
          !shown.some((one) => quoted.some((word) => word === one))
        ) {
          // No word of it is left: then what stands between its old neighbours is shown.
          const at = index.flat.indexOf(result.text);
          const before = wordsOf(index.flat.slice(0, at)).at(-1);
          const after = wordsOf(index.flat.slice(at + result.text.length))[0];
          const neighbours = [wordsOf(anchor.prefix).at(-1), wordsOf(anchor.suffix)[0]];
          expect(neighbours[0] === before || neighbours[1] === after, hint).toBe(true);
        }
      }
    }
    expect(kept / standing).toBeGreaterThan(0.97);
    expect(Object.keys(seen)).toEqual(
      expect.arrayContaining(["exact", "moved", "changed", "gone"]),
    );
  });
});
