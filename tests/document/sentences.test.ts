import { describe, expect, it } from "vitest";
import { hashOf, sentencesOf } from "#app/document/sentences.ts";
import { random, SEED, sentence } from "./random.ts";

const texts = (text: string, language = "en") =>
  sentencesOf(text, language).map((sentence) => sentence.text);

describe("sentences", () => {
  it.each([
    ["two", "Wait. Then speak.", ["Wait.", "Then speak."]],
    ["none", " \n ", []],
    [
      "a title",
      "Ask Dr. Smith and Sgt. Lee first. Then wait.",
      ["Ask Dr. Smith and Sgt. Lee first.", "Then wait."],
    ],
    ["a country", "The U.S. Army came. We left.", ["The U.S. Army came.", "We left."]],
    ["an initial", "J. Smith wrote it.", ["J. Smith wrote it."]],
    ["somebody's words", "“Stop!” she said. Nobody moved.", ["“Stop!” she said.", "Nobody moved."]],
    [
      "numbers",
      "It took 3.5 hours. See No. 5. No. I won't.",
      ["It took 3.5 hours.", "See No. 5.", "No.", "I won't."],
    ],
    ["a numbered line", "1. Wait. 2. Listen.", ["1. Wait.", "2. Listen."]],
    ["a line break", "Wait\nthen speak", ["Wait", "then speak"]],
    [
      "a list that goes on",
      "Ask for a name, an age, etc. and write it down.",
      ["Ask for a name, an age, etc. and write it down."],
    ],
    ["no full stop", "Time and distance", ["Time and distance"]],
  ])("end where they end: %s", (_, text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it("follow the rules of the text's language", () => {
    expect(texts("Pregunte a la Dra. Ruiz. ¿Qué pasa? ¡Espere!", "es")).toEqual([
      "Pregunte a la Dra. Ruiz.",
      "¿Qué pasa?",
      "¡Espere!",
    ]);
    expect(texts("Llame a Ud. Gómez, p. ej. al 911.", "es-MX")).toHaveLength(1);
  });

  it("are found in a text of any language, or of none", () => {
    for (const language of ["", "xx", "not a language", "zh-Hant"])
      expect(texts("Wait. Listen.", language)).toEqual(["Wait.", "Listen."]);
  });

  it(`hold every character but blanks exactly once, and stay as they are while others change (seed ${SEED})`, () => {
    for (let run = 0; run < 500; run++) {
      const r = random(SEED + run);
      const part = () => `${sentence(r)}${r.pick([".", "?", "!", ". ", "…", "\n", ""])} `;
      const text = Array.from({ length: r.int(1, 6) }, part).join(r.pick(["", " ", "\n"]));
      const found = sentencesOf(text, "en");
      let at = 0;
      for (const { from, to, text: words } of found) {
        expect(text.slice(at, from).trim(), text).toBe("");
        expect(text.slice(from, to), text).toBe(words);
        at = to;
      }
      expect(text.slice(at).trim(), text).toBe("");
      const longer = sentencesOf(`${text}\nOne more.`, "en");
      expect(longer.slice(0, -1), text).toEqual(found);
    }
  });
});

describe("a sentence's mark", () => {
  it("is the same for the same words, and different for others", () => {
    expect(hashOf("Wait,  and\u00a0listen.")).toBe(hashOf("Wait, and listen."));
    const marks = new Set(Array.from({ length: 50_000 }, (_, i) => hashOf(`Sentence ${i}.`)));
    expect(marks.size).toBe(50_000);
    expect(hashOf("")).toMatch(/^[0-9a-z]+$/);
  });
});
