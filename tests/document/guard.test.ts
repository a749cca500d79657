import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { admit, GUARD_LIMITS, type Rules, Shadow } from "#app/document/guard.ts";
import { readDoc } from "#app/document/read.ts";
import { FRAGMENT, schema } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { type Random, random, SEED, sentence } from "./random.ts";

const RULES: Rules = { author: "ana", ownerOf: () => undefined };

const base = createDoc({
  type: "doc",
  content: [
    { type: "paragraph", content: [{ type: "text", text: "one two three four" }] },
    { type: "paragraph", content: [{ type: "text", text: "five six" }] },
  ],
});

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}
const textOf = (doc: Y.Doc, block = 0) =>
  (doc.getXmlFragment(FRAGMENT).get(block) as Y.XmlElement).get(0) as Y.XmlText;

/** What `write` adds to a copy of the document, as one update. */
function by(write: (doc: Y.Doc) => void, doc = base): Uint8Array {
  const copy = copyOf(doc);
  const updates: Uint8Array[] = [];
  copy.on("update", (update: Uint8Array) => updates.push(update));
  copy.transact(() => write(copy));
  return Y.mergeUpdates(updates);
}

describe("The guard", () => {
  it("keeps all of an update whose formats say what another's said already", () => {
    const bold = by((doc) => textOf(doc).format(0, 7, { bold: {} }));
    const boldAndTyped = by((doc) => {
      textOf(doc).format(0, 7, { bold: {} });
      textOf(doc).insert(3, " typed");
    });
    const shadow = new Shadow(copyOf(base));
    const committed = copyOf(base);
    for (const update of [bold, boldAndTyped]) {
      const verdict = admit(shadow, update, RULES);
      expect(verdict).toMatchObject({ ok: true, update: expect.any(Uint8Array) });
      if (verdict.ok && verdict.update) Y.applyUpdate(committed, verdict.update);
    }
    expect(textOf(committed).toString()).toContain("one typed two");
    expect(readDoc(committed)).toEqual(readDoc(shadow.doc));
  });

  it("gives out what it took, typed text as well as anything else", () => {
    const r = random(SEED);
    const shadow = new Shadow(copyOf(base));
    const committed = copyOf(base);
    const people = [1, 2, 3].map((client) => {
      const doc = copyOf(base);
      doc.clientID = client;
      const updates: Uint8Array[] = [];
      doc.on("update", (update: Uint8Array) => updates.push(update));
      return { doc, updates };
    });
    for (let step = 0; step < 600; step++) {
      const { doc, updates } = r.pick(people);
      if (r.chance(0.2))
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(committed, Y.encodeStateVector(doc)));
      updates.length = 0;
      change(r, textOf(doc, r.int(0, 1)));
      for (const update of updates) {
        // A client's first word on what it has may repeat what is known.
        const sent = r.chance(0.1) ? Y.encodeStateAsUpdate(doc) : update;
        const verdict = admit(shadow, sent, { ...RULES, ownerOf: () => "ana" });
        expect(verdict, `seed ${SEED}, step ${step}`).toMatchObject({ ok: true });
        if (verdict.ok && verdict.update) Y.applyUpdate(committed, verdict.update);
      }
    }
    expect(committed.store.pendingStructs).toBeNull();
    expect(Y.encodeStateVector(committed)).toEqual(Y.encodeStateVector(shadow.doc));
    expect(readDoc(committed), `seed ${SEED}`).toEqual(readDoc(shadow.doc));
  });

  it("takes long typing in each other's words, and what builds on it", () => {
    const shadow = new Shadow(copyOf(base));
    const [ana, ben] = [copyOf(base), copyOf(base)] as const;
    const updates: Uint8Array[] = [];
    for (const [doc, other] of [
      [ana, ben],
      [ben, ana],
    ] as const) {
      doc.on("update", (update: Uint8Array, origin: unknown) => {
        if (origin === "theirs") return;
        updates.push(update);
        Y.applyUpdate(other, update, "theirs");
      });
    }
    const send = () => {
      for (const update of updates.splice(0))
        expect(admit(shadow, update, { ...RULES, ownerOf: () => "ana" })).toMatchObject({
          ok: true,
        });
    };
    for (let key = 0; key < 250; key++) {
      const text = textOf(key % 2 === 0 ? ana : ben);
      text.insert(3 + (key % 7) * 2, "x");
      if (key === 120) send();
    }
    textOf(ben).delete(4, 9);
    textOf(ana).insert(4, "after");
    send();
    expect(readDoc(shadow.doc)).toEqual(readDoc(ana));
    // What stood in a text that is gone can't be typed beside.
    ana.getXmlFragment(FRAGMENT).delete(0, 1);
    send();
    expect(readDoc(shadow.doc)).toEqual(readDoc(ben));
  });

  it("keeps nothing that only hangs on behind an update", () => {
    const update = by((doc) => textOf(doc).insert(3, " more"));
    const verdict = admit(new Shadow(copyOf(base)), new Uint8Array([...update, 1, 2, 3]), RULES);
    expect(verdict).toMatchObject({ ok: true, update });
  });

  it("tells whose client id it is for typed text too", () => {
    const typed = by((doc) => textOf(doc).insert(3, "x"));
    const shadow = new Shadow(copyOf(base));
    const ofBen = { ...RULES, ownerOf: () => "ben" };
    expect(admit(shadow, typed, ofBen)).toMatchObject({ ok: false, reason: "foreign" });
    expect(admit(shadow, typed, RULES)).toMatchObject({ ok: true });
  });

  it.each([
    ["an unknown mark", { blink: {} }],
    ["a link to a script", { link: { href: "javascript:alert(1)" } }],
    ["a link to nowhere", { link: {} }],
    ["a second name of a mark", { "bold--abcdefgh": {} }],
    ["a mark without attributes", { bold: true }],
  ])("refuses %s before any word shows it", (_what, format) => {
    const update = by((doc) => {
      textOf(doc).insert(3, "x", format as Record<string, object>);
      // Deleted as no editor does it: the format stays, with nothing to show it.
      for (let item = textOf(doc)._start; item; item = item.right) {
        const hidden = item.content instanceof Y.ContentString && item.content.str === "x";
        if (hidden) item.delete(doc._transaction as Y.Transaction);
      }
    });
    const verdict = admit(new Shadow(copyOf(base)), update, RULES);
    expect(verdict).toMatchObject({ ok: false, reason: "invalid", spoiled: true });
  });

  it("refuses an attribute of several values, of which an editor would read the last", () => {
    const update = by((doc) => {
      const block = doc.getXmlFragment(FRAGMENT).get(0) as Y.XmlElement;
      block.setAttribute("id", "sound");
      const item = block._map.get("id") as Y.Item;
      (item.content as Y.ContentAny).arr.push({ evil: 1 });
      item.length = 2;
    });
    expect(admit(new Shadow(copyOf(base)), update, RULES).ok).toBe(false);
  });

  it("takes less at once in a workshop copy than in a draft", () => {
    const long = by((doc) => textOf(doc).insert(0, "x".repeat(GUARD_LIMITS.workshop.bytes)));
    const many = by((doc) => {
      const count = GUARD_LIMITS.workshop.structs + 1;
      const blocks = Array.from({ length: count }, () => new Y.XmlElement("paragraph"));
      doc.getXmlFragment(FRAGMENT).push(blocks);
    });
    for (const update of [long, many]) {
      const refused = admit(new Shadow(copyOf(base)), update, {
        ...RULES,
        limits: GUARD_LIMITS.workshop,
      });
      expect(refused).toEqual({ ok: false, reason: "tooLarge", spoiled: false });
      expect(
        admit(new Shadow(copyOf(base)), update, { ...RULES, limits: GUARD_LIMITS.draft }).ok,
      ).toBe(true);
    }
  });

  it("may judge each child alone: no node asks for an order or a number of children", () => {
    for (const { name, contentMatch } of Object.values(schema().nodes)) {
      expect(contentMatch.validEnd, name).toBe(true);
      for (let edge = 0; edge < contentMatch.edgeCount; edge++) {
        expect(contentMatch.edge(edge).next, name).toBe(contentMatch);
      }
    }
  });
});

/** Types, deletes or formats somewhere in a text. */
function change(r: Random, text: Y.XmlText) {
  const at = r.int(0, text.length);
  const length = Math.min(r.int(1, 5), text.length - at);
  const kind = r.next();
  if (kind < 0.6) text.insert(at, r.chance(0.5) ? r.pick([..."etaoin 🙂"]) : sentence(r, 3));
  else if (kind < 0.8 && text.length > 20) text.delete(at, length);
  else text.format(at, length, { bold: r.chance(0.5) ? {} : null });
}
