import { drawn } from "../drawn.ts";
import type { Measured, Results } from "./keep.ts";
import type { Outcome } from "./measure.ts";
import { PARTS, type Part } from "./options.ts";
import { page } from "./page.ts";
import { HELD } from "./scenarios/most-readers.ts";
import { KINDS, type Kind } from "./servers.ts";

const PEERS: readonly Kind[] = ["y-websocket-server", "hocuspocus"];

/** One line of the table: a figure, and what ours must reach. */
type Line = {
  what: string;
  figure: string;
  digits?: number;
  /** Ours divided by the better of these; the target says how much that may, or must, be. */
  against?: readonly Kind[];
  atMost?: number;
  atLeast?: number;
  /** What ours may be at most, whatever the others are. */
  limit?: number;
  /** Behind the figure: of how many. */
  of?: string;
};

function linesOf(part: Part, size: number, largest: boolean): Line[] {
  const n = size.toLocaleString("en");
  const clients = { what: "… clients, % of their core", figure: "clientPercent", digits: 0 };
  const half = { what: "… p50, ms", figure: "p50", digits: 1 };
  const p99 = { what: "… p99, ms", figure: "p99", digits: 1 };
  const lines: Record<Part, Line[]> = {
    "fan-out": [
      {
        what: `Fan-out to ${n} readers: CPU a delivered update, µs`,
        figure: "µs",
        against: PEERS,
        atMost: 0.5,
      },
      half,
      p99,
      clients,
    ],
    "most-readers": mostReaders("Most readers"),
    "half-core": mostReaders("Most readers on half a core"),
    rooms: [
      {
        what: `${n} rooms: CPU a delivered update, µs`,
        figure: "µs",
        against: ["hocuspocus"],
        atMost: 0.7,
      },
      half,
      { ...p99, ...(largest && { limit: 50 }) },
      clients,
    ],
    open: [
      {
        what: `Open a document of ${n} edits, ms`,
        figure: "ms",
        digits: 0,
        against: PEERS,
        atMost: 0.4,
      },
      { what: "… once more after another restart, ms", figure: "again", digits: 0 },
      { what: "… of this, the client's own work, ms", figure: "floor", digits: 0 },
    ],
    memory: [
      {
        what: `Memory a room, ${n} rooms, MB`,
        figure: "mb",
        digits: 2,
        against: PEERS,
        atMost: 0.25,
      },
    ],
    carets: [
      {
        what: `${n} carets: CPU, % of a core`,
        figure: "serverPercent",
        against: PEERS,
        atMost: 0.2,
      },
      half,
      { ...p99, limit: 150 },
      clients,
    ],
    kills: [
      {
        what: `${n} kills: updates lost once acknowledged`,
        figure: "lostAfterAcknowledged",
        digits: 0,
        of: "acknowledged",
        limit: 0,
      },
      { what: "… lost once others had seen them", figure: "lostAfterSeen", digits: 0, of: "seen" },
    ],
  };
  return lines[part];
}

function mostReaders(what: string): Line[] {
  return [
    {
      what: `${what} with p99 ≤ ${HELD} ms`,
      figure: "readers",
      digits: 0,
      against: PEERS,
      atLeast: 1.5,
    },
    { what: "… clients, % of their core then", figure: "clientPercent", digits: 0 },
  ];
}

/** Everything that was measured, as one table under what it was measured on. */
export function table(results: Results): string {
  const rows: string[][] = [];
  for (const part of PARTS) {
    const { cases = [] } = results[part] ?? {};
    for (const [n, { size, outcomes }] of cases.entries()) {
      for (const line of linesOf(part, size, n === cases.length - 1)) {
        rows.push(row(line, outcomes));
      }
    }
  }
  const head = ["", ...KINDS.map((kind) => TITLES[kind]), "ratio", "target", "met"];
  const measured = PARTS.flatMap((part): [Part, Measured][] => {
    const found = results[part];
    return found ? [[part, found]] : [];
  });
  const failures = measured.flatMap(([part, { cases }]) =>
    cases.flatMap(({ size, outcomes }) =>
      KINDS.flatMap((kind) => {
        const why = outcomes[kind]?.failed;
        return why
          ? [`- FAILED, ${TITLES[kind]}, ${part} ${size.toLocaleString("en")}: ${why}`]
          : [];
      }),
    ),
  );
  const drawing = drawn([head, ...rows]);
  return page(failures.length > 0 ? `${drawing}\n\n${failures.join("\n")}` : drawing, measured);
}

const TITLES: Record<Kind, string> = {
  ours: "ours",
  "y-websocket-server": "y-websocket-server",
  hocuspocus: "Hocuspocus",
  relay: "`ws` relay",
};

function row(line: Line, outcomes: Partial<Record<Kind, Outcome>>): string[] {
  const value = (kind: Kind) => outcomes[kind]?.figures[line.figure] ?? Number.NaN;
  const failed = (kind: Kind) => outcomes[kind]?.failed !== undefined;
  const cell = (kind: Kind) => {
    if (!outcomes[kind]) return "–";
    const of = line.of ? ` of ${outcomes[kind].figures[line.of]?.toLocaleString("en")}` : "";
    // Where the bench ended before the server did.
    const least = line.figure === "readers" && outcomes[kind].figures.limited ? "≥ " : "";
    const shown = Number.isNaN(value(kind)) ? "–" : least + number(value(kind), line.digits) + of;
    return failed(kind) ? `FAILED (${shown})` : shown;
  };

  const ours = value("ours");
  const usable = (line.against ?? []).filter((kind) => !Number.isNaN(value(kind)));
  // A server that didn't deliver is no measure, unless there is no other.
  const sound = usable.filter((kind) => !failed(kind));
  const others = (sound.length > 0 ? sound : usable).map(value);
  const best = line.atLeast ? Math.max(...others) : Math.min(...others);
  const ratio = others.length > 0 ? ours / best : Number.NaN;

  const targets: string[] = [];
  const met: boolean[] = [];
  const target = (text: string, reached: boolean) => {
    targets.push(text);
    met.push(reached && !failed("ours"));
  };
  if (line.atMost) target(`≤ ${line.atMost} ×`, ratio <= line.atMost);
  if (line.atLeast) target(`≥ ${line.atLeast} ×`, ratio >= line.atLeast);
  if (line.limit !== undefined) target(`≤ ${line.limit}`, ours <= line.limit);
  const known = outcomes.ours !== undefined && (line.limit !== undefined || !Number.isNaN(ratio));
  return [
    line.what,
    ...KINDS.map(cell),
    Number.isNaN(ratio) ? "" : `${number(ratio, 2)} ×`,
    targets.join(", "),
    met.length > 0 && known ? (met.every(Boolean) ? "yes" : "**no**") : "",
  ];
}

const number = (value: number, digits = 1) =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
