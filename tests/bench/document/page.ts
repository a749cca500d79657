import type { machine } from "../collab/machine.ts";
import { drawn } from "../drawn.ts";
import type { Figure } from "./figures.ts";
import type { Compared } from "./peers.ts";

export type Measured = {
  about: ReturnType<typeof machine>;
  seed: number;
  words: number;
  small: boolean;
  figures: Figure[];
  pairs: { what: string; compared: Compared[] }[];
};

const number = (value: number, digits: number) =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

function figureRow({ what, value, unit, target, note = "" }: Figure): string[] {
  const digits = unit === "%" ? 2 : value < 1 ? 3 : value < 100 ? 1 : 0;
  const shown = `${number(value, digits)} ${unit}`;
  if (target === undefined) return [what, shown, "", "", note];
  const isMet = unit === "%" ? value >= target : value <= target;
  const sign = unit === "%" ? "≥" : "≤";
  return [what, shown, `${sign} ${target} ${unit}`, isMet ? "yes" : "**no**", note];
}

/** All that was measured, with what a reader must know of it. */
export function page({ about, seed, words, small, figures, pairs }: Measured): string {
  const when = `${about.date.slice(0, 16).replace("T", " ")} UTC at commit ${about.commit}${about.changed ? " with changes" : ""}`;
  const rows = figures.map(figureRow);
  const beside = pairs.map(
    ({ what, compared }) =>
      `### ${what}\n\n${drawn(
        [
          ["", "ms", "changes", "what they are"],
          ...compared.map(({ who, version, ms, changes, what }) => [
            `${who} ${version}`.trim(),
            number(ms, ms < 100 ? 1 : 0),
            changes.toLocaleString("en"),
            what,
          ]),
        ],
        ["left", "right", "right", "left"],
      )}`,
  );
  return `# The change engine

- ${when}
- ${about.cpu}, Linux ${about.kernel}, Node ${about.node}, one core
- a module of ${words.toLocaleString("en")} words, seed ${seed}${small ? "; small (--quick): whether everything runs, not how fast" : ""}

${drawn([["", "figure", "target", "met", ""], ...rows], ["left", "right", "right", "right", "left"])}

Cold: documents as JSON that nothing was read of yet. A keystroke is one letter in any block of a copy with all its
edits; the difference of the whole copy follows, and what to draw of it. Hunks are applied in reading order into one
draft in which trainers made 50 edits meanwhile: what is a conflict is timed too. Updates come as a socket brings them:
19 of 20 are keys, the others words or structure through the editor's own binding. Anchors on 10 to 50 characters are
resolved in one index, after splits, joins, wraps, moves and deletions.

## Beside its peers

The same pairs of documents, in the same run. Middle of nine; of what takes longer than a second, once.

${beside.join("\n\n")}

prosemirror-changeset is meant to be fed steps; a workshop copy has none, since the binding replaces the document when
others write, so it is given one step for the whole. prosemirror-recreate-steps is on npm as
@technik-sde/prosemirror-recreate-transform. None of them knows blocks by their ids.
`;
}
