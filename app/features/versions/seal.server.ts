import type { Kysely } from "kysely";
import type { Database } from "#db/schema.ts";
import { toMarkdown } from "../../document/markdown.ts";
import type { DocJSON } from "../../document/schema.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import type { Version } from "./versions.server.ts";
import type { PublishedText, Sealed } from "./versions.ts";

/** Everything a version holds, exactly as its checksum was computed over it. */
export async function sealedOf(db: Kysely<Database>, { version }: Version): Promise<Sealed> {
  const rows = await db
    .selectFrom("version_modules")
    .select(["module_id", "slug", "language", "position", "fields", "content"])
    .where("version_id", "=", version.id)
    .orderBy("position")
    .orderBy("language")
    .execute();
  return {
    curriculum: JSON.parse(version.fields) as Record<string, unknown>,
    n: version.n,
    note: version.note,
    modules: rows.map((row) => ({
      moduleId: row.module_id,
      slug: row.slug,
      language: row.language,
      position: row.position,
      fields: JSON.parse(row.fields) as Record<string, unknown>,
      content: JSON.parse(row.content) as DocJSON,
    })),
  };
}

/** One published text as Markdown, under its module's title. */
export function publishedMarkdown({ fields, language, content }: PublishedText): string {
  return `# ${inLanguage(JSON.stringify(fields.title), language)}\n\n${toMarkdown(content)}`;
}
