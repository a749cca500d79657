import { describe, expect, it } from "vitest";
import { diffWords, edits } from "#app/document/words.ts";
import { random, SEED, sentence } from "./random.ts";

const shown = (before: string, after: string) =>
  diffWords(before, after)
    .map(({ op, text }) => (op === "same" ? text : op === "insert" ? `{+${text}+}` : `[-${text}-]`))
    .join("");

describe(`words that changed (seed ${SEED})`, () => {
  it("reads like a person's corrections", () => {
    expect(shown("Speak in a calm voice.", "Speak in a slow, calm voice.")).toBe(
      "Speak in a {+slow, +}calm voice.",
    );
    expect(shown("Officers must wait.", "Officers should wait.")).toBe(
      "Officers [-must-]{+should+} wait.",
    );
    expect(shown("one two three", "one TWO THREE")).toBe("one [-two three-]{+TWO THREE+}");
    expect(shown("don't rush", "do not rush")).toBe("[-don't-]{+do not+} rush");
    expect(shown("same", "same")).toBe("same");
    expect(shown("", "new")).toBe("{+new+}");
    expect(shown("old", "")).toBe("[-old-]");
    expect(shown("el niño llegó", "la niña llegó")).toBe("[-el niño-]{+la niña+} llegó");
    expect(shown("a 🙂 b", "a 🙃 b")).toBe("a [-🙂-]{+🙃+} b");
    expect(
      shown(
        "The officer will tell the person to sit down at once.",
        "Ask whether it would help them to rest somewhere quiet first.",
      ),
    ).toBe(
      "[-The officer will tell the person to sit down at once-]{+Ask whether it would help them to rest somewhere quiet first+}.",
    );
  });

  it("adds up to both texts, always", () => {
    const r = random(SEED);
    for (let run = 0; run < 500; run++) {
      const before = sentence(r, r.int(0, 30));
      const after = mutate(before);
      const list = diffWords(before, after);
      const join = (...ops: string[]) =>
        list
          .filter(({ op }) => ops.includes(op))
          .map(({ text }) => text)
          .join("");
      expect(join("same", "delete")).toBe(before);
      expect(join("same", "insert")).toBe(after);
      let text = before;
      for (const { from, to, text: by } of edits(before, after).reverse()) {
        text = text.slice(0, from) + by + text.slice(to);
      }
      expect(text).toBe(after);
    }
    function mutate(text: string): string {
      const list = text.split(" ");
      for (let change = r.int(0, 5); change > 0; change--) {
        list.splice(r.int(0, list.length), r.int(0, 3), ...sentence(r, r.int(0, 3)).split(" "));
      }
      return list.join(" ");
    }
  });
});
