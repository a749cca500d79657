import { initProseMirrorDoc } from "@tiptap/y-tiptap";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { createAnchor, resolve, textIndex } from "#app/document/anchors.ts";
import { applyHunk } from "#app/document/apply.ts";
import { diff } from "#app/document/diff.ts";
import type { Hunk } from "#app/document/hunk.ts";
import { idOf, readDoc, textblocks } from "#app/document/read.ts";
import { type DocJSON, FRAGMENT, type NodeJSON, schema } from "#app/document/schema.ts";
import { check } from "#app/document/validate.ts";
import { type Case, caseOf, failing, reduced, worldOf } from "./cases.ts";
import { bare, random, SEED } from "./random.ts";

type Property = (one: Case) => string | null;

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const r = random(seed);
  return list
    .map((item) => ({ item, at: r.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Applies a copy's hunks to a draft that moved on, in any order; asks `check` about each. */
function adopting(
  one: Case,
  check: (step: {
    hunk: Hunk;
    status: string;
    before: DocJSON;
    after: DocJSON;
    draft: Y.Doc;
  }) => string | null,
): string | null {
  const { base, copy, draft } = worldOf(one);
  for (const hunk of shuffled(diff(base, copy), one.seed)) {
    const before = readDoc(draft);
    const { status } = applyHunk(draft, hunk);
    const problem = check({ hunk, status, before, after: readDoc(draft), draft });
    if (problem)
      return `${problem}\n${status} ${JSON.stringify(hunk)}\nin ${JSON.stringify(bare(before))}`;
  }
  return null;
}

const spoken = (node: NodeJSON): string[] =>
  textblocks(node).flatMap(({ text }) => text.match(/\S+/g) ?? []);

/** Words of one sign, that occur once in what somebody wrote. */
const signed = (node: NodeJSON, sign: string): string[] =>
  spoken(node)
    .join(" ")
    .match(new RegExp(`${sign}\\d+(n\\d+)?x`, "g")) ?? [];

/** What a hunk itself brings. */
const broughtBy = (hunk: Hunk): string =>
  hunk.ops
    .map((op) =>
      op.op === "text"
        ? (op.flow.edits[op.mine]?.insert ?? []).map(({ text }) => text).join("")
        : op.op === "insert"
          ? textblocks(op.node)
              .map(({ text }) => text)
              .join(" ")
          : "",
    )
    .join(" ");

/** What a hunk itself takes out. */
const takenBy = (hunk: Hunk): string =>
  hunk.ops
    .map((op) => {
      if (op.op === "delete") return spoken(op.node).join(" ");
      const edit = op.op === "text" ? op.flow.edits[op.mine] : undefined;
      return edit && op.op === "text" ? op.flow.base.slice(edit.from, edit.to) : "";
    })
    .join(" ");

/** Each block without what is in it, by its id. */
function blocksIn(
  node: NodeJSON,
  parent = "",
): Map<string, { own: string; parent: string; children: string[] }> {
  const found = new Map<string, { own: string; parent: string; children: string[] }>();
  const visit = (each: NodeJSON, around: string) => {
    const isText = each.content?.some(({ type }) => type === "text" || type === "hardBreak");
    const { content, ...own } = each;
    const children = isText ? [] : (content ?? []);
    const id = idOf(each);
    found.set(id, {
      own: JSON.stringify(isText ? each : own),
      parent: around,
      children: children.map(idOf),
    });
    for (const child of children) visit(child, id);
  };
  visit(node, parent);
  return found;
}

/**
 * What holds of every difference, however a copy was written and a draft moved on: so many random
 * cases each. A failure prints its seed and the least that still fails.
 */
export function properties(runs: number): void {
  const property = (name: string, options: { draft: boolean }, holds: Property) => {
    it(name, { timeout: 1_800_000 }, () => {
      for (let run = 0; run < runs; run++) {
        const found = reduced(caseOf(SEED + run, options), (one) => failing(() => holds(one)));
        expect(found).toBeNull();
      }
    });
  };

  describe(`Hunks (seed ${SEED})`, () => {
    property("make the copy of an unchanged draft, in any order", { draft: false }, (one) => {
      const { base, copy, draft } = worldOf(one);
      const order = shuffled(diff(base, copy), one.seed);
      for (const hunk of order) {
        const { status } = applyHunk(draft, hunk);
        if (status !== "applied") return `${status}: ${JSON.stringify(hunk)}`;
      }
      const result = readDoc(draft);
      const [is, should] = [bare(result), bare(copy)].map((node) => JSON.stringify(node));
      if (is !== should) return `got  ${is}\nwant ${should}\nafter ${JSON.stringify(order)}`;
      const rest = diff(result, copy);
      return rest.length === 0 ? null : `left over: ${JSON.stringify(rest)}`;
    });

    property("lose no word of a trainer's, and bring none back", { draft: true }, (one) =>
      adopting(one, ({ hunk, before, after }) => {
        const now = new Set(signed(after, "t"));
        const lost = signed(before, "t").filter((word) => !now.has(word));
        if (lost.length > 0) return `lost ${lost}`;
        const whole = textblocks(after)
          .map(({ text }) => text)
          .join("");
        const taken = takenBy(hunk);
        const fell = signed(before, "b").filter((w) => !whole.includes(w) && !taken.includes(w));
        if (fell.length > 0) return `took ${fell} along`;
        const had = new Set(signed(before, "b"));
        const brought = broughtBy(hunk);
        const back = signed(after, "b").filter((word) => !had.has(word) && !brought.includes(word));
        return back.length > 0 ? `brought back ${back}` : null;
      }),
    );

    property("put each of their words in once, and are refused again", { draft: true }, (one) =>
      adopting(one, ({ hunk, status, before, after, draft }) => {
        const words = signed(after, "r");
        const had = new Set(signed(before, "r"));
        const twice = words.filter((word, at) => !had.has(word) && words.indexOf(word) !== at);
        // Whoever pastes what they wrote has written it twice.
        const meant = broughtBy(hunk);
        const wrong = twice.filter((word) => meant.split(word).length <= 2);
        if (wrong.length > 0) return `twice: ${wrong}`;
        if (status !== "applied") return null;
        const again = applyHunk(draft, hunk).status;
        // Where a trainer's words read like theirs, nobody can know: a conflict.
        return again === "applied" ? "applied again" : null;
      }),
    );

    property("write nothing, or what they said", { draft: true }, (one) => {
      const { base, copy, draft } = worldOf(one);
      let updates = 0;
      draft.on("update", () => {
        updates += 1;
      });
      for (const hunk of shuffled(diff(base, copy), one.seed)) {
        const before = Y.encodeStateAsUpdate(draft);
        updates = 0;
        const applied = applyHunk(draft, hunk);
        if (applied.status === "applied") {
          if (updates !== 1) return `${updates} transactions: ${JSON.stringify(hunk)}`;
          continue;
        }
        if (updates > 0) return `${applied.status} wrote`;
        if (Buffer.compare(before, Y.encodeStateAsUpdate(draft)) !== 0) return "not the same bytes";
      }
      return null;
    });

    property("change their own blocks and what those stand in", { draft: true }, (one) =>
      adopting(one, ({ hunk, before, after }) => {
        const own = new Set(hunk.blocks);
        const placed = new Set<string>();
        for (const op of hunk.ops) {
          if (op.op === "insert") for (const id of blocksIn(op.node).keys()) own.add(id);
          if (op.op === "text" || op.op === "format") for (const id of op.flow.ids) own.add(id);
          if (op.op === "attr") own.add(op.id);
          if (op.op === "insert" || op.op === "move") placed.add(op.place.parent ?? "");
        }
        const [old, now] = [blocksIn(before), blocksIn(after)];
        const changed = new Set<string>();
        for (const [id, block] of now) {
          const was = old.get(id);
          if (was?.own !== block.own && !own.has(id)) return `${id} changed`;
          if (was?.parent !== block.parent) changed.add(id);
          if (was && was.parent !== block.parent && !own.has(id)) return `${id} moved`;
        }
        for (const id of old.keys()) if (!now.has(id) && !own.has(id)) return `${id} is gone`;
        for (const [id, { children }] of now) {
          const was = old.get(id)?.children ?? [];
          const [rest, others] = [was, children].map((list) =>
            list.filter((each) => !own.has(each)),
          );
          if (old.has(id) && JSON.stringify(rest) !== JSON.stringify(others))
            return `${id} reordered`;
        }
        return null;
      }),
    );

    property("leave every anchor outside them alone", { draft: true }, (one) => {
      const { base, copy, draft } = worldOf(one);
      const r = random(one.seed);
      for (const hunk of shuffled(diff(base, copy), one.seed)) {
        const own = new Set([
          ...hunk.blocks,
          ...hunk.ops.flatMap((op) => (op.op === "text" ? op.flow.ids : [])),
        ]);
        const anchors = textblocks(readDoc(draft)).flatMap(({ id, text, within }) => {
          const words = [...text.matchAll(/\S+/g)];
          if (words.length === 0) return [];
          const { index, 0: word } = r.pick(words);
          const [start, end] = [index, index + word.length].map((offset) => ({
            blockId: id,
            offset,
          }));
          const anchor = start && end ? createAnchor(draft, { start, end }) : null;
          const isOwn = own.has(id) || within.some((around) => own.has(idOf(around)));
          return anchor ? [{ anchor, isOwn, word }] : [];
        });
        applyHunk(draft, hunk);
        const index = textIndex(draft);
        for (const { anchor, isOwn, word } of anchors) {
          const found = resolve(draft, index, anchor);
          const where = JSON.stringify({ word, anchor: anchor.blockId, found, hunk });
          if (!isOwn && !(found.status === "exact" && found.start.blockId === anchor.blockId)) {
            return `an anchor outside was lost: ${where}`;
          }
          if (found.status === "exact" && found.text !== word) return `on other words: ${where}`;
        }
      }
      return null;
    });

    property("leave a sound document that opens without a write", { draft: true }, (one) => {
      const { base, copy, draft } = worldOf(one);
      for (const hunk of shuffled(diff(base, copy), one.seed)) {
        if (applyHunk(draft, hunk).status !== "applied") continue;
        const json = readDoc(draft);
        const wrong = check(json);
        if (wrong) return `${wrong} after ${JSON.stringify(hunk)}`;
      }
      const json = readDoc(draft);
      schema().nodeFromJSON(json).check();
      let writes = 0;
      draft.on("update", () => {
        writes += 1;
      });
      const { doc } = initProseMirrorDoc(draft.getXmlFragment(FRAGMENT), schema());
      if (writes > 0) return "opening wrote";
      const [is, should] = [doc.toJSON() as NodeJSON, json].map((node) =>
        JSON.stringify(bare(node)),
      );
      return is === should ? null : `opens as ${is}\nnot as  ${should}`;
    });
  });
}
