import type { ActionFunctionArgs } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { supportInput } from "../features/inputs/inputs.server.ts";
import { speakerOf } from "../features/inputs/speaker.server.ts";
import { safeNext } from "../features/people/people.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answerAsText, contextOf, formOf } from "../request.server.ts";

/**
 * Adds or takes back one's support; a form goes back where it came from, a script gets JSON. There is
 * no page here: a refusal is plain words.
 */
export async function action(args: ActionFunctionArgs) {
  return answerAsText(args, async () => {
    const ctx = contextOf(args);
    const { request, params } = args;
    const form = await formOf(request);
    await ctx.limits.hit("support", ctx.clientKey);
    const { actor, headers } = await speakerOf(ctx, request);
    const { supported, supports } = await supportInput(ctx, actor, params.id ?? "");
    if (request.headers.get("Accept") !== "application/json")
      return redirect(safeNext(String(form.get("back") ?? "")), { headers });
    const t = translator(languageOf(request));
    return Response.json(
      {
        supported,
        long: t("inputs:one.supports", { count: supports }),
        short: supports > 0 ? t("inputs:read.supports", { count: supports }) : "",
        said: t(supported ? "inputs:enhance.supported" : "inputs:enhance.unsupported"),
      },
      { headers },
    );
  });
}

/** There is nothing to see at this address but the input itself. */
export function loader({ params }: { params: { id?: string } }) {
  return redirect(`/inputs/${encodeURIComponent(params.id ?? "")}`);
}
