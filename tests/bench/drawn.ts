type Side = "left" | "right";

/** A table in Markdown that can be read as it is; the first column stands left, others right. */
export function drawn(rows: string[][], sides: readonly Side[] = ["left"]): string {
  const widths = (rows[0] ?? []).map((_, n) =>
    Math.max(...rows.map((row) => row[n]?.length ?? 0), 3),
  );
  const isLeft = (n: number) => sides[n] === "left";
  const line = (row: string[]) =>
    `| ${row.map((cell, n) => (isLeft(n) ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, n) => (isLeft(n) ? `${"-".repeat(width + 2)}` : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  const [head = [], ...body] = rows;
  return [line(head), rule, ...body.map(line)].join("\n");
}
