import { describe, expect, it, test } from "vitest";
import { cleanLine, cleanText } from "#app/clean.ts";
import type { DocJSON } from "#app/document/schema.ts";
import {
  hourOf,
  isPublic,
  MAX_BODY,
  MAX_NAME,
  receiptForm,
  STATUSES,
  sayForm,
  suggestForm,
} from "#app/features/inputs/inputs.ts";
import { passageOf, Stale } from "#app/features/inputs/passages.server.ts";
import { sorted } from "#app/features/inputs/placed.ts";
import type { Place, PublicInput } from "#app/features/inputs/reading.server.ts";
import { formatReceipt, newReceipt, parseReceipt } from "#app/features/inputs/receipts.ts";

const KEY = "0b7c7a7e-2a55-4cd2-a2a8-6f2f4a0f7f10";

describe("text as it is kept", () => {
  test.each([
    ["one way to write a letter", "e\u0301", "é"],
    ["line ends", "a\r\nb\rc\u2028d", "a\nb\nc\nd"],
    ["no more than one empty line", "a\n\n\n\nb", "a\n\nb"],
    ["no spaces at the ends", "  \n a  \t\n b \u00a0 ", "a\n b"],
    ["no control characters", "a\u0000b\u0007c\u001b[31md\u009fe", "abc[31mde"],
    ["no direction turned round", "pay \u202e000,1\u202c now \u2066x\u2069", "pay 000,1 now x"],
    ["no hidden characters", "th\u200bre\u2060at\ufeff\u{e0041}\u00ad", "threat"],
    ["no halves of characters", "a\ud800b", "ab"],
    ["no joiners that join nothing", "a \u200d b\u200c", "a  b"],
    ["emoji whole", "👩🏽‍🚒 ❤️‍🩹 👨‍👩‍👧", "👩🏽‍🚒 ❤️‍🩹 👨‍👩‍👧"],
    ["joiners where a script needs them", "می‌خواهم क्‍ष", "می‌خواهم क्‍ष"],
    ["no towers of marks", `a${"\u0335".repeat(50)}b`, `a${"\u0335".repeat(4)}b`],
    ["what looks like code, as it is", "<b>x</b> =1+1 & '", "<b>x</b> =1+1 & '"],
  ])("has %s", (_, typed, kept) => expect(cleanText(typed)).toBe(kept));

  test("stays as it is when cleaned again", () => {
    const seed = Date.now() % 1_000_000;
    const random = numbers(seed);
    const odd = [
      "\u200d",
      "\u202e",
      "\r",
      "\n",
      " ",
      "\u0301",
      "e",
      "👩",
      "\ud83d",
      "\u0000",
      "ש",
      "\ufe0f",
    ];
    for (let run = 0; run < 2_000; run++) {
      const typed = Array.from({ length: 12 }, () => odd[Math.floor(random() * odd.length)]).join(
        "",
      );
      const kept = cleanText(typed);
      expect(cleanText(kept), `seed ${seed}, ${JSON.stringify(typed)}`).toBe(kept);
    }
  });

  test.each([
    ["blanks", `a${" ".repeat(500_000)}b`],
    ["empty lines", `a${"\n ".repeat(250_000)}b`],
    ["marks", `a${"\u0301\u0316".repeat(250_000)}b`],
    ["joiners", `a${"\u200d".repeat(500_000)}b`],
  ])("comes to an end on half a million %s, long before a test's time is up", (_, typed) => {
    expect(cleanText(typed).length).toBeLessThanOrEqual(typed.length);
  });

  test("a name is one line", () => {
    expect(cleanLine(" Rosa\n  from\tthe 12 bus ")).toBe("Rosa from the 12 bus");
  });
});

describe("a form", () => {
  const problems = (fields: Record<string, unknown>) =>
    sayForm
      .safeParse({ kind: "comment", body: "Words.", key: KEY, ...fields })
      .error?.issues.map(({ message }) => message);

  it.each([undefined, "", "   \n ", "\u200b\u202e\ufeff", "\u0000"])(
    "refuses %j as empty",
    (body) => expect(problems({ body })).toEqual(["inputs:errors.empty"]),
  );
  it("takes 5,000 characters as they are kept, and no more", () => {
    const most = "x".repeat(MAX_BODY);
    expect(problems({ body: `  ${most}\u200b\n` })).toBeUndefined();
    expect(problems({ body: `${most}x` })).toEqual(["inputs:errors.tooLong"]);
  });
  it("takes a name of 60 characters, none, and no more", () => {
    expect(problems({ name: "n".repeat(MAX_NAME) })).toBeUndefined();
    expect(problems({ name: "n".repeat(MAX_NAME + 1) })).toEqual(["inputs:errors.nameTooLong"]);
    expect(sayForm.parse({ kind: "story", body: "x", key: KEY, name: " " }).name).toBeNull();
  });
  it("refuses another kind, and a form without its key", () => {
    expect(problems({ kind: "reply" })).toEqual(["inputs:errors.kind"]);
    expect(problems({ key: undefined })).toEqual(["inputs:errors.stale"]);
  });
  it("falls back on English for a language we don't have", () => {
    const languages = ["es", "xx", undefined].map(
      (language) => sayForm.parse({ kind: "comment", body: "x", key: KEY, language }).language,
    );
    expect(languages).toEqual(["es", "en", "en"]);
  });
  it("lets a suggestion take the whole passage out, but not without a reason", () => {
    const fields = { kind: "suggestion", key: KEY, block: "p1", base: "Old." };
    expect(suggestForm.parse({ ...fields, body: "It misleads." }).proposed).toBe("");
    expect(suggestForm.safeParse({ ...fields, body: " " }).error?.issues[0]?.message).toBe(
      "inputs:errors.noReason",
    );
  });
});

describe("receipts", () => {
  it("are read back however they were written down", () => {
    for (let run = 0; run < 200; run++) {
      const code = newReceipt();
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/);
      const shown = formatReceipt(code);
      expect(shown).toMatch(/^....-....-....$/);
      for (const typed of [shown, shown.toLowerCase(), ` ${shown.replaceAll("-", " ")} `, code])
        expect(parseReceipt(typed)).toBe(code);
    }
    expect(parseReceipt("OiLo–0000–oooo")).toBe("011000000000");
  });
  it.each(["", "7KQ2-M4XD", "7KQ2-M4XD-9TRA-1", "7KQ2-M4XD-9TRU", "x".repeat(5_000)])(
    "are refused in words (%#)",
    (code) =>
      expect(receiptForm.safeParse({ code }).error?.issues[0]?.message).toBe(
        "inputs:errors.badReceipt",
      ),
  );
});

test("only what is approved is public", () => {
  expect(STATUSES.filter(isPublic)).toEqual(["approved"]);
});

test("times are cut to the hour", () => {
  expect(hourOf(new Date("2026-03-02T09:59:59.999Z")).toISOString()).toBe(
    "2026-03-02T09:00:00.000Z",
  );
});

describe("the passage a form points at", () => {
  const json = (text: string): DocJSON => ({
    type: "doc",
    content: [
      { type: "paragraph", attrs: { id: "p1" }, content: [{ type: "text", text }] },
      { type: "paragraph", attrs: { id: "p2" } },
    ],
  });
  const text = "Call the team early, and call the team again.";

  it("is the paragraph, or the words selected in it", () => {
    expect(passageOf(json(text), { block: "p1", base: text })).toMatchObject({
      scope: "paragraph",
      start: 0,
      end: text.length,
    });
    expect(
      passageOf(json(text), { block: "p1", start: 30, end: 38, quote: "the team", base: text }),
    ).toMatchObject({ scope: "passage", start: 30, end: 38 });
  });
  it("follows words that slid along while a comment was written", () => {
    const moved = `Now and then: ${text}`;
    const at = { block: "p1", start: 9, end: 19, quote: "team early", base: text };
    expect(passageOf(json(moved), { ...at, kind: "comment" })).toMatchObject({
      start: 23,
      end: 33,
    });
    expect(() => passageOf(json(moved), { ...at, kind: "suggestion" })).toThrow(Stale);
  });
  it("tells of a change instead of guessing, until the person agrees", () => {
    const now = "Call the team late.";
    const at = { kind: "comment", block: "p1", start: 9, end: 19, quote: "team early" };
    const stale = thrown(() => passageOf(json(now), { ...at, base: text }));
    expect(stale).toBeInstanceOf(Stale);
    expect((stale as Stale).present).toBe(now);
    expect(passageOf(json(now), { ...at, base: now })).toMatchObject({ scope: "paragraph" });
    expect((thrown(() => passageOf(json(now), { block: "gone" })) as Stale).present).toBeNull();
  });
});

describe("input beside the text", () => {
  const input = (place: Place | null, outcome: string | null = null) =>
    ({ id: "i", place, outcome }) as PublicInput;
  const at = { blockId: "p1", start: 0, end: 4, quote: "Call" };

  it("stands at its words while they are there, with its paragraph whatever happens to it", () => {
    const { placed, lost, whole } = sorted([
      input({ ...at, scope: "passage", status: "exact" }),
      input({ ...at, scope: "passage", status: "moved" }),
      input({ ...at, scope: "paragraph", status: "changed" }),
      input({ ...at, scope: "passage", status: "changed" }, "partly_adopted"),
      input(null),
    ]);
    expect(placed.map(({ words }) => words !== null)).toEqual([true, true, false, false]);
    expect(lost).toEqual([]);
    expect(whole).toHaveLength(1);
  });
  it("is listed apart when its words changed, are twice, or gone", () => {
    const { placed, lost } = sorted([
      input({ ...at, scope: "passage", status: "changed" }, "declined"),
      input({ scope: "passage", status: "ambiguous", quote: "Call" }),
      input({ scope: "paragraph", status: "gone", quote: "Call" }),
    ]);
    expect(placed).toEqual([]);
    expect(lost.map(({ blockId }) => blockId)).toEqual(["p1", null, null]);
  });
});

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** Numbers from 0 to 1 that a seed gives again. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
