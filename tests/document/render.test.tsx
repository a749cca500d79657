import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { fromMarkdown } from "#app/document/import.ts";
import { textblocks } from "#app/document/read.ts";
import { type DocLabels, DocText, type Highlight } from "#app/document/render.tsx";
import type { DocJSON } from "#app/document/schema.ts";
import { withIds } from "#app/document/write.ts";

const labels: DocLabels = {
  table: "Table",
  callout: { note: "Note", caution: "Caution", instructor: "For the instructor" },
  part: {
    intro: "Introduction",
    presentation: "Presentation",
    activity: "Activity",
    scenario: "Scenario",
    break: "Break",
    summary: "Summary",
    debrief: "Debrief",
  },
  minutes: (minutes) => `${minutes} minutes`,
  objective: {
    terminal: "Goal",
    enabling: "Step",
    condition: "Condition",
    standard: "Standard",
    assessed: "Assessed",
  },
};

function html(json: DocJSON, props: Partial<Parameters<typeof DocText>[0]> = {}) {
  return renderToStaticMarkup(<DocText json={json} labels={labels} {...props} />);
}

const paragraph = (...content: DocJSON["content"] & object): DocJSON => ({
  type: "doc",
  content: [{ type: "paragraph", attrs: { id: "p1" }, content }],
});

const plain = (markup: string) => markup.replace(/<[^>]+>/g, "");

describe("a rendered document", () => {
  test("says every word of the text, in order", () => {
    const { doc } = fromMarkdown(
      "## Slow down {part=activity minutes=20}\n\n- one\n  1. two\n\n| a | b |\n|---|---|\n| c | d |\n\n> [!CAUTION]\n> Mind the door.",
    );
    const words = textblocks(doc).flatMap(({ text }) => text.split(/\s+/));
    let rest = plain(html(withIds(doc)));
    for (const word of words) {
      expect(rest).toContain(word);
      rest = rest.slice(rest.indexOf(word) + word.length);
    }
  });

  test("gives every passage an address and says which block it is", () => {
    expect(html(paragraph({ type: "text", text: "Hello" }))).toContain('id="p-p1" data-block="p1"');
  });

  test("shows hostile text as text and never links to a script", () => {
    const markup = html(
      paragraph(
        { type: "text", text: "<script>alert(1)</script>" },
        {
          type: "text",
          text: "here",
          marks: [{ type: "link", attrs: { href: "javascript:alert(1)" } }],
        },
      ),
    );
    expect(markup).not.toContain("<script");
    expect(markup).not.toContain("javascript:");
    expect(plain(markup)).toContain("here");
  });

  test("keeps emphasis inside a highlight that begins and ends elsewhere", () => {
    const highlight: Highlight = { from: 2, to: 9, href: "#c-1", label: "1 comment" };
    const markup = html(
      paragraph(
        { type: "text", text: "Keep " },
        { type: "text", text: "calm", marks: [{ type: "bold" }] },
        { type: "text", text: " here" },
      ),
      { highlights: new Map([["p1", [highlight]]]) },
    );
    const marked = [...markup.matchAll(/<mark>(.*?)<\/mark>/g)].map(([, inner]) => inner ?? "");
    expect(marked.map(plain).join("")).toBe("ep calm");
    expect(marked.some((inner) => inner.includes("<strong>calm</strong>"))).toBe(true);
  });

  test("puts what stands beside a passage into it, once for each", () => {
    const { doc } = fromMarkdown("One.\n\n- Two.\n\n> Three.");
    const markup = html(withIds(doc), { beside: ({ text }) => <b>{`[${text}]`}</b> });
    expect([...markup.matchAll(/<b>\[(.*?)\]<\/b>/g)].map(([, text]) => text)).toEqual([
      "One.",
      "Two.",
      "Three.",
    ]);
  });
});
