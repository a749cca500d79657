/** An arrow up or down, drawn as the toolbar's signs are. */
export function StepIcon({ up }: { up: boolean }) {
  return (
    <svg viewBox="0 0 24 24" className="icon" aria-hidden="true">
      <path d={up ? "m6 15 6-6 6 6" : "m6 9 6 6 6-6"} />
    </svg>
  );
}
