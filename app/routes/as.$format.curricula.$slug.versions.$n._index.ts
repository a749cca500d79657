import type { LoaderFunctionArgs } from "@remix-run/node";
import { NotFound } from "../errors.ts";
import { actorOf } from "../features/people/people.server.ts";
import { publishedMarkdown, sealedOf } from "../features/versions/seal.server.ts";
import { versionOf } from "../features/versions/versions.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { answerAsText, contextOf } from "../request.server.ts";

/** A whole version as `.json` (with its checksum) or `.md`. */
export async function loader(args: LoaderFunctionArgs) {
  return answerAsText(args, async () => {
    const ctx = contextOf(args);
    const { slug = "", n = "", format } = args.params;
    const actor = await actorOf(ctx, args.request);
    const version = await versionOf(ctx.db, actor, slug, n);
    const sealed = await sealedOf(ctx.db, version);
    const { sha256, at } = version.version;
    const headers = { "Cache-Control": "no-cache", Vary: "Cookie", ETag: `"${sha256}-${format}"` };
    if (format === "json") {
      return new Response(JSON.stringify({ sha256, publishedAt: at, ...sealed }), {
        headers: { ...headers, "Content-Type": "application/json; charset=utf-8" },
      });
    }
    if (format !== "md") throw new NotFound();
    const title = inLanguage(JSON.stringify(sealed.curriculum.title), "en");
    const text = [
      `# ${title}, version ${sealed.n}`,
      sealed.note,
      ...sealed.modules.map(publishedMarkdown),
    ].join("\n\n");
    return new Response(`${text}\n`, {
      headers: { ...headers, "Content-Type": "text/markdown; charset=utf-8" },
    });
  });
}
