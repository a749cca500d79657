import { expect, test } from "vitest";
import { type Piece, piecesOf } from "#app/editor/word-pieces.ts";

const LONG =
  "A call about a person in crisis is almost never one officer’s work, and the call-taker chose the first words of it.";

/** As one reads it: [-out-]{+in+}, "…" for what is left out. */
const shown = (pieces: Piece[]) =>
  pieces
    .map((piece) => {
      if (piece.op === "gap") return "…";
      if (piece.op === "insert") return `{+${piece.text}+}`;
      return piece.op === "delete" ? `[-${piece.text}-]` : piece.text;
    })
    .join("");

test("a change stands with a few whole words around it", () => {
  const after = LONG.replace("almost never", "seldom");
  expect(shown(piecesOf(LONG, after))).toBe(
    "A call about a person in crisis is [-almost never-]{+seldom+} one officer’s work, and the…",
  );
});

test("what is between two changes is cut in its middle", () => {
  const after = LONG.replace("A call", "Every call").replace("of it", "spoken");
  const text = shown(piecesOf(LONG, after));
  expect(text.startsWith("[-A-]{+Every+} call about")).toBe(true);
  expect(text).toMatch(/…[^…]*first words \[-of it-\]\{\+spoken\+\}\.$/);
});

test("a short text is shown whole", () => {
  expect(shown(piecesOf("One two three.", "One four three."))).toBe("One [-two-]{+four+} three.");
});

test("a passage whose words stayed shows how it begins", () => {
  expect(shown(piecesOf("Short one.", "Short one."))).toBe("Short one.");
  expect(shown(piecesOf(LONG, LONG))).toBe(
    "A call about a person in crisis is almost never one officer’s work, and…",
  );
});

test("nothing to something, and back", () => {
  expect(shown(piecesOf("", "New words."))).toBe("{+New words.+}");
  expect(shown(piecesOf("Old words.", ""))).toBe("[-Old words.-]");
});
