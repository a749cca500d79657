import type { Node, Slice } from "@tiptap/pm/model";
import { Transform } from "@tiptap/pm/transform";
import { initProseMirrorDoc, updateYFragment, ySyncPluginKey } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { RecentDeletions } from "#app/document/authorship.ts";
import { admit, Shadow } from "#app/document/guard.ts";
import { WORD } from "#app/document/read.ts";
import { type Range, Runs } from "#app/document/runs.ts";
import { FRAGMENT, schema } from "#app/document/schema.ts";
import { STRUCTURE } from "./editing.ts";
import type { Random } from "./random.ts";

/** A server that keeps one document, as a room does: it admits, it remembers, it passes on. */
export class Server {
  readonly #doc = new Y.Doc();
  readonly shadow = new Shadow(this.#doc);
  readonly runs = new Runs();
  readonly recent = new RecentDeletions();
  readonly people: Person[] = [];
  readonly deleted: [string, Range][] = [];
  now = 0;

  constructor(base: Y.Doc) {
    Y.applyUpdate(this.#doc, Y.encodeStateAsUpdate(base));
  }

  receive(from: Person, update: Uint8Array) {
    const { runs, recent, now } = this;
    const verdict = admit(this.shadow, update, {
      author: from.name,
      ownerOf: runs.ownerOf,
      attribution: { recent, authorOf: runs.authorOf, now },
    });
    if (!verdict.ok) throw new Error(`Refused: ${verdict.reason}`);
    for (const range of verdict.deleted) this.deleted.push([from.name, range]);
    runs.add(verdict.ranges, verdict.carried, { authorId: from.name, via: "socket" });
    if (!verdict.update) return;
    for (const person of this.people) if (person !== from) person.inbox.push(verdict.update);
  }
}

/** Somebody at an editor: the real binding over a document of their own. */
export class Person {
  readonly doc = new Y.Doc();
  readonly inbox: Uint8Array[] = [];
  readonly outbox: Uint8Array[] = [];
  readonly undo: Y.UndoManager;
  clipboard: Slice | null = null;

  constructor(
    readonly name: string,
    client: number,
    private readonly server: Server,
  ) {
    this.doc.clientID = client;
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(server.shadow.doc));
    const fragment = this.doc.getXmlFragment(FRAGMENT);
    const trackedOrigins = new Set([ySyncPluginKey]);
    this.undo = new Y.UndoManager(fragment, { trackedOrigins, captureTimeout: 0 });
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== server) this.outbox.push(update);
    });
    server.people.push(this);
  }

  hear() {
    for (const update of this.inbox.splice(0)) Y.applyUpdate(this.doc, update, this.server);
  }

  say() {
    for (const update of this.outbox.splice(0)) this.server.receive(this, update);
  }

  edit(change: (tr: Transform) => void) {
    const fragment = this.doc.getXmlFragment(FRAGMENT);
    const { doc, meta } = initProseMirrorDoc(fragment, schema());
    const tr = new Transform(doc);
    change(tr);
    if (!tr.docChanged) return;
    this.doc.transact(() => updateYFragment(this.doc, fragment, tr.doc, meta), ySyncPluginKey);
  }
}

/** The place of some words in a document. */
export function find(doc: Node, words: string): Place {
  let place: Place | null = null;
  doc.descendants((node, pos) => {
    const at = node.isTextblock ? node.textContent.indexOf(words) : -1;
    if (at >= 0) place ??= { from: pos + 1 + at, to: pos + 1 + at + words.length };
    return !node.isTextblock;
  });
  if (!place) throw new Error(`There is no "${words}"`);
  return place;
}

type Place = { from: number; to: number };

/** A passage that begins and ends between words, within a block or across some. */
function passage(r: Random, doc: Node): Place | null {
  const gaps: number[] = [];
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    for (const { index } of node.textContent.matchAll(/^|(?<=\s)|$/g)) gaps.push(pos + 1 + index);
    return false;
  });
  const first = r.int(0, gaps.length - 1);
  const from = gaps[first];
  const to = gaps[Math.min(gaps.length - 1, first + r.int(2, 15))];
  return from !== undefined && to !== undefined && to > from ? { from, to } : null;
}

/** What one person does in one moment. */
export const DEEDS: Record<string, (who: Person, r: Random, word: () => string) => void> = {
  cut(who, r) {
    who.edit((tr) => {
      const place = passage(r, tr.doc);
      if (!place) return;
      who.clipboard = tr.doc.slice(place.from, place.to);
      tr.deleteRange(place.from, place.to);
    });
  },
  paste(who, r) {
    const { clipboard } = who;
    if (!clipboard) return;
    who.edit((tr) => {
      const at = passage(r, tr.doc)?.from;
      if (at !== undefined) tr.replaceRange(at, at, clipboard);
    });
  },
  undo(who) {
    who.undo.undo();
  },
  redo(who) {
    who.undo.redo();
  },
  keys(who, r, word) {
    let at: number | undefined;
    for (const key of `${word()} `) {
      who.edit((tr) => {
        at ??= passage(r, tr.doc)?.from;
        if (at !== undefined) tr.insert(at++, schema().text(key));
      });
    }
  },
};
const often = (name: string, times: number) => Array.from({ length: times }, () => name);
export const NAMES = [
  ...Object.keys(STRUCTURE),
  ...Object.keys(DEEDS),
  ...["cut", "paste", "paste", "insertBlock", "insertBlock", "erase", "type"],
  ...often("split", 2),
  ...often("join", 2),
  ...often("keys", 3),
];

/** Words of which each appears once, and who typed it. */
export function lexicon(r: Random) {
  const authors = new Map<string, string | null>();
  return {
    authors,
    by: (author: string | null) => () => {
      let word = "";
      while (word === "" || authors.has(word)) {
        word = Array.from({ length: r.int(3, 9) }, () =>
          r.pick([..."abcdefghijklmnopqrstuvwxyz"]),
        ).join("");
      }
      authors.set(word, author);
      return word;
    },
  };
}

/** Every word that stands in the document and was ever typed, with the ids of its characters. */
export function* wordsOf(doc: Y.Doc): Generator<{ word: string; ids: Y.ID[] }> {
  const visit = function* (parent: Y.XmlFragment): Generator<{ word: string; ids: Y.ID[] }> {
    for (const child of parent.toArray()) {
      if (child instanceof Y.XmlElement) yield* visit(child);
      if (!(child instanceof Y.XmlText)) continue;
      let text = "";
      const ids: Y.ID[] = [];
      for (let item = child._start; item; item = item.right) {
        if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
        const { str } = item.content;
        text += str;
        for (let at = 0; at < str.length; at++) {
          ids.push(Y.createID(item.id.client, item.id.clock + at));
        }
      }
      for (const { 0: word, index } of text.matchAll(WORD)) {
        yield { word, ids: ids.slice(index, index + word.length) };
      }
    }
  };
  yield* visit(doc.getXmlFragment(FRAGMENT));
}
