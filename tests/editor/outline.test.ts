import { expect, it } from "vitest";
import { type NodeJSON, schema } from "#app/document/schema.ts";
import { rangeOf } from "#app/editor/input-marks.ts";
import { positionOf, summarise } from "#app/editor/outline.ts";

const words = (text: string) => [{ type: "text", text }];
const doc = (...content: NodeJSON[]) => schema().nodeFromJSON({ type: "doc", content });
const heading = (id: string, level: number, text: string, minutes: number | null = null) => ({
  type: "heading",
  attrs: { id, level, minutes, part: minutes ? "activity" : null },
  content: words(text),
});

it("lists headings, adds the minutes of sections, counts words", () => {
  const summary = summarise(
    doc(
      heading("a", 2, "Time and distance", 20),
      // Only sections have minutes: what an heading of a lower level kept doesn't count.
      heading("b", 3, "Steps", 99),
      {
        type: "bulletList",
        content: [
          { type: "listItem", content: [{ type: "paragraph", content: words("Don’t rush") }] },
        ],
      },
      {
        type: "paragraph",
        content: [...words("One"), { type: "hardBreak" }, ...words("two 24/7")],
      },
      heading("c", 2, "Debrief", 10),
    ),
  );
  expect(summary.headings.map(({ id, level, minutes }) => [id, level, minutes])).toEqual([
    ["a", 2, 20],
    ["b", 3, null],
    ["c", 2, 10],
  ]);
  expect(summary.minutes).toBe(30);
  expect(summary.words).toBe(3 + 1 + 2 + 4 + 1);
});

it("finds blocks by id, and the passages of open input in them", () => {
  const text = doc(heading("a", 2, "Time"), {
    type: "paragraph",
    attrs: { id: "p" },
    content: [...words("Slow"), { type: "hardBreak" }, ...words("down now")],
  });
  expect(positionOf(text, "p")).toBe(6);
  expect(positionOf(text, "gone")).toBeNull();
  const range = rangeOf(text, { blockId: "p", quote: "down" });
  expect(range && text.textBetween(range.from, range.to)).toBe("down");
  const whole = rangeOf(text, { blockId: "p", quote: "not there" });
  expect(whole && text.textBetween(whole.from, whole.to, "", "\n")).toBe("Slow\ndown now");
  expect(rangeOf(text, { blockId: "gone", quote: "down" })).toBeNull();
});
