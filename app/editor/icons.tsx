import type { CommandName } from "./commands.ts";

/** Drawn on a grid of 24, in the colour and stroke of the text around them. */
const PATHS: Partial<Record<CommandName | "callout" | "more", string>> = {
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  bulletList: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  orderedList: "M10 6h10M10 12h10M10 18h10M4 4.5 5.5 4v4M4 13.5c0-2 3-2 3 0 0 1-3 2-3 3h3",
  indent: "M4 6h16M11 12h9M11 18h9M4 11l3.5 3.5L4 18",
  outdent: "M4 6h16M11 12h9M11 18h9M7.5 11 4 14.5 7.5 18",
  quote: "M5 6v12M10 7h9M10 12h9M10 17h6",
  callout: "M5 5h14v14H5zM12 8v5M12 16h.01",
  calloutNote: "M5 5h14v14H5zM9 10h6M9 14h4",
  calloutCaution: "M12 4 3.5 19h17zM12 10v4M12 16.5h.01",
  calloutInstructor: "M4 5h16v10H4zM12 15v4M8 19h8M8 9h8M8 12h5",
  objective: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  table: "M4 5h16v14H4zM4 10h16M10 5v14M4 14.5h16",
  divider: "M4 12h16",
  undo: "M9 7 5 11l4 4M5 11h9a5 5 0 0 1 0 10h-3",
  redo: "m15 7 4 4-4 4M19 11h-9a5 5 0 0 0 0 10h3",
  code: "m8 8-4 4 4 4M16 8l4 4-4 4M13.5 5l-3 14",
};

/** Letters say these better than any drawing. */
const LETTERS: Partial<Record<CommandName, string>> = {
  paragraph: "¶",
  heading2: "H2",
  heading3: "H3",
  heading4: "H4",
  bold: "B",
  italic: "I",
  underline: "U",
  strike: "S",
};

export function Icon({ name }: { name: CommandName | "callout" }) {
  const path = PATHS[name];
  if (!path)
    return (
      <span className={`letter ${name}`} aria-hidden="true">
        {LETTERS[name as CommandName]}
      </span>
    );
  return (
    <svg viewBox="0 0 24 24" className="icon" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
