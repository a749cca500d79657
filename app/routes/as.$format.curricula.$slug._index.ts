import type { LoaderFunctionArgs } from "@remix-run/node";
import { NotFound } from "../errors.ts";
import { curriculumBySlug, modulesOf } from "../features/curricula/curricula.server.ts";
import { draftOf } from "../features/drafts/drafts.server.ts";
import {
  curriculumJson,
  curriculumMarkdown,
  formatted,
  isFormat,
} from "../features/drafts/export.server.ts";
import { actorOf } from "../features/people/people.server.ts";
import { languageOf } from "../i18n/language.server.ts";
import { answerAsText, contextOf } from "../request.server.ts";

/** A curriculum for programs: JSON lists its modules, Markdown has all its drafts. */
export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const { format, slug = "" } = args.params;
  return answerAsText(args, async () => {
    if (!isFormat(format)) throw new NotFound();
    const actor = await actorOf(ctx, args.request);
    const curriculum = await curriculumBySlug(ctx.db, actor, slug);
    const modules = await modulesOf(ctx.db, curriculum.id);
    if (format === "json") {
      return formatted(args.request, format, curriculumJson(curriculum, modules));
    }
    const language = new URL(args.request.url).searchParams.get("text") ?? languageOf(args.request);
    const drafts = await Promise.all(
      modules.map(async (module) => {
        const { view } = await draftOf(ctx, actor, slug, module.slug, language);
        return { module, text: view.json };
      }),
    );
    return formatted(args.request, format, curriculumMarkdown(curriculum, language, drafts));
  });
}
