import { CALLOUT_KINDS, OBJECTIVE_LEVELS, PARTS, SAFE_LINK } from "../document/schema.ts";
import { markListsOfWord } from "./word-lists.ts";

/** What a pasted element may keep of itself, and under which name. All others give up their tag. */
const KEPT: Record<string, string> = {
  P: "p",
  H1: "h1",
  H2: "h2",
  H3: "h3",
  H4: "h4",
  H5: "h5",
  H6: "h6",
  UL: "ul",
  OL: "ol",
  LI: "li",
  TABLE: "table",
  TBODY: "tbody",
  THEAD: "tbody",
  TR: "tr",
  TD: "td",
  TH: "th",
  BLOCKQUOTE: "blockquote",
  ASIDE: "aside",
  B: "strong",
  STRONG: "strong",
  I: "em",
  EM: "em",
  U: "u",
  S: "s",
  STRIKE: "s",
  DEL: "s",
  CODE: "code",
  A: "a",
  BR: "br",
  HR: "hr",
};

const DROPPED =
  "style, script, meta, link, title, head, template, img, svg, object, iframe, form, o\\:p";

/** Blocks that lose their tag still end a line: they become paragraphs when they hold only text. */
const LINE_BLOCKS = new Set([
  "DIV",
  "SECTION",
  "ARTICLE",
  "DT",
  "DD",
  "PRE",
  "FIGCAPTION",
  "CAPTION",
]);

/**
 * Makes a paste ours: headings, lists (Word's list paragraphs too), tables, emphasis, links, and
 * nothing else. With a heading of level 1 in it, all its headings move one level down.
 */
export function cleanPaste(html: string): string {
  const page = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  for (const gone of page.querySelectorAll(DROPPED)) gone.remove();
  removeComments(page.body);
  markListsOfWord(page.body);
  for (const title of page.querySelectorAll("p.MsoTitle")) rename(title, "h1");
  const shift = page.querySelector("h1") ? 1 : 0;
  for (const element of [...page.body.querySelectorAll("*")]) cleanElement(element, shift);
  for (const paragraph of page.querySelectorAll("p")) if (isSpacer(paragraph)) paragraph.remove();
  return page.body.innerHTML;
}

/**
 * Styles under another name: the page's Content-Security-Policy would report each one that is parsed.
 * What they say about emphasis and lists is read from there.
 */
function withoutStyles(html: string): string {
  return html
    .replaceAll(/<style[\s\S]*?<\/style>/gi, "")
    .replaceAll(/<[a-z][^>]*>/gi, (tag) => tag.replaceAll(/\sstyle\s*=/gi, " data-style="));
}

function removeComments(root: Node) {
  const walker = root.ownerDocument?.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const comments: Node[] = [];
  while (walker?.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.parentNode?.removeChild(comment);
}

function cleanElement(element: Element, shift: number) {
  const emphasis = emphasisOf(element);
  const tag = KEPT[element.tagName];
  if (tag === "a" && !SAFE_LINK.test(element.getAttribute("href")?.trim() ?? "")) {
    unwrap(element, emphasis);
  } else if (tag === "aside" && !isOneOf(CALLOUT_KINDS, element.getAttribute("data-kind"))) {
    unwrap(element, []);
  } else if (tag === "strong" && (notBold(element) || isWholeHeading(element))) {
    unwrap(element, []);
  } else if (tag) {
    const heading = /^h([1-6])$/.exec(tag);
    const name = heading ? `h${clamp(Number(heading[1]) + shift, 2, 4)}` : tag;
    const kept = name === element.localName ? element : rename(element, name);
    keepAttributes(kept);
  } else if (LINE_BLOCKS.has(element.tagName) && holdsOnlyText(element)) {
    keepAttributes(rename(element, "p"));
  } else {
    unwrap(element, emphasis);
  }
}

/** Word, Google Docs and LibreOffice say bold and italic in styles, on spans. */
function emphasisOf(element: Element): string[] {
  if (element.tagName !== "SPAN" && element.tagName !== "FONT") return [];
  const style = element.getAttribute("data-style") ?? "";
  const says = (pattern: RegExp, tag: string) => (pattern.test(style) ? [tag] : []);
  return [
    ...says(/font-weight:\s*(bold|[6-9]00)/i, "strong"),
    ...says(/font-style:\s*italic/i, "em"),
    ...says(/text-decoration[^;]*underline/i, "u"),
    ...says(/text-decoration[^;]*line-through/i, "s"),
  ];
}

/** Google Docs wraps all it copies in a `<b>` that isn't bold. */
function notBold(element: Element): boolean {
  return /font-weight:\s*(normal|[1-4]00)/i.test(element.getAttribute("data-style") ?? "");
}

/** Headings are bold as they are. */
function isWholeHeading(element: Element): boolean {
  const heading = element.closest("h1, h2, h3, h4, h5, h6");
  return heading !== null && heading.textContent?.trim() === element.textContent?.trim();
}

/** An empty paragraph between others: how word processors leave space. */
function isSpacer(paragraph: Element): boolean {
  return !paragraph.textContent?.trim() && !paragraph.closest("td, th, li, [data-pm-slice]");
}

function holdsOnlyText(element: Element): boolean {
  return !element.querySelector(
    "p, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, div, pre, hr",
  );
}

const ATTRIBUTES: Record<string, (value: string) => string | null> = {
  href: (value) => value.trim(),
  start: wholeNumber(1, 100_000),
  colspan: wholeNumber(1, 50),
  rowspan: wholeNumber(1, 500),
  "data-pm-slice": (value) => value,
  "data-kind": (value) => (isOneOf(CALLOUT_KINDS, value) ? value : null),
  "data-part": (value) => (isOneOf(PARTS, value) ? value : null),
  "data-minutes": wholeNumber(1, 1_440),
  "data-objective": () => "",
  "data-level": (value) => (isOneOf(OBJECTIVE_LEVELS, value) ? value : null),
  "data-condition": (value) => value.slice(0, 500),
  "data-standard": (value) => value.slice(0, 500),
  "data-assessed": (value) => value.slice(0, 500),
};

function keepAttributes(element: Element) {
  for (const { name, value } of [...element.attributes]) {
    const kept = ATTRIBUTES[name]?.(value) ?? null;
    if (kept === null) element.removeAttribute(name);
    else element.setAttribute(name, kept);
  }
}

function wholeNumber(min: number, max: number) {
  return (value: string) => {
    const number = Number.parseInt(value, 10);
    return number >= min && number <= max ? String(number) : null;
  };
}

function isOneOf(allowed: readonly string[], value: string | null): boolean {
  return value !== null && allowed.includes(value);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** The element with another tag, in its place. */
function rename(element: Element, tag: string): Element {
  const renamed = element.ownerDocument.createElement(tag);
  for (const { name, value } of element.attributes) renamed.setAttribute(name, value);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
}

/** Takes the tag away and leaves what it held, in the given emphasis. */
function unwrap(element: Element, emphasis: string[]) {
  const inside = [...element.childNodes];
  if (emphasis.length === 0 || !element.textContent?.trim()) {
    element.replaceWith(...inside);
    return;
  }
  const outer = element.ownerDocument.createElement(emphasis[0] as string);
  let inner = outer;
  for (const tag of emphasis.slice(1))
    inner = inner.appendChild(element.ownerDocument.createElement(tag));
  inner.append(...inside);
  element.replaceWith(outer);
}
