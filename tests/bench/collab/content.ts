import * as Y from "yjs";
import { FRAGMENT } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { random, sentence } from "#tests/document/random.ts";
import { marker, type Place } from "./frames.ts";

/** A document that all servers start from, and where in it words can be typed. */
export type Content = {
  state: Uint8Array;
  /** The end of each paragraph. */
  ends: Place[];
};

/** Paragraphs of some words, the same ones for the same seed. */
export function content(seed: number, paragraphs = 30, words = 40): Content {
  const r = random(seed);
  const doc = createDoc({
    type: "doc",
    content: Array.from({ length: paragraphs }, () => ({
      type: "paragraph",
      content: [{ type: "text", text: `${sentence(r, words, 0)} ` }],
    })),
  });
  return { state: Y.encodeStateAsUpdate(doc), ends: endsOf(doc) };
}

/** The last character of each paragraph. */
export function endsOf(doc: Y.Doc): Place[] {
  return texts(doc).map((text) => {
    let last = text._start as Y.Item;
    while (last.right) last = last.right;
    return { client: last.id.client, clock: last.id.clock + last.length - 1 };
  });
}

/** A document that was worked on: what it began with, each edit as Yjs sent it, and what it became. */
export type History = {
  base: Uint8Array;
  updates: Uint8Array[];
  state: Uint8Array;
  stateVector: Map<number, number>;
  text: string;
};

/** How many edits go by between two that certainly insert: see `feed`. */
export const STRIDE = 1_000;

/** How many words somebody types at one place before going to another, on average. */
const RUN = 10;

/**
 * Three people at work on a module of fifty pages (25,000 words, a thousand paragraphs): each puts
 * the caret somewhere at random, types a run of words, one edit a word, and goes elsewhere. One edit
 * in ten takes out the ten characters before the caret. Cost: some 40 µs an edit.
 */
export function history(seed: number, edits: number): History {
  const r = random(seed);
  const base = content(seed, 1_000, 25).state;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, base);
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  const paragraphs = texts(doc);
  const move = () => {
    const text = r.pick(paragraphs);
    return { text, at: r.int(0, text.length), left: r.int(1, 2 * RUN - 1) };
  };
  const people = Array.from({ length: 3 }, () => ({ id: r.int(1, 2 ** 31), caret: move() }));
  for (let n = 0; n < edits; n++) {
    const person = r.pick(people);
    if (person.caret.left-- === 0) person.caret = move();
    const { caret } = person;
    caret.at = Math.min(caret.at, caret.text.length);
    doc.clientID = person.id;
    const inserts = n % STRIDE === STRIDE - 1 || n === edits - 1 || r.chance(0.9);
    if (inserts || caret.at < 10) {
      caret.text.insert(caret.at, marker(n));
      caret.at += marker(n).length;
    } else {
      caret.at -= 10;
      caret.text.delete(caret.at, 10);
    }
  }
  return {
    base,
    updates,
    state: Y.encodeStateAsUpdate(doc),
    stateVector: Y.decodeStateVector(Y.encodeStateVector(doc)),
    text: textOf(doc),
  };
}

function texts(doc: Y.Doc): Y.XmlText[] {
  return doc
    .getXmlFragment(FRAGMENT)
    .toArray()
    .map((block) => (block as Y.XmlElement).get(0) as Y.XmlText);
}

/** All words of a document, to be compared. */
export const textOf = (doc: Y.Doc): string => doc.getXmlFragment(FRAGMENT).toString();
