import { watchChoice } from "./choose.ts";
import { wireComposing } from "./compose.ts";
import { openForm } from "./dialog.ts";
import { forgetOld, forgetSent, keep } from "./keep.ts";
import { formAddress } from "./page.ts";
import { preview } from "./preview.ts";
import { wireReceipt } from "./receipt.ts";
import { watchSelection } from "./selection.ts";
import { wireSupport } from "./support.ts";
import { wireWaiting } from "./wait.ts";

/**
 * What a script adds to pages that work without one: forms open in a dialog, words can be
 * selected, what is typed is kept, support is counted in place.
 */
wireReceipt(document);
wireSupport();
wireComposing();
wireWaiting();
forgetOld();
if (document.querySelector("[data-receipt], [data-sent]")) forgetSent();
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keep]")) {
  keep(form, location.pathname + location.search.replace(/&way=suggest/, ""));
  preview(form);
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-choose]"))
  watchChoice(form);

if (formAddress) {
  watchSelection();
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-comment]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    link.closest("details")?.removeAttribute("open");
    openForm(link.href, { from: link.checkVisibility?.() === false ? null : link });
  });
}

/** A link to a comment opens what it is folded in; Escape, or a click elsewhere, folds it again. */
function unfold(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = target?.closest("details");
  if (!folded || folded.open) return;
  folded.open = true;
  target?.scrollIntoView({ block: "nearest" });
}
addEventListener("hashchange", unfold);
unfold();

const openNotes = () => document.querySelector<HTMLDetailsElement>("details.notes[open]");
document.addEventListener("keydown", (event) => {
  const notes = openNotes();
  if (event.key !== "Escape" || !notes || document.querySelector("dialog[open]")) return;
  notes.open = false;
  notes.querySelector("summary")?.focus();
});
document.addEventListener("click", (event) => {
  const notes = openNotes();
  const target = event.target as Element;
  if (notes && !notes.contains(target) && !target.closest("dialog, a.anchored")) notes.open = false;
});
