import { describe, expect, it } from "vitest";
import { fromMarkdown } from "#app/document/import.ts";
import { toMarkdown } from "#app/document/markdown.ts";
import { words } from "#app/document/read.ts";
import type { DocJSON } from "#app/document/schema.ts";
import { check } from "#app/document/validate.ts";
import { bare, random, randomDocument, SEED } from "./random.ts";

const roundTrip = (markdown: string) => toMarkdown(fromMarkdown(markdown).doc);

describe(`Markdown (seed ${SEED})`, () => {
  it("comes back the same, whatever the document", () => {
    for (let run = 0; run < 250; run++) {
      const json = randomDocument(random(SEED + run));
      const markdown = toMarkdown(json);
      const { doc, notKept } = fromMarkdown(markdown);
      expect(bare(doc), `run ${run}\n${markdown}`).toEqual(bare(json));
      expect(check(doc)).toBeNull();
      expect(notKept).toEqual([]);
    }
  });

  it("writes the forms a trainer would write by hand", () => {
    const markdown = `## The call {part=scenario minutes=25}

A **calm** voice, *slow* words, ~~orders~~ and \`10-4\`; see [the guide](https://example.org/a).

- [objective terminal] Slow it down | condition: on a call | standard: two of three | assessed: role play
- [objective enabling] Listen

> [!CAUTION]
> Step back if there is a weapon.

> A quote.

1. First
2. Second
   - under it

| Say | Not |
| --- | --- |
| Help me understand | Calm down |

---
`;
    expect(roundTrip(markdown)).toBe(
      markdown.replace("1. First\n2. Second", "1. First\n2. Second"),
    );
  });

  it("takes callouts, parts and objectives only where they are meant", () => {
    const { doc } = fromMarkdown(`## Lunch {part=lunch}

## Long {minutes=9999}

> [!NOTE] **not** alone on its line

> \\[!NOTE]
> escaped

- \\[objective terminal] escaped
- [objective other] unknown
`);
    const types = new Set<string>();
    const visit = (node: DocJSON["content"] extends (infer N)[] | undefined ? N : never) => {
      types.add(node.type);
      node.content?.forEach(visit);
    };
    visit(doc);
    expect(types.has("callout")).toBe(false);
    expect(types.has("objective")).toBe(false);
    expect(words(doc)).toContain("escaped");
    expect(words(doc).join(" ")).toContain("Lunch part lunch");
  });

  it("keeps footnotes and front matter in sight", () => {
    const { doc, notKept } = fromMarkdown(`---
title: Hello
---
# One

Text[^1] here.

[^1]: https://example.org/note
`);
    expect(words(doc).join(" ")).toMatch(/^One Text 1 here 1 https example org note$/);
    expect(notKept.map(({ what }) => what).sort()).toEqual(["footnote", "frontMatter"]);
  });
});
