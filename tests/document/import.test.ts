import { describe, expect, it } from "vitest";
import { fromHtml, fromMarkdown } from "#app/document/import.ts";
import { textblocks, words } from "#app/document/read.ts";
import type { NodeJSON } from "#app/document/schema.ts";
import { check } from "#app/document/validate.ts";
import { bare, random, SEED, sentence } from "./random.ts";

/** A short way to write what a document holds: `h2:Title`, `p:text`, containers in brackets. */
function sketch(node: NodeJSON): string {
  const inside = (node.content ?? []).map(sketch);
  switch (node.type) {
    case "doc":
      return inside.join(" ");
    case "text":
      return (node.marks ?? []).reduce((text, { type }) => `${type[0]}(${text})`, node.text ?? "");
    case "hardBreak":
      return "/";
    case "paragraph":
      return `p:${inside.join("")}`;
    case "heading":
      return `h${node.attrs?.level}:${inside.join("")}`;
    default:
      return `${node.type}[${inside.join(" ")}]`;
  }
}
const html = (source: string) => sketch(fromHtml(source).doc);
const kinds = (source: string) => fromHtml(source).notKept.map(({ what }) => what);

describe("importing HTML", () => {
  it("keeps headings in order within the three levels", () => {
    expect(html("<h1>T</h1><h2>A</h2><h3>B</h3><h4>C</h4><h6>D</h6>")).toBe(
      "h2:T h2:A h3:B h4:C h4:D",
    );
    expect(html("<h1>A</h1><h2>B</h2><h1>C</h1><h3>D</h3>")).toBe("h2:A h3:B h2:C h4:D");
    expect(html("<h1>T</h1><h3>A</h3><h4>B</h4>")).toBe("h2:T h2:A h3:B");
    expect(html("<h3>A</h3><h4>B</h4>")).toBe("h3:A h4:B");
    expect(html("<h4>A</h4><h5>B</h5>")).toBe("h2:A h3:B");
    expect(fromHtml("<h1>The <i>title</i></h1>").title).toBe("The title");
    expect(fromHtml("<h1>One</h1><h1>Two</h1>").title).toBeNull();
  });

  it("keeps paragraphs, loose text, emphasis and links", () => {
    expect(html("loose <div>in a <b>div</b><p>and <em>p</em></p>after</div> end")).toBe(
      "p:loose p:in a b(div) p:and i(p) p:after p:end",
    );
    expect(html("<p>  much \n\t blank <b> here</b> </p>\n<p>&nbsp;</p>")).toBe(
      "p:much blank b(here)",
    );
    expect(html("<p>a<br> b<br></p>")).toBe("p:a/b");
    expect(html("<p><u>a</u><s>b</s><del>c</del><code>d</code><kbd>e</kbd></p>")).toBe(
      "p:u(a)s(bc)c(de)",
    );
    expect(html("<b><p>all</p><p>bold</p></b>")).toBe("p:b(all) p:b(bold)");
    expect(html('<b style="font-weight:normal">a <span style="font-weight:700">b</span></b>')).toBe(
      "p:a b(b)",
    );
    const { doc } = fromHtml('<a href=" https://a.org/x ">one <b>two</b></a>');
    expect(bare(doc).content?.[0]?.content?.map(({ marks }) => marks)).toEqual([
      [{ type: "link", attrs: { href: "https://a.org/x" } }],
      [{ type: "link", attrs: { href: "https://a.org/x" } }, { type: "bold" }],
    ]);
    expect(html("<pre>one\n  two\n</pre>")).toBe("p:c(one)/c(  two)");
    expect(html("<blockquote>q<hr></blockquote>")).toBe("blockquote[p:q horizontalRule[]]");
    expect(html("<dl><dt>Term</dt><dd>Meaning</dd></dl>")).toBe("p:b(Term) p:Meaning");
    expect(html("")).toBe("");
  });

  it("keeps lists, nested however", () => {
    expect(html("<ul><li>a<ul><li>b</ul><li><p>c</p><p>d</p></ul>")).toBe(
      "bulletList[listItem[p:a bulletList[listItem[p:b]]] listItem[p:c p:d]]",
    );
    expect(html("<ul><li>a</li><ul><li>b</li></ul>text</ul>")).toBe(
      "bulletList[listItem[p:a bulletList[listItem[p:b]]] listItem[p:text]]",
    );
    const { doc } = fromHtml('<ol start="4" type="a"><li>x</ol>');
    expect(doc.content?.[0]?.attrs).toEqual({ start: 4, type: "a" });
    expect(html("<li>alone</li>")).toBe("p:alone");
    expect(sketch(fromMarkdown("- [x] done\n- [ ] open").doc)).toBe(
      "bulletList[listItem[p:☑ done] listItem[p:☐ open]]",
    );
  });

  it("keeps tables, and leaves nothing an editor would have to mend", () => {
    const { doc } = fromHtml(
      `<table><caption>Hours</caption><thead><tr><th colspan="2" align="center">A</th></tr></thead>
      <tr><td rowspan="2">b</td><td>c</td></tr><tr><td><p>d</p><ul><li>e</ul></td></tr></table>`,
    );
    expect(sketch(doc)).toBe(
      "p:Hours table[tableRow[tableHeader[p:A]] tableRow[tableCell[p:b] tableCell[p:c]] tableRow[tableCell[p:d bulletList[listItem[p:e]]]]]",
    );
    expect(textblocks(doc)[1]?.within.at(-1)?.attrs).toMatchObject({ colspan: 2, align: "center" });
    expect(html("<table><tr><td>a<tr><td>b<td>c</table>")).toBe(
      "table[tableRow[tableCell[p:a] tableCell[p:]] tableRow[tableCell[p:b] tableCell[p:c]]]",
    );
    const clash = fromHtml('<table><tr><td>a<td rowspan="9">b<tr><td colspan="2">c</table>').doc;
    expect(sketch(clash)).toBe(
      "table[tableRow[tableCell[p:a] tableCell[p:b]] tableRow[tableCell[p:c] tableCell[p:]]]",
    );
    expect(JSON.stringify(clash)).not.toMatch(/"(row|col)span":[^1]/);
    expect(kinds("<table><tr><td>a<table><tr><td>b</table></table>")).toEqual(["nestedTable"]);
    expect(html("<table>stray<tr><td>a</table>")).toBe("p:stray table[tableRow[tableCell[p:a]]]");
  });

  it("reads its own callouts, objectives and sections, and no wrong ones", () => {
    const { doc } = fromHtml(
      `<h2 data-part="scenario" data-minutes="25">A</h2><h2 data-part="lunch" data-minutes="-1">B</h2>
      <aside data-kind="caution"><p>c</p></aside><aside data-kind="evil">d</aside>
      <p data-objective data-level="terminal" data-condition="on a call" data-assessed="${"x".repeat(3000)}">Listen</p>`,
    );
    expect(bare(doc).content?.map(({ type, attrs }) => [type, attrs])).toEqual([
      ["heading", { level: 2, part: "scenario", minutes: 25 }],
      ["heading", { level: 2 }],
      ["callout", { kind: "caution" }],
      ["paragraph", undefined],
      ["objective", { level: "terminal", condition: "on a call" }],
      ["paragraph", undefined],
    ]);
    expect(check(doc)).toBeNull();
  });

  it("lists what it can't keep, and still keeps its words", () => {
    const source = `<p>a <img src="x.png" alt="Two officers"> b<a href="javascript:alert(1)">c</a>
      <a href="#footnote-1">[1]</a> x<sup>2</sup></p><script>alert("no")</script><style>p{}</style>
      <video src="v.mp4">No video here</video><select><option>Yes</option></select>
      <svg><title>Logo</title></svg><p title="under the mouse">d</p>`;
    const { doc, notKept } = fromHtml(source);
    expect(words(doc).join(" ")).toBe("a Two officers bc 1 x2 No video here Yes d");
    expect(notKept.map(({ what, count }) => `${what} ${count}`).sort()).toEqual([
      "footnote 1",
      "image 2",
      "link 1",
      "media 1",
      "raised 1",
      "script 1",
      "style 1",
    ]);
    expect(JSON.stringify(doc)).not.toMatch(/javascript|alert/);
    for (const href of [
      "JaVaScRiPt:x",
      "java\nscript:x",
      "data:text/html,x",
      "vbscript:x",
      "/p",
      "//x",
    ]) {
      expect(JSON.stringify(fromHtml(`<a href="${href}">word</a>`).doc)).not.toMatch(/link/);
    }
    expect(
      JSON.stringify(
        fromMarkdown("[x](javascript:alert) <script>x</script> <b onclick=x>y</b>").doc,
      ),
    ).not.toMatch(/javascript|onclick|link/);
  });

  it(`survives any soup of tags, in sound order and with every word (seed ${SEED})`, () => {
    const tags =
      "p div b i u a h1 h3 h6 ul ol li table tr td th caption blockquote pre br hr span section dl dt dd aside code del sup center font form label details summary figure".split(
        " ",
      );
    const r = random(SEED);
    for (let run = 0; run < 300; run++) {
      let source = "";
      let expected = "";
      for (let piece = 0; piece < 40; piece++) {
        const tag = r.pick(tags);
        if (r.chance(0.4)) source += r.chance(0.5) ? `<${tag}>` : `</${tag}>`;
        else {
          const text = sentence(r, r.int(1, 4), 0);
          source += `${text} `;
          expected += `${text} `;
        }
      }
      const { doc } = fromHtml(source);
      expect(check(doc), source).toBeNull();
      const sorted = (text: string) => text.split(/\s+/).filter(Boolean).sort().join(" ");
      const got = textblocks(doc)
        .map(({ text }) => text)
        .join(" ");
      expect(sorted(got).replace(/ /g, ""), source).toBe(sorted(expected).replace(/ /g, ""));
    }
  });

  it("survives depth", () => {
    for (const tag of ["div", "b", "ul><li", "blockquote", "table><tr><td"]) {
      const source = `${`<${tag}>`.repeat(3000)}deep`;
      const { doc } = fromHtml(source);
      expect(check(doc), tag).toBeNull();
      expect(words(doc)).toEqual(["deep"]);
    }
  });
});
