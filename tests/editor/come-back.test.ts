import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { waitBefore } from "#app/editor/come-back.ts";
import { connectDraft, type Draft } from "#app/editor/provider.ts";

const PAGES = 120;
const drafts: Draft[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  // A provider in Node listens for the end of the process.
  process.setMaxListeners(PAGES + 20);
  let state = 7;
  vi.spyOn(Math, "random").mockImplementation(() => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  });
});
afterEach(() => {
  for (const draft of drafts.splice(0)) draft.destroy();
  vi.useRealTimers();
  vi.restoreAllMocks();
  process.setMaxListeners(10);
});

/** A socket to a server that is down: it notes when somebody tried, and closes. */
function socketThatNotes(tries: number[]) {
  return class {
    onclose: ((event: unknown) => void) | null = null;
    constructor() {
      tries.push(Date.now());
      setTimeout(() => this.onclose?.({ code: 1006, reason: "" }), 1);
    }
    close() {}
  } as unknown as typeof WebSocket;
}

it("doesn't bring all pages back in the same tenth of a second, at any attempt", () => {
  const tries = Array.from({ length: PAGES }, (): number[] => []);
  for (const own of tries) {
    const doc = new Y.Doc();
    const origin = "http://127.0.0.1:1";
    drafts.push(connectDraft({ docId: "any", doc, origin, WebSocket: socketThatNotes(own) }));
  }
  const start = Date.now();
  vi.advanceTimersByTime(20_000);
  for (const attempt of [1, 2, 3, 4]) {
    const tenths = new Map<number, number>();
    for (const own of tries) {
      const tenth = Math.floor(((own[attempt] as number) - start) / 100);
      tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1);
    }
    expect(Math.max(...tenths.values()), `attempt ${attempt}`).toBeLessThan(PAGES / 4);
  }
});

it("is quick for one person, and never waits longer than four seconds", () => {
  const waits = (attempt: number) =>
    [0, 0.5, 0.999].map((chance) => waitBefore(attempt, () => chance));
  expect(waits(1)).toEqual([100, 550, expect.closeTo(1_000, -1)]);
  expect(waits(2)[2]).toBeCloseTo(2_000, -1);
  expect(waits(20)).toEqual([100, 2_050, expect.closeTo(4_000, -1)]);
});
