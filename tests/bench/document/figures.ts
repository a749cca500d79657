import { Transform } from "@tiptap/pm/transform";
import * as Y from "yjs";
import { type Anchor, createAnchor, resolve, textIndex } from "#app/document/anchors.ts";
import { applyHunk } from "#app/document/apply.ts";
import { RecentDeletions } from "#app/document/authorship.ts";
import { compare } from "#app/document/compare.ts";
import { Differ, diff, type Hunk } from "#app/document/diff.ts";
import { admit, Shadow } from "#app/document/guard.ts";
import { marksOf } from "#app/document/marks.ts";
import { readDoc, textblocks } from "#app/document/read.ts";
import { Runs } from "#app/document/runs.ts";
import { FRAGMENT, schema } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { editing, STRUCTURE, WORDS } from "#tests/document/editing.ts";
import { DEEDS, lexicon, NAMES, Person, Server, wordsOf } from "#tests/document/people.ts";
import { random, sentence } from "#tests/document/random.ts";
import { measure, type Taken } from "./measure.ts";
import { change, forked, nextVersion, type Scene } from "./scene.ts";

/** A line of the table: what was measured, and what it must reach. */
export type Figure = {
  what: string;
  value: number;
  unit: "ms" | "%";
  /** At most so many milliseconds, or at least so many per cent. */
  target?: number;
  note?: string;
};

function times(
  what: string,
  taken: Taken,
  targets: Partial<Record<keyof Taken, number>>,
  note = `${taken.runs.toLocaleString("en")} times`,
): Figure[] {
  return (["p50", "p95", "worst"] as const).map((name, index) => ({
    what: index === 0 ? `${what}: ${name}` : `… ${name}`,
    value: taken[name],
    unit: "ms",
    ...(targets[name] === undefined ? {} : { target: targets[name] }),
    ...(index === 0 ? { note } : {}),
  }));
}

/** All that is measured of a module, one after the other; a look at each when `small`. */
export function figuresOf(scene: Scene, seed: number, small: boolean): Figure[] {
  const few = (count: number) => (small ? Math.max(3, Math.ceil(count / 20)) : count);
  return [
    ...differences(scene, few(20)),
    ...keystrokes(scene, seed, few(400)),
    ...applying(scene),
    ...guarding(scene, seed, few(2_000)),
    ...anchored(scene, seed, few(1_000)),
    ...versions(scene, seed, few(10), small ? 200 : 2_000),
    ...authors(seed, few(20)),
  ];
}

function differences({ base, copy }: Scene, runs: number): Figure[] {
  const hunks = diff(base, copy);
  const taken = measure(
    runs,
    ([one, other]) => void diff(one, other),
    () => [structuredClone(base), structuredClone(copy)] as const,
  );
  return times(`Difference of a copy with 200 edits (${hunks.length} hunks), cold`, taken, {
    p50: 60,
  });
}

/** Keys in blocks all over the copy, each followed by a look at the whole difference. */
function keystrokes({ base, copy }: Scene, seed: number, runs: number): Figure[] {
  const r = random(seed);
  const differ = new Differ(schema().nodeFromJSON(base));
  let now = schema().nodeFromJSON(copy);
  differ.hunks(now);
  const type = () => {
    const places: number[] = [];
    now.descendants((node, pos) => {
      if (node.isTextblock) places.push(pos + 1 + r.int(0, node.content.size));
      return !node.isTextblock;
    });
    now = new Transform(now).insert(r.pick(places), schema().text("e")).doc;
    return now;
  };
  const typed = measure(runs, (doc) => void marksOf(differ.hunks(doc)), type);
  const replaced = measure(
    Math.ceil(runs / 10),
    (doc) => void marksOf(differ.hunks(doc)),
    () => schema().nodeFromJSON(type().toJSON()),
  );
  return [
    ...times("… after a keystroke, with what to draw", typed, { p50: 3, p95: 10 }),
    ...times("… after the editor replaced its document", replaced, {}),
  ];
}

/** Each hunk, into a draft in which trainers made 50 edits meanwhile. */
function applying({ base, copy, draft }: Scene): Figure[] {
  const hunks = diff(base, copy);
  const isText = ({ kind }: Hunk) => kind === "text" || kind === "format";
  const run = (what: string, some: Hunk[], target: number): Figure[] => {
    const doc = draft();
    const counts = new Map<string, number>();
    const taken = measure<Hunk>(
      some.length,
      (hunk) => {
        const { status } = applyHunk(doc, hunk);
        counts.set(status, (counts.get(status) ?? 0) + 1);
      },
      (index) => some[index] as Hunk,
    );
    return times(what, taken, { p50: target }, counted(counts));
  };
  return [
    ...run("Words of a hunk applied", hunks.filter(isText), 0.2),
    ...run(
      "Structure of a hunk applied",
      hunks.filter((hunk) => !isText(hunk)),
      40,
    ),
  ];
}

const counted = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([status, count]) => `${count} ${status}`).join(", ");

/** Keys for the most part, some words at once, some structure: each update as a socket brings it. */
function guarding({ origin }: Scene, seed: number, keys: number): Figure[] {
  const r = random(seed);
  const [shadow, writer] = [new Shadow(forked(origin)), forked(origin)];
  const updates: Uint8Array[] = [];
  writer.on("update", (update: Uint8Array) => updates.push(update));
  let texts = textsIn(writer.getXmlFragment(FRAGMENT));
  for (let key = 0; key < keys; key++) {
    if (key % 20 > 0) {
      const text = r.pick(texts);
      text.insert(r.int(0, text.length), "e");
      continue;
    }
    const step = r.pick([...Object.values(STRUCTURE), ...Object.values(WORDS)]);
    editing(writer).edit((tr) => step(tr, r, () => sentence(r, 1, 0)));
    texts = textsIn(writer.getXmlFragment(FRAGMENT));
  }
  const runs = new Runs();
  const recent = new RecentDeletions();
  const taken = measure<Uint8Array>(
    updates.length,
    (update) => {
      const verdict = admit(shadow, update, {
        author: "ana",
        ownerOf: runs.ownerOf,
        attribution: { recent, authorOf: runs.authorOf, now: performance.now() },
      });
      if (!verdict.ok) throw new Error(verdict.reason);
      runs.add(verdict.ranges, verdict.carried, { authorId: "ana", via: "socket" });
    },
    (run) => updates[run] as Uint8Array,
  );
  return times("Guard and authorship of an update", taken, { p95: 0.3 });
}

function textsIn(parent: Y.XmlFragment): Y.XmlText[] {
  return parent.toArray().flatMap((child) => {
    if (child instanceof Y.XmlText) return child;
    return child instanceof Y.XmlElement ? textsIn(child) : [];
  });
}

/** Anchors on passages of some words, after an afternoon in which every block was touched. */
function anchored({ origin }: Scene, seed: number, count: number): Figure[] {
  const r = random(seed);
  const doc = forked(origin);
  const places = textblocks(readDoc(doc)).filter(({ text }) => text.length > 60);
  const anchors = Array.from({ length: count }, (): Anchor | null => {
    const { id, text } = r.pick(places);
    const from = r.int(0, text.length - 50);
    const [start, end] = [from, from + r.int(10, 50)].map((offset) => ({ blockId: id, offset }));
    return start && end ? createAnchor(doc, { start, end }) : null;
  });
  change(doc, r, [
    ["type", 60],
    ["erase", 60],
    ["split", 40],
    ["join", 20],
    ["wrap", 20],
    ["move", 20],
    ["deleteBlock", 30],
  ]);
  const index = textIndex(doc);
  const kept = anchors.flatMap((anchor) => anchor ?? []);
  const statuses = new Map<string, number>();
  const taken = measure<Anchor>(
    kept.length,
    (anchor) => {
      const { status } = resolve(doc, index, anchor);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    },
    (run) => kept[run] as Anchor,
  );
  const targets = { p50: 1, worst: 100 };
  return times("An anchor resolved after 250 edits", taken, targets, counted(statuses));
}

function versions({ base }: Scene, seed: number, runs: number, differing: number): Figure[] {
  const next = nextVersion(base, seed, differing);
  const hunks = diff(base, next).length.toLocaleString("en");
  const pair = () => [structuredClone(base), structuredClone(next)] as const;
  const found = measure(runs, ([one, other]) => void diff(one, other), pair);
  const shown = measure(runs, ([one, other]) => void compare(one, other), pair);
  return [
    ...times(`Difference of two versions with ${hunks} hunks`, found, { p50: 400 }),
    ...times("… as their page shows it, block by block", shown, { p50: 400 }),
  ];
}

/** Three people who type, cut, paste, undo, split and join, and now and then come back as new. */
function authors(seed: number, documents: number): Figure[] {
  const r = random(seed);
  const total = { words: 0, right: 0, raw: 0 };
  for (let run = 0; run < documents; run++) {
    const { authors, by } = lexicon(r);
    const paragraph = () => ({
      type: "paragraph",
      content: [{ type: "text", text: Array.from({ length: r.int(8, 30) }, by(null)).join(" ") }],
    });
    const server = new Server(
      createDoc({ type: "doc", content: Array.from({ length: 6 }, paragraph) }),
    );
    const come = (name: string) => new Person(name, r.int(1, 2 ** 31), server);
    const people = ["ana", "ben", "cleo"].map(come);
    for (let step = 0; step < 150; step++) {
      const at = r.int(0, people.length - 1);
      const who = people[at] as Person;
      if (r.chance(0.03)) {
        who.say();
        server.people.splice(server.people.indexOf(who), 1);
        people[at] = come(who.name);
        continue;
      }
      const name = r.pick(NAMES);
      server.now += r.int(200, 8_000);
      if (r.chance(0.9)) who.hear();
      const word = by(who.name);
      const deed = DEEDS[name];
      if (deed) deed(who, r, word);
      else who.edit((tr) => (STRUCTURE[name] ?? WORDS[name])?.(tr, r, word));
      if (r.chance(0.9)) who.say();
    }
    for (const person of people) person.say();
    for (const { word, ids } of wordsOf(server.shadow.doc)) {
      const author = authors.get(word);
      if (author === undefined) continue;
      const most = (authorOf: (id: Y.ID) => string | null | undefined) =>
        ids.filter((id) => (authorOf(id) ?? null) === author).length * 2 > ids.length;
      total.words++;
      if (most(({ client, clock }) => server.runs.authorOf(client, clock).authorId)) total.right++;
      if (most(({ client }) => server.runs.ownerOf(client))) total.raw++;
    }
  }
  const share = (right: number) => (100 * right) / total.words;
  return [
    {
      what: "Words with the right author, mixed edits and reconnects",
      value: share(total.right),
      unit: "%",
      target: 99.4,
      note: `${total.words.toLocaleString("en")} words; ${share(total.raw).toFixed(1)} % by raw item ids`,
    },
  ];
}
