import * as Y from "yjs";
import type { Deletion } from "./logged.ts";
import { type AuthorOf, type Hand, type Range, Runs } from "./runs.ts";
import { FRAGMENT, TEXTBLOCKS } from "./schema.ts";

/** Some characters of a block's text (offsets), whose they are, and if they came since the version before. */
export type Stretch = Hand & { from: number; to: number; fresh: boolean };

/** Where in a block's text words of the version before were taken out, and by whom. */
export type Removal = { at: number; personId: string | null };

/** A textblock with whose hand wrote each part of it, and who took something out. */
export type Written = { id: string; text: string; hands: Stretch[]; removed: Removal[] };

/** What a document was in the version before, and who took out what it held then. */
export type Since = { held: AuthorOf; removers: (range: Range) => Iterable<string | null> };

const NOTHING: Since = {
  held: () => ({ authorId: null, via: "", to: Number.POSITIVE_INFINITY }),
  removers: () => [],
};

/**
 * Whose hand wrote each part of each textblock, in reading order, and where words were taken out
 * since the version before. Never writes. Cost: the text's items.
 */
export function writtenIn(doc: Y.Doc, authorOf: AuthorOf, since = NOTHING): Written[] {
  return textblocksIn(doc).map((element) => {
    const id = String(element.getAttribute("id") ?? "");
    const block: Written = { id, text: "", hands: [], removed: [] };
    for (const { item, text } of itemsOf(element)) {
      const { client, clock } = item.id;
      if (text !== null) {
        write(block, item.id, text, authorOf, since);
        continue;
      }
      for (const personId of since.removers({ client, from: clock, to: clock + item.length }))
        block.removed.push({ at: block.text.length, personId });
    }
    return block;
  });
}

function write(
  block: Written,
  { client, clock }: Y.ID,
  text: string,
  authorOf: AuthorOf,
  { held }: Since,
): void {
  for (let at = 0; at < text.length; ) {
    const { authorId, via, to } = authorOf(client, clock + at);
    const before = held(client, clock + at);
    const fresh = before.via !== HELD;
    const end = Math.min(text.length, to - clock, before.to - clock);
    const from = block.text.length;
    block.text += text.slice(at, end);
    const last = block.hands.at(-1);
    const goesOn = last?.authorId === authorId && last.via === via && last.fresh === fresh;
    if (goesOn) last.to = block.text.length;
    else block.hands.push({ from, to: block.text.length, authorId, via, fresh });
    at = end;
  }
}

function textblocksIn(doc: Y.Doc): Y.XmlElement[] {
  const found: Y.XmlElement[] = [];
  const visit = (parent: Y.XmlFragment) => {
    for (const child of parent.toArray()) {
      if (!(child instanceof Y.XmlElement)) continue;
      if (TEXTBLOCKS.has(child.nodeName)) found.push(child);
      else visit(child);
    }
  };
  visit(doc.getXmlFragment(FRAGMENT));
  return found;
}

/** A textblock's items in order; `text` is null for one that is deleted. */
function* itemsOf(element: Y.XmlElement): Generator<{ item: Y.Item; text: string | null }> {
  for (let child = element._start; child; child = child.right) {
    if (child.deleted || !(child.content instanceof Y.ContentType)) {
      yield { item: child, text: null };
      continue;
    }
    const { type } = child.content;
    if (type instanceof Y.XmlElement && type.nodeName === "hardBreak")
      yield { item: child, text: "\n" };
    if (!(type instanceof Y.XmlText)) continue;
    for (let item = type._start; item; item = item.right) {
      if (item.deleted) yield { item, text: null };
      else if (item.content instanceof Y.ContentString) yield { item, text: item.content.str };
    }
  }
}

const HELD = "held";

/** Looks from an earlier state of a document at what was done since. Cost: that state's items, once. */
export function sinceVersion(before: Y.Doc, deletions: readonly Deletion[]): Since {
  const held = new Runs(
    textblocksIn(before).flatMap((element) =>
      [...itemsOf(element)].flatMap(({ item, text }) => {
        const { client, clock } = item.id;
        const range = { client, from: clock, to: clock + item.length };
        return text === null ? [] : [{ ...range, authorId: null, via: HELD, writerId: null }];
      }),
    ),
  );
  const deleted = new Runs(apart(deletions));
  return {
    held: held.authorOf,
    removers({ client, from, to }) {
      const people = new Set<string | null>();
      for (let at = from; at < to; ) {
        const was = held.authorOf(client, at);
        const by = deleted.authorOf(client, at);
        if (was.via === HELD && by.via === HELD) people.add(by.authorId);
        at = Math.min(was.to, by.to);
      }
      return people;
    },
  };
}

/** The same ranges without overlaps: what two people took out at once counts for the first. */
function* apart(deletions: readonly Deletion[]) {
  const ends = new Map<number, number>();
  for (const { client, from, to, authorId } of [...deletions].sort((a, b) => a.from - b.from)) {
    const start = Math.max(from, ends.get(client) ?? 0);
    if (start >= to) continue;
    ends.set(client, to);
    yield { client, from: start, to, authorId, via: HELD, writerId: null };
  }
}
