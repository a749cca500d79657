import type * as Y from "yjs";

/** A range of one client's clock, `to` not included. */
export type Range = { client: number; from: number; to: number };

/** Whose words, and how they came: over a socket, by a suggestion, with an import. */
export type Hand = { authorId: string | null; via: string };

/** A range whose words are somebody else's than its writer's: a split, a join, a move carried them. */
export type Carried = Range & Hand;

/**
 * A range with whose words it holds (`authorId`) and whose client wrote it (`writerId`). The two
 * differ where words were carried. A client id belongs to the writer, whosever the words.
 */
export type Run = Range & Hand & { writerId: string | null };

/** Whose words stand at a clock, and the clock where that ends. */
export type AuthorOf = (client: number, clock: number) => Hand & { to: number };

/** Cuts what a writer wrote into runs: carried parts are their authors', the rest is the writer's. */
export function runsOf(
  ranges: readonly Range[],
  carried: readonly Carried[],
  writer: Hand,
  writerId: string | null = writer.authorId,
): Run[] {
  if (carried.length === 0) {
    const { authorId, via } = writer;
    return ranges.map(({ client, from, to }) => ({ client, from, to, authorId, via, writerId }));
  }
  const parts = [...carried].sort((a, b) => a.from - b.from);
  const runs: Run[] = [];
  for (const { client, from, to } of ranges) {
    let at = from;
    for (const part of parts) {
      if (part.client !== client || part.to <= at || part.from >= to) continue;
      const start = Math.max(at, part.from);
      const end = Math.min(to, part.to);
      if (start > at) runs.push({ client, from: at, to: start, ...writer, writerId });
      const { authorId, via } = part;
      runs.push({ client, from: start, to: end, authorId, via, writerId });
      at = end;
    }
    if (at < to) runs.push({ client, from: at, to, ...writer, writerId });
  }
  return runs;
}

/** Who wrote what in one document: the runs of every client, in the order of their clocks. */
export class Runs {
  readonly #clients = new Map<number, Run[]>();

  /** Takes runs in any order; they must not overlap. Cost: n log n. */
  constructor(runs: Iterable<Run> = []) {
    for (const run of runs) this.#of(run.client).push(run);
    for (const list of this.#clients.values()) list.sort((a, b) => a.from - b.from);
  }

  /** Whose a client id is; undefined when it never wrote here. */
  ownerOf = (client: number): string | null | undefined => this.#clients.get(client)?.[0]?.writerId;

  /** Whose words stand at a clock; nobody's where no run says so. Cost: log n. */
  authorOf: AuthorOf = (client, clock) => {
    const list = this.#clients.get(client) ?? [];
    let low = 0;
    for (let high = list.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((list[middle] as Run).to <= clock) low = middle + 1;
      else high = middle;
    }
    const run = list[low];
    if (run && run.from <= clock) return run;
    return { authorId: null, via: "", to: run?.from ?? Number.POSITIVE_INFINITY };
  };

  /** Adds what was just written, clocks ascending. Cost: the runs added. */
  add(
    ranges: readonly Range[],
    carried: readonly Carried[],
    writer: Hand,
    writerId: string | null = writer.authorId,
  ): void {
    for (const run of runsOf(ranges, carried, writer, writerId)) {
      const list = this.#of(run.client);
      const last = list.at(-1);
      const goesOn =
        last?.to === run.from &&
        last.authorId === run.authorId &&
        last.via === run.via &&
        last.writerId === run.writerId;
      if (goesOn) last.to = run.to;
      else list.push(run);
    }
  }

  [Symbol.iterator](): Iterator<Run> {
    return [...this.#clients.values()].flat()[Symbol.iterator]();
  }

  #of(client: number): Run[] {
    let list = this.#clients.get(client);
    if (!list) {
      list = [];
      this.#clients.set(client, list);
    }
    return list;
  }
}

type States = { beforeState: Map<number, number>; afterState: Map<number, number> };

/** The clocks between two states, client by client. */
export function rangesOf({ beforeState, afterState }: States): Range[] {
  const ranges: Range[] = [];
  for (const [client, to] of afterState) {
    const from = beforeState.get(client) ?? 0;
    if (to > from) ranges.push({ client, from, to });
  }
  return ranges;
}

/** What a transaction deleted of what stood before; what it wrote and deleted itself is left out. */
export function deletedBy(
  { deleteSet, beforeState }: Y.Transaction,
  before = beforeState,
): Range[] {
  const deleted: Range[] = [];
  for (const [client, ranges] of deleteSet.clients) {
    const known = before.get(client) ?? 0;
    for (const { clock, len } of ranges) {
      if (clock < known) deleted.push({ client, from: clock, to: Math.min(known, clock + len) });
    }
  }
  return deleted;
}
