/** "mso-list: l0 level2 lfo1": which list, and how deep. */
const WORD_LIST = /mso-list:\s*(l\d+)\s+level(\d+)/i;
const IGNORED = /mso-list:\s*Ignore/i;
/** What Word prints before an item of a numbered list: "1.", "a)", "(iv)". */
const NUMBERED = /^\(?(\d+|[a-z]{1,2}|[ivxlc]+)[.)]/i;

type Item = { paragraph: Element; list: string; level: number; marker: string };

/**
 * Word copies a list as paragraphs that say in their style which list they belong to and how deep.
 * Puts real, nested lists in their place. Styles are expected under the name `data-style`.
 */
export function markListsOfWord(root: Element) {
  for (const run of runsOfItems(root)) {
    const first = run[0] as Item;
    const place = root.ownerDocument.createComment("");
    first.paragraph.before(place);
    place.replaceWith(...nested(run));
  }
}

/** List paragraphs that follow each other, with nothing but space between. */
function runsOfItems(root: Element): Item[][] {
  const runs: Item[][] = [];
  let last: Element | null = null;
  for (const paragraph of root.querySelectorAll("p, h1, h2, h3, h4, h5, h6")) {
    const found = WORD_LIST.exec(paragraph.getAttribute("data-style") ?? "");
    if (!found) continue;
    const item = {
      paragraph,
      list: found[1] as string,
      level: Number(found[2]),
      marker: takeMarker(paragraph),
    };
    if (last && paragraph.previousElementSibling === last) runs.at(-1)?.push(item);
    else runs.push([item]);
    last = paragraph;
  }
  return runs;
}

/** The printed bullet or number, taken out of the words. */
function takeMarker(paragraph: Element): string {
  const printed = [...paragraph.querySelectorAll("span")].find((span) =>
    IGNORED.test(span.getAttribute("data-style") ?? ""),
  );
  const marker = printed?.textContent?.replaceAll(/\s/g, "") ?? "";
  printed?.remove();
  return marker;
}

function nested(items: Item[]): Element[] {
  const top: Element[] = [];
  /** The lists open at this point, outermost first. */
  const open: { list: Element; level: number; source: string }[] = [];
  for (const { paragraph, list, level, marker } of items) {
    const document = paragraph.ownerDocument;
    const tag = NUMBERED.test(marker) ? "ol" : "ul";
    while (open.length > 0 && (open.at(-1)?.level as number) > level) open.pop();
    const same = open.at(-1);
    // Another list, or another kind of it, at the same depth starts anew.
    if (same?.level === level && (same.source !== list || same.list.localName !== tag)) open.pop();
    if (open.at(-1)?.level !== level) {
      const started = document.createElement(tag);
      const holder = open.at(-1)?.list.lastElementChild;
      if (holder) holder.append(started);
      else top.push(started);
      open.push({ list: started, level, source: list });
    }
    const item = document.createElement("li");
    const text = document.createElement("p");
    text.append(...paragraph.childNodes);
    item.append(text);
    open.at(-1)?.list.append(item);
    paragraph.remove();
  }
  return top;
}
