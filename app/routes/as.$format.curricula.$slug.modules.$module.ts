import type { LoaderFunctionArgs } from "@remix-run/node";
import { NotFound } from "../errors.ts";
import { draftOf } from "../features/drafts/drafts.server.ts";
import { draftJson, draftMarkdown, formatted, isFormat } from "../features/drafts/export.server.ts";
import { actorOf } from "../features/people/people.server.ts";
import { answerAsText, contextOf } from "../request.server.ts";

/** A draft for programs, at the module's address plus `.json` or `.md`; `?text=es` picks its language. */
export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const { format, slug = "", module = "" } = args.params;
  return answerAsText(args, async () => {
    if (!isFormat(format)) throw new NotFound();
    const actor = await actorOf(ctx, args.request);
    const language = new URL(args.request.url).searchParams.get("text");
    const draft = await draftOf(ctx, actor, slug, module, language);
    return formatted(
      args.request,
      format,
      format === "json" ? draftJson(draft) : draftMarkdown(draft),
    );
  });
}
