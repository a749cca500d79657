import type { ActionFunctionArgs } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { NotFound } from "../errors.ts";
import { settleRescue } from "../features/drafts/rescues.server.ts";
import { rescueForm } from "../features/drafts/rescues.ts";
import { requirePerson } from "../features/people/people.server.ts";
import { answer, contextOf, formOf } from "../request.server.ts";

/** Puts words that lost their place back into a workshop copy, or lets them go. */
export async function action(args: ActionFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const actor = await requirePerson(ctx, args.request);
    const form = rescueForm.safeParse(Object.fromEntries(await formOf(args.request)));
    if (!form.success) throw new NotFound("drafts:rescue.notFound");
    await settleRescue(ctx, actor, form.data);
    return redirect(`/workshops/${args.params.id}/care`);
  });
}
