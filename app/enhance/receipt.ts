/** The receipt's buttons, which are there only with script. */
export function wireReceipt(root: ParentNode): void {
  for (const hidden of root.querySelectorAll<HTMLElement>("[data-script]")) hidden.hidden = false;
  root.querySelector("[data-print]")?.addEventListener("click", () => print());
  const copy = root.querySelector<HTMLElement>("[data-copy]");
  copy?.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(copy.dataset.copy ?? "");
      copy.textContent = copy.dataset.done ?? "";
    } catch {
      // No access to the clipboard: select the code, so that it can be copied by hand.
      const code = root.querySelector(".receipt-code");
      if (code) getSelection()?.selectAllChildren(code);
    }
  });
}
