import type { Kysely } from "kysely";
import type { Database } from "#db/schema.ts";
import { compare } from "../../document/compare.ts";
import type { DocJSON } from "../../document/schema.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import type { ShownHunk } from "./comparison.tsx";
import type { Version } from "./versions.server.ts";

export type ModuleComparison = {
  key: string;
  anchor: string;
  slug: string;
  title: string;
  language: string;
  /** Null when the module is new in this version. */
  counts: { changed: number; inserted: number; deleted: number; total: number } | null;
  hunks: ShownHunk[];
  /** Blocks that have somebody's input behind them. */
  why: string[];
};

/**
 * A version's texts beside the version before, word by word. Only what a page shows leaves here:
 * unchanged passages come as a count. Cost: three queries, and one diff a text.
 */
export async function comparisonOf(
  db: Kysely<Database>,
  { version }: Version,
  language: string,
): Promise<ModuleComparison[]> {
  if (!version.basedOn) return [];
  const rows = await db
    .selectFrom("version_modules")
    .select(["version_id", "module_id", "language", "slug", "fields", "content"])
    .where("version_id", "in", [version.id, version.basedOn])
    .orderBy("position")
    .orderBy("language")
    .execute();
  const reasons = await db
    .selectFrom("provenance")
    .select(["module_id", "language", "block_id"])
    .distinct()
    .where("version_id", "=", version.id)
    .execute();
  return rows
    .filter((row) => row.version_id === version.id)
    .map((row) => {
      const same = (one: { module_id: string; language: string }) =>
        one.module_id === row.module_id && one.language === row.language;
      const before = rows.find((one) => one.version_id === version.basedOn && same(one));
      const { title } = JSON.parse(row.fields) as { title: object };
      const hunks = before
        ? compare(JSON.parse(before.content) as DocJSON, JSON.parse(row.content) as DocJSON)
        : [];
      const count = (op: string) => hunks.filter((hunk) => hunk.op === op).length;
      return {
        key: `${row.module_id}:${row.language}`,
        anchor: `${row.slug}-${row.language}`,
        slug: row.slug,
        title: inLanguage(JSON.stringify(title), language),
        language: row.language,
        counts: before
          ? {
              changed: count("changed"),
              inserted: count("inserted"),
              deleted: count("deleted"),
              total: hunks.filter(({ op }) => op !== "same").length,
            }
          : null,
        hunks: shown(hunks),
        why: reasons.filter(same).map(({ block_id }) => block_id),
      };
    });
}

/** What a page shows of a comparison: changes in full, runs of unchanged passages as a number. */
function shown(hunks: ReturnType<typeof compare>): ShownHunk[] {
  const list: ShownHunk[] = [];
  for (const { op, id, before, after, words } of hunks) {
    const last = list.at(-1);
    if (op !== "same") list.push({ op, id, type: (after ?? before)?.type ?? "paragraph", words });
    else if (last?.op === "same") last.count++;
    else list.push({ op, id, count: 1 });
  }
  return list;
}
