import type { ActionFunctionArgs } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { NotFound } from "../errors.ts";
import { settleRescue } from "../features/drafts/rescues.server.ts";
import { rescueForm } from "../features/drafts/rescues.ts";
import { requirePerson } from "../features/people/people.server.ts";
import { answer, contextOf, formOf } from "../request.server.ts";

/** Puts words that lost their place back into the draft, or lets them go; then back to the draft. */
export async function action(args: ActionFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const { params, request } = args;
    const actor = await requirePerson(ctx, request);
    const form = rescueForm.safeParse(Object.fromEntries(await formOf(request)));
    if (!form.success) throw new NotFound("drafts:rescue.notFound");
    const { language, blockId } = await settleRescue(ctx, actor, form.data);
    const edit = `/curricula/${params.slug}/modules/${params.module}/edit?text=${language}`;
    return redirect(blockId ? `${edit}#p-${blockId}` : edit);
  });
}
