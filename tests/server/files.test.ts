import { performance } from "node:perf_hooks";
import {
  Document,
  ExternalHyperlink,
  HeadingLevel,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
} from "docx";
import { strToU8, type Zippable, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { createFiles } from "#server/files.ts";

const TYPES = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`;

const archive = (parts: Zippable) => zipSync({ "[Content_Types].xml": strToU8(TYPES), ...parts });

const wordFile = async () =>
  new Uint8Array(
    await Packer.toBuffer(
      new Document({
        sections: [
          {
            children: [
              new Paragraph({ text: "Meeting a person in crisis", heading: HeadingLevel.TITLE }),
              new Paragraph({ text: "Before you speak", heading: HeadingLevel.HEADING_1 }),
              new Paragraph({
                children: [
                  new TextRun("Give your "),
                  new TextRun({ text: "first name", bold: true }),
                  new TextRun(" and "),
                  new ExternalHyperlink({
                    link: "https://example.org/guide",
                    children: [new TextRun("say why you came")],
                  }),
                ],
              }),
              new Paragraph({ text: "Lower your voice", bullet: { level: 0 } }),
              new Table({
                rows: [
                  new TableRow({
                    children: [new TableCell({ children: [new Paragraph("Minutes")] })],
                  }),
                ],
              }),
            ],
          },
        ],
      }),
    ),
  );

/** A busy machine starts a worker slowly; only one test is about time. */
const UNHURRIED = { timeMs: 60_000 };

describe("docxToHtml", () => {
  it("keeps headings, emphasis, links, lists and tables", async () => {
    const { html, notKept } = await createFiles(UNHURRIED).docxToHtml(await wordFile());
    expect(html).toContain("<h1>Meeting a person in crisis</h1>");
    expect(html).toContain("<strong>first name</strong>");
    expect(html).toContain('<a href="https://example.org/guide">say why you came</a>');
    expect(html).toContain("<li>Lower your voice</li>");
    expect(html).toContain("<td><p>Minutes</p></td>");
    expect(notKept).toEqual([]);
  });

  it("refuses what isn't a Word file, whatever its name", async () => {
    const files = createFiles(UNHURRIED);
    const sheet = zipSync({ "[Content_Types].xml": strToU8("spreadsheetml.sheet.main+xml") });
    for (const bytes of [
      strToU8("Just text"),
      new Uint8Array(0),
      sheet,
      (await wordFile()).subarray(0, 900),
      new Uint8Array([0x50, 0x4b, 3, 4, ...new Array(400).fill(7)]),
    ]) {
      await expect(files.docxToHtml(bytes)).rejects.toMatchObject({
        status: 422,
        text: { key: "drafts:notDocx" },
      });
    }
  });

  it("refuses a small file that unpacks to a huge one, before it is read", async () => {
    const bomb = archive({ "word/document.xml": [new Uint8Array(80 * 1024 * 1024), { level: 9 }] });
    expect(bomb.length).toBeLessThan(100 * 1024);
    await expect(createFiles(UNHURRIED).docxToHtml(bomb)).rejects.toMatchObject({
      text: { key: "drafts:tooMuchInside" },
    });
  });

  it("refuses an archive of very many parts", async () => {
    const parts = Object.fromEntries(
      Array.from({ length: 2_100 }, (_, n) => [`word/part${n}.xml`, strToU8("<a/>")]),
    );
    await expect(createFiles(UNHURRIED).docxToHtml(archive(parts))).rejects.toMatchObject({
      text: { key: "drafts:tooMuchInside" },
    });
  });

  it("gives up in time, and the next file is read all the same", async () => {
    await expect(createFiles({ timeMs: 1 }).docxToHtml(await wordFile())).rejects.toMatchObject({
      text: { key: "drafts:tooMuchInside" },
    });
    const files = createFiles(UNHURRIED);
    const [first, second] = await Promise.allSettled([
      files.docxToHtml(new Uint8Array([0x50, 0x4b, 3, 4, 0])),
      files.docxToHtml(await wordFile()),
    ]);
    expect([first.status, second.status]).toEqual(["rejected", "fulfilled"]);
  });

  it("leaves the main thread free while it works", async () => {
    const paragraphs = "<w:p><w:r><w:t>One more sentence.</w:t></w:r></w:p>".repeat(60_000);
    const heavy = archive({
      "_rels/.rels": strToU8(
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
      ),
      "word/document.xml": strToU8(
        `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraphs}</w:body></w:document>`,
      ),
    });
    const before = performance.eventLoopUtilization();
    await createFiles(UNHURRIED)
      .docxToHtml(heavy)
      .catch(() => undefined);
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.25);
  });
});

describe("textToDoc", () => {
  it("reads Markdown and HTML", async () => {
    const files = createFiles(UNHURRIED);
    const text = { doc: { content: [{ type: "paragraph", content: [{ text: "Wait" }] }] } };
    expect(await files.textToDoc("Wait", "markdown")).toMatchObject(text);
    expect(await files.textToDoc("<p>Wait</p>", "html")).toMatchObject(text);
  });

  it.each([
    ["markup that costs a parser minutes", "html", "<div><h1>a".repeat(30_000), /tooMuchInside/],
    ["quotes in quotes in quotes", "markdown", `${">".repeat(100_000)} x`, /tooMuch|notSound/],
    ["more paragraphs than can be shown", "html", "<p>x".repeat(10_001), /tooLong/],
  ] as const)("gives up on %s, and leaves the main thread free", async (_, kind, text, key) => {
    const before = performance.eventLoopUtilization();
    await expect(createFiles({ timeMs: 8_000 }).textToDoc(text, kind)).rejects.toMatchObject({
      status: 422,
      text: { key: expect.stringMatching(key) },
    });
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.25);
  });
});
