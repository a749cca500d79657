import type { LoaderFunctionArgs } from "@remix-run/node";
import { NotFound } from "../errors.ts";
import { actorOf } from "../features/people/people.server.ts";
import { publishedMarkdown } from "../features/versions/seal.server.ts";
import { textIn, versionOf } from "../features/versions/versions.server.ts";
import { answerAsText, contextOf } from "../request.server.ts";

/** One module of a version as `.json` or `.md`. */
export async function loader(args: LoaderFunctionArgs) {
  return answerAsText(args, async () => {
    const ctx = contextOf(args);
    const { slug = "", n = "", module = "", format } = args.params;
    const actor = await actorOf(ctx, args.request);
    const { version } = await versionOf(ctx.db, actor, slug, n);
    const asked = new URL(args.request.url).searchParams.get("text");
    const { languages, fields, ...text } = await textIn(ctx.db, version.id, module, asked);
    const published = { ...text, fields: JSON.parse(fields) as Record<string, unknown> };
    if (format === "json") {
      return new Response(
        JSON.stringify({ version: version.n, sha256: version.sha256, languages, ...published }),
        { headers: { "Content-Type": "application/json; charset=utf-8" } },
      );
    }
    if (format !== "md") throw new NotFound();
    return new Response(`${publishedMarkdown(published)}\n`, {
      headers: { "Content-Type": "text/markdown; charset=utf-8" },
    });
  });
}
