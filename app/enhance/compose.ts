/** Buttons that put one of several texts into the field in which a person composes the result. */
export function wireComposing(): void {
  for (const button of document.querySelectorAll<HTMLElement>("button[data-compose]")) {
    button.addEventListener("click", () => {
      const field = button.closest("form")?.querySelector<HTMLTextAreaElement>("[name=wording]");
      if (!field) return;
      field.value = button.dataset.compose ?? "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
}
