import type { Head, Hunk } from "../../document/hunk.ts";

/** What a suggestion does to the text. */
export type ChangeKind = Hunk["kind"];

/** What there is to say of a change that its words don't show. `node` and `mark` are schema names. */
export type Detail =
  | { say: "into"; node: string }
  | { say: "outOf"; node: string }
  | { say: "made"; from: string; to: string }
  | { say: "set"; name: string; before: string; after: string }
  | { say: "formatted"; mark: string }
  | { say: "unformatted"; mark: string };

/** A suggestion as people see it. */
export type Suggested = {
  kind: ChangeKind;
  details: Detail[];
  /** The passage as it stood and as it should read: "" for one that wasn't there, or is to go. */
  base: string;
  proposed: string;
  /** Who wrote it in a workshop copy, by the names they chose there; nobody for a form. */
  authors: string[];
  /** The workshop copy it comes from. */
  workshop: { id: string; title: string } | null;
};

/** A suggestion's columns, all null where an input isn't one. */
export type SuggestionRow = {
  base_text: string | null;
  proposed_text: string | null;
  hunk: string | null;
  workshop_id: string | null;
  workshop_title: string | null;
};

/** The change a suggestion from a workshop copy makes; null for one that was written as a form. */
export function hunkOf(row: Pick<SuggestionRow, "hunk">): Hunk | null {
  return row.hunk === null ? null : (JSON.parse(row.hunk) as Hunk);
}

export function suggestedOf(row: SuggestionRow, authors: readonly string[] = []): Suggested | null {
  if (row.base_text === null || row.proposed_text === null) return null;
  const hunk = hunkOf(row);
  return {
    kind: hunk?.kind ?? (row.proposed_text === "" ? "delete" : "text"),
    details: hunk ? detailsOf(hunk) : [],
    base: row.base_text,
    proposed: row.proposed_text,
    authors: [...authors],
    workshop:
      row.workshop_id === null ? null : { id: row.workshop_id, title: row.workshop_title ?? "" },
  };
}

/** Names one after the other, as the language says it. */
export function namesOf(names: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(names);
}

/** What a change does besides the words it brings or takes, each thing once. */
export function detailsOf({ kind, ops }: Hunk): Detail[] {
  const details = ops.flatMap((op): Detail[] => {
    if (op.op === "insert" && kind === "wrap") return [{ say: "into", node: op.node.type }];
    if (op.op === "delete" && kind === "unwrap") return [{ say: "outOf", node: op.node.type }];
    if (op.op === "retype") return [{ say: "made", from: nameOf(op.before), to: nameOf(op.after) }];
    if (op.op === "attr")
      return [{ say: "set", name: op.name, before: shown(op.before), after: shown(op.after) }];
    if (op.op === "format")
      return [
        ...op.add.map(({ type }): Detail => ({ say: "formatted", mark: type })),
        ...op.remove.map(({ type }): Detail => ({ say: "unformatted", mark: type })),
      ];
    return [];
  });
  const once = new Map(details.map((detail) => [JSON.stringify(detail), detail]));
  return [...once.values()];
}

/** A heading of one level is another thing than one of another. */
function nameOf({ type, attrs }: Head): string {
  return type === "heading" ? `heading${attrs.level ?? 2}` : type;
}

function shown(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}
