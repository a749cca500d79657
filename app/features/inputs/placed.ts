import type { Highlight } from "../../document/render.tsx";
import type { Place, PublicInput } from "./reading.server.ts";

type Found = Extract<Place, { blockId: string }>;

/** An input beside a block; `words` are those it points at, when it points at some. */
export type Placed = { input: PublicInput; blockId: string; words: Found | null };
/** An input whose words aren't there as they were; `blockId` is where they most likely stood. */
export type Lost = { input: PublicInput; place: Place; blockId: string | null };

/** Input by what can be shown of its place: beside its passage, apart from it, or on the whole. */
export function sorted(inputs: readonly PublicInput[]) {
  const placed: Placed[] = [];
  const lost: Lost[] = [];
  const whole: PublicInput[] = [];
  for (const input of inputs) {
    const { place } = input;
    if (!place) whole.push(input);
    else if (!("blockId" in place)) lost.push({ input, place, blockId: null });
    // What is about a paragraph stays with it; words that changed are another matter, unless they
    // changed because this very input was adopted.
    else if (place.scope === "paragraph" || input.outcome?.includes("adopted"))
      placed.push({ input, blockId: place.blockId, words: null });
    else if (place.status === "changed") lost.push({ input, place, blockId: place.blockId });
    else placed.push({ input, blockId: place.blockId, words: place });
  }
  return { placed, lost, whole };
}

/** What was said about each block, by the block's id, in order of arrival. */
export function byBlock(placed: readonly Placed[]): Map<string, PublicInput[]> {
  const blocks = new Map<string, PublicInput[]>();
  for (const { input, blockId } of placed)
    blocks.set(blockId, [...(blocks.get(blockId) ?? []), input]);
  return blocks;
}

/** The words that were pointed at, by block: the same words once, however many pointed at them. */
export function highlightsOf(
  placed: readonly Placed[],
  label: (count: number) => string,
): Map<string, Highlight[]> {
  const spans = new Map<string, { place: Found; ids: string[] }>();
  for (const { input, words } of placed) {
    if (!words) continue;
    const key = `${words.blockId} ${words.start} ${words.end}`;
    const span = spans.get(key) ?? { place: words, ids: [] };
    span.ids.push(input.id);
    spans.set(key, span);
  }
  const highlights = new Map<string, Highlight[]>();
  for (const { place, ids } of spans.values()) {
    const list = highlights.get(place.blockId) ?? [];
    list.push({
      from: place.start,
      to: place.end,
      href: `#c-${ids[0]}`,
      label: label(ids.length),
    });
    highlights.set(place.blockId, list);
  }
  return highlights;
}
