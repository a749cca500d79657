import type { Node } from "@tiptap/pm/model";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { creditOf } from "../document/credit.ts";
import { Differ, type Hunk, textsOf } from "../document/diff.ts";
import { type Mark, marksOf } from "../document/marks.ts";
import type { AuthorOf } from "../document/runs.ts";
import type { DocJSON } from "../document/schema.ts";
import type { Whose } from "./change-drawing.ts";

/** One difference between the copy and the draft it was made of, as the list shows it. */
export type Change = {
  key: string;
  kind: Hunk["kind"];
  /** The base's blocks it changes. */
  blocks: readonly string[];
  /** The copy's block it is shown in; of a block that is gone, the one it was shown before. */
  at: string | null;
  /** Most words first. */
  whose: readonly Whose[];
  /** Whoever looks is among them. */
  mine: boolean;
  /** The whole text of the block, or blocks, it changes. */
  before: string;
  after: string;
};

/** All differences in the reading order of the copy, and what to draw in it. */
export type Changes = { list: readonly Change[]; marks: readonly Mark[] };

/** A range of a client's clock, `to` not included, with whose it is. */
type Range = readonly [client: number, from: number, to: number, personId: string | null];

type Run = readonly [
  client: number,
  from: number,
  to: number,
  personId: string | null,
  via: string,
];

/** Who wrote and who took out what, as the server knows it. */
export type Authors = {
  people: Record<string, { name: string; colour: string }>;
  runs: readonly Run[];
  deletions: readonly Range[];
};

/** Finds what a range says of a clock. */
class Ranges<T extends Range | Run> {
  readonly #byClient = new Map<number, T[]>();

  constructor(ranges: readonly T[]) {
    for (const range of ranges) {
      const list = this.#byClient.get(range[0]);
      if (list) list.push(range);
      else this.#byClient.set(range[0], [range]);
    }
    for (const list of this.#byClient.values()) list.sort((a, b) => a[1] - b[1] || a[2] - b[2]);
  }

  /** The range that holds the clock, or the first one after it. Cost: log n. */
  find(client: number, clock: number): T | undefined {
    const list = this.#byClient.get(client) ?? [];
    let low = 0;
    for (let high = list.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((list[middle] as T)[2] <= clock) low = middle + 1;
      else high = middle;
    }
    return list[low];
  }
}

/** A person whom only presence knows so far. */
const live = (client: number) => `client:${client}`;

/**
 * Reckons how a copy differs from its base, again and again while it is written. Cost: what `Differ`
 * costs for the blocks that changed; words and authors are looked up for differences that are new.
 */
export class Reckoner {
  readonly #base: Y.Doc;
  readonly #json: DocJSON;
  readonly #copy: Y.Doc;
  readonly #differ: Differ;
  readonly #person: string;
  /** By key, as they were reckoned last: the same change keeps its words and its authors. */
  #known = new Map<string, Change>();
  #authors: Authors | null = null;
  #runs = new Ranges<Run>([]);
  #deletions = new Ranges<Range>([]);

  /** `person` looks: their own changes are told apart. */
  constructor(base: Y.Doc, json: DocJSON, copy: Y.Doc, person: string) {
    this.#person = person;
    this.#base = base;
    this.#json = json;
    this.#copy = copy;
    this.#differ = new Differ(json);
  }

  /**
   * `unknown`: somebody wrote or took out something of which the server's answer doesn't tell yet;
   * `present`: it doesn't either, but presence says who wrote it, if it isn't somebody else's moved.
   */
  reckon(
    doc: Node,
    authors: Authors,
    awareness: Pick<Awareness, "getStates">,
  ): { changes: Changes; unknown: boolean; present: boolean } {
    this.#learn(authors);
    const hunks = this.#differ.hunks(doc);
    const fresh = hunks.filter(({ key }) => !this.#known.has(key));
    const marks = marksOf(hunks);
    const places = new Map(
      marks.map((mark) => [mark.hunk, mark.type === "gone" ? mark.before : mark.blockId]),
    );
    const { made, ...asked } = this.#changesOf(fresh, places, presentIn(awareness));
    const list = hunks.flatMap(({ key }) => made.get(key) ?? this.#known.get(key) ?? []);
    this.#known = new Map(list.map((change) => [change.key, change]));
    return { changes: { list, marks }, ...asked };
  }

  /** What the list says of changes that weren't there before, or whose authors may be known now. */
  #changesOf(
    hunks: readonly Hunk[],
    places: Map<string, string | null>,
    present: Map<number, Whose>,
  ) {
    let unknown = false;
    let fromPresence = false;
    const made = new Map<string, Change>();
    if (hunks.length === 0) return { made, unknown, present: fromPresence };
    const authorOf: AuthorOf = (client, clock) => {
      const run = this.#runs.find(client, clock);
      if (run && run[1] <= clock) return { authorId: run[3], via: run[4], to: run[2] };
      const to = run?.[1] ?? Number.POSITIVE_INFINITY;
      // The draft's own words: nobody's here.
      if (clock < Y.getState(this.#base.store, client)) return { authorId: null, via: "", to };
      if (present.has(client)) {
        fromPresence = true;
        return { authorId: live(client), via: "socket", to };
      }
      unknown = true;
      return { authorId: null, via: "", to };
    };
    const deletedBy = (client: number, clock: number) => {
      const range = this.#deletions.find(client, clock);
      if (range && range[1] <= clock) return range[3];
      unknown = true;
      return null;
    };
    const credit = creditOf(hunks, { base: this.#base, copy: this.#copy, authorOf, deletedBy });
    const own = live(this.#copy.clientID);
    for (const hunk of hunks) {
      const { before, after } = textsOf(hunk, this.#json);
      const { key, kind, blocks } = hunk;
      const people = (credit.get(key) ?? []).flatMap(({ personId }) => personId ?? []);
      const mine = people.some((id) => id === this.#person || id === own);
      made.set(key, {
        key,
        kind,
        blocks,
        at: places.get(key) ?? null,
        whose: this.#named(people, present),
        mine,
        before,
        after,
      });
    }
    return { made, unknown, present: fromPresence };
  }

  #learn(authors: Authors): void {
    if (this.#authors === authors) return;
    this.#authors = authors;
    this.#known.clear();
    this.#runs = new Ranges(authors.runs);
    this.#deletions = new Ranges(authors.deletions);
  }

  /** Each once: the server may know by now whom presence named before. */
  #named(people: readonly string[], present: Map<number, Whose>): Whose[] {
    const named = new Map<string, Whose>();
    for (const personId of people) {
      const known = this.#authors?.people[personId];
      const client = /^client:(\d+)$/.exec(personId)?.[1];
      const whose = known
        ? { name: known.name, color: known.colour }
        : client !== undefined && present.get(Number(client));
      if (whose && !named.has(whose.name)) named.set(whose.name, whose);
    }
    return [...named.values()];
  }
}

/** Who is here now, by the client they write with; the server vouches for their names. */
function presentIn(awareness: Pick<Awareness, "getStates">): Map<number, Whose> {
  const present = new Map<number, Whose>();
  for (const [client, state] of awareness.getStates()) {
    const { name, color } = (state.user ?? {}) as { name?: unknown; color?: unknown };
    if (typeof name === "string" && name !== "")
      present.set(client, { name, color: typeof color === "string" ? color : "" });
  }
  return present;
}
