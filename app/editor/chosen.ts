import type { Change } from "./changes.ts";

/**
 * Which changes stay chosen when they are reckoned anew. Who writes on changes the words of a
 * change, and so its key: where one went and one of its kind came in the same block, it is the same
 * to whoever chose it.
 */
export function stillChosen(
  chosen: ReadonlySet<string>,
  before: readonly Change[],
  after: readonly Change[],
): ReadonlySet<string> {
  const now = new Set(after.map(({ key }) => key));
  const lost = [...chosen].filter((key) => !now.has(key));
  if (lost.length === 0) return chosen;
  const old = new Map(before.map((change) => [change.key, change]));
  const place = ({ kind, at }: Change) => `${kind} ${at}`;
  const stay = new Set([...chosen].filter((key) => now.has(key)));
  for (const key of lost) {
    const change = old.get(key);
    if (!change) continue;
    const came = after.filter((one) => !old.has(one.key) && place(one) === place(change));
    const [only] = came;
    if (only && came.length === 1) stay.add(only.key);
  }
  return stay;
}
