import { expect, test } from "vitest";
import type { Change } from "#app/editor/changes.ts";
import { stillChosen } from "#app/editor/chosen.ts";

const change = (key: string, at: string, kind: Change["kind"] = "text"): Change => ({
  key,
  kind,
  blocks: [at],
  at,
  whose: [],
  mine: true,
  before: "",
  after: key,
});
const chosen = (...keys: string[]) => new Set(keys);

test("a change that is written on stays chosen under its new key", () => {
  const before = [change("a", "p1"), change("b", "p2")];
  const after = [change("a", "p1"), change("b and more", "p2")];
  expect(stillChosen(chosen("a", "b"), before, after)).toEqual(chosen("a", "b and more"));
});

test("what is gone isn't chosen any more, and nothing else takes its place", () => {
  const before = [change("a", "p1"), change("b", "p2")];
  expect(stillChosen(chosen("a"), before, [change("b", "p2")])).toEqual(chosen());
  // Another kind of change, or one of two: nobody chose that.
  expect(stillChosen(chosen("a"), before, [change("c", "p1", "format")])).toEqual(chosen());
  const two = [change("c", "p1"), change("d", "p1")];
  expect(stillChosen(chosen("a"), before, two)).toEqual(chosen());
});

test("what was there before isn't taken for what went", () => {
  const before = [change("a", "p1"), change("b", "p1")];
  expect(stillChosen(chosen("a"), before, [change("b", "p1")])).toEqual(chosen());
});

test("nothing went, nothing changes", () => {
  const keys = chosen("a");
  expect(stillChosen(keys, [change("a", "p1")], [change("a", "p1")])).toBe(keys);
});
