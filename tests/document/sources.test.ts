import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { applyText } from "#app/document/apply.ts";
import { RecentDeletions, track } from "#app/document/authorship.ts";
import type { Deletion } from "#app/document/logged.ts";
import { readDoc, textblocks, WORD } from "#app/document/read.ts";
import { Runs } from "#app/document/runs.ts";
import { schema } from "#app/document/schema.ts";
import {
  attribute,
  type Decided,
  REMOVED,
  type Source,
  type Sourced,
  viaDecision,
} from "#app/document/sources.ts";
import { createDoc } from "#app/document/write.ts";
import { sinceVersion, writtenIn } from "#app/document/written.ts";
import { editing, STRUCTURE, WORDS } from "./editing.ts";
import { type Random, random, SEED } from "./random.ts";

const RUNS = Number(process.env.RUNS ?? 2_000);
const p = (id: string, text: string) => ({
  type: "paragraph",
  attrs: { id },
  content: [{ type: "text", text }],
});

/** A draft with its log: who wrote, who took out, and what was decided. */
class Draft {
  readonly doc: Y.Doc;
  readonly runs = new Runs();
  readonly deletions: Deletion[] = [];
  readonly decided: Decided[] = [];
  readonly #recent = new RecentDeletions();
  #published: Sourced[] = [];
  #before: Y.Doc | null = null;
  #clients = 0;

  constructor(author: string | null, content: ReturnType<typeof p>[]) {
    this.doc = createDoc({ type: "doc", content });
    for (const [client, to] of Y.decodeStateVector(Y.encodeStateVector(this.doc)))
      this.runs.add([{ client, from: 0, to }], [], { authorId: author, via: "import" });
  }

  by<T>(authorId: string, change: () => T, via = "socket"): T {
    this.doc.clientID = 1_000 + this.#clients++;
    const tracked = track(this.doc);
    const result = change();
    const { authorOf } = this.runs;
    const { ranges, deleted, carried } = tracked.end({
      authorId,
      via,
      authorOf,
      recent: this.#recent,
      now: this.#clients,
    });
    this.runs.add(ranges, carried, { authorId, via });
    this.deletions.push(...deleted.map((range) => ({ ...range, authorId })));
    return result;
  }

  write(author: string, blockId: string, base: string, proposed: string) {
    return this.by(author, () => applyText(this.doc, { blockId, base, proposed }));
  }

  decide(id: string, blockId: string, proposed: string, personId = "luis") {
    const base = this.text(blockId);
    const applied = this.by(
      personId,
      () => applyText(this.doc, { blockId, base, proposed }),
      viaDecision(id),
    );
    if (applied.status !== "applied") return;
    const { before, after } = applied;
    this.decided.push({ id, blockId, before, after, personId });
  }

  text(blockId: string): string {
    return textblocks(readDoc(this.doc)).find(({ id }) => id === blockId)?.text ?? "";
  }

  publish(): Sourced[] {
    const since = this.#before ? sinceVersion(this.#before, this.deletions) : undefined;
    this.#published = attribute(writtenIn(this.doc, this.runs.authorOf, since), {
      language: "en",
      decided: this.decided,
      before: this.#published,
    });
    this.#before = new Y.Doc();
    Y.applyUpdate(this.#before, Y.encodeStateAsUpdate(this.doc));
    return this.#published;
  }
}

const named = (source: Source) =>
  `${source.type === "decision" ? source.id : `${source.id}${source.via === REMOVED ? " (removed)" : ""}`}:${source.words}`;
const read = (sentences: Sourced[]) =>
  sentences.map(({ text, sources }) => `${text} | ${sources.map(named).join(" ")}`);

const LISTEN = "Listen to the person first. Say who you are. Then wait.";

describe("what stands behind a sentence", () => {
  it("is whoever wrote its words", () => {
    const draft = new Draft("dana", [p("a", LISTEN)]);
    draft.write("luis", "a", LISTEN, LISTEN.replace("Then wait", "Then wait for an answer"));
    expect(read(draft.publish())).toEqual([
      "Listen to the person first. | dana:5",
      "Say who you are. | dana:4",
      "Then wait for an answer. | luis:3 dana:2",
    ]);
  });

  it("is the decision that brought its words, and not the trainer who pressed the button", () => {
    const draft = new Draft("dana", [p("a", LISTEN)]);
    draft.publish();
    draft.decide("d1", "a", LISTEN.replace("who you are", "your name, and why you came"));
    expect(read(draft.publish())[1]).toBe("Say your name, and why you came. | d1:5 dana:2");
  });

  it("is also a decision, or a person, who only took words out", () => {
    const draft = new Draft("dana", [p("a", LISTEN), p("b", "Stay as calm as you can be.")]);
    draft.publish();
    draft.decide("d1", "a", LISTEN.replace("to the person ", ""));
    draft.write("ana", "b", "Stay as calm as you can be.", "Stay calm as you can be.");
    expect(read(draft.publish())).toEqual([
      "Listen first. | dana:2 d1:0",
      "Say who you are. | dana:4",
      "Then wait. | dana:2",
      "Stay calm as you can be. | dana:6 ana (removed):0",
    ]);
  });

  it("goes with its words when the block is split, and stays when others change around it", () => {
    const draft = new Draft("dana", [p("a", LISTEN)]);
    draft.decide("d1", "a", LISTEN.replace("Then wait.", "Then give them time."));
    const before = read(draft.publish());
    const editor = editing(draft.doc);
    draft.by("ana", () =>
      editor.edit((tr) => {
        tr.split(1 + "Listen to the person first.".length);
        tr.insert(1, schema().text("Well: "));
      }),
    );
    const after = read(draft.publish());
    expect(after[0]).toMatch(/^Well: Listen to the person first. \| dana:5 ana:1$/);
    expect(after.slice(1)).toEqual(before.slice(1));
  });

  it("is a decision of old too, whose words name no decision", () => {
    const draft = new Draft("dana", [p("a", LISTEN)]);
    const after = LISTEN.replace("Then wait.", "Then give them time.");
    const applied = draft.by(
      "luis",
      () => applyText(draft.doc, { blockId: "a", base: LISTEN, proposed: after }),
      "decision",
    );
    expect(applied.status).toBe("applied");
    expect(read(draft.publish())[2]).toBe("Then give them time. | luis:3 dana:1");
    const told = new Draft("dana", [p("a", LISTEN)]);
    told.decided.push({ id: "d1", blockId: "a", before: LISTEN, after, personId: "luis" });
    told.by(
      "luis",
      () => applyText(told.doc, { blockId: "a", base: LISTEN, proposed: after }),
      "decision",
    );
    expect(read(told.publish())[2]).toBe("Then give them time. | d1:3 dana:1");
  });

  it("is no decision whose words were all replaced since", () => {
    const draft = new Draft("dana", [p("a", LISTEN)]);
    draft.decide("d1", "a", LISTEN.replace("Then wait.", "Then give them time."));
    const now = draft.text("a");
    draft.write("ana", "a", now, now.replace("give them time", "pause"));
    expect(read(draft.publish())[2]).toBe("Then pause. | dana:1 ana:1");
  });

  it("doesn't come with a short sentence that stands elsewhere by chance", () => {
    const draft = new Draft("dana", [p("a", "Wait. Speak slowly to them."), p("b", "Go on.")]);
    draft.publish();
    draft.write("ana", "a", "Wait. Speak slowly to them.", "Speak slowly to them.");
    draft.write("luis", "b", "Go on.", "Wait. Go on.");
    expect(read(draft.publish())).toContain("Wait. | luis:1");
  });
});

/** Words of which each occurs once, some at the end of a sentence. */
function lexicon(r: Random) {
  let count = 0;
  let starts = true;
  return () => {
    const word = r.pick(["calm", "voice", "listen", "respect", "time"]) + ++count;
    const said = starts ? word[0]?.toUpperCase() + word.slice(1) : word;
    starts = r.chance(0.2);
    return starts ? `${said}.` : said;
  };
}
/** A split may cut a word, and a join glue two: those are left out. */
const uniqueIn = (text: string) =>
  (text.toLowerCase().match(WORD) ?? []).filter((word) => /^[a-z]{4,}\d+$/.test(word));

/** Whose each word is, as those who wrote them would say. */
class Truth {
  readonly of = new Map<string, string>();
  learn(text: string, who: string) {
    for (const word of uniqueIn(text)) if (!this.of.has(word)) this.of.set(word, who);
  }
}

function live(draft: Draft, truth: Truth, r: Random, word: () => string, step: string) {
  const person = r.pick(["dana", "luis", "ana"]);
  if (r.chance(0.3)) {
    const block = r.pick(textblocks(readDoc(draft.doc)).filter(({ text }) => text !== ""));
    if (!block) return;
    const words = block.text.split(" ");
    const at = r.int(0, words.length - 1);
    words.splice(at, r.int(0, 2), ...Array.from({ length: r.int(1, 3) }, word));
    draft.decide(step, block.id, words.join(" "), person);
    truth.learn(draft.text(block.id), step);
    return;
  }
  const [kind, name] = r.chance(0.6)
    ? [WORDS, r.pick(Object.keys(WORDS))]
    : [STRUCTURE, r.pick(Object.keys(STRUCTURE))];
  const editor = editing(draft.doc);
  draft.by(person, () => editor.edit((tr) => kind[name]?.(tr, r, word)));
  truth.learn(
    textblocks(readDoc(draft.doc))
      .map(({ text }) => text)
      .join("\n"),
    person,
  );
}

describe(`sources of random versions (seed ${SEED}, ${RUNS} runs)`, () => {
  it("every word has an author or a decision; carried text keeps them", {
    timeout: 600_000,
  }, () => {
    let [told, right] = [0, 0];
    for (let run = 0; run < RUNS; run++) {
      const r = random(SEED + run);
      const word = lexicon(r);
      const truth = new Truth();
      const text = () => Array.from({ length: r.int(4, 16) }, word).join(" ");
      const draft = new Draft("dana", [p("a", text()), p("b", text()), p("c", text())]);
      truth.learn(
        readDoc(draft.doc)
          .content?.map((node) => JSON.stringify(node))
          .join("") ?? "",
        "dana",
      );
      let before: Sourced[] = [];
      for (let version = 1; version <= 3; version++) {
        for (let step = r.int(0, 5); step > 0; step--)
          live(draft, truth, r, word, `d${version}-${step}`);
        const now = draft.publish();
        for (const sentence of now) {
          const hint = JSON.stringify({ run, version, sentence });
          const { blockId, sources } = sentence;
          const count = sources.reduce((sum, { words }) => sum + words, 0);
          expect(count, hint).toBeGreaterThanOrEqual(sentence.text.match(WORD)?.length ?? 0);
          const same = before.find((one) => one.blockId === blockId && one.text === sentence.text);
          if (same) expect(sources, hint).toEqual(same.sources);
          for (const unique of uniqueIn(sentence.text)) {
            const who = truth.of.get(unique);
            if (who === undefined) continue;
            told++;
            if (sources.some(({ id }) => id === who)) right++;
          }
        }
        before = now;
      }
    }
    expect(told).toBeGreaterThan(RUNS);
    expect(right / told).toBeGreaterThan(0.994);
  });
});
