import * as z from "zod";
import { cleanText } from "../../clean.ts";
import type { DocJSON } from "../../document/schema.ts";
import { type Actor, holds } from "../people/people.ts";

export const NOTE_MAX = 4_000;

/** What the publishing form carries: a note, and the drafts as the trainer saw them. */
export const publishForm = z.object({
  note: z
    .string("versions:noteMissing")
    .transform(cleanText)
    .pipe(
      z
        .string("versions:noteMissing")
        .min(3, "versions:noteMissing")
        .max(NOTE_MAX, "errors:tooLong"),
    ),
  /** `documentId:seq` pairs, joined by commas. */
  seen: z.string().max(20_000),
});

export function mayPublish(actor: Actor, curriculumId: string): boolean {
  return holds(actor, "trainer", curriculumId);
}

/** One module's text in one language, as a version holds it. */
export type PublishedText = {
  moduleId: string;
  slug: string;
  language: string;
  position: number;
  fields: Record<string, unknown>;
  content: DocJSON;
};

/** A module's text in one language, among all of a version. */
export const keyOf = (moduleId: string, language: string) => `${moduleId}:${language}`;

/**
 * A value as JSON with every object's keys in order and no spaces: the same value always gives the
 * same text, so that anyone can compute a version's checksum again from its `.json`.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
    return `{${entries.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** What a version's checksum is computed over. */
export type Sealed = {
  curriculum: Record<string, unknown>;
  n: number;
  note: string;
  modules: PublishedText[];
};

export type SeenDrafts = ReadonlyMap<string, number>;

export function parseSeen(text: string): SeenDrafts {
  return new Map(
    text
      .split(",")
      .filter(Boolean)
      .map((pair) => {
        const [id = "", seq = ""] = pair.split(":");
        return [id, Number(seq)];
      }),
  );
}

export function formatSeen(drafts: readonly { documentId: string; seq: number }[]): string {
  return drafts.map(({ documentId, seq }) => `${documentId}:${seq}`).join(",");
}
