type Change = { op: "same" | "ins" | "del"; text: string };

/** Past this many words squared, everything between the first and the last change counts as one. */
const MOST_WORK = 1_000_000;

/**
 * What changed, word by word, for the preview while somebody types. The server's own comparison is
 * finer; this one is a tenth of its size.
 */
export function changedWords(before: string, after: string): Change[] {
  const a = before.match(/\s+|\S+/g) ?? [];
  const b = after.match(/\s+|\S+/g) ?? [];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < Math.min(a.length, b.length) - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const old = a.slice(head, a.length - tail);
  const now = b.slice(head, b.length - tail);
  return [
    { op: "same" as const, text: a.slice(0, head).join("") },
    ...(old.length * now.length > MOST_WORK
      ? [
          { op: "del" as const, text: old.join("") },
          { op: "ins" as const, text: now.join("") },
        ]
      : longestCommon(old, now)),
    { op: "same" as const, text: a.slice(a.length - tail).join("") },
  ].filter(({ text }) => text);
}

function longestCommon(a: string[], b: string[]): Change[] {
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => length[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const changes: Change[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      changes.push({ op: "same", text: a[i++] ?? "" });
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1)))
      changes.push({ op: "del", text: a[i++] ?? "" });
    else changes.push({ op: "ins", text: b[j++] ?? "" });
  }
  return changes;
}
